"""What ends by itself on a card: a menu from which nobody chose, and a silence whose time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from storage.db import Transaction
from storage.tables import incidents, work
from storage.unsettled import these

MENU = timedelta(minutes=5)  # whoever opened it has gone away by then, and nobody else sees the other buttons
AT_ONCE = 100
FIRST_BUTTONS = {"menu": None, "menu_until": None}


def lapse(tx: Transaction, now: datetime) -> set[str]:
    """Close what has been open for its time, and end silences; the groups that are owed a card. Waits for nobody."""
    over = or_(work.c.menu_until <= now, work.c.muted_until <= now)
    due = (
        select(incidents.c.id).where(these(select(work.c.incident).where(over).limit(AT_ONCE))).order_by(incidents.c.id)
    )
    ids = list(tx.execute(due.with_for_update(skip_locked=True)).scalars())
    here = work.c.incident.in_(ids)
    closed = {**FIRST_BUTTONS, "version": work.c.version + 1, "pressed": None}
    tx.execute(update(work).where(here, work.c.menu_until <= now).values(**closed))
    tx.execute(update(work).where(here, work.c.muted_until <= now).values(muted_until=None, muted_severity=None))
    shown = update(incidents).where(incidents.c.id.in_(ids)).values(wanted_version=incidents.c.wanted_version + 1)
    return set(tx.execute(shown.returning(incidents.c.card_group)).scalars())
