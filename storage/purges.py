"""Purges: a citizen's own conversation, to be deleted from the provider's log. What we know of it goes when it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from storage import errands
from storage.db import Transaction
from storage.tables import purges
from storage.vault import Vault

TRIED_FOR = timedelta(hours=48)  # what is left then goes with all that is old
LAST_WORDS = timedelta(minutes=2)  # the answer that says so is part of the conversation, and leaves after the erasure


@dataclass(frozen=True, slots=True)
class Purge:
    """Whose messages go: what they wrote before `heard`, and what was written to them before `said`."""

    channel: str
    address: str = field(repr=False)
    heard: datetime
    attempts: int = 0

    @property
    def said(self) -> datetime:
        return self.heard + LAST_WORDS


def owe(tx: Transaction, vault: Vault, channel: str, address: str, now: datetime) -> UUID:
    """
    Have everything of this conversation up to now deleted at the provider, the answer to this message with it.

    The row's id; no job is owed: a look each minute finds it once the answer has arrived. Nothing here knows a report.
    """
    owed = [(channel, (address, now.astimezone(UTC).isoformat()))]
    (id,) = errands.owe(tx, vault, purges, owed, now, now + TRIED_FOR)
    return id


def begin(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Purge | None:
    """Begin a try, the next of which is due after a pause. None if it is done or forgotten."""
    begun = errands.begin(tx, vault, purges, id, now)
    if begun is None:
        return None
    address, heard = begun.needs
    return Purge(begun.channel, address, datetime.fromisoformat(heard), begun.attempts)


def done(tx: Transaction, id: UUID) -> None:
    """Nothing of it is left there."""
    errands.done(tx, purges, id)


def forget(tx: Transaction, now: datetime, batch: int) -> int:
    """Leave to the purge of all that is old what could not be deleted in all the time there was; how many."""
    return errands.forget(tx, purges, now, batch)
