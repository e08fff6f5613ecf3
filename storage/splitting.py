"""
Splitting: what was merged is taken out again, or single reports that do not belong; nothing is lost, as in `merging.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, select, update

from conversations.cases import is_open
from conversations.categories import CATEGORIES
from storage import places
from storage.custody import Act
from storage.db import Transaction
from storage.joining import outranks
from storage.merged import parts, point_anew
from storage.merging import Regrouped, Unfit, held, link_if_shown, locked, logged, stand
from storage.places import Places
from storage.tables import fingerprints, incidents, reports
from storage.vault import Vault

ALIKE = ("state", "platform")  # in what is taken out and what it is taken out of


def split(
    tx: Transaction, vault: Vault, number: int, part: int, now: datetime, *, actor: str = ""
) -> Regrouped | Unfit:
    """
    Take an incident out of the one it was merged into: with all reports of its fingerprints, and what it held itself.

    It is open again under its own number, as far as the other, and nobody's. The transaction holds no incident's row.
    """
    pair = locked(tx, (number, part))
    if isinstance(pair, Unfit):
        return pair
    whole, taken = pair
    if whole.merged_into or not is_open(whole.state):
        return Unfit.MERGED if whole.merged_into else Unfit.CLOSED
    if taken.id not in dict(parts(tx, whole.id)):
        return Unfit.NOT_A_PART
    stand(tx, pair)
    origins = [taken.id, *dict(parts(tx, taken.id))]
    theirs = reports.c.origin.in_(origins) & (reports.c.incident == whole.id)
    moved = tx.execute(update(reports).where(theirs).values(incident=taken.id, fresh=True)).rowcount
    leading = fingerprints.c.origin.in_(origins) & (fingerprints.c.incident == whole.id)
    tx.execute(update(fingerprints).where(leading).values(incident=taken.id, fresh=True))
    from_there = places.opened(vault, whole.id, whole.places)
    out = {origin: counted for origin, counted in from_there.items() if origin in origins}
    own = {"merged_into": None, "reports": moved, "state": whole.state}
    tx.execute(update(incidents).where(incidents.c.id == taken.id).values(**own))
    point_anew(tx, taken.id)
    return _parted(tx, vault, whole, taken.id, moved, out, now, actor)


def take_out(
    tx: Transaction, vault: Vault, number: int, references: Sequence[str], now: datetime, *, actor: str = ""
) -> Regrouped | Unfit:
    """
    Take single reports out into a new incident, to which no link leads. Where they came from stays counted where it was:
    of one report it is known under the seal alone.
    """
    found = held(tx, (number,))
    if isinstance(found, Unfit):
        return found
    whole = found[0]
    theirs = (reports.c.incident == whole.id) & reports.c.reference.in_(references)
    many = tx.execute(select(func.count()).where(theirs)).scalar_one()
    if not many or many < len(set(references)):
        return Unfit.NOT_A_PART
    if many >= whole.reports:
        return Unfit.ALL_OF_IT
    stand(tx, found)
    new = uuid4()
    row = {
        name: whole._mapping[name] for name in (*ALIKE, "category", "severity", "card_group", "opened_at", "last_at")
    }
    tx.execute(insert(incidents).values(id=new, reports=many, **row))
    tx.execute(update(reports).where(theirs).values(incident=new, origin=new, fresh=True))
    return _parted(tx, vault, whole, new, many, {}, now, actor)


def _parted(
    tx: Transaction, vault: Vault, whole: Row[Any], taken: UUID, moved: int, out: Places, now: datetime, actor: str
) -> Regrouped:  # fmt: skip
    """Count both anew, and write down in both logs what was done."""
    left = {
        origin: counted for origin, counted in places.opened(vault, whole.id, whole.places).items() if origin not in out
    }
    groups = {whole.card_group}
    for id, reported, known in ((whole.id, whole.reports - moved, left), (taken, moved, out)):
        row = tx.execute(select(incidents).where(incidents.c.id == id)).one()
        changed = _graded(tx, row, whole.card_group) | {"places": places.seal(vault, id, known), "reports": reported}
        tx.execute(update(incidents).where(incidents.c.id == id).values(**changed))
        groups |= {row.card_group, changed["card_group"]}
    number = tx.execute(select(incidents.c.number).where(incidents.c.id == taken)).scalar_one()
    logged(tx, {whole.id: (Act.SPLIT, number), taken: (Act.MOVED_OUT, whole.number)}, now, actor)
    return Regrouped(moved, number, frozenset(groups))


def _graded(tx: Transaction, row: Row[Any], hidden_in: str) -> dict[str, Any]:
    """What an incident is by its reports: the gravest of them, and of equals what it was, else the first."""
    hours = func.min(reports.c.received_at).label("first"), func.max(reports.c.received_at).label("last")
    asked = select(reports.c.category, reports.c.severity, *hours).where(reports.c.incident == row.id)
    kinds = tx.execute(asked.group_by(reports.c.category, reports.c.severity)).all()
    version = {"wanted_version": incidents.c.wanted_version + 1}
    if not kinds:
        return {"card_group": row.card_group, **version}
    kinds = sorted(kinds, key=lambda kind: (kind.category != row.category, kind.first, kind.category))
    gravest = kinds[0]
    for kind in kinds[1:]:
        if outranks(kind.category, kind.severity, gravest.category, gravest.severity):
            gravest = kind
    child = CATEGORIES[gravest.category].queue == "restricted"
    return {
        "category": gravest.category,
        "severity": gravest.severity,
        "card_group": hidden_in if child else "moderators",
        "opened_at": min(kind.first for kind in kinds),
        "last_at": max(kind.last for kind in kinds),
        **version,
        **link_if_shown(gravest.category, row),
    }
