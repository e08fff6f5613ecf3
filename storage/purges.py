"""Purges: a citizen's own conversation, to be deleted from the provider's log. What we know of it goes when it is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import delete, insert, select, update

from storage.db import Transaction, hour_after
from storage.tables import purges
from storage.tries import FIRST_NET, by_chance, pause
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
    id = uuid4()
    plain = json.dumps([address, now.astimezone(UTC).isoformat()]).encode("ascii")
    row = {
        "id": id,
        "channel": channel,
        "sealed": vault.seal("purges", id.bytes, plain),
        "due_at": now + by_chance(FIRST_NET),
        "forget_at": hour_after(now + TRIED_FOR),
    }
    tx.execute(insert(purges).values(**row))
    return id


def begin(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Purge | None:
    """Begin a try, the next of which is due after a pause. None if it is done or forgotten."""
    row = tx.execute(select(purges).where(purges.c.id == id).with_for_update()).one_or_none()
    if row is None:
        return None
    attempts = row.attempts + 1
    tx.execute(
        update(purges).where(purges.c.id == id).values(attempts=attempts, due_at=now + pause(attempts), fresh=True)
    )
    address, heard = json.loads(vault.open("purges", id.bytes, row.sealed))
    return Purge(row.channel, address, datetime.fromisoformat(heard), attempts)


def done(tx: Transaction, id: UUID) -> None:
    """Nothing of it is left there."""
    tx.execute(delete(purges).where(purges.c.id == id))


def forget(tx: Transaction, now: datetime, batch: int) -> int:
    """Leave to the purge of all that is old what could not be deleted in all the time there was; how many."""
    over = select(purges.c.id).where(purges.c.forget_at <= now).limit(batch).with_for_update(skip_locked=True)
    return tx.execute(delete(purges).where(purges.c.id.in_(over))).rowcount
