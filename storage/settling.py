"""
What a look found nothing to do about is not looked at again until it changes.

Whatever changes an incident raises its `wanted_version`, and so makes it one of those that the looks read. Here the version
is recorded that was seen to need nothing but its card: no news of it, and who waits is noted.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true, update

from conversations.cases import State
from storage.alerts import is_news, unclaimed
from storage.db import Transaction
from storage.tables import incidents
from storage.unsettled import TOLD, unsettled

AT_ONCE = 2_000


def settle(tx: Transaction) -> int:
    """
    Record of some incidents that they need no look before they change; how many. Waits for nobody.

    The version recorded is the one that was read: what changes meanwhile has a higher one, and is looked at again.
    """
    new = incidents.c.looked_version < incidents.c.wanted_version
    read = select(incidents.c.id, incidents.c.wanted_version).select_from(incidents.outerjoin(TOLD, true()))
    some = read.where(unsettled(), new, _noted(), _heard()).limit(AT_ONCE)
    quiet = some.with_for_update(key_share=True, skip_locked=True, of=incidents).cte("quiet")
    seen = update(incidents).where(incidents.c.id == quiet.c.id).values(looked_version=quiet.c.wanted_version)
    return tx.execute(seen).rowcount


def _noted() -> ColumnElement[bool]:
    """Whether it is noted that somebody is waited for, or that nobody is."""
    return or_(TOLD.c.incident.is_(None), TOLD.c.waiting.is_not(None) == unclaimed())


def _heard() -> ColumnElement[bool]:
    """
    Whether there is no news. Of what the group has no card yet, only once that was given up: the card tells what was read for
    it, which may be less than what is there. The same holds while a card stands in the group before.
    """
    over = or_(incidents.c.state == State.CLOSED.value, incidents.c.merged_into.is_not(None))
    given_up = func.coalesce(incidents.c.fault_version >= incidents.c.wanted_version, False)
    in_its_group = func.coalesce(incidents.c.card_in == incidents.c.card_group, True)
    return case((over, True), (TOLD.c.severity.is_(None), given_up), else_=and_(~is_news(), in_its_group))
