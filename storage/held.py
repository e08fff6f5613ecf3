"""
Connections that stay open from one transaction to the next.

To take one from SQLAlchemy's pool and to put it back, with all that it makes, asks and resets meanwhile, cost half as much as
whatever a turn says on it (docs/adr/0013-cpu-per-turn.md). The pool still makes them, and still has the last word on how many.
"""

from __future__ import annotations

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
        event.listen(engine, "engine_disposed", lambda _engine: self._close())

    def take(self) -> Held:
        """One that the server has not ended. Raises what the pool raises."""
        while self._idle:
            try:
                held = self._idle.pop()  # the one used last
            except IndexError:
                break  # another thread was first
            if self._usable(held):
                return held
        return Held(self._engine.connect(), self._engine.pool, time.monotonic())

    def give(self, held: Held) -> None:
        """Let others have it, now that its transaction has ended well."""
        if held.pool is not self._engine.pool:
            _ended(held)
        elif len(self._idle) < self._most:
            self._idle.append(held)
        else:
            held.connection.close()

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
        while self._idle:
            _ended(self._idle.pop())


def _ended(held: Held) -> None:
    """Not to go back to a pool: to one that is gone, where it would stay open, or because it is dead."""
    held.connection.invalidate()
    held.connection.close()
