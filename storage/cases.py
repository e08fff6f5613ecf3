"""
What the desk does with an incident: moving it up the ladder, asking its reporters, and owing them the news.

What is owed, and when it leaves, is `notices.py`'s.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, exists, func, insert, literal, select, update

from conversations.cases import Refused, State, is_open, move, told
from storage import custody, merged, notices
from storage.custody import Act
from storage.db import Transaction
from storage.tables import incidents, questions, reports

MOVED = {State.ANALYSIS: Act.TAKEN, State.RECEIVED: Act.RELEASED}
BY = "operator"  # whoever sits at the command line, in the custody log


class Moved(NamedTuple):
    """An incident as it stands now: its reports, and the group that is owed a card job."""

    reports: int
    group: str


def categories(tx: Transaction, number: int) -> set[str]:
    """The kinds of content of an incident's reports; none if there is no such incident."""
    asked = select(reports.c.category).join_from(reports, incidents).where(incidents.c.number == number)
    return set(tx.execute(asked).scalars())


def advance(tx: Transaction, number: int, target: State, outcome: str, now: datetime) -> Moved | Refused | None:
    """
    Move an incident and its reports along the ladder, as who holds it may. None if there is no such incident.

    Closing destroys the card's link. Reporters are owed news where what they are told changes.
    """
    row = _locked(tx, number)
    if row is None:
        return None
    state = move(State(row.state), target, holds=True)
    if isinstance(state, Refused):
        return state
    changed = {"state": state.value, "outcome": outcome or None, "wanted_version": incidents.c.wanted_version + 1}
    changed |= {"taken_by": None} if state is State.RECEIVED else {}
    tx.execute(update(incidents).where(incidents.c.id == row.id).values(**changed))
    if not is_open(state):
        merged.bare(tx, row.id)
    ours = update(reports).where(reports.c.incident == row.id)
    count = tx.execute(ours.values(state=state.value, outcome=outcome or None, fresh=True)).rowcount
    if told(row.state) is not told(state):
        notices.owe(tx, row.id, now)
    act = MOVED.get(state) or Act(state.value)
    custody.add(tx, row.id, act, now, actor=BY, detail=outcome)
    return Moved(count, row.card_group)


def ask(tx: Transaction, number: int, template: str, now: datetime) -> Moved | Refused | None:
    """Ask each reporter of an open incident; who did not answer the same question yet is not asked twice."""
    row = _locked(tx, number)
    if row is None:
        return None
    if not is_open(row.state):
        return Refused.NO_SUCH_MOVE
    count = put(tx, row.id, template, now)
    if count:
        notices.owe(tx, row.id, now)
    return Moved(count, row.card_group)


def put(tx: Transaction, incident: UUID, template: str, now: datetime) -> int:
    """Put a question to an incident's reports, but those that have not answered the same one yet; to how many."""
    waiting = select(questions.c.report).where(questions.c.template == template, ~questions.c.answered)
    asked = select(func.gen_random_uuid(), reports.c.id, literal(template), literal(now))
    asked = asked.where(reports.c.incident == incident, reports.c.id.not_in(waiting))
    made = insert(questions).from_select(["id", "report", "template", "asked_at"], asked)
    return len(tx.execute(made.returning(questions.c.id)).all())


def reachable(tx: Transaction, incident: UUID) -> bool:
    """Whether any of an incident's reporters can be asked."""
    theirs = exists().where(reports.c.incident == incident, reports.c.person.is_not(None))
    return tx.execute(select(theirs)).scalar_one()


def _locked(tx: Transaction, number: int) -> Row[Any] | None:
    columns = [incidents.c.id, incidents.c.state, incidents.c.card_group]
    return tx.execute(select(*columns).where(incidents.c.number == number).with_for_update()).one_or_none()
