"""
For one minute a decision can be taken back: until then the state before is kept beside the incident.

News of it is owed at once and leaves later (`notices.py`), and who asks in that minute hears nothing of it. When it stands
for good the reports are as far, and what a closing destroys, the card's link and the places, is destroyed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, select, update

from conversations.cases import State, is_open
from storage import merged, reaching
from storage.custody import Act
from storage.db import Transaction
from storage.tables import incidents, moderators, questions, reports, work

INCIDENT = ("state", "outcome", "taken_by")
WORK = ("muted_until", "muted_severity", "proposed", "proposed_by", "remarks")


def snapshot(row: Row[Any], act: Act, detail: str, by: UUID, now: datetime) -> dict[str, Any]:
    """How a case is before something is done to it, as JSON; and what is done, by whom and when."""
    kept = {name: _plain(row._mapping[name]) for name in (*INCIDENT, *WORK)}
    return {**kept, "act": act.value, "detail": detail, "by": str(by), "at": now.isoformat()}


def restored(before: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values of the incident and of the work on it. Who was struck off meanwhile holds nothing again."""
    incident = {name: before[name] for name in INCIDENT} | {"taken_by": _if_listed(before["taken_by"])}
    until = before["muted_until"]
    moments = {"muted_until": datetime.fromisoformat(until) if until else None}
    return incident, {
        **{name: before[name] for name in WORK}, **moments, "proposed_by": _if_listed(before["proposed_by"]),
    }  # fmt: skip


def due(tx: Transaction, now: datetime, most: int = 100) -> list[UUID]:
    """The incidents whose last decision can no longer be undone and has yet to be made to stand."""
    over = select(work.c.incident).where(work.c.undo_until <= now).order_by(work.c.undo_until).limit(most)
    return list(tx.execute(over).scalars())


def stand(tx: Transaction, incident: UUID) -> str:
    """
    Let the last decision stand for good, reach its reports, and destroy what a closing destroys: the group that is owed a
    card.

    Does nothing, "", where none waits to stand. The caller holds no other incident.
    """
    columns = (incidents.c.state, incidents.c.outcome, incidents.c.card_group)
    row = tx.execute(select(*columns).where(incidents.c.id == incident).with_for_update()).one_or_none()
    waits = (work.c.incident == incident) & work.c.undo_until.is_not(None)
    before = tx.execute(select(work.c.before).where(waits)).scalar()
    if before is None or row is None:
        return ""
    tx.execute(update(work).where(waits).values(before=None, undo_until=None))
    if row.state != before["state"]:
        reaching.stood(tx, incident, State(row.state), row.outcome)
    if not is_open(row.state):
        merged.bare(tx, incident)
    changed = update(incidents).where(incidents.c.id == incident)
    tx.execute(changed.values(wanted_version=incidents.c.wanted_version + 1))
    group: str = row.card_group
    return group


def unasked(tx: Transaction, incident: UUID, template: str, at: datetime) -> None:
    """Take back what was asked then, where nobody answered yet."""
    ours = select(reports.c.id).where(reports.c.incident == incident)
    asked = (questions.c.template == template) & (questions.c.asked_at == at) & ~questions.c.answered
    tx.execute(delete(questions).where(questions.c.report.in_(ours), asked))


def superseded(tx: Transaction, number: int) -> bool:
    """Whether a later report opened another incident of the same content, once this one was closed."""
    return tx.execute(select(exists().where(incidents.c.earlier == number))).scalar_one()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _if_listed(id: str | None) -> Any:
    return select(moderators.c.id).where(moderators.c.id == UUID(id)).scalar_subquery() if id else None
