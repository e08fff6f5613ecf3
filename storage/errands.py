"""
Errands: something to be done at a provider for an address, tried until it is done or too late, and forgotten then.

Discards, wipes and purges are tables of errands. What one needs to know lies sealed in its row and goes with it; nothing
in a row knows a report.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Table, delete, insert, select, update

from storage.db import Transaction, hour_after
from storage.tries import FIRST_NET, by_chance, pause
from storage.vault import Vault


class Errand(NamedTuple):
    """One that was begun: its channel, what was sealed of it, and how often it has been tried with this time."""

    channel: str
    needs: list[Any]
    attempts: int


def owe(
    tx: Transaction, vault: Vault, table: Table, owed: Sequence[tuple[str, Sequence[str]]], now: datetime, until: datetime
) -> list[UUID]:  # fmt: skip
    """Remember errands of (channel, what is needed), to be forgotten in the hour after `until`; the ids of the rows."""
    ids = [uuid4() for _ in owed]
    rows = [
        {
            "id": id,
            "channel": channel,
            "sealed": vault.seal(table.name, id.bytes, json.dumps(needs).encode("ascii")),
            "due_at": now + by_chance(FIRST_NET),
            "forget_at": hour_after(until),
        }
        for id, (channel, needs) in zip(ids, owed, strict=True)
    ]
    if rows:
        tx.execute(insert(table), rows)
    return ids


def begin(tx: Transaction, vault: Vault, table: Table, id: UUID, now: datetime) -> Errand | None:
    """Begin a try, the next of which is due after a pause. None if it was done or forgotten."""
    row = tx.execute(select(table).where(table.c.id == id).with_for_update()).one_or_none()
    if row is None:
        return None
    attempts = row.attempts + 1
    changed = {"attempts": attempts, "due_at": now + pause(attempts), "fresh": True}
    tx.execute(update(table).where(table.c.id == id).values(**changed))
    return Errand(row.channel, json.loads(vault.open(table.name, id.bytes, row.sealed)), attempts)


def done(tx: Transaction, table: Table, id: UUID) -> None:
    """It is done, or can never be."""
    tx.execute(delete(table).where(table.c.id == id))


def forget(tx: Transaction, table: Table, now: datetime, batch: int) -> int:
    """Forget what could not be done in all the time there was; how many."""
    over = select(table.c.id).where(table.c.forget_at <= now).limit(batch).with_for_update(skip_locked=True)
    return tx.execute(delete(table).where(table.c.id.in_(over))).rowcount
