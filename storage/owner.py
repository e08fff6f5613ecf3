"""What the owner of the embedded PostgreSQL does all day: start it, ask it, give out its address, start it again."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import psycopg

from storage import sockets as doors
from storage.cluster import STILL_THERE, Cluster, Server, room
from storage.server_account import Account, Refused

DATABASE = "iblagh"

FALLS, WITHIN = 5, 60.0  # a server that fell so often in so many seconds is not started again
LINGER = 120.0  # seconds for processes of an earlier server to end; one whose pid file is gone ends within 60
LOG_LIMIT = 1 << 20
TELL_EVERY, LOOK_EVERY = 5.0, 60.0


class Stop(Exception):
    """Somebody told the owner to stop."""


class Bell:
    """Wakes a waiting owner: when told to stop, when a child ends, when its leash is let go."""

    def __init__(self, leash: int | None = None) -> None:
        self._leash = leash
        self._told = False

    def __enter__(self) -> Bell:
        self._hear, self._ring = os.pipe()
        os.set_blocking(self._hear, False)
        os.set_blocking(self._ring, False)
        self._before = {
            how: signal.signal(how, self._told_to) for how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        }
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        self._fd_before = signal.set_wakeup_fd(self._ring, warn_on_full_buffer=False)
        return self

    def __exit__(self, *_: object) -> None:
        signal.set_wakeup_fd(self._fd_before)
        for how, handler in self._before.items():
            signal.signal(how, handler)
        os.close(self._hear)
        os.close(self._ring)

    def wait(self, seconds: float | None = None) -> None:
        """Until something rings or the time is up. Raises `Stop`."""
        heard = [self._hear] if self._leash is None else [self._hear, self._leash]
        ready = [] if self._told else select.select(heard, [], [], seconds)[0]
        if self._hear in ready:
            os.read(self._hear, 512)
        if self._told or self._leash in ready:
            raise Stop

    def _told_to(self, _how: int, _frame: FrameType | None) -> None:
        self._told = True


class Owner:
    """Keeps one server running on one data folder. It holds the lock; the lock file remembers its socket folder."""

    def __init__(self, var: Path, lock: int, bell: Bell) -> None:
        self._var, self._lock, self._bell = var, lock, bell
        self._announced = False
        self._lingering = 0.0

    def own(self) -> None:
        """Until told to stop, which raises `Stop`. Raises `Refused`."""
        address_file(self._var).unlink(missing_ok=True)
        cluster = Cluster.under(self._var)
        _trim(cluster.log)
        if not cluster.made:
            say(f"first start: making {cluster.data}")
        cluster.make(self._bell.wait)
        if before := os.pread(self._lock, 4096, 0).decode():
            doors.clear(cluster.data, Path(before), self._bell.wait)
            doors.discard(Path(before), cluster.account)
        with self._sockets(cluster.account) as sockets:
            self._keep_up(cluster, sockets)

    def _keep_up(self, cluster: Cluster, sockets: Path) -> None:
        falls = deque([float("-inf")], maxlen=FALLS)
        while True:
            if not holds(self._lock, self._var):
                raise Refused(f"{self._var} was replaced by another folder of that name")
            doors.clear(cluster.data, sockets, self._bell.wait)
            doors.sweep(sockets, cluster.account)
            server = cluster.serve(sockets)
            try:
                self._watch(server, sockets)
            finally:
                server.stop()
            if self._waits_for_earlier(server):
                continue
            falls.append(time.monotonic())
            if len(falls) == FALLS and falls[-1] - falls[0] < WITHIN:
                raise Refused(f"the server fell {FALLS} times in {WITHIN:.0f} s; see {cluster.log}")
            say(f"the server ended unasked ({_ending(server)}); starting it again")

    def _watch(self, server: Server, sockets: Path) -> None:
        """Until the server ends by itself; its address is given out once it has answered a query."""
        began = told = time.monotonic()
        while not server.ended():
            if not (trouble := _trouble(sockets)):
                self._give_out(sockets)
                while not server.ended():
                    self._bell.wait(LOOK_EVERY)
                    _trim(server.log)
                return
            if (now := time.monotonic()) - told > TELL_EVERY:
                told = now
                say(f"waiting for the database, {now - began:.0f} s so far: {trouble}")
            self._bell.wait(min(0.5, 0.05 + (now - began) / 20))

    def _give_out(self, sockets: Path) -> None:
        self._lingering = 0.0
        url = _url(sockets, DATABASE)
        _write(address_file(self._var), url + "\n")
        if not self._announced:
            print(url, flush=True)
            self._announced = True

    def _waits_for_earlier(self, server: Server) -> bool:
        """Whether processes of an earlier server keep this one out; any other refusal of its own is raised."""
        words = server.last_words()
        if STILL_THERE not in words:
            if server.process.returncode > 0:
                raise Refused(f"the server does not run: {words or _ending(server)}{room(self._var)}")
            return False
        if not self._lingering:
            self._lingering = time.monotonic()
            say("waiting for processes of an earlier server to end")
        if time.monotonic() - self._lingering > LINGER:
            raise Refused(f"an earlier server still holds {self._var}/postgres: end its processes, then start again")
        self._bell.wait(0.5)
        return True

    @contextmanager
    def _sockets(self, account: Account) -> Iterator[Path]:
        sockets = doors.fresh(account)
        try:
            self._remember(str(sockets))
            yield sockets
        finally:
            if holds(self._lock, self._var):
                address_file(self._var).unlink(missing_ok=True)
            doors.discard(sockets, account)
            self._remember("")

    def _remember(self, sockets: str) -> None:
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, sockets.encode(), 0)


def holds(lock: int, var: Path) -> bool:
    """Whether an open lock file is still the one of that folder: whoever removes a folder removes its lock."""
    try:
        return os.path.samestat(os.fstat(lock), lock_file(var).stat())
    except FileNotFoundError:
        return False


def lock_file(var: Path) -> Path:
    return var / "database.lock"


def address_file(var: Path) -> Path:
    return var / "database-url"


def say(words: str) -> None:
    print(f"database: {words}", file=sys.stderr, flush=True)


def _trouble(sockets: Path) -> str:
    """Why the server does not answer a query yet; empty once it does, in our own database."""
    try:
        with psycopg.connect(_url(sockets, "postgres"), autocommit=True, connect_timeout=2) as link:
            if not link.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                link.execute(f"create database {DATABASE}")
        with psycopg.connect(_url(sockets, DATABASE), connect_timeout=2) as link:
            link.execute("select 1")
    except psycopg.OperationalError as trouble:
        return str(trouble).strip().rpartition("\n")[2].rpartition(": ")[2].strip()
    return ""


def _url(sockets: Path, database: str) -> str:
    # the port is named so that a PGPORT in somebody's environment changes nothing
    return f"postgresql://postgres@/{database}?host={sockets}&port={doors.PORT}"


def _write(path: Path, text: str) -> None:
    """Whole or not at all, readable by us alone."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w") as file:
        file.write(text)
    fresh.replace(path)


def _trim(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        os.truncate(log, 0)


def _ending(server: Server) -> str:
    code = server.process.returncode
    return f"signal {-code}" if code < 0 else f"status {code}"
