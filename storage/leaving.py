"""
What becomes of the work of a moderator who leaves, or may work a group no longer: what they hold is anyone's again.

It waits again like any other, so that somebody is reminded of it; and what they proposed to close stays open.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from conversations.cases import State, is_open
from storage import custody, undoing
from storage.custody import OPERATOR, Act
from storage.db import Transaction
from storage.lapsing import FIRST_BUTTONS
from storage.reaching import reach
from storage.tables import incidents, work


def give_up(tx: Transaction, moderator: UUID, leaves: Callable[[str], bool], now: datetime) -> None:
    """
    Release what the moderator holds, and keep open what they proposed to close, in the groups that they leave.

    The transaction holds no incident's row. Cards are shown anew by the periodic look.
    """
    theirs = or_(incidents.c.taken_by == moderator, work.c.proposed_by == moderator)
    found = select(incidents.c.id).outerjoin(work, work.c.incident == incidents.c.id).where(theirs)
    for id in sorted(tx.execute(found).scalars()):
        row = tx.execute(select(incidents).where(incidents.c.id == id).with_for_update()).one()
        if not leaves(row.card_group):
            continue
        undoing.stand(tx, id)
        proposed = (work.c.incident == id) & (work.c.proposed_by == moderator)
        gone = {"proposed": None, "proposed_by": None, **FIRST_BUTTONS, "version": work.c.version + 1, "pressed": None}
        tx.execute(update(work).where(proposed).values(**gone))
        if row.taken_by == moderator:
            _released(tx, id, State(row.state), now)


def _released(tx: Transaction, id: UUID, state: State, now: datetime) -> None:
    """As by *Release* on the card; what is closed loses the name alone."""
    after = State.RECEIVED if state is State.ANALYSIS else state
    row = {"taken_by": None, "state": after.value, "wanted_version": incidents.c.wanted_version + 1}
    tx.execute(update(incidents).where(incidents.c.id == id).values(**row))
    changed = {**FIRST_BUTTONS, "version": work.c.version + 1, "pressed": None}
    tx.execute(update(work).where(work.c.incident == id).values(**changed))
    if after is not state:
        reach(tx, id, after, None)
    if is_open(state):
        custody.add(tx, id, Act.RELEASED, now, actor=OPERATOR)
