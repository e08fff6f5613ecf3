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

SCHEMA_WORDS = {
    "42P01": "the database has no schema of ours: run `iblagh migrate`",
    "42703": "the database's schema is of another version: run `iblagh migrate`",
    "42501": "the database's user lacks a permission that Iblagh needs",
}


def explain(trouble: BaseException) -> str | None:
    """The line for an operator, or None where the fault is not theirs."""
    if isinstance(trouble, Refused):
        return "\n".join(trouble.problems)
    if isinstance(trouble, OSError) and trouble.errno in OS_WORDS:
        name = os.fspath(trouble.filename) if trouble.filename is not None else "this file"
        return OS_WORDS[trouble.errno].format(name=name)
    return _elsewhere(trouble)


def _elsewhere(trouble: BaseException) -> str | None:
    """The database's and the providers' trouble: codes, and the words of a connection that never came about."""
    from bot.channel import SendFailed
    from storage.db import Away, Busy, Rejected
    from storage.embedded import NoDatabase
    from storage.schema import Incompatible

    if isinstance(trouble, NoDatabase | Incompatible):
        return str(trouble)
    if isinstance(trouble, Away):
        return f"the database does not answer: {trouble}"
    if isinstance(trouble, Busy):
        return f"the database is busy ({trouble}): try again"
    if isinstance(trouble, Rejected) and trouble.code in SCHEMA_WORDS:
        return SCHEMA_WORDS[trouble.code]
    if isinstance(trouble, SendFailed):
        return f"the provider refused: {trouble.code}" + (", try again" if trouble.retry else "")
    return None
