"""A whole trial run in processes of its own, as `make run` starts it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
NOT_OURS = ("TELEGRAM_", "TWILIO_", "IBLAGH_", "DATABASE_URL", "PORT", "HOST")


def environment(var: Path, **more: str) -> dict[str, str]:
    """The caller's, without what would reach into the trial."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return kept | {"IBLAGH_VAR": str(var), "LANGUAGES": "ar,fr,en"} | more


class Trial:
    """A running simulator; `url` is the page's address and `lines` what it said."""

    def __init__(self, var: Path, **more: str) -> None:
        self.var, self.lines, self.url = var, list[str](), ""
        self._open = threading.Event()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "simulator"],
            cwd=PROJECT,
            env=environment(var, **more),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if line.strip().startswith("Open http"):
                self.url = line.split()[-1]
                self._open.set()
        self._open.set()

    def wait(self) -> str:
        """The page's address, once everything answers."""
        assert self._open.wait(90) and self.url, "\n".join(self.lines)
        return self.url


@contextmanager
def running(var: Path, **more: str) -> Iterator[Trial]:
    """A trial that is stopped at the end."""
    trial = Trial(var, **more)
    try:
        trial.wait()
        yield trial
    except BaseException:
        print(*trial.lines, sep="\n")  # pytest shows it beside what failed
        raise
    finally:
        trial.process.terminate()
        try:
            trial.process.wait(15)
        finally:
            trial.process.kill()
