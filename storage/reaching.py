"""
How a decision reaches the reports of an incident: when it stands, and not in the minute in which it can be undone.

Whoever asks in that minute hears how things stood before, so an undone decision leaves no trace with them. A report that
came since the decision follows later, at its own hour (`catching_up.py`); what came before goes with the others.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from conversations.cases import State
from storage import catching_up
from storage.db import Transaction
from storage.tables import reports


def reach(tx: Transaction, incident: UUID, state: State, outcome: str | None) -> int:
    """The incident's reports are as far as it is; how many. Marked as fresh: a citizen's turn may have met them."""
    ours = update(reports).where(reports.c.incident == incident)
    return tx.execute(ours.values(state=state.value, outcome=outcome, follows_at=None, fresh=True)).rowcount


def called(tx: Transaction, incident: UUID) -> None:
    """A decision was made: reports that were to follow later go with the others, should it come to stand."""
    ours = (reports.c.incident == incident) & reports.c.follows_at.is_not(None)
    tx.execute(update(reports).where(ours).values(follows_at=None, fresh=True))


def stood(tx: Transaction, incident: UUID, state: State, outcome: str | None) -> None:
    """The decision stands: what was there when it was made is as far as the incident."""
    ours = (reports.c.incident == incident) & reports.c.follows_at.is_(None)
    tx.execute(update(reports).where(ours).values(state=state.value, outcome=outcome, fresh=True))


def undone(tx: Transaction, incident: UUID, state: State, now: datetime) -> None:
    """The decision was undone, and the incident is this far again: what was to follow later has an hour for it anew."""
    ours = (reports.c.incident == incident) & reports.c.follows_at.is_(None) & (reports.c.state != state.value)
    tx.execute(update(reports).where(ours).values(follows_at=catching_up.due(now), fresh=True))
