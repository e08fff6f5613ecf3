"""Upkeep: when each thing that comes round by itself was last done, and how often it failed since. `doctor` looks here."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.tables import upkeep

# Names stand in the database: one that ever shipped keeps its meaning.
SHRED, PURGE, SHELF, BACKUP, BLUR, MISSED = "shred", "purge", "shelf", "backup", "blur", "missed"
ANSWERS = "answers"


class Kept(NamedTuple):
    """What is known of one thing. `fault` is a code or a class name of the last failure, nothing of its text."""

    done_at: datetime | None
    failures: int
    fault: str


def done(tx: Transaction, name: str, now: datetime) -> None:
    """It was done to the end."""
    row = {"done_at": now, "failures": 0, "fault": None}
    tx.execute(
        upsert(upkeep).values(name=name, **row).on_conflict_do_update(index_elements=["name"], set_=row),
    )


def failed(tx: Transaction, name: str, fault: str) -> None:
    """It could not be done, or not to the end."""
    more = {"failures": func.least(upkeep.c.failures + 1, 1_000_000), "fault": fault[:40]}
    statement = upsert(upkeep).values(name=name, failures=1, fault=fault[:40])
    tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=more))


def last(tx: Transaction, name: str) -> Kept:
    """What is known of it; nothing if it never came round."""
    row = tx.execute(select(upkeep).where(upkeep.c.name == name)).one_or_none()
    return Kept(row.done_at, row.failures, row.fault or "") if row else Kept(None, 0, "")


def identity(tx: Transaction) -> UUID:
    """The random id of this database, made when it is first asked for; a restored backup has its own."""
    made = upsert(upkeep).values(name=SHELF, id=uuid4())
    kept = {"id": func.coalesce(upkeep.c.id, made.excluded.id)}
    found: UUID = tx.execute(
        made.on_conflict_do_update(index_elements=["name"], set_=kept).returning(upkeep.c.id)
    ).scalar_one()
    return found
