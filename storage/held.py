"""
Connections that stay open from one transaction to the next.

To take one from SQLAlchemy's pool and to put it back, with all that it makes, asks and resets meanwhile, cost half as much as
whatever a turn says on it (docs/adr/0013-cpu-per-turn.md). The pool still makes them, and still has the last word on how many.
"""

from __future__ import annotations

import threading
import time
from typing import NamedTuple

from sqlalchemy import Connection, Engine, Pool, event

from storage.wire import Line


class Held(NamedTuple):
    """A connection in no transaction, the pool that it came from, and when, by a clock that is never set."""

    connection: Connection
    pool: Pool
    since: float


class Connections:
    """An engine's, at most so many idle and none older than so many seconds. Safe between threads."""

    def __init__(self, engine: Engine, most: int, oldest: float) -> None:
        self._engine, self._most, self._oldest = engine, most, oldest
        self._idle: list[Held] = []
        self._asking, self._lock = 0, threading.Lock()  # how many threads ask the pool, and perhaps wait there
        event.listen(engine, "engine_disposed", lambda _engine: self._close())

    def take(self) -> Held:
        """One that the server has not ended. Raises what the pool raises."""
        while held := self._kept():
            if self._usable(held):
                return held
        return Held(self._asked(), self._engine.pool, time.monotonic())

    def apart(self) -> Connection:
        """One of the pool's, which goes back there: for whoever sets it up in a way of their own. Raises what the pool raises."""
        if held := self._kept():
            with self._lock:
                self._asking += 1
            held.connection.close()  # else all that the pool may have could be idle here
        return self._asked()

    def give(self, held: Held) -> None:
        """Let others have it, now that its transaction has ended well."""
        if held.pool is not self._engine.pool:
            _ended(held)
            return
        with self._lock:
            if not self._asking and len(self._idle) < self._most:
                self._idle.append(held)
                return
        held.connection.close()  # whoever waits at the pool hears of it

    def _kept(self) -> Held | None:
        """The one used last; else the pool is asked."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
            self._asking += 1
            return None

    def _asked(self) -> Connection:
        try:
            return self._engine.connect()
        finally:
            with self._lock:
                self._asking -= 1

    def _usable(self, held: Held) -> bool:
        line = held.connection.connection.driver_connection
        assert isinstance(line, Line)
        if held.pool is not self._engine.pool or line.hung_up():
            _ended(held)
            return False
        if time.monotonic() - held.since < self._oldest:
            return True
        held.connection.close()
        return False

    def _close(self) -> None:
        with self._lock:
            idle, self._idle = self._idle, []
        for held in idle:
            _ended(held)


def _ended(held: Held) -> None:
    """Not to go back to a pool: to one that is gone, where it would stay open, or because it is dead."""
    held.connection.invalidate()
    held.connection.close()
