"""
News owed to reporters: one row a report, whatever number of decisions it tells of.

A row is due after the minute in which a decision can be undone, at a moment by chance, so that ten thousand leave over
hours and none tells when the desk decided. Who did not ask for notices, and whom none can reach, has a row with a fault:
it waits for their next message. Later news takes the place of what was not told yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Interval, Select, case, delete, func, literal, null, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import people, undoable
from storage.db import Transaction, hour_after
from storage.people import Way
from storage.tables import MOMENT, notices, reports
from storage.tries import pause
from storage.vault import Vault

KEPT = timedelta(days=90)  # how long news waits to be told
UNDO = timedelta(minutes=1)  # nothing leaves while a decision can be taken back
LEAST_SPREAD = timedelta(minutes=15)
A_NOTICE = timedelta(seconds=1)  # of the spread, for each that is owed at once
ANSWERED_WITHIN = timedelta(minutes=5)  # the provider says within seconds whether one can go on
NOT_WANTED = "not-wanted"
CLOSED = "63016"  # WhatsApp: more than 24 hours since they wrote
HELD_UP = 4  # tries in vain: somebody should look


class Stage(IntEnum):
    """How far a notice has come. A number that was ever written keeps its meaning."""

    WAITING = 0
    LEFT = 1  # the provider has taken it, and may still refuse it
    TEMPLATE = 2  # refused because the window is closed: to be said by an approved template
    TEMPLATE_LEFT = 3


NOT_LEFT = (Stage.WAITING, Stage.TEMPLATE)


class Notice(NamedTuple):
    """A notice to be sent: in which language, about which reference, over which way, and how."""

    locale: str
    reference: str
    way: Way
    stage: Stage


class Owed(NamedTuple):
    """What an operator sees of it: to be sent and by when, waiting for a next message, tried often and in vain."""

    to_send: int
    until: datetime | None
    told_later: int
    held_up: int


def owe(
    tx: Transaction, incident: UUID, now: datetime, only: Sequence[UUID] | Select[tuple[UUID]] | None = None
) -> int:
    """
    Owe every reporter of an incident who can be reached the news of what was decided now, or `only` those of these
    reports; how many.
    """
    theirs = (reports.c.incident == incident) & reports.c.person.is_not(None)
    theirs &= true() if only is None else reports.c.id.in_(only)
    wanted = tx.execute(select(func.count()).where(theirs, reports.c.notify)).scalar_one()
    spread = max(LEAST_SPREAD, wanted * A_NOTICE)
    at_once = literal(now + UNDO, MOMENT)
    due = case((reports.c.notify, at_once + func.random() * literal(spread, Interval)), else_=at_once)
    fault = case((reports.c.notify, null()), else_=literal(NOT_WANTED))
    whom = select(func.gen_random_uuid(), reports.c.id, due, literal(now), literal(now + KEPT), fault).where(theirs)
    statement = upsert(notices).from_select(["id", "report", "due_at", "owed_at", "forget_at", "fault"], whom)
    anew: dict[str, Any] = {
        name: statement.excluded[name] for name in ("id", "due_at", "owed_at", "forget_at", "fault")
    }
    told = notices.c.stage.in_((Stage.LEFT, Stage.TEMPLATE_LEFT))
    anew |= {"attempts": 0, "stage": Stage.WAITING, "untold": ~told, "fresh": True}
    made = statement.on_conflict_do_update(index_elements=["report"], set_=anew)
    return len(tx.execute(made.returning(literal(1))).all())


def withdraw(tx: Transaction, incident: UUID, since: datetime) -> None:
    """Owe no more what was decided since then and is undone. Earlier news that was never told stays owed."""
    theirs = select(reports.c.id).where(reports.c.incident == incident)
    undone = notices.c.report.in_(theirs) & (notices.c.owed_at >= since) & ~notices.c.untold
    tx.execute(delete(notices).where(undone))


def begin(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Notice | None:
    """
    Begin to send a notice. None if it is not owed any more, or not yet; or nobody can be written to: then it waits.
    """
    asked = select(notices, reports.c.person, reports.c.reference, reports.c.locale).join_from(notices, reports)
    here = notices.c.stage.in_(NOT_LEFT) & notices.c.fault.is_(None)
    told = ~undoable.news()  # else who asks would not hear yet what the notice tells of
    row = tx.execute(asked.where(notices.c.id == id, here, told)).one_or_none()
    if row is None:
        return None
    way = people.way(tx, vault, row.person) if row.person else None
    if way is None:
        wait(tx, id, "no-way")
        return None
    attempts = row.attempts + 1
    _change(tx, id, attempts=attempts, due_at=now + pause(attempts))
    return Notice(row.locale, row.reference, way, Stage(row.stage))


def sent(tx: Transaction, id: UUID) -> None:
    """The notice has left, for good."""
    tx.execute(delete(notices).where(notices.c.id == id))


def left(tx: Transaction, id: UUID, stage: Stage, now: datetime) -> None:
    """
    The provider has taken it and may still refuse it; where nobody says so soon, it has arrived.

    What became of it may have been heard before the call returned that sent it: then that stands.
    """
    over = hour_after(now + ANSWERED_WITHIN)
    here = update(notices).where(notices.c.id == id, notices.c.fault.is_(None), notices.c.stage.in_(NOT_LEFT))
    tx.execute(here.values(stage=stage, due_at=over, forget_at=over, fresh=True))


def later(tx: Transaction, id: UUID, at: datetime) -> None:
    """Not before then: the provider asked to be left alone."""
    _change(tx, id, due_at=at)


def wait(tx: Transaction, id: UUID, fault: str) -> None:
    """It cannot be sent: the reporter is told with the answer to their next message."""
    _change(tx, id, stage=Stage.WAITING, fault=fault[:40], due_at=notices.c.owed_at)


def arrived(tx: Transaction, id: UUID, code: str, now: datetime) -> None:
    """
    What became of a notice that had left: no code, it arrived. Refused as too late it is said by a template, if there
    is one; refused for any other reason it waits for the reporter's next message.

    It goes on under another id, so that the same word heard twice does nothing.
    """
    ours = select(notices.c.stage).where(notices.c.id == id, notices.c.fault.is_(None))
    stage = tx.execute(ours.with_for_update()).scalar()
    if stage is None:
        return
    if not code:
        sent(tx, id)
    elif code == CLOSED and stage in (Stage.WAITING, Stage.LEFT):
        _change(tx, id, stage=Stage.TEMPLATE, attempts=0, due_at=now, forget_at=now + KEPT)
        tx.execute(update(notices).where(notices.c.id == id).values(id=func.gen_random_uuid()))
    else:
        _change(tx, id, forget_at=now + KEPT)
        wait(tx, id, f"refused-{code}")


def owed(tx: Transaction) -> Owed:
    """How much news is on its way."""
    to_send = notices.c.fault.is_(None) & notices.c.stage.in_(NOT_LEFT)
    counts = (
        func.count().filter(to_send),
        func.max(notices.c.due_at).filter(to_send),
        func.count().filter(notices.c.fault.is_not(None)),
        func.count().filter(to_send, notices.c.attempts >= HELD_UP),
    )
    return Owed(*tx.execute(select(*counts).select_from(notices)).one())


def _change(tx: Transaction, id: UUID, **values: object) -> None:
    tx.execute(update(notices).where(notices.c.id == id).values(**values, fresh=True))
