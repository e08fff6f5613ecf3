"""
What the desk does with an incident: moving it up the ladder, asking its reporters, and owing them the news.

What is owed, and when it leaves, is `notices.py`'s.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, insert, literal, select, update

from conversations.cases import Refused, State, is_news, is_open, move
from storage import custody, merged, notices, undoing
from storage.custody import OPERATOR, Act
from storage.db import Transaction
from storage.lapsing import FIRST_BUTTONS
from storage.reaching import reach
from storage.tables import incidents, questions, reports, work

MOVED = {State.ANALYSIS: Act.TAKEN, State.RECEIVED: Act.RELEASED}


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

    It stands at once, and so does what was decided from the card before: no older button does anything. Closing destroys
    the card's link. Reporters are owed news of the same moves as if they were made from the card.
    """
    row = _locked(tx, number)
    if row is None:
        return None
    if row.merged_into is not None:
        return Refused.UNKNOWN
    state = move(State(row.state), target, holds=True)
    if isinstance(state, Refused):
        return state
    changed = {"state": state.value, "outcome": outcome or None, "wanted_version": incidents.c.wanted_version + 1}
    changed |= {"taken_by": None} if state is State.RECEIVED else {}
    undoing.stand(tx, row.id)
    tx.execute(update(incidents).where(incidents.c.id == row.id).values(**changed))
    overtaken = {"version": work.c.version + 1, **FIRST_BUTTONS, "proposed": None, "proposed_by": None, "pressed": None}
    tx.execute(update(work).where(work.c.incident == row.id).values(**overtaken))
    if not is_open(state):
        merged.bare(tx, row.id)
    count = reach(tx, row.id, state, outcome or None)
    if is_news(State(row.state), state):
        notices.owe(tx, row.id, now)
    act = MOVED.get(state) or Act(state.value)
    custody.add(tx, row.id, act, now, actor=OPERATOR, detail=outcome)
    return Moved(count, row.card_group)


def ask(tx: Transaction, number: int, template: str, now: datetime) -> Moved | Refused | None:
    """
    Ask each reporter of an open incident; who did not answer the same question yet is not asked twice. It stands at once,
    and so does what was decided from the card before.
    """
    row = _locked(tx, number)
    if row is None:
        return None
    if row.merged_into is not None:
        return Refused.UNKNOWN
    if not is_open(row.state):
        return Refused.NO_SUCH_MOVE
    undoing.stand(tx, row.id)
    count = put(tx, row.id, template, now)
    if count:
        notices.owe(tx, row.id, now, asked_at(row.id, template, now))
        shown = update(incidents).where(incidents.c.id == row.id)
        tx.execute(shown.values(wanted_version=incidents.c.wanted_version + 1))
        custody.add(tx, row.id, Act.ASKED, now, actor=OPERATOR, detail=template)
    return Moved(count, row.card_group)


def put(tx: Transaction, incident: UUID, template: str, now: datetime) -> int:
    """Put a question to an incident's reports, but those that have not answered the same one yet; to how many."""
    waiting = select(questions.c.report).where(questions.c.template == template, ~questions.c.answered)
    asked = select(func.gen_random_uuid(), reports.c.id, literal(template), literal(now))
    asked = asked.where(reports.c.incident == incident, reports.c.id.not_in(waiting))
    made = insert(questions).from_select(["id", "report", "template", "asked_at"], asked)
    return len(tx.execute(made.returning(questions.c.id)).all())


def asked_at(incident: UUID, template: str, at: datetime) -> Select[tuple[UUID]]:
    """The reports of an incident to which this question was put at that moment."""
    asked = select(questions.c.report).join_from(questions, reports).where(reports.c.incident == incident)
    return asked.where(questions.c.template == template, questions.c.asked_at == at)


def waiting(tx: Transaction, incident: UUID) -> frozenset[str]:
    """The questions that every report of an incident has yet to answer: nobody is left to be asked them."""
    asked = select(questions.c.template).join_from(questions, reports).where(reports.c.incident == incident)
    every = select(func.count()).where(reports.c.incident == incident).scalar_subquery()
    whole = func.count(questions.c.report.distinct()) >= every
    return frozenset(
        tx.execute(asked.where(~questions.c.answered).group_by(questions.c.template).having(whole)).scalars()
    )


def reachable(tx: Transaction, incident: UUID) -> bool:
    """Whether any of an incident's reporters can be asked."""
    theirs = exists().where(reports.c.incident == incident, reports.c.person.is_not(None))
    return tx.execute(select(theirs)).scalar_one()


def _locked(tx: Transaction, number: int) -> Row[Any] | None:
    columns = [incidents.c.id, incidents.c.state, incidents.c.card_group, incidents.c.merged_into]
    return tx.execute(select(*columns).where(incidents.c.number == number).with_for_update()).one_or_none()
