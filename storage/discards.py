"""Discards: files that nobody may read, to be deleted at the provider. What we know of them goes when they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from storage import errands
from storage.db import Transaction
from storage.tables import discards
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
    owed = [(one.channel, (one.address, one.handle, one.number)) for one in unread]
    return errands.owe(tx, vault, discards, owed, now, now + TRIED_FOR)


def begin(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Unread | None:
    """Begin a try, the next of which is due after a pause. None if it was deleted or forgotten."""
    begun = errands.begin(tx, vault, discards, id, now)
    if begun is None:
        return None
    address, handle, number = begun.needs
    return Unread(begun.channel, address, handle, number, begun.attempts)


def done(tx: Transaction, id: UUID) -> None:
    """It is deleted, or can never be."""
    errands.done(tx, discards, id)


def forget(tx: Transaction, now: datetime, batch: int) -> int:
    """Forget what could not be deleted in all the time there was; how many."""
    return errands.forget(tx, discards, now, batch)
