"""
How a press meets the incident it was made for: held, compared, and changed together with all that hangs on it.

Locks are taken in one order: the incident, then its work, then its reports, at last the end of its custody log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from conversations.cases import Refused, State, is_news
from conversations.router import ROWS, Rows
from storage import custody, notices, reaching, undoing
from storage.cases import asked_at
from storage.custody import Act
from storage.db import Transaction
from storage.lapsing import FIRST_BUTTONS
from storage.moderators import Moderator, may_work
from storage.tables import incidents, moderators
from storage.tables import work as work_rows


class Pressed(NamedTuple):
    """Who pressed which button of which card, as the card was when it was shown. `moderator` was found just now."""

    number: int
    version: int
    key: str
    moderator: Moderator
    competent: Rows = ROWS  # who is, by the operator's word


class Done(NamedTuple):
    """What was done, now or by the same press before; the group whose card is to be shown anew, "" for none."""

    act: str
    group: str


@dataclass(frozen=True, slots=True)
class Case:
    """An incident and the work on it, held until the transaction ends."""

    id: UUID
    row: Row[Any]

    @property
    def state(self) -> State:
        return State(self.row.state)

    @property
    def holder(self) -> UUID | None:
        """Who has taken it, and may still work it: what has become a child's case is not held by whoever may not see it."""
        who: UUID | None = self.row.taken_by
        return who if self.row.role and may_work(self.row.role, self.row.card_group) else None


def held(tx: Transaction, number: int) -> Case | None:
    """The incident of this number as it is now, and nobody else at it until the transaction ends."""
    id = tx.execute(select(incidents.c.id).where(incidents.c.number == number).with_for_update()).scalar()
    if id is None:
        return None
    # Read once the lock is held: a row that was waited for comes as it is now, what is joined to it as it was.
    tx.execute(upsert(work_rows).values(incident=id, version=0).on_conflict_do_nothing())
    columns = (*(column for column in work_rows.c if column is not work_rows.c.incident), moderators.c.role)
    joined = incidents.join(work_rows).outerjoin(moderators, moderators.c.id == incidents.c.taken_by)
    row = tx.execute(select(incidents, *columns).select_from(joined).where(incidents.c.id == id)).one()
    return Case(id, row)


def opened(tx: Transaction, pressed: Pressed) -> Case | Done | Refused:
    """The case a press is for, if the presser may press there and the card is as they saw it; `Done` for a repeat."""
    case = held(tx, pressed.number)
    if case is None or case.row.merged_into is not None:
        return Refused.UNKNOWN
    if not pressed.moderator.works(case.row.card_group):
        return Refused.NOT_ALLOWED
    if pressed.version != case.row.version:
        key, _, act = (case.row.pressed or "").partition(" ")
        last = (case.row.version - 1, key, case.row.pressed_by)
        again = last == (pressed.version, pressed.key, pressed.moderator.id)
        return Done(act, "") if again else Refused.STALE
    return case


def decided(
    tx: Transaction, case: Case, pressed: Pressed, act: Act, now: datetime, *, detail: str = "",
    state: State | None = None, incident: Mapping[str, Any] | None = None, work: Mapping[str, Any] | None = None,
) -> Done:  # fmt: skip
    """
    Change a case so that it can be undone for a minute, and write it down. What was decided before stands now; its reports
    are as far as it is once this does.
    """
    undoing.stand(tx, case.id)
    before = undoing.snapshot(case.row, act, detail, pressed.moderator.id, now)
    reached = state or case.state
    written(tx, case, pressed, act, {"state": reached.value, **(incident or {})}, {
        "before": before, "undo_until": now + notices.UNDO, **(work or {}),
    })  # fmt: skip
    if reached is not case.state:
        reaching.called(tx, case.id)
    if act is Act.ASKED:
        notices.owe(tx, case.id, now, asked_at(case.id, detail, now))
    if is_news(case.state, reached):
        notices.owe(tx, case.id, now)
    custody.add(tx, case.id, act, now, actor=str(pressed.moderator.id), detail=detail)
    return Done(act, case.row.card_group)


def written(
    tx: Transaction, case: Case, pressed: Pressed, act: str, incident: Mapping[str, Any], work: Mapping[str, Any]
) -> None:
    """Write a case as it is from now on, and the press that did it. The first buttons are back."""
    last = {"version": case.row.version + 1, "pressed": f"{pressed.key} {act}", "pressed_by": pressed.moderator.id}
    shown = {"wanted_version": incidents.c.wanted_version + 1}
    tx.execute(update(incidents).where(incidents.c.id == case.id).values(**shown, **incident))
    tx.execute(update(work_rows).where(work_rows.c.incident == case.id).values(**{**FIRST_BUTTONS, **last, **work}))


def shown_in(tx: Transaction, number: int) -> tuple[str | None, ...]:
    """The groups that have an incident's card: the one that works it, and the one before while it is still there."""
    row = tx.execute(select(incidents.c.card_group, incidents.c.card_in).where(incidents.c.number == number))
    return tuple(row.one_or_none() or ())


def show_again(tx: Transaction, number: int) -> str:
    """
    Let an incident's card be shown anew as it is, also one that was given up, and no oftener than asked; the group that is
    owed a card.
    """
    wanted = incidents.c.wanted_version
    ours = (incidents.c.number == number) & (
        (incidents.c.shown_version == wanted) | (incidents.c.fault_version == wanted)
    )
    tx.execute(update(incidents).where(ours).values(wanted_version=incidents.c.wanted_version + 1))
    return tx.execute(select(incidents.c.card_group).where(incidents.c.number == number)).scalar() or ""
