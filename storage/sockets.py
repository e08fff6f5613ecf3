"""The folder with the server's socket, and what an owner that died may have left behind: a server, its pid file, the folder."""

from __future__ import annotations

import errno
import os
import signal
import socket
import stat
import struct
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from storage.server_account import Account, Refused

SHORT = "/tmp"  # noqa: S108 - mkdtemp makes it ours; a socket's path has room for 103 bytes, and TMPDIR may be longer
PORT = 5432  # with no TCP it is only a part of the socket's name
DOOR = f".s.PGSQL.{PORT}"

YOUNG = 5.0  # seconds for a server that has written its pid file to open its socket as well
SOL_LOCAL, LOCAL_PEERPID = 0, 2  # sys/un.h on macOS

Wait = Callable[[float], None]  # sleeps so many seconds, or less; raises when the owner is told to stop


def fresh(account: Account) -> Path:
    """A new folder that the server's account owns, mode 0700: that account and root reach it, nobody else."""
    sockets = Path(tempfile.mkdtemp(prefix="ib", dir=SHORT))
    account.give(sockets)
    return sockets


def sweep(sockets: Path, account: Account) -> bool:
    """Remove what a server left in a socket folder of ours; false if that is no folder of ours."""
    try:
        entry = sockets.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISDIR(entry.st_mode) or entry.st_uid != account.uid:
        return False
    for name in (DOOR, f"{DOOR}.lock"):
        (sockets / name).unlink(missing_ok=True)
    return True


def discard(sockets: Path, account: Account) -> None:
    """Remove a socket folder of ours; what others put into it stays, and so does the folder then."""
    with suppress(OSError):
        if sweep(sockets, account):
            sockets.rmdir()


def clear(data: Path, sockets: Path, wait: Wait) -> None:
    """
    End a server that outlived its owner, and forget a pid file that names nobody of ours.

    The caller owns the data folder and made the socket folder, or its predecessor did. Whoever listens there under
    the pid file's number is our server; any other bearer of the number is a stranger, and is left alone. Should a
    server live on unseen, PostgreSQL's shared memory lock keeps a second one out. Raises `Refused`.
    """
    pid = _pid(data / "postmaster.pid", wait)
    if pid and _listener(sockets / DOOR) == pid:
        _end(pid, sockets / DOOR, wait)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _pid(path: Path, wait: Wait) -> int:
    """The pid file's number, 0 for none; a server just starting is given time to open its socket."""
    deadline = time.monotonic() + YOUNG
    while True:
        pid, opened = _read_pid(path)
        if not pid or opened or not _lives(pid) or time.monotonic() > deadline:
            return pid
        wait(0.1)


def _listener(door: Path) -> int:
    """The number of the process that listens at a socket; 0 if none does."""
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(5)
        try:
            line.connect(str(door))
        except (FileNotFoundError, ConnectionRefusedError):
            return 0
        if sys.platform == "linux":
            pid: int = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
            return pid
        else:
            return line.getsockopt(SOL_LOCAL, LOCAL_PEERPID)


def _end(pid: int, door: Path, wait: Wait) -> None:
    for how, patience in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, how)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if _listener(door) != pid:
                return
            wait(0.05)
    raise Refused(f"an earlier server, process {pid}, does not end: end it, then start again")


def _read_pid(path: Path) -> tuple[int, bool]:
    """A postmaster.pid: its number (0 for none), and whether the server had opened its socket."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return 0, False
    number = lines[0].strip() if lines else ""
    return (int(number) if number.isdigit() else 0), len(lines) > 4 and bool(lines[4].strip())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as trouble:
        return trouble.errno == errno.EPERM
    return True
