"""
Our commands and scripts as processes of their own, forked from one that has read our code already (`forker.py`).

Their environment, words, exits and deaths by signal are real; only reading some hundred modules anew, most of what a start
costs, is left out. Proofs and trials start from nothing, and so does what is said of a start itself.
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import processes
from tests.forker import LONGEST, NUMBER, Asks

PROJECT = Path(__file__).parents[1]
ERROR = 2  # our own stderr, which pytest shows beside a test that fails


class Forked:
    """What tests use of `subprocess.Popen`."""

    def __init__(self, asks: Asks, out: int, error: int) -> None:
        asked = json.dumps(asks).encode()
        assert len(asked) < LONGEST
        self._told, theirs = os.pipe()
        socket.send_fds(_forker(), [asked], [out, error, theirs])
        os.close(theirs)
        self.pid = self._number()
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit status, negative for a signal; None while it runs."""
        return self._look(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status. Raises `subprocess.TimeoutExpired`."""
        status = self._look(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("iblagh", timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _look(self, timeout: float | None) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], timeout)[0]:
            self.returncode = self._number()
            os.close(self._told)
        return self.returncode

    def _number(self) -> int:
        return int(NUMBER.unpack(os.read(self._told, NUMBER.size))[0])


Process = Forked | subprocess.Popen[bytes]


def start(*words: str, environ: Mapping[str, str], script: str = "", out: int = ERROR, error: int = ERROR) -> Process:
    """`iblagh WORDS` with this environment and no other; or a script, as `python -c SCRIPT WORDS` runs it."""
    if sys.platform == "linux":
        return Forked({"words": words, "environ": dict(environ), "script": script, "session": False}, out, error)
    what = ("-c", script) if script else ("-m", "bot.cli")  # elsewhere a process may not fork with all that is loaded
    command = [sys.executable, *what, *words]
    return subprocess.Popen(command, env={**environ, "PYTHONPATH": str(PROJECT)}, stdout=out, stderr=error)


def run(
    *words: str, environ: Mapping[str, str], script: str = "", timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    """The same, run to its end."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as error:
        process = start(*words, environ=environ, script=script, out=out.fileno(), error=error.fileno())
        try:
            status = process.wait(timeout)
        finally:
            process.kill()
        said = [os.pread(file.fileno(), os.fstat(file.fileno()).st_size, 0).decode() for file in (out, error)]
        return subprocess.CompletedProcess(words, status, *said)


def launched(part: str, environ: Mapping[str, str], log: int) -> Process:
    """As `benchmarks/processes.py` starts a part of a town."""
    if sys.platform == "linux":
        return Forked({"words": (part,), "environ": dict(environ), "script": "", "session": True}, log, log)
    return processes.launched(part, environ, log)


def ended(environ: Mapping[str, str], *words: str, timeout: float) -> subprocess.CompletedProcess[str]:
    """As `benchmarks/processes.py` runs a command."""
    return run(*words, environ=environ, timeout=timeout)


@functools.cache
def _forker() -> socket.socket:
    """A line to the process that forks; it ends with the line."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    for end in (ours, theirs):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * LONGEST)
    with theirs:
        command = [sys.executable, "-m", "tests.forker", str(theirs.fileno())]
        forker = subprocess.Popen(command, cwd=PROJECT, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL)
    atexit.register(forker.wait)
    atexit.register(ours.close)  # before that
    return ours
