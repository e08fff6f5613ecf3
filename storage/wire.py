"""
Statements that go to the database together: one journey there and back, however many they are.

A turn says the same few statements thousands of times a minute, and waiting for each answer costs both sides more than the
statement does (docs/adr/0013-cpu-per-turn.md). What is said here goes past SQLAlchemy and psycopg's cursors to the library
that both stand on, prepared once for each connection, its values in PostgreSQL's binary form; it stays within the
transaction in which everything else is said.
"""

from __future__ import annotations

import select
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct
from typing import Any, NamedTuple

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Connection

from storage.sealed import Pseudonym, Sealed

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)  # PostgreSQL's
MICROSECOND = timedelta(microseconds=1)
YES = b"\x01"  # true
PATIENCE_MS = 8_000  # longer than anything waits for a lock; with it nobody waits over 10 s for an answer
BINARY = int(Format.BINARY)
BYTES, WHOLE = 17, 20  # the numbers of the types bytea and bigint, which are the same everywhere

_ARRAY, _LENGTH, _WHOLE = Struct("!iiIii"), Struct("!i"), Struct("!q")

Value = bytes | None
Rows = list[tuple[Value, ...]]


class Statement(NamedTuple):
    """A statement with $1, $2 … for its values, and the name under which a connection keeps it prepared."""

    name: str
    sql: str


class Said(NamedTuple):
    """A statement with its values, in binary."""

    statement: Statement
    values: Sequence[Value]


BEGIN, COMMIT = (Said(Statement(sql.lower(), sql), ()) for sql in ("BEGIN", "COMMIT"))


class Line(psycopg.Connection[Any]):
    """A connection that knows what is prepared on it: psycopg forgets all of that, ours too, when it rolls back."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.prepared: set[str] = set()

    def hung_up(self) -> bool:
        """
        Whether the server has ended this connection while nobody used it. Asks nobody: whoever waits for no answer and has
        something to read has been told of the end, or of something for which a new connection is as good.
        """
        if self.closed:
            return True
        ready = select.poll()
        ready.register(self.pgconn.socket, select.POLLIN)
        return bool(ready.poll(0))

    def commit(self) -> None:
        if self.pgconn.transaction_status != TransactionStatus.IDLE:  # else a journey has
            super().commit()

    def rollback(self) -> None:
        if self.pgconn.transaction_status != TransactionStatus.IDLE:
            self.prepared.clear()
            super().rollback()


def journey(tx: Connection, *said: Said, commit: bool = False) -> list[Rows]:
    """
    Say all of this at once, in order, and the rows that each brought; then, if wanted, commit, unless one of them failed.

    Each sees what was committed when its turn came. Raises psycopg's errors, as all that is said in a transaction does.
    """
    line = tx.connection.driver_connection
    assert isinstance(line, Line)
    line.pgconn.enter_pipeline_mode()
    try:
        _say(line, said, commit)
        results = _heard(line.pgconn)
        line.pgconn.exit_pipeline_mode()
    except BaseException:
        line.close()  # who stopped in the middle of an answer cannot use it again
        raise
    for result in results:
        if result.status == ExecStatus.FATAL_ERROR:
            line.prepared.clear()  # perhaps somebody has taken away what was
            raise error_from_result(result)
    told = [result for result in results if result.status == ExecStatus.TUPLES_OK]
    return [_rows(result) for result in told]


def commit(tx: Connection) -> None:
    """Commit, unless a journey has."""
    if tx.in_transaction():  # something was said by SQLAlchemy, which then minds its own
        tx.commit()
        return
    line = tx.connection.driver_connection
    assert isinstance(line, Line)
    line.commit()


def _say(line: Line, said: Sequence[Said], commit: bool) -> None:
    pgconn = line.pgconn
    begins = (BEGIN,) if pgconn.transaction_status == TransactionStatus.IDLE else ()
    for (name, sql), values in (*begins, *said, *((COMMIT,) if commit else ())):
        binary = [BINARY] * len(values)
        if line.prepare_threshold is None:
            pgconn.send_query_params(sql.encode(), values, None, binary, BINARY)
            continue
        if name not in line.prepared:
            pgconn.send_close_prepared(name.encode())  # one of that name is no longer ours
            pgconn.send_prepare(name.encode(), sql.encode())
            line.prepared.add(name)
        pgconn.send_query_prepared(name.encode(), values, binary, BINARY)
    pgconn.pipeline_sync()


def _heard(pgconn: PGconn) -> list[PGresult]:
    """What came back until everything was answered."""
    ready, heard = select.poll(), list[PGresult]()
    if pgconn.flush():
        ready.register(pgconn.socket, select.POLLIN | select.POLLOUT)
        _wait(ready, pgconn)
        while pgconn.flush():
            _wait(ready, pgconn)
    ready.register(pgconn.socket, select.POLLIN)
    while True:
        while pgconn.is_busy():
            _wait(ready, pgconn)
        result = pgconn.get_result()
        if result is None:
            continue
        if result.status == ExecStatus.PIPELINE_SYNC:
            return heard
        heard.append(result)
        pgconn.get_result()  # None, at once: it parts one answer from the next


def _wait(ready: select.poll, pgconn: PGconn) -> None:
    """A server that is frozen ends no statement by its own clock: a person must not wait for it."""
    if not ready.poll(PATIENCE_MS):
        raise psycopg.OperationalError("no answer")
    pgconn.consume_input()


def _rows(result: PGresult) -> Rows:
    columns = range(result.nfields)
    return [tuple(result.get_value(row, column) for column in columns) for row in range(result.ntuples)]


def array(kind: int, items: Sequence[bytes]) -> bytes:
    """A list of one dimension."""
    head = _ARRAY.pack(1 if items else 0, 0, kind, len(items), 1) if items else _ARRAY.pack(0, 0, kind, 0, 1)[:12]
    return head + b"".join(_LENGTH.pack(len(item)) + item for item in items)


def whole(number: int) -> bytes:
    return _WHOLE.pack(number)


def moment(when: datetime) -> bytes:
    return _WHOLE.pack((when - EPOCH) // MICROSECOND)


def sealed(value: Sealed) -> bytes:
    """As in a column of sealed values, anything else raises TypeError before it reaches the database."""
    if not isinstance(value, Sealed):
        raise TypeError("only what the vault sealed may be stored here")
    return value


def pseudonym(value: Pseudonym) -> bytes:
    """As in a column of pseudonyms."""
    if not isinstance(value, Pseudonym):
        raise TypeError("only a pseudonym may be stored here")
    return value
