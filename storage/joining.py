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
from storage.custody import RECEIVES, Head, received
from storage.db import Transaction, hour, hour_after
from storage.sealed import Sealed
from storage.vault import Vault
from storage.waking import WAKES, waking

# Counts into the incident of that id if there is one, else makes it; lets its fingerprint lead there, tells its chain of
# custody what came, and wakes its group's next card.
_COUNTED = """
    WITH given AS (
        SELECT CAST(:incident AS uuid) AS id, CAST(:number AS bigint) AS number, CAST(:origin AS uuid) AS origin,
            CAST(:came AS timestamptz) AS came, CAST(:category AS varchar) AS category,
            CAST(:severity AS smallint) AS severity, CAST(:card_group AS varchar) AS card_group,
            CAST(:link AS bytea) AS link, CAST(:link_until AS timestamptz) AS link_until, CAST(:places AS bytea) AS places
    ), joined AS (
        UPDATE incidents SET category = given.category, severity = given.severity, card_group = given.card_group,
            link = given.link, link_until = given.link_until, places = given.places, reports = reports + 1,
            last_at = greatest(last_at, came), wanted_version = wanted_version + 1, fresh = true
        FROM given WHERE incidents.id = given.id RETURNING reports, earlier
    ), made AS (
        INSERT INTO incidents (id, number, category, severity, card_group, link, link_until, places, platform, state,
            reports, opened_at, last_at, earlier)
        SELECT id, number, category, severity, card_group, link, link_until, places, :platform, :state, 1, came, came, (
            SELECT max(number) FROM fingerprints JOIN incidents ON incidents.id = incident WHERE mark = ANY (:marks)
        ) FROM given WHERE NOT EXISTS (SELECT FROM incidents WHERE id = given.id)
        RETURNING reports, earlier
    ), led AS (
        UPDATE fingerprints SET incident = given.id, origin = given.origin, fresh = true
        FROM given WHERE mark = ANY (:marks) AND incident <> given.id
    ), noted AS (
        INSERT INTO fingerprints (mark, incident, origin)
        SELECT mark, id, origin FROM unnest(:newest) AS mark, given
        WHERE NOT EXISTS (SELECT FROM fingerprints AS known WHERE known.mark = ANY (:newest))
    ),
"""
_TOLD = " SELECT * FROM awake, (SELECT * FROM joined UNION ALL SELECT * FROM made) AS counted"
_MARKS, _SEALED = ARRAY(PseudonymColumn()), SealedColumn()
_TYPES = (
    bindparam("marks", type_=_MARKS),
    bindparam("newest", type_=_MARKS),
    bindparam("link", type_=_SEALED),
    bindparam("places", type_=_SEALED),
)


def writing(more: str = "", *types: BindParameter[Any]) -> TextClause:
    """The statement that joins, and writes more in the same breath: common table expressions, each after a comma."""
    statement = _COUNTED + RECEIVES + "," + WAKES + more + _TOLD
    return sql(statement).bindparams(*_TYPES, *types, state=State.RECEIVED.value)


class ReferenceTaken(Exception):
    """
    Another report has this reference (fifty random bits: once in a billion with a million reports).

    Nothing was written: the caller mints anew, files again in the same transaction, and shows the new reference.
    """


@dataclass(frozen=True, slots=True)
class Handling:
    """How a report is handled, which its category decides."""

    severity: int
    queues: tuple[str, ...] = ("general",)  # whose desk keys open it
    group: str = "moderators"  # whose card it becomes
    chat: str = ""  # the group's id as it is configured; empty: no job is owed for the card
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
    awake: bool  # a job for the card is on its way; else there is no such group as configured


class Filed(NamedTuple):
    """What is filed with a join: its reference, the digests of its parts, and what `statement` writes besides."""

    reference: str = ""
    parts: Mapping[str, bytes] = MappingProxyType({})
    statement: TextClause = writing()
    row: Mapping[str, Any] = MappingProxyType({})


NOTHING = Filed()


def join(
    tx: Transaction, vault: Vault, coming: Coming, handling: Handling, now: datetime, filed: Filed = NOTHING
) -> Joined:  # fmt: skip
    """
    Count a report into its incident, in this transaction; the caller holds its person's lock and no incident's row.

    Under any number of reports at once one fingerprint has one open incident. What has none is an incident of its own.
    What is filed with it is written in the same statement: who reports the same link waits for each until the
    transaction ends. Raises `ReferenceTaken`.
    """
    marks = vault.fingerprints(coming.fingerprint) if coming.fingerprint else ()
    if marks:
        fingerprints.lock(tx, marks)
    held = fingerprints.held(tx, marks, filed.reference)
    if held.taken:
        raise ReferenceTaken
    found = held if held.id else None
    id = held.id or uuid4()
    origin = held.origin or id
    row = _row(vault, found, id, origin, coming, handling)
    here = {"incident": id, "number": held.number, "origin": origin, "platform": coming.platform, "came": hour(now)}
    head = Head(held.number, held.length, held.hash) if found else Head(held.number)
    told = {**received(head, filed.parts, now), **waking(handling.group, handling.chat)}
    marked = {"marks": list(marks), "newest": list(marks[:1])}
    made = tx.execute(filed.statement, {**filed.row, **row, **here, **told, **marked}).one()
    return Joined(
        incident=id,
        number=held.number,
        group=row["card_group"],
        origin=origin,
        new=found is None,
        severity=row["severity"],
        reports=made.reports,
        earlier=made.earlier,
        awake=made.awake,
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
