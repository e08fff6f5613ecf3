"""
The one message in which a group's new incidents are gathered when there are more than may have a card of their own now.

Each gets its card as soon as there is room for it, the gravest first, or when somebody asks for it; until then the message
is edited in place. It ends when the last of them has its card.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from conversations.cases import State
from storage.db import Transaction
from storage.tables import alerted, incidents, waves
from storage.unsettled import these, unsettled

SPACING = timedelta(seconds=15)  # between two edits: cards have most of what a group grants
MOST_NAMED = 10


class Wave(NamedTuple):
    """What the message is to say: how many were gathered in all, what of them waits for its card, the gravest numbers."""

    group: str
    message: str
    version: int
    total: int
    kinds: Sequence[tuple[str, int]]  # category, how many of it wait
    gravest: Sequence[tuple[int, int, str]]  # number, severity, category

    @property
    def waiting(self) -> int:
        return sum(count for _, count in self.kinds)


def gather(tx: Transaction, group: str, least: int) -> None:
    """Gather the new incidents of a group that are less severe than what may have a card of its own now."""
    if least == 0:
        return
    known = select(alerted.c.incident).where(alerted.c.incident == incidents.c.id).scalar_subquery()
    new = select(incidents.c.id, func.bool_or(True)).where(
        unsettled(group), incidents.c.shown_version == 0, incidents.c.severity < least,
        incidents.c.state != State.CLOSED.value, incidents.c.merged_into.is_(None), known.is_(None),
    )  # fmt: skip
    made = insert(alerted).from_select(["incident", "gathered"], new.group_by(incidents.c.id))
    count = len(tx.execute(made.returning(alerted.c.incident)).all())
    if count:
        row = {"total": waves.c.total + count, "wanted_version": waves.c.wanted_version + 1}
        first = upsert(waves).values(card_group=group, total=count, wanted_version=1)
        tx.execute(first.on_conflict_do_update(index_elements=["card_group"], set_=row))


def changed(tx: Transaction, group: str) -> None:
    """One of them has its card."""
    ours = update(waves).where(waves.c.card_group == group)
    tx.execute(ours.values(wanted_version=waves.c.wanted_version + 1))


def due(tx: Transaction, group: str, now: datetime) -> Wave | None:
    """The message, where it is not as it should be and was not edited just now."""
    rested = or_(waves.c.edited_at.is_(None), waves.c.edited_at <= now - SPACING)
    row = tx.execute(select(waves).where(waves.c.card_group == group, _stale(), rested)).one_or_none()
    if row is None:
        return None
    kinds = select(incidents.c.category, func.count()).where(_here(group)).group_by(incidents.c.category)
    gravest = select(incidents.c.number, incidents.c.severity, incidents.c.category).where(_here(group))
    gravest = gravest.order_by(incidents.c.severity.desc(), incidents.c.number).limit(MOST_NAMED)
    counted = [(str(name), int(count)) for name, count in tx.execute(kinds.order_by(func.count().desc()))]
    named = [(one.number, one.severity, one.category) for one in tx.execute(gravest)]
    return Wave(group, row.message or "", row.wanted_version, row.total, counted, named)


def shown(tx: Transaction, wave: Wave, message: str, now: datetime) -> None:
    """Record what the group sees. Once none waits any more the message is done with, and the next wave has its own."""
    ours = update(waves).where(waves.c.card_group == wave.group)
    seen = ours.values(message=message, shown_version=wave.version, edited_at=now)
    tx.execute(seen)
    if not wave.waiting:
        over = ours.where(waves.c.wanted_version == wave.version)
        tx.execute(over.values(message=None, total=0))


def end(tx: Transaction) -> None:
    """See to it that a message says so when what still waited was closed or merged."""
    waits = exists().where(_here(waves.c.card_group))
    over = update(waves).where(waves.c.message.is_not(None), ~waits, waves.c.shown_version == waves.c.wanted_version)
    tx.execute(over.values(wanted_version=waves.c.wanted_version + 1))


def lost(tx: Transaction, group: str) -> None:
    """The group no longer has the message: it is sent anew."""
    tx.execute(update(waves).where(waves.c.card_group == group).values(message=None))


def failed(tx: Transaction, wave: Wave) -> None:
    """Give this version up; a later one is tried again."""
    tx.execute(update(waves).where(waves.c.card_group == wave.group).values(fault_version=wave.version))


def stale_groups(tx: Transaction) -> list[str]:
    """The groups whose message is not as it should be."""
    return list(tx.execute(select(waves.c.card_group).where(_stale())).scalars())


def _stale() -> ColumnElement[bool]:
    tried = or_(waves.c.fault_version.is_(None), waves.c.fault_version < waves.c.wanted_version)
    return and_(waves.c.shown_version < waves.c.wanted_version, tried)


def _here(group: str | ColumnElement[str]) -> ColumnElement[bool]:
    """What still waits for its card: not what was closed or merged meanwhile."""
    open_one = (incidents.c.state != State.CLOSED.value) & incidents.c.merged_into.is_(None)
    return (incidents.c.card_group == group) & open_one & these(select(alerted.c.incident).where(alerted.c.gathered))
