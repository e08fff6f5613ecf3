"""Who the embedded server runs as. PostgreSQL refuses to be root, so root lends it an ordinary account."""

from __future__ import annotations

import ctypes
import os
import pwd
import resource
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

LENT = ("postgres", "nobody")  # the first that this machine knows

# linux/prctl.h, linux/securebits.h and linux/capability.h
PR_SET_PDEATHSIG, PR_SET_SECUREBITS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
SECBIT_NO_SETUID_FIXUP = 4
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


class Refused(Exception):
    """The embedded database cannot be owned here; the text is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    The user that the server runs as.

    `lent` when we are root and it is not. `past_walls` when it needs to pass folders that are closed to it, such as a
    root's home of mode 0700: it then keeps one capability of root's, CAP_DAC_OVERRIDE (docs/adr/0002).
    """

    uid: int
    gid: int
    lent: bool = False
    past_walls: bool = False

    @property
    def name(self) -> str:
        return name_of(self.uid)

    def give(self, path: Path) -> None:
        """Make it the owner of a file or folder that we have just made."""
        if self.lent:
            os.chown(path, self.uid, self.gid)


def choose(data: Path, program: Path) -> Account:
    """The owner of a data folder that is there already, ourselves, or an account lent by root. Raises `Refused`."""
    ours = os.geteuid()
    owner = data.stat().st_uid if data.exists() else ours
    if ours != 0:
        if owner != ours:
            raise Refused(f"{data} belongs to {name_of(owner)}: start as {name_of(owner)} or as root")
        return Account(ours, os.getegid())
    if data.exists() and owner == 0:
        raise Refused(f"{data} belongs to root, and PostgreSQL never runs as root: chown -R {_lendable()[0]} '{data}'")
    uid, gid = (owner, data.stat().st_gid) if data.exists() else _lendable()[1:]
    account = Account(uid, gid, lent=True, past_walls=not _reaches(uid, gid, data, program))
    if account.past_walls and sys.platform != "linux":
        raise Refused(f"{account.name} cannot reach {data.parent}: start as an ordinary user, or set DATABASE_URL")
    return account


def entering(account: Account) -> Callable[[], None]:
    """
    What a child does between fork and exec: become the account, and ask to be stopped when its parent dies.

    The parent must be single-threaded, and must call from its main thread: Linux sends the death signal when that ends.
    """
    parent = os.getpid()
    libc = _libc() if sys.platform == "linux" else None

    def enter() -> None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what citizens said
        if account.lent:
            _become(account, libc)
        if libc is not None:
            _must(libc.prctl(PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0))
        if os.getppid() != parent:
            os._exit(1)

    return enter


def name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _libc() -> ctypes.CDLL:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)  # the kernel reads whole registers
    return libc


def _become(account: Account, libc: ctypes.CDLL | None) -> None:
    if libc is not None and account.past_walls:
        # setuid keeps the capabilities, and access(2), by which initdb looks for its programs, minds them
        _must(libc.prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP, 0, 0, 0))
    os.setgroups([])
    os.setgid(account.gid)
    os.setuid(account.uid)
    if libc is not None and account.past_walls:
        _keep(libc, CAP_DAC_OVERRIDE)


def _keep(libc: ctypes.CDLL, capability: int) -> None:
    """Drop every capability but one, and let that one survive exec (capabilities(7), ambient set)."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    bit = 1 << capability
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)  # effective, permitted, inheritable: low words, then high
    _must(libc.capset(header, sets))
    _must(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0))


def _must(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _lendable() -> tuple[str, int, int]:
    for name in LENT:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return name, entry.pw_uid, entry.pw_gid
    raise Refused(f"root has no account to lend to PostgreSQL ({', '.join(LENT)}): make one, or set DATABASE_URL")


def _reaches(uid: int, gid: int, data: Path, program: Path) -> bool:
    """Whether mode bits alone let the account pass every folder above both, and run the program."""
    walls = {*data.parents, *program.parents}
    return all(_allows(wall, uid, gid, 0o1) for wall in walls) and _allows(program, uid, gid, 0o5)


def _allows(path: Path, uid: int, gid: int, wanted: int) -> bool:
    entry = path.stat()
    shift = 6 if entry.st_uid == uid else 3 if entry.st_gid == gid else 0
    return entry.st_mode >> shift & wanted == wanted
