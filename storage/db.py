"""The database: how it is reached, what a transaction is, and whose trouble it is when one fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage import wire
from storage.address import plain as plain
from storage.address import read
from storage.held import Connections

Transaction = Connection

LOCK_TIMEOUT_MS = 2_000  # a person's next message waits so long for the one before it
STATEMENT_TIMEOUT_MS = 15_000
IDLE_TIMEOUT_MS = 20_000  # a frozen process must not keep a person locked
CONNECT_SECONDS = 5
POOL_SECONDS = 2.0
THREADS = 8
RECYCLE_SECONDS = 1_800
BY_KEY = {"plan_cache_mode": "force_generic_plan", "jit": "off"} | dict.fromkeys(
    ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"), "off"
)  # to the planner a small table looks cheapest whole, and a plan outlives that

# What passes when tried once more: deadlock, serialisation, lock timeout, statement timeout, a statement that was prepared
# on a connection which something else cleared.
BUSY = frozenset({"40P01", "40001", "55P03", "57014", "26000"})
ANSWERED = "pk_deliveries"  # whose key it is that another transaction answered the same delivery: the next try finds it
# What passes when the database is back: connections (08), resources (53), shutdown and start (57P), idle session,
# a standby that takes no writes.
AWAY = ("08", "53", "57P", "25P03", "25006")

ERASED = "erased meanwhile"  # what a turn has read before
_LAST: WeakKeyDictionary[Transaction, list[wire.Said]] = WeakKeyDictionary()


class Busy(Exception):
    """Somebody else holds what we need: try once more, then answer 503. Carries the SQLSTATE alone."""


class Away(Exception):
    """The database cannot be reached: answer 503. Carries the SQLSTATE, or the client library's words on connecting."""


class Rejected(Exception):
    """The database refused a statement: a bug of ours. Carries SQLSTATE, table and constraint, never a value."""

    def __init__(self, code: str, table: str = "", constraint: str = "", words: str = "") -> None:
        super().__init__(" ".join(word for word in (code, table, constraint, words) if word))
        self.code, self.table, self.constraint = code, table, constraint


@dataclass(frozen=True, slots=True)
class Store:
    """The engine behind a name of ours: what receives, shows and forgets begins its transactions here."""

    engine: Engine = field(repr=False)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """One transaction: committed at the end, rolled back by any exception. Raises `Busy`, `Away`, `Rejected`."""
        with begin(self.engine) as tx:
            yield tx

    def close(self) -> None:
        self.engine.dispose()


def connect(url: str, threads: int = THREADS, *, by_key: bool = False) -> Engine:
    """
    An engine on `postgresql://…`, with a connection for each thread. Connects when first used.

    `by_key` for whoever asks for single rows alone, over and over: a plan that was made while a table was small would go on
    reading it whole as it grows.

    Errors quote no parameter, and SQLAlchemy's own loggers stay silent: at DEBUG they print rows.
    """
    for name in ("sqlalchemy.engine", "sqlalchemy.pool"):
        logging.getLogger(name).setLevel(logging.WARNING)
    address = read(url)
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=threads,
        max_overflow=2,  # a health check or a periodic job never waits behind all the threads
        pool_timeout=POOL_SECONDS,
        pool_recycle=RECYCLE_SECONDS,
        connect_args={
            "options": _options(address, BY_KEY if by_key else {}),
            "connect_timeout": CONNECT_SECONDS,
            "tcp_user_timeout": STATEMENT_TIMEOUT_MS,  # a host that vanished; ignored on Unix sockets
            "application_name": "iblagh",
        },
    )
    event.listen(engine, "do_connect", lambda _dialect, _record, args, named: wire.Line.connect(*args, **named))
    event.listen(engine, "checkout", _still_there)
    engine.update_execution_options(held=Connections(engine, threads, RECYCLE_SECONDS))
    return engine


def _still_there(line: wire.Line, *_: object) -> None:
    """A database that was restarted costs no message: what its connections have left is found, and new ones are made."""
    if line.hung_up():
        raise InvalidatePoolError


@contextmanager
def begin(engine: Engine) -> Iterator[Transaction]:
    """`Store.begin` for whoever holds an engine that `connect` made."""
    with told_apart():
        taken = (connections := held(engine)).take()
        tx = taken.connection
        last = _LAST[tx] = []
        try:
            yield tx
            if last:
                wire.journey(tx, *last, commit=True)
            wire.commit(tx)
        except BaseException:
            tx.close()
            raise
        connections.give(taken)


def held(engine: Engine) -> Connections:
    """What an engine that `connect` made keeps open."""
    found: Connections = engine.get_execution_options()["held"]
    return found


def say_last(tx: Transaction, *said: wire.Said) -> None:
    """Say this, in order, together with COMMIT, when the block that `begin` opened ends well. What follows cannot count on it yet."""
    _LAST[tx].extend(said)


def as_it_stands(tx: Transaction) -> None:
    """Let the transaction read one state of the database, however long that takes. Its first statement, or none."""
    tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
    tx.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"))


@contextmanager
def alone(engine: Engine) -> Iterator[Transaction]:
    """A connection on which every statement commits by itself: VACUUM runs in no transaction."""
    with told_apart(), held(engine).apart() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def told_apart() -> Iterator[None]:
    """
    Turn whatever the database raises inside into `Busy`, `Away` or `Rejected`.

    PostgreSQL quotes values in the details of an error ("Key (reference)=(…) already exists"), so nothing of the
    original goes on: neither as cause nor as context, where a log's formatter would find it.
    """
    try:
        yield
    except Exception as error:
        cause = _of_the_database(error)
        if cause is None:
            raise
        clean = _translated(cause).with_traceback(error.__traceback__)
    else:
        return
    try:
        raise clean
    finally:
        clean.__cause__ = clean.__context__ = None


def hour(moment: datetime) -> datetime:
    """The hour that `moment` lies in, which is all we keep of it."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hour_after(moment: datetime) -> datetime:
    """
    `moment` rounded up to the hour.

    >>> hour_after(datetime(2026, 11, 22, 2, 33, tzinfo=UTC)).isoformat()
    '2026-11-22T03:00:00+00:00'
    >>> hour_after(datetime(2026, 11, 22, 2, tzinfo=UTC)).isoformat()
    '2026-11-22T02:00:00+00:00'
    """
    floor = hour(moment)
    return floor if floor == moment else floor + timedelta(hours=1)


def _options(address: URL, more: Mapping[str, str]) -> str:
    """The session's settings, after whatever the operator's own address sets."""
    given = address.query.get("options", "")
    settings = {
        "lock_timeout": LOCK_TIMEOUT_MS,
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
        "timezone": "UTC",
        **more,
    }
    ours = (f"-c {name}={value}" for name, value in settings.items())
    return " ".join([*([given] if isinstance(given, str) and given else given), *ours])


def _of_the_database(error: BaseException) -> SQLAlchemyError | psycopg.Error | None:
    """The database's error that this one is, or was made from: the queue wraps those of its own statements."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, psycopg.Error | DBAPIError | PoolTimeout):
            return found
        found = found.__cause__
    return None


def _translated(error: SQLAlchemyError | psycopg.Error) -> Busy | Away | Rejected:
    if isinstance(error, PoolTimeout):
        return Away("no connection is free")
    driver = error.orig if isinstance(error, DBAPIError) else error
    if not isinstance(driver, psycopg.Error):
        return Rejected(type(driver).__name__)
    code = driver.sqlstate
    if code in BUSY or driver.diag.constraint_name == ANSWERED:
        return Busy(code)
    if code is not None and code.startswith(AWAY):
        return Away(code)
    if code is None and isinstance(driver, psycopg.OperationalError | psycopg.InterfaceError):
        return Away(_on_connecting(error))
    return _rejected(code or type(driver).__name__, driver.diag)


def _rejected(code: str, told: psycopg.errors.Diagnostic) -> Rejected:
    """Class 42 speaks of the statement (no such column, no such table), and our statements hold no values."""
    words = (told.message_primary or "") if code.startswith("42") else ""
    return Rejected(code, told.table_name or "", told.constraint_name or "", words)


def _on_connecting(error: SQLAlchemyError | psycopg.Error) -> str:
    """Why there is no connection: in the library's words if no statement was sent, which could quote nothing then."""
    if isinstance(error, DBAPIError) and error.statement is None and not error.connection_invalidated:
        return " ".join(str(error.orig).split())
    return "the connection broke"
