"""
What the desk does with an incident: moving it up the ladder, asking its reporters, and owing them the news.

A notice is a row: due at once for who wants it, or waiting for their next message for who does not.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, case, delete, func, insert, literal, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from conversations.cases import Refused, State, is_open, move, told
from storage import people
from storage.db import Transaction
from storage.people import Way
from storage.tables import incidents, notices, questions, reports
from storage.tries import pause
from storage.vault import Vault

KEPT = timedelta(days=90)  # how long news waits to be told
NOT_WANTED = "not-wanted"


class Moved(NamedTuple):
    """An incident as it stands now: its reports, and the group that is owed a card job."""

    reports: int
    group: str


class Notice(NamedTuple):
    """A notice to be sent: in which language, about which reference, over which way."""

    locale: str
    reference: str
    way: Way


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
    changed |= {} if is_open(state) else {"link": None, "link_until": None}
    changed |= {"taken_by": None} if state is State.RECEIVED else {}
    tx.execute(update(incidents).where(incidents.c.id == row.id).values(**changed))
    ours = update(reports).where(reports.c.incident == row.id)
    count = tx.execute(ours.values(state=state.value, outcome=outcome or None, fresh=True)).rowcount
    if told(row.state) is not told(state):
        _owe(tx, row.id, now)
    return Moved(count, row.card_group)


def ask(tx: Transaction, number: int, template: str, now: datetime) -> Moved | Refused | None:
    """Ask each reporter of an open incident; who did not answer the same question yet is not asked twice."""
    row = _locked(tx, number)
    if row is None:
        return None
    if not is_open(row.state):
        return Refused.NO_SUCH_MOVE
    waiting = select(questions.c.report).where(questions.c.template == template, ~questions.c.answered)
    asked = select(func.gen_random_uuid(), reports.c.id, literal(template), literal(now))
    asked = asked.where(reports.c.incident == row.id, reports.c.id.not_in(waiting))
    made = insert(questions).from_select(["id", "report", "template", "asked_at"], asked)
    count = len(tx.execute(made.returning(questions.c.id)).all())
    if count:
        _owe(tx, row.id, now)
    return Moved(count, row.card_group)


def notice(tx: Transaction, vault: Vault, id: UUID, now: datetime) -> Notice | None:
    """Begin to send a notice. None if it is not owed any more, or nobody can be written to: then it waits."""
    asked = select(notices, reports.c.person, reports.c.reference, reports.c.locale).join_from(notices, reports)
    row = tx.execute(asked.where(notices.c.id == id, notices.c.fault.is_(None))).one_or_none()
    if row is None:
        return None
    way = people.way(tx, vault, row.person) if row.person else None
    if way is None:
        wait(tx, id, "no-way")
        return None
    again = {"attempts": row.attempts + 1, "due_at": now + pause(row.attempts + 1), "fresh": True}
    tx.execute(update(notices).where(notices.c.id == id).values(**again))
    return Notice(row.locale, row.reference, way)


def sent(tx: Transaction, id: UUID) -> None:
    """The notice has left."""
    tx.execute(delete(notices).where(notices.c.id == id))


def wait(tx: Transaction, id: UUID, fault: str) -> None:
    """It cannot be sent: the reporter is told with the answer to their next message."""
    tx.execute(update(notices).where(notices.c.id == id).values(fault=fault[:40], fresh=True))


def _locked(tx: Transaction, number: int) -> Row[Any] | None:
    columns = [incidents.c.id, incidents.c.state, incidents.c.card_group]
    return tx.execute(select(*columns).where(incidents.c.number == number).with_for_update()).one_or_none()


def _owe(tx: Transaction, incident: UUID, now: datetime) -> None:
    """News for every reporter who can be reached; later news takes the place of what was not told yet."""
    fault = case((reports.c.notify, null()), else_=literal(NOT_WANTED))
    whom = select(func.gen_random_uuid(), reports.c.id, literal(now), literal(now + KEPT), fault)
    whom = whom.where(reports.c.incident == incident, reports.c.person.is_not(None))
    statement = upsert(notices).from_select(["id", "report", "due_at", "forget_at", "fault"], whom)
    names = ("due_at", "forget_at", "fault")
    anew = {name: statement.excluded[name] for name in names} | {"attempts": 0, "fresh": True}
    tx.execute(statement.on_conflict_do_update(index_elements=["report"], set_=anew))
