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
from typing import NamedTuple
from uuid import UUID, uuid4

from conversations.cases import State
from conversations.categories import CATEGORIES
from storage import fingerprints, places, wire
from storage.custody import RECEIVES, received
from storage.db import Transaction, hour, hour_after, say_last
from storage.fingerprints import Found, Held
from storage.named import Named, Plain
from storage.sealed import Sealed
from storage.vault import Vault
from storage.waking import WAKES, waking

# Counts into the incident of that id, or makes it where it is new; lets its fingerprint lead there, tells its chain of
# custody what came, and wakes its group's next card.
_COUNTED = """
    WITH given AS (
        SELECT CAST(:incident AS uuid) AS id, CAST(:number AS bigint) AS number, CAST(:origin AS uuid) AS origin,
            CAST(:came AS timestamptz) AS came, CAST(:category AS text) AS category,
            CAST(:severity AS bigint) AS severity, CAST(:card_group AS text) AS card_group,
            CAST(:link AS bytea) AS link, CAST(:link_until AS timestamptz) AS link_until, CAST(:places AS bytea) AS places,
            CAST(:marks AS bytea[]) AS marks
    ), joined AS (
        UPDATE incidents SET category = given.category, severity = given.severity, card_group = given.card_group,
            link = given.link, link_until = given.link_until, places = given.places, reports = reports + 1,
            last_at = greatest(last_at, came), wanted_version = wanted_version + 1, fresh = true
        FROM given WHERE incidents.id = given.id
    ), made AS (
        INSERT INTO incidents (id, number, category, severity, card_group, link, link_until, places, platform, state,
            reports, opened_at, last_at, earlier)
        SELECT id, number, category, severity, card_group, link, link_until, places, CAST(:platform AS text),
            CAST(:state AS text), 1, came, came, CAST(:earlier AS bigint)
        FROM given WHERE CAST(:new AS boolean)
    ), led AS (
        UPDATE fingerprints SET incident = given.id, origin = given.origin, fresh = true
        FROM given WHERE mark = ANY (marks) AND incident <> given.id
    ), noted AS (
        INSERT INTO fingerprints (mark, incident, origin) SELECT marks[1], id, origin FROM given
        WHERE cardinality(marks) > 0 AND NOT EXISTS (SELECT FROM fingerprints AS known WHERE known.mark = marks[1])
    ), mailbox AS (
        SELECT CAST(CAST(:mailbox AS uuid) AS text) AS lock WHERE CAST(:mailbox AS uuid) IS NOT NULL
    ),
"""


def writing(name: str, more: str = "") -> Named:
    """The statement that joins, and writes more in the same breath: common table expressions, each before a comma."""
    return Named(name, _COUNTED + more + RECEIVES + "," + WAKES)


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
    link: str = field(default="", repr=False)  # defanged and cut, where the category lets the card show it
    link_until: datetime | None = None
    chat: str = ""  # the group's id as it is configured; empty: no job is owed for the card


@dataclass(frozen=True, slots=True)
class Coming:
    """What an incident learns of a report. `fingerprint` and `place` are empty where they are not known."""

    category: str
    platform: str = ""
    fingerprint: str = field(default="", repr=False)
    place: str = field(default="", repr=False)


class Filed(NamedTuple):
    """What is filed with a join: its reference, the digests of its parts, and what `statement` writes besides."""

    reference: str = ""
    parts: Mapping[str, bytes] = MappingProxyType({})
    statement: Named = writing("joined")
    row: Mapping[str, Plain] = MappingProxyType({})
    last: bool = False  # all this together with the transaction's end, and nothing of it before


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
    awake: bool  # a job for the card is owed; else there is no such group as configured


NOTHING = Filed()


def join(
    tx: Transaction, vault: Vault, coming: Coming, handling: Handling, now: datetime, filed: Filed = NOTHING
) -> Joined:  # fmt: skip
    """
    Count a report into its incident, in this transaction; the caller holds its person's lock and no incident's row.

    Under any number of reports at once one fingerprint has one open incident. What has none is an incident of its own.
    What is filed with it is written in the same statement: who reports the same link waits for each journey to the
    database until the transaction ends. Raises `ReferenceTaken`.
    """
    marks = vault.fingerprints(coming.fingerprint) if coming.fingerprint else ()
    found = fingerprints.find(tx, marks, filed.reference, handling.group, handling.chat)
    if found.taken:
        raise ReferenceTaken
    held = found.held
    id = held.id if held else uuid4()
    origin = held.origin if held else id
    row = _row(vault, held, id, origin, coming, handling)
    here: dict[str, Plain] = {"incident": id, "origin": origin, "came": hour(now), "platform": coming.platform}
    told = received(found.head, filed.parts, now)
    said = filed.statement.said(
        {**filed.row, **row, **here, **told, **waking(handling.group), **_stands(found), "marks": list(marks)}
    )
    if filed.last:
        say_last(tx, said)
    else:
        wire.journey(tx, said)
    return Joined(
        incident=id,
        number=found.head.number,
        group=str(row["card_group"]),
        origin=origin,
        new=held is None,
        severity=max(handling.severity, held.severity if held else 0),
        reports=held.reports + 1 if held else 1,
        earlier=found.earlier,
        awake=found.mailbox is not None,
    )


def outranks(category: str, severity: int, than: str, its: int) -> bool:
    """Whether the first is what an incident of both is worked as: a child's before all, then the more severe."""
    child, childs = (CATEGORIES[key].queue == "restricted" for key in (category, than))
    return child > childs if child != childs else severity > its


def _stands(found: Found) -> dict[str, Plain]:
    """What is as it was found."""
    further = found.held is not None and found.held.state is not State.RECEIVED
    at: dict[str, Plain] = {"number": found.head.number, "mailbox": found.mailbox, "earlier": found.earlier}
    return {**at, "new": found.held is None, "further": further, "state": State.RECEIVED.value}


def _row(
    vault: Vault, held: Held | None, id: UUID, origin: UUID, coming: Coming, handling: Handling
) -> dict[str, Plain]:  # fmt: skip
    """What the report makes of the incident: new, or worked as something graver than before, or one report more."""
    category, group = coming.category, handling.group
    if held and not outranks(category, handling.severity, held.category, held.severity):
        category, group = held.category, held.card_group
    link, until = _link(vault, id, handling) if held is None else (held.link, held.link_until)
    if not CATEGORIES[category].card_link:
        link, until = None, None
    counted = held.places if held else None
    if places.known(coming.place):
        said = places.with_one_more(places.opened(vault, id, counted), origin, coming.place)
        counted = places.seal(vault, id, said)
    severity = max(handling.severity, held.severity if held else 0)
    worked: dict[str, Plain] = {"category": category, "card_group": group, "severity": severity}
    return {
        **worked,
        "link": link and wire.sealed(link),
        "link_until": until,
        "places": counted and wire.sealed(counted),
    }


def _link(vault: Vault, id: UUID, handling: Handling) -> tuple[Sealed | None, datetime | None]:
    """As a new incident's card may show it."""
    if not handling.link or handling.link_until is None:
        return None, None
    return vault.seal("incidents", id.bytes, handling.link.encode()), hour_after(handling.link_until)
