"""The schema: bringing a database to the newest revision, and refusing to work on any other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from storage.db import begin, connect

LOCK = 0x49424C414748  # one migration at a time; no person's lock is so small but by a chance of 1 in 10^19
WAIT_FOR_ANOTHER = "10min"
WAIT_FOR_TABLES = "5s"  # a waiting ALTER holds up everybody behind it


class Incompatible(Exception):
    """The database's schema is not the one this program was written for. One line that says what to do."""


def upgrade(url: str, revision: str = "head") -> None:
    """
    Bring the schema to the newest revision, or leave it wholly as it was.

    Whoever comes second waits, and finds nothing to do. Raises `Busy`, `Away` or `Rejected` of `storage.db`.
    """
    with _alone(url) as config:
        command.upgrade(config, revision)


def downgrade(url: str, revision: str) -> None:
    """Take the schema back to an earlier revision, "base" for none at all; what only the later ones hold is lost."""
    with _alone(url) as config:
        command.downgrade(config, revision)


def current(engine: Engine) -> str | None:
    """The database's revision; None before the first."""
    with begin(engine) as tx:
        return MigrationContext.configure(tx).get_current_revision()


def head() -> str | None:
    """The revision that this program was written for."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def compatible(engine: Engine) -> None:
    """Raises `Incompatible` unless the database is at this program's revision: asked at every start."""
    found, wanted = current(engine), head()
    if found == wanted:
        return
    if found is None:
        raise Incompatible("the database has no schema yet: run `iblagh migrate`")
    if found in {revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions()}:
        raise Incompatible(f"the database is at revision {found} and this program needs {wanted}: run `iblagh migrate`")
    raise Incompatible(f"the database is at revision {found}, which this program does not know: run a newer program")


@contextmanager
def _alone(url: str) -> Iterator[Config]:
    """One transaction around the whole migration, while no other migrates."""
    engine = connect(url, threads=1)
    try:
        with begin(engine) as tx:
            _lock(tx)
            yield _config(tx)
    finally:
        engine.dispose()


def _lock(tx: Connection) -> None:
    tx.execute(text(f"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '{WAIT_FOR_ANOTHER}'"))
    tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    tx.execute(text(f"SET LOCAL lock_timeout = '{WAIT_FOR_TABLES}'; SET LOCAL idle_in_transaction_session_timeout = 0"))


def _config(tx: Connection | None = None) -> Config:
    config = Config(attributes={"connection": tx})
    config.set_main_option("script_location", "storage:migrations")
    config.set_main_option("path_separator", "os")
    return config
