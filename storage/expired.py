"""Conversations whose time is over: what they still point at is let go before they are forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from storage import bare
from storage.db import Transaction
from storage.tables import sessions
from storage.vault import Unopened, Vault


def take(tx: Transaction, vault: Vault, now: datetime, batch: int) -> list[bytes | None]:
    """
    Forget up to `batch` sessions whose time is over, and whoever had no more than that, and give what was in them; None for one
    that opens no more.

    Waits for nobody: what is in use goes later.
    """
    over = select(sessions.c.person).where(sessions.c.expires_at <= now).limit(batch)
    some = over.with_for_update(skip_locked=True).cte("some")
    gone = delete(sessions).where(sessions.c.person.in_(select(some.c.person)))
    rows = tx.execute(gone.returning(sessions.c.person, sessions.c.sealed)).all()
    bare.forget(tx, (row.person for row in rows))
    return list(_opened(vault, rows))


def _opened(vault: Vault, rows: Iterable[Any]) -> Iterator[bytes | None]:
    for row in rows:
        try:
            yield vault.open("sessions", row.person.bytes, row.sealed)
        except Unopened:
            yield None  # its key has gone: nobody will ever know
