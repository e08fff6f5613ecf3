"""Becomes another Python command that ends with the process that started it: `python -m simulator.tied PARENT ARGUMENTS`."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # Linux: a signal when the parent dies, which survives exec


def main() -> None:
    """Never returns."""
    parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(1)  # it died before we could ask to be told
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 (our own words, and no shell)


if __name__ == "__main__":
    main()
