"""
A report and its incident: it joins the open one that its fingerprint leads to, or opens its own.

The same statements in kind and number either way, for the time that a citizen waits must not tell whether a link is
known (domain.md 9). Reasons: docs/adr/0017-incidents.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BindParameter, Row, TextClause, bindparam
from sqlalchemy import text as sql

from conversations.cases import State
from conversations.categories import CATEGORIES
from storage import fingerprints, places
from storage.columns import PseudonymColumn, SealedColumn
from storage.db import Transaction, hour, hour_after
from storage.sealed import Sealed
from storage.vault import Vault

# Counts into the incident of that id if there is one, else makes it; and lets its fingerprint lead there.
_COUNTED = """
    WITH given AS (
        SELECT CAST(:incident AS uuid) AS id, CAST(:origin AS uuid) AS origin, CAST(:came AS timestamptz) AS came,
            CAST(:category AS varchar) AS category, CAST(:severity AS smallint) AS severity,
            CAST(:card_group AS varchar) AS card_group, CAST(:link AS bytea) AS link,
            CAST(:link_until AS timestamptz) AS link_until, CAST(:places AS bytea) AS places
    ), joined AS (
        UPDATE incidents SET category = given.category, severity = given.severity, card_group = given.card_group,
            link = given.link, link_until = given.link_until, places = given.places, reports = reports + 1,
            last_at = greatest(last_at, came), wanted_version = wanted_version + 1, fresh = true
        FROM given WHERE incidents.id = given.id RETURNING number, reports, earlier
    ), made AS (
        INSERT INTO incidents (id, category, severity, card_group, link, link_until, places, platform, state, reports,
            opened_at, last_at, earlier)
        SELECT id, category, severity, card_group, link, link_until, places, :platform, :state, 1, came, came, (
            SELECT max(number) FROM fingerprints JOIN incidents ON incidents.id = incident WHERE mark = ANY (:marks)
        ) FROM given WHERE NOT EXISTS (SELECT FROM incidents WHERE id = given.id)
        RETURNING number, reports, earlier
    ), led AS (
        UPDATE fingerprints SET incident = given.id, origin = given.origin, fresh = true
        FROM given WHERE mark = ANY (:marks) AND incident <> given.id
    ), noted AS (
        INSERT INTO fingerprints (mark, incident, origin)
        SELECT mark, id, origin FROM unnest(:newest) AS mark, given
        WHERE NOT EXISTS (SELECT FROM fingerprints AS known WHERE known.mark = ANY (:newest))
    )
"""
_TOLD = "SELECT * FROM joined UNION ALL SELECT * FROM made"
_MARKS, _SEALED = ARRAY(PseudonymColumn()), SealedColumn()
_TYPES = (
    bindparam("marks", type_=_MARKS),
    bindparam("newest", type_=_MARKS),
    bindparam("link", type_=_SEALED),
    bindparam("places", type_=_SEALED),
)


def writing(more: str = "", *types: BindParameter[Any]) -> TextClause:
    """The statement that joins, and writes more in the same breath: common table expressions, each after a comma."""
    return sql(_COUNTED + more + _TOLD).bindparams(*_TYPES, *types, state=State.RECEIVED.value)


@dataclass(frozen=True, slots=True)
class Handling:
    """How a report is handled, which its category decides."""

    severity: int
    queues: tuple[str, ...] = ("general",)  # whose desk keys open it
    group: str = "moderators"  # whose card it becomes
    link: str = field(default="", repr=False)  # defanged and cut, where the category lets the card show it
    link_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Coming:
    """What an incident learns of a report. `fingerprint` and `place` are empty where they are not known."""

    category: str
    platform: str = ""
    fingerprint: str = field(default="", repr=False)
    place: str = field(default="", repr=False)


class Joined(NamedTuple):
    """The incident that a report is part of now, as it stands; its card is owed to the group."""

    incident: UUID
    number: int
    group: str
    origin: UUID
    new: bool
    severity: int
    reports: int
    earlier: int | None  # the closed incident that had this fingerprint


JOIN = writing()
NOTHING: Mapping[str, Any] = MappingProxyType({})


def join(
    tx: Transaction, vault: Vault, coming: Coming, handling: Handling, now: datetime,
    statement: TextClause = JOIN, more: Mapping[str, Any] = NOTHING,
) -> Joined:  # fmt: skip
    """
    Count a report into its incident, in this transaction; the caller holds its person's lock and no incident's row.

    Under any number of reports at once one fingerprint has one open incident. What has none is an incident of its own.
    `statement` is one that `writing` made, `more` the values of what it writes besides: who reports the same link waits
    for every statement until the transaction ends.
    """
    marks = vault.fingerprints(coming.fingerprint) if coming.fingerprint else ()
    found = None
    if marks:
        fingerprints.lock(tx, marks)
        found = fingerprints.held(tx, marks)
    id = found.id if found else uuid4()
    origin = found.origin if found else id
    row = _row(vault, found, id, origin, coming, handling)
    here = {"incident": id, "origin": origin, "platform": coming.platform, "came": hour(now)}
    made = tx.execute(statement, {**more, **row, **here, "marks": list(marks), "newest": list(marks[:1])}).one()
    return Joined(
        incident=id,
        number=made.number,
        group=row["card_group"],
        origin=origin,
        new=found is None,
        severity=row["severity"],
        reports=made.reports,
        earlier=made.earlier,
    )


def outranks(category: str, severity: int, than: str, its: int) -> bool:
    """Whether the first is what an incident of both is worked as: a child's before all, then the more severe."""
    child, childs = (CATEGORIES[key].queue == "restricted" for key in (category, than))
    return child > childs if child != childs else severity > its


def _row(
    vault: Vault, found: Row[Any] | None, id: UUID, origin: UUID, coming: Coming, handling: Handling
) -> dict[str, Any]:  # fmt: skip
    """What the report makes of the incident: new, or worked as something graver than before, or one report more."""
    row: dict[str, Any] = (
        {name: found._mapping[name] for name in fingerprints.CHANGING}
        if found
        else dict.fromkeys(fingerprints.CHANGING)
    )
    if found is None or outranks(coming.category, handling.severity, found.category, found.severity):
        row |= {"category": coming.category, "card_group": handling.group}
    row["severity"] = max(handling.severity, found.severity if found else 0)
    if found is None and handling.link and handling.link_until is not None:
        row |= {
            "link": vault.seal("incidents", id.bytes, handling.link.encode()),
            "link_until": hour_after(handling.link_until),
        }
    if not CATEGORIES[row["category"]].card_link:
        row |= {"link": None, "link_until": None}
    if places.known(coming.place):
        counted = places.opened(vault, id, row["places"])
        row["places"] = places.seal(vault, id, places.with_one_more(counted, origin, coming.place))
    return row | {name: Sealed(row[name]) for name in ("link", "places") if row[name] is not None}
