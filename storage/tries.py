"""
Trying again: rows that wait for the provider, due after growing pauses, and one process at a time at work on each.

`fetches` and `discards` are such rows. A job is there for the first try; every later one is found here, in batches.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, Table, func, select, update
from sqlalchemy import text as sql

from storage.db import Transaction, alone
from storage.people import key

FIRST_NET = timedelta(minutes=5)  # a row whose job was lost is found after this
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30, 60, 120, 240))
SHARE = (0.75, 1.25)  # of a pause, by chance: many rows come back apart, and no due time tells when a report came

_dice = random.SystemRandom()


def due(tx: Transaction, table: Table, now: datetime, batch: int) -> list[UUID]:
    """Up to `batch` rows whose next try is due; each is due again if nobody tries it."""
    waiting = select(table.c.id).where(table.c.due_at <= now, table.c.forget_at > now)
    if "fault" in table.c:
        waiting = waiting.where(table.c.fault.is_(None))
    some = waiting.order_by(table.c.due_at).limit(batch).with_for_update(skip_locked=True)
    ids = list(tx.execute(some).scalars())
    tx.execute(update(table).where(table.c.id.in_(ids)).values(due_at=now + by_chance(FIRST_NET), fresh=True))
    return ids


def waiting(tx: Transaction, table: Table, tried: int = 0) -> int:
    """How many rows wait, having been tried so often already."""
    asked = select(func.count()).select_from(table).where(table.c.attempts >= tried)
    return tx.execute(asked.where(table.c.fault.is_(None)) if "fault" in table.c else asked).scalar_one()


@contextmanager
def held_alone(engine: Engine, id: UUID) -> Iterator[bool]:
    """Whether nobody else is at work on this row, on any machine, until we are done. It ends with the process."""
    with alone(engine) as connection:
        ours = connection.execute(sql("SELECT pg_try_advisory_lock(:key)"), {"key": key(id.bytes)}).scalar_one()
        try:
            yield ours
        finally:
            if ours:
                connection.execute(sql("SELECT pg_advisory_unlock(:key)"), {"key": key(id.bytes)})


def pause(attempts: int) -> timedelta:
    """How long to wait after so many tries."""
    return by_chance(PAUSES[min(attempts, len(PAUSES)) - 1])


def by_chance(about: timedelta) -> timedelta:
    return about * _dice.uniform(*SHARE)
