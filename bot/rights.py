"""The store's side of a citizen's rights: what is held of them, what the desk owes them, what is erased."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bot.house import House
from conversations.about import Claim, Found, Query, Right, Seek
from storage import rights
from storage.db import Busy, Transaction


def found(tx: Transaction, house: House, query: Query, person: UUID, now: datetime) -> Found:
    """What is held, by kinds: because somebody writes, or of the report that they have opened."""
    if query.seeks is Seek.HOLDING:
        return rights.holding(tx, person, now)
    return rights.held(tx, query.reference, house.operator.periods, now)


def store(tx: Transaction, house: House, claim: Claim, person: UUID, now: datetime) -> None:
    """What a turn makes of a right. Raises `Busy` where a report was passed on just now: the turn is made anew."""
    days = house.operator.rights
    match claim.right:
        case Right.ACCESS:
            rights.ask(tx, claim.reference, claim.right, days.access_days, now)
        case Right.CORRECTION:
            rights.ask(tx, claim.reference, claim.right, days.correction_days, now)
        case Right.OBJECTION:
            rights.ask(tx, claim.reference, claim.right, days.objection_days, now)
        case Right.ERASURE:
            _erase(tx, house, claim, person, now)


def _erase(tx: Transaction, house: House, claim: Claim, person: UUID, now: datetime) -> None:
    if not rights.erase(tx, house.vault, claim.reference, person, claim.referred, now):
        raise Busy("passed on meanwhile")
