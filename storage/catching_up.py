"""
How reports follow their incident: one that joined it says *received* first, like any other, and catches up later.

Told at once how far its incident is, a citizen would learn that the link was known. So a report that joins one which is
further has an hour, some hours after it came, from which on its state is its incident's. What is decided after it came
reaches it with the others.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from conversations.cases import State, is_news
from storage import notices, undoable
from storage.db import Transaction, hour_after
from storage.tables import incidents, reports

# A report that nobody sent before us would be taken up within hours too: nothing is told by when it moves.
AFTER, WITHIN = timedelta(hours=2), timedelta(hours=8)

_dice = random.SystemRandom()


def due(now: datetime) -> datetime:
    """From when a report that comes now follows an incident which is further."""
    return hour_after(now + AFTER + _dice.random() * (WITHIN - AFTER))


def catch_up(tx: Transaction, now: datetime, most: int = 200) -> int:
    """
    Let up to `most` reports whose hour has come be as far as their incidents, and owe their reporters the news; how many.

    Waits for nobody: an incident that is just being worked on, or whose last decision can still be undone, has its turn
    the next time.
    """
    told = select(reports.c.id, reports.c.state, incidents.c.id.label("incident"), incidents.c.state.label("reached"))
    told = told.add_columns(incidents.c.outcome).join_from(reports, incidents).where(reports.c.follows_at <= now)
    told = told.where(~undoable.decision())
    rows = tx.execute(told.limit(most).with_for_update(skip_locked=True, of=[reports, incidents])).all()
    late: dict[tuple[UUID, str, str, str | None], list[UUID]] = defaultdict(list)
    for row in rows:
        late[row.incident, row.state, row.reached, row.outcome].append(row.id)
    for (incident, state, reached, outcome), ids in late.items():
        follows = {"follows_at": None, "state": reached, "outcome": outcome, "fresh": True}
        tx.execute(update(reports).where(reports.c.id.in_(ids)).values(**follows))
        if is_news(State(state), State(reached)):
            notices.owe(tx, incident, now, ids)
    return len(rows)
