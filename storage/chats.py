"""
Chats: the numbers of what a citizen wrote, and of what the worker wrote to them, as long as a bot may delete it there, and what is being deleted now.

Kept for a person and never for a report. The caller holds the person's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from storage import errands
from storage.chance import chance
from storage.db import Transaction, hour
from storage.people import key
from storage.tables import people, ways, wipes, written
from storage.unfinished import TRY_LOCK
from storage.vault import Vault

KEPT_FOR = timedelta(hours=48)  # Telegram deletes no citizen's message that is older (platform.md A10)
AT_ONCE = 100  # numbers in one call (platform.md A4)


@dataclass(frozen=True, slots=True)
class Wipe:
    """What is to be deleted in one chat, in one call."""

    channel: str
    address: str = field(repr=False)
    numbers: tuple[str, ...] = field(repr=False)
    attempts: int = 0


def wrote(tx: Transaction, vault: Vault, person: UUID, number: str, now: datetime) -> None:
    """Remember the number of a message in their chat, theirs or ours, of just now."""
    tx.execute(insert(written), row(vault, person, number, now))


def row(vault: Vault, person: UUID, number: str, now: datetime) -> dict[str, Any]:
    """What is kept of a message's number."""
    id, forget_at = UUID(bytes=chance(16), version=4), hour(now + KEPT_FOR)
    return {
        "id": id,
        "person": person,
        "sealed": vault.seal("written", id.bytes, number.encode()),
        "forget_at": forget_at,
    }


def said(tx: Transaction, vault: Vault, whose: UUID, number: str, now: datetime) -> None:
    """
    Remember the number of what we wrote to a person, whom their id or their mailbox names. They are not locked yet: one
    whose message is being answered at this moment is passed over.
    """
    by_id = select(people.c.id).where(people.c.id == whose).scalar_subquery()
    by_mailbox = select(ways.c.person).where(ways.c.mailbox == whose).scalar_subquery()
    asked = func.coalesce(by_id, by_mailbox)  # each by its index, which an OR would not use
    person = tx.execute(select(asked)).scalar()
    if person is None or not tx.execute(TRY_LOCK, {"key": key(person.bytes)}).scalar_one():
        return
    if tx.execute(select(people.c.id).where(people.c.id == person)).scalar():  # as it is under the lock
        wrote(tx, vault, person, number, now)


def take(tx: Transaction, vault: Vault, person: UUID, now: datetime) -> tuple[str, ...]:
    """The numbers of what they wrote, as far as it can still be deleted; they are remembered no more."""
    gone = delete(written).where(written.c.person == person)
    rows = tx.execute(gone.returning(written.c.id, written.c.sealed, written.c.forget_at)).all()
    opened = (vault.open("written", row.id.bytes, row.sealed).decode() for row in rows if row.forget_at > now)
    return tuple(sorted(set(opened)))


def owe(tx: Transaction, vault: Vault, channel: str, address: str, numbers: Sequence[str], now: datetime) -> list[UUID]:
    """Have these messages deleted in their chat; the ids of the rows, whose jobs are owed. Nothing knows a person."""
    parts = [numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)]
    owed = [(channel, (address, *part)) for part in parts]
    return errands.owe(tx, vault, wipes, owed, now, now + KEPT_FOR)


def begin(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Wipe | None:
    """Begin a try, the next of which is due after a pause. None if it was deleted or forgotten."""
    begun = errands.begin(tx, vault, wipes, id, now)
    if begun is None:
        return None
    address, *numbers = begun.needs
    return Wipe(begun.channel, address, tuple(numbers), begun.attempts)


def later(tx: Transaction, id: UUID, at: datetime) -> None:
    """Not before then: the provider asked to be left alone."""
    tx.execute(update(wipes).where(wipes.c.id == id).values(due_at=at, fresh=True))


def done(tx: Transaction, id: UUID) -> None:
    """They are deleted, or can never be."""
    errands.done(tx, wipes, id)


def forget(tx: Transaction, now: datetime, batch: int) -> int:
    """Forget what could not be deleted in all the time there was; how many."""
    return errands.forget(tx, wipes, now, batch)
