"""
A report and its incident: it joins the open one that its fingerprint leads to, or opens its own.

The same statements in kind and number either way, for the time that a citizen waits must not tell whether a link is
known (domain.md 9). Reasons: docs/adr/0017-incidents.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID, uuid4

from conversations.categories import CATEGORIES
from storage import fingerprints, places, wire
from storage.counting import ALIKE, counting
from storage.custody import received
from storage.db import Transaction, hour, hour_after
from storage.named import Named, Plain, number
from storage.sealed import Pseudonym, Sealed
from storage.vault import Vault
from storage.waking import waking
from storage.wire import Said


@dataclass(frozen=True, slots=True)
class Handling:
    """How a report is handled, which its category decides."""

    severity: int
    queues: tuple[str, ...] = ("general",)  # whose desk keys open it
    group: str = "moderators"  # whose card it becomes
    link: str = field(default="", repr=False)  # defanged and cut, where the category lets the card show it
    link_until: datetime | None = None
    chat: str = ""  # the group's id as it is configured; where it has no such group, no job is owed for the card


@dataclass(frozen=True, slots=True)
class Coming:
    """What an incident learns of a report. `fingerprint` and `place` are empty where they are not known."""

    category: str
    platform: str = ""
    fingerprint: str = field(default="", repr=False)
    place: str = field(default="", repr=False)


class Filed(NamedTuple):
    """What is filed with a join: the digests of its parts, and what `statement` writes besides."""

    parts: Mapping[str, bytes] = MappingProxyType({})
    statement: Named = counting("joined")
    row: Mapping[str, Plain] = MappingProxyType({})


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


NOTHING = Filed()


def join(
    tx: Transaction, vault: Vault, coming: Coming, handling: Handling, now: datetime, filed: Filed = NOTHING
) -> Joined:  # fmt: skip
    """Count a report into its incident now: what `joins` says, said."""
    *_, [row] = wire.journey(tx, *joins(tx, vault, coming, handling, now, filed))
    id, numbered, group, origin, new, severity, reports, earlier = row
    assert id and numbered and group and origin and severity and reports
    return Joined(
        incident=UUID(bytes=id),
        number=number(numbered),
        group=group.decode(),
        origin=UUID(bytes=origin),
        new=new == wire.YES,
        severity=number(severity),
        reports=number(reports),
        earlier=number(earlier) if earlier else None,
    )


def joins(
    tx: Transaction, vault: Vault, coming: Coming, handling: Handling, now: datetime, filed: Filed = NOTHING
) -> Sequence[Said]:  # fmt: skip
    """
    What is to be said, in this order and in this transaction, so that a report is counted into its incident; the caller
    holds its person's lock and no incident's row.

    Under any number of reports at once one fingerprint has one open incident. What has none is an incident of its own.
    Whoever reports the same link waits from the first of these to the transaction's end.
    """
    marks = vault.fingerprints(coming.fingerprint) if coming.fingerprint else ()
    locks, id = fingerprints.locks(marks), uuid4()
    counted = None
    if places.known(coming.place):
        counted = _counted(tx, vault, locks, marks, id, coming.place)
        locks = []
    told = received(filed.parts, now)
    row = {**ALIKE, **filed.row, **_row(vault, id, coming, handling), **told, **waking(handling.group)}
    said = {**row, "incident": id, "marks": list(marks), "came": hour(now), "places": counted}
    return [*locks, filed.statement.said(said)]


def outranks(category: str, severity: int, than: str, its: int) -> bool:
    """Whether the first is what an incident of both is worked as: a child's before all, then the more severe."""
    child, childs = _is_childs(category), _is_childs(than)
    return child > childs if child != childs else severity > its


def _is_childs(category: str) -> bool:
    return CATEGORIES[category].queue == "restricted"


def _row(vault: Vault, id: UUID, coming: Coming, handling: Handling) -> dict[str, Plain]:
    """What the report makes of an incident, if it is new or the gravest."""
    link, until = None, None
    if handling.link and handling.link_until is not None:
        link = wire.sealed(vault.seal("incidents", id.bytes, handling.link.encode()))
        until = hour_after(handling.link_until)
    return {
        "category": coming.category,
        "child": _is_childs(coming.category),
        "severity": handling.severity,
        "platform": coming.platform,
        "group": handling.group,
        "chat": handling.chat,
        "link": link,
        "link_until": until,
    }


def _counted(
    tx: Transaction, vault: Vault, locks: Sequence[Said], marks: Sequence[Pseudonym], id: UUID, place: str
) -> Sealed | None:  # fmt: skip
    """Where the incident's reports come from, this one's place among them: sealed, so that only we can count."""
    *_, rows = wire.journey(tx, *locks, fingerprints.PLACES.said({"marks": list(marks), **ALIKE}))
    whose, origin, sealed = rows[0] if rows else (id.bytes, id.bytes, None)
    assert whose and origin
    incident = UUID(bytes=whose)
    before = places.opened(vault, incident, sealed)
    return places.seal(vault, incident, places.with_one_more(before, UUID(bytes=origin), place))
