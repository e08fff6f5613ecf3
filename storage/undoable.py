"""
What can still be undone, as conditions in queries: reporters hear nothing of it, whatever they ask.

`work.before` is there from a decision on until it stands, and says what was done and when.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, cast, exists

from storage.tables import MOMENT, notices, questions, reports, work


def decision() -> ColumnElement[bool]:
    """Whether the last decision about its incident can still be undone, in a query over reports."""
    return exists().where(_theirs()).correlate(reports)


def question() -> ColumnElement[bool]:
    """Whether it was put by what can still be undone, in a query over questions and their reports."""
    asked = (work.c.before["act"].astext == "asked") & (_made() == questions.c.asked_at)
    return exists().where(_theirs(), asked).correlate(questions, reports)


def news() -> ColumnElement[bool]:
    """Whether it is owed of what can still be undone, in a query over notices and their reports."""
    return exists().where(_theirs(), _made() <= notices.c.owed_at).correlate(notices, reports)


def _theirs() -> ColumnElement[bool]:
    return (work.c.incident == reports.c.incident) & work.c.undo_until.is_not(None)


def _made() -> ColumnElement[datetime]:
    return cast(work.c.before["at"].astext, MOMENT)
