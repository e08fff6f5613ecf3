"""
Tombstones: HMACs of references that were erased, so that a restored backup erases them again.

They name nothing to whoever has no pseudonym key and no reference, know the day alone, and go when the last backup
that could hold the report has expired.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.tables import tombstones
from storage.vault import Vault


class What(StrEnum):
    """What a restore has to take away again. Kept by name."""

    REPORT = "report"  # all of it
    PERSON = "person"  # who wrote it: it became anonymous


def bury(tx: Transaction, vault: Vault, reference: str, now: datetime, what: What = What.REPORT) -> None:
    """Remember that this reference was erased, in the transaction that erases it. A second time changes nothing."""
    mark = vault.tombstones(reference)[0]
    row = {"what": what.value, "buried_on": now.date(), "fresh": True}
    statement = upsert(tombstones).values(mark=mark, **row)
    graver = case((tombstones.c.what == What.REPORT.value, tombstones.c.what), else_=statement.excluded.what)
    again = {"what": graver, "fresh": True}
    tx.execute(statement.on_conflict_do_update(index_elements=["mark"], set_=again))


def unbury(tx: Transaction, vault: Vault, reference: str) -> None:
    """The reporter of a report that had become anonymous gave themselves to be known again."""
    marks = vault.tombstones(reference)
    theirs = (tombstones.c.mark.in_(marks), tombstones.c.what == What.PERSON.value)
    tx.execute(delete(tombstones).where(*theirs))


def oldest(tx: Transaction) -> date | None:
    """The day of the first erasure that is still remembered."""
    return tx.execute(select(func.min(tombstones.c.buried_on))).scalar()


def forget(tx: Transaction, before: date, batch: int) -> int:
    """Forget up to `batch` tombstones of days before this one: no backup that lasts holds their reports. How many."""
    over = select(tombstones.c.mark).where(tombstones.c.buried_on < before).limit(batch)
    return tx.execute(delete(tombstones).where(tombstones.c.mark.in_(over.with_for_update(skip_locked=True)))).rowcount
