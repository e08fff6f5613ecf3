"""What was merged into what: a tree of incidents, of which the root alone has reports."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import CTE, select, update

from storage.db import Transaction
from storage.tables import incidents


def parts(tx: Transaction, incident: UUID) -> list[tuple[UUID, int]]:
    """The incidents that were merged into this one, and into those; each with its number, in their order."""
    below = _below(incident)
    return [(row.id, row.number) for row in tx.execute(select(below).order_by(below.c.number))]


def root(tx: Transaction, incident: UUID) -> int:
    """The number of the incident that has this one's reports now: its own, where it was not merged."""
    up = select(incidents.c.number, incidents.c.merged_into).where(incidents.c.id == incident).cte(recursive=True)
    above = select(incidents.c.number, incidents.c.merged_into).join(up, incidents.c.id == up.c.merged_into)
    up = up.union_all(above)
    number: int = tx.execute(select(up.c.number).where(up.c.merged_into.is_(None))).scalar_one()
    return number


def bare(tx: Transaction, *closed: UUID) -> None:
    """Destroy what only cards show, link and places, of incidents that are over and of all that was merged into them."""
    below = _below(*closed)
    whole = incidents.c.id.in_(closed) | incidents.c.id.in_(select(below.c.id))
    tx.execute(update(incidents).where(whole).values(link=None, link_until=None, places=None))


def point_anew(tx: Transaction, incident: UUID) -> None:
    """Let the cards of what was merged into this one name the incident that has its reports now."""
    below = select(_below(incident).c.id)
    theirs = update(incidents).where(incidents.c.id.in_(below), incidents.c.card_message.is_not(None))
    tx.execute(theirs.values(wanted_version=incidents.c.wanted_version + 1))


def _below(*above: UUID) -> CTE:
    columns = [incidents.c.id, incidents.c.number]
    first = select(*columns).where(incidents.c.merged_into.in_(above)).cte(recursive=True)
    return first.union_all(select(*columns).join(first, incidents.c.merged_into == first.c.id))
