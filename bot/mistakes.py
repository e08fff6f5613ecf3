"""What an operator did wrong or lacks, in one line that says what to do. Our own bugs keep their tracebacks."""

from __future__ import annotations

import errno
import os

from bot.settings import Refused

OS_WORDS = {
    errno.EACCES: "no permission for {name}",
    errno.EPERM: "no permission for {name}",
    errno.ENOSPC: "the disk is full ({name})",
    errno.EDQUOT: "the disk quota is used up ({name})",
    errno.EROFS: "{name} cannot be written: the file system is read-only",
    errno.EADDRINUSE: "this port is taken: stop what uses it, or choose another with --port",
    errno.EADDRNOTAVAIL: "this address is not one of this machine: choose another with --host",
    errno.ENOENT: "there is no {name}",
    errno.EEXIST: "{name} is already there: it is not replaced",
    errno.EISDIR: "{name} is a folder, not a file",
    errno.ENOTDIR: "{name} does not lie in a folder",
}


def explain(trouble: BaseException) -> str | None:
    """The line for an operator, or None where the fault is not theirs."""
    if isinstance(trouble, Refused):
        return "\n".join(trouble.problems)
    if isinstance(trouble, OSError) and trouble.errno in OS_WORDS:
        name = os.fspath(trouble.filename) if trouble.filename is not None else "this file"
        return OS_WORDS[trouble.errno].format(name=name)
    return _database(trouble)


def _database(trouble: BaseException) -> str | None:
    """The server's own first line where no connection came about; it names host and port, never a password."""
    from psycopg import OperationalError
    from sqlalchemy.exc import OperationalError as Wrapped

    cause = trouble.orig if isinstance(trouble, Wrapped) else trouble
    if isinstance(cause, OperationalError) and not cause.sqlstate:
        words = str(cause).strip().splitlines() or ["no reason given"]
        return f"the database does not answer: {words[0]}"
    if isinstance(cause, OperationalError):
        return f"the database refuses (SQLSTATE {cause.sqlstate})"
    return None
