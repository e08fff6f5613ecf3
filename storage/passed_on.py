"""
Which reports were passed on, so that the law keeps them: by their state, and once they are closed by the custody log.

A referral that was undone within its minute is none. What lay here before the log began, and is closed, may have been
passed on: the law's side is taken.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, or_, select

from conversations.cases import State
from storage.custody import Act
from storage.tables import custody, reports

ELSEWHERE = (State.REFERRED, State.PROSECUTOR, State.INSTRUCTED, State.RETURNED)


def passed_on() -> ColumnElement[bool]:
    """Whether others hold a copy of a report, as a column beside those of `reports`."""
    chains = custody.c.incident.in_((reports.c.incident, reports.c.origin))
    referred = custody.c.act == Act.REFERRED.value
    undone = and_(custody.c.act == Act.UNDONE.value, custody.c.detail == Act.REFERRED.value)
    before = custody.c.act == Act.INHERITED.value
    counted = func.count().filter(or_(referred, before)) > func.count().filter(undone)
    logged = select(counted).where(chains).correlate(reports).scalar_subquery()
    return or_(reports.c.state.in_(ELSEWHERE), and_(reports.c.state == State.CLOSED.value, logged))
