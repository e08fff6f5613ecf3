"""Bringing a database's schema to the newest revision, or back. Which one it is at, `schema` tells without Alembic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from storage.db import begin, connect

LOCK = 0x49424C414748  # one migration at a time; no person's lock is so small but by a chance of 1 in 10^19
WAIT_FOR_ANOTHER = "10min"
WAIT_FOR_TABLES = "5s"  # a waiting ALTER holds up everybody behind it


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
