"""
The owner of the embedded PostgreSQL: one process, its data under `<var>/postgres`, its server a child of its own.

Everyone else gets the address from the environment or from `<var>/database-url`.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from storage.owner import Bell, Owner, Stop, address_file, holds, lock_file, say
from storage.server_account import Refused, name_of

PROBES = 20  # address() holds the lock for an instant


class NoDatabase(Exception):
    """No embedded database is running; the text is one line that says what to do."""


def run(var: Path, leash: int | None = None) -> int:
    """
    Own the database under `var` until SIGTERM, SIGINT or SIGHUP, and return the exit status.

    Prints the address on stdout once, when a query succeeded; words go to stderr. Call it from the main thread of a
    process that has no other. With `leash`, an open file, it stops when whoever holds the other end is gone.
    """
    try:
        with Bell(leash) as bell, _held(var) as lock:
            Owner(var.resolve(), lock, bell).own()
    except Stop:
        return 0
    except Refused as refused:
        say(str(refused))
    except OSError as trouble:
        say(_plainly(trouble, var))
    return 1


def address(var: Path) -> str:
    """Where the embedded database of `var` answers: `postgresql://…`. Raises `NoDatabase`."""
    hint = f"no embedded database runs on {var}: start it with `iblagh database`, or set DATABASE_URL"
    try:
        with lock_file(var).open("rb") as lock:
            if _takes(lock.fileno(), fcntl.LOCK_SH):
                raise NoDatabase(hint)
        return address_file(var).read_text().strip()
    except FileNotFoundError:
        raise NoDatabase(hint) from None
    except PermissionError:
        raise NoDatabase(f"the embedded database of {var} belongs to {name_of(var.stat().st_uid)}") from None


@contextmanager
def serving(var: Path) -> Iterator[str]:
    """A child process owns the database under `var` until the block ends, or we do. Raises `NoDatabase`."""
    owner = subprocess.Popen(
        [sys.executable, "-m", "storage.embedded", "--leash", str(var.absolute())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        start_new_session=True,
    )
    assert owner.stdin and owner.stdout
    try:
        if not (url := owner.stdout.readline().strip()):
            raise NoDatabase(f"the embedded database under {var} did not start; its own words are on stderr")
        yield url
    finally:
        owner.stdin.close()
        owner.stdout.close()
        owner.wait()


@contextmanager
def _held(var: Path) -> Iterator[int]:
    """The lock file of `var`, held by us alone. Raises `Refused`."""
    if not var.exists():
        var.mkdir(0o711, parents=True)  # passable, so that an account lent by root needs no capability
    lock = os.open(lock_file(var), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _takes(lock, fcntl.LOCK_EX) or not holds(lock, var):
            raise Refused(f"another process owns the database under {var}; its address is in {address_file(var)}")
        yield lock
    finally:
        os.close(lock)


def _takes(lock: int, how: int) -> bool:
    for _ in range(PROBES):
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(0.02)
    return False


def _plainly(trouble: OSError, var: Path) -> str:
    """One line that says what to do."""
    where = trouble.filename or var
    if trouble.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"no room at {where}: free some space on that disk"
    if trouble.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{name_of(os.geteuid())} may not write at {where}: allow it, or choose another folder"
    return f"{where}: {trouble.strerror or trouble}"


def _main() -> int:
    parser = argparse.ArgumentParser(prog="storage.embedded", description=run.__doc__)
    parser.add_argument("--leash", action="store_true", help="stop when standard input is closed")
    parser.add_argument("var", type=Path, help="the folder that holds the database")
    said = parser.parse_args()
    return run(said.var, sys.stdin.fileno() if said.leash else None)


if __name__ == "__main__":
    raise SystemExit(_main())
