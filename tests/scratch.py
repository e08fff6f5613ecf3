"""
Where a run of the tests writes: in memory, where the machine has room for it.

Databases and whole servers are made and dropped by the hundred, and most of what that costs is the file system's work. What
survives a crash is proven all the same: a killed process takes nothing of a folder with it, on a disk or in memory.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 << 30  # bytes that must be free there: a run takes one of them
PREFIX = "iblagh-test-"


def begin() -> Path | None:
    """A folder for this run and all its processes, named in TMPDIR. None where the machine's own stays."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    for left in MEMORY.glob(f"{PREFIX}*"):
        if not Path(f"/proc/{left.name.removeprefix(PREFIX)}").exists():
            end(left)  # of a run that was killed
    folder = MEMORY / f"{PREFIX}{os.getpid()}"
    folder.mkdir()
    folder.chmod(0o1777)  # some tests run programs as an ordinary user
    os.environ["TMPDIR"], tempfile.tempdir = str(folder), None
    return folder


def in_memory() -> bool:
    """Whether this run writes there: copying a file costs less than logging it then."""
    return Path(tempfile.gettempdir()).is_relative_to(MEMORY)


def end(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
