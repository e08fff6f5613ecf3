"""Discards: files that nobody may read, to be deleted at the provider. What we know of them goes when they are."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from storage.db import Transaction, hour_after
from storage.tables import discards
from storage.tries import FIRST_NET, by_chance, pause
from storage.vault import Vault

TRIED_FOR = timedelta(hours=48)  # Telegram deletes a citizen's message no later (platform.md A10)


@dataclass(frozen=True, slots=True)
class Unread:
    """What a channel needs to delete a file and its message: any of these may be empty."""

    channel: str
    address: str = field(repr=False)
    handle: str = field(repr=False)
    number: str = field(repr=False)
    attempts: int = 0


def owe(tx: Transaction, vault: Vault, unread: Sequence[Unread], now: datetime) -> list[UUID]:
    """Remember what is to be deleted; the ids of the rows, whose jobs are owed. Nothing here knows a report."""
    ids = [uuid4() for _ in unread]
    rows = [
        {
            "id": id,
            "channel": one.channel,
            "sealed": vault.seal(
                "discards", id.bytes, json.dumps([one.address, one.handle, one.number]).encode("ascii")
            ),
            "due_at": now + by_chance(FIRST_NET),
            "forget_at": hour_after(now + TRIED_FOR),
        }
        for id, one in zip(ids, unread, strict=True)
    ]
    if rows:
        tx.execute(insert(discards), rows)
    return ids


def begin(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Unread | None:
    """Begin a try, the next of which is due after a pause. None if it was deleted or forgotten."""
    row = tx.execute(select(discards).where(discards.c.id == id).with_for_update()).one_or_none()
    if row is None:
        return None
    attempts = row.attempts + 1
    changed = {"attempts": attempts, "due_at": now + pause(attempts), "fresh": True}
    tx.execute(update(discards).where(discards.c.id == id).values(**changed))
    address, handle, number = json.loads(vault.open("discards", id.bytes, row.sealed))
    return Unread(row.channel, address, handle, number, attempts)


def done(tx: Transaction, id: UUID) -> None:
    """It is deleted, or can never be."""
    tx.execute(delete(discards).where(discards.c.id == id))


def forget(tx: Transaction, now: datetime, batch: int) -> int:
    """Forget what could not be deleted in all the time there was; how many."""
    over = select(discards.c.id).where(discards.c.forget_at <= now).limit(batch).with_for_update(skip_locked=True)
    return tx.execute(delete(discards).where(discards.c.id.in_(over))).rowcount
