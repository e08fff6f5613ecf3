"""
Merging: reports of two incidents become one's, so that one decision answers all; nothing is lost, and it can be undone.

What was merged stays as an empty incident under its number, with its own custody log, and names where its reports are;
its fingerprints lead there. `splitting.py` takes it out again. Reasons: docs/adr/0017-incidents.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, select, update

from conversations.cases import TOLD, State, Told, is_news, is_open
from conversations.categories import CATEGORIES
from storage import custody, fingerprints, notices, places, undoing
from storage.custody import Act
from storage.db import Transaction
from storage.joining import outranks
from storage.merged import point_anew
from storage.sealed import Sealed
from storage.tables import fingerprints as fingerprint_rows
from storage.tables import incidents, reports
from storage.vault import Vault

RUNGS = (Told.RECEIVED, Told.LOOKED_AT, Told.PASSED_ON, Told.CLOSED)


class Unfit(StrEnum):
    """Why incidents are not merged or split. A value: two people at once is nobody's error."""

    UNKNOWN = "unknown"  # one of them is not there
    SAME = "same"
    CLOSED = "closed"  # its reporters have been told
    MERGED = "merged"  # its reports are elsewhere
    FURTHER = "further"  # its reporters were told more than the other's: merge the other way round
    NOT_A_PART = "not_a_part"  # what is to be taken out is not in there
    ALL_OF_IT = "all_of_it"  # nothing would be left


class Regrouped(NamedTuple):
    """What was done: how many reports moved, to which incident, and the groups that are owed a card job."""

    reports: int
    number: int
    groups: frozenset[str]


def merge(
    tx: Transaction, vault: Vault, source: int, into: int, now: datetime, *, actor: str = "", duplicate: bool = False
) -> Regrouped | Unfit:
    """
    Move all reports of one open incident, by its number, to another. `duplicate` says why in the custody log.

    The transaction must hold no incident's row. Reporters are owed news where the other incident is further.
    """
    pair = held(tx, (source, into))
    if isinstance(pair, Unfit):
        return pair
    from_, to = pair
    if from_.id == to.id:
        return Unfit.SAME
    if RUNGS.index(TOLD[State(from_.state)]) > RUNGS.index(TOLD[State(to.state)]):
        return Unfit.FURTHER
    stand(tx, pair)
    moved = _moved(tx, from_, to, now)
    _emptied(tx, from_, to)
    point_anew(tx, from_.id)
    grown = _grown(tx, vault, from_, to)
    acts = {from_.id: (Act.DUPLICATE if duplicate else Act.MERGED, into), to.id: (Act.MOVED_IN, source)}
    logged(tx, acts, now, actor)
    return Regrouped(moved, into, frozenset({from_.card_group, to.card_group, grown}))


def held(tx: Transaction, numbers: Sequence[int]) -> list[Row[Any]] | Unfit:
    """Open incidents by their numbers, locked as by `locked`."""
    rows = locked(tx, numbers)
    if isinstance(rows, Unfit):
        return rows
    if any(row.merged_into for row in rows):
        return Unfit.MERGED
    return rows if all(is_open(row.state) for row in rows) else Unfit.CLOSED


def locked(tx: Transaction, numbers: Sequence[int]) -> list[Row[Any]] | Unfit:
    """Incidents by their numbers, and nobody else at them or at what leads to them until the transaction ends."""
    ids = list(tx.execute(select(incidents.c.id).where(incidents.c.number.in_(numbers))).scalars())
    fingerprints.lock_all_of(tx, ids)
    tx.execute(select(incidents.c.id).where(incidents.c.id.in_(ids)).order_by(incidents.c.id).with_for_update())
    rows = {row.number: row for row in tx.execute(select(incidents).where(incidents.c.id.in_(ids)))}
    return [rows[number] for number in numbers] if set(numbers) <= set(rows) else Unfit.UNKNOWN


def stand(tx: Transaction, rows: Sequence[Row[Any]]) -> None:
    """Let what was decided about these incidents stand: taken back later, it would leave out the reports that came or went."""
    for id in sorted(row.id for row in rows):
        undoing.stand(tx, id)


def logged(tx: Transaction, acts: Mapping[UUID, tuple[Act, int]], now: datetime, actor: str) -> None:
    """Write down what was done to each incident, and with which other one."""
    for id in sorted(acts):
        act, other = acts[id]
        custody.add(tx, id, act, now, actor=actor, detail=str(other))


def link_if_shown(category: str, row: Row[Any]) -> dict[str, Any]:
    """An incident's link, destroyed where its category may not show it."""
    if row.link is None or not CATEGORIES[category].card_link:
        return {"link": None, "link_until": None}
    return {"link": Sealed(row.link), "link_until": row.link_until}


def _moved(tx: Transaction, from_: Row[Any], to: Row[Any], now: datetime) -> int:
    """The reports go over, and are as far as the others are there."""
    if is_news(State(from_.state), State(to.state)):
        notices.owe(tx, from_.id, now)
    as_far = {"state": to.state} if from_.state != to.state else {}
    ours = update(reports).where(reports.c.incident == from_.id)
    tx.execute(
        update(fingerprint_rows).where(fingerprint_rows.c.incident == from_.id).values(incident=to.id, fresh=True)
    )
    return tx.execute(ours.values(incident=to.id, fresh=True, **as_far)).rowcount


def _emptied(tx: Transaction, from_: Row[Any], to: Row[Any]) -> None:
    """Its places are counted there from now on; its link stays, to be shown again should it be taken out."""
    row = {"merged_into": to.id, "reports": 0, "taken_by": None, "places": None}
    row |= {"wanted_version": incidents.c.wanted_version + 1}
    tx.execute(update(incidents).where(incidents.c.id == from_.id).values(**row))


def _grown(tx: Transaction, vault: Vault, from_: Row[Any], to: Row[Any]) -> str:
    """The incident with the reports of both, worked as the graver of them; its group."""
    graver = from_ if outranks(from_.category, from_.severity, to.category, to.severity) else to
    both = {**places.opened(vault, to.id, to.places), **places.opened(vault, from_.id, from_.places)}
    row = {
        "category": graver.category,
        "card_group": graver.card_group,
        "severity": max(from_.severity, to.severity),
        "reports": to.reports + from_.reports,
        "opened_at": min(from_.opened_at, to.opened_at),
        "last_at": max(from_.last_at, to.last_at),
        "places": places.seal(vault, to.id, both),
        "taken_by": to.taken_by or from_.taken_by,
        "earlier": to.earlier or from_.earlier,
        "wanted_version": incidents.c.wanted_version + 1,
    }
    tx.execute(update(incidents).where(incidents.c.id == to.id).values(**row, **link_if_shown(graver.category, to)))
    group: str = graver.card_group
    return group
