"""
A report and its incident: it joins the open one that its fingerprint leads to, or opens its own.

The same statements in kind and number either way, for the time that a citizen waits must not tell whether a link is
known (domain.md 9). Reasons: docs/adr/0017-incidents.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Row, func, insert, literal, select, true, union_all, update

from conversations.cases import State
from conversations.categories import CATEGORIES
from storage import fingerprints, places
from storage.db import Transaction, hour, hour_after
from storage.sealed import Pseudonym, Sealed
from storage.tables import fingerprints as fingerprint_rows
from storage.tables import incidents
from storage.vault import Vault

CHANGING = ("category", "severity", "card_group", "link", "link_until", "places")  # by a report that joins


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
    risen: bool  # the severity of an incident that was there
    reports: int
    crossed: int  # 10, 100, 1,000 … that this report made full, else 0
    earlier: int | None  # the closed incident that had this fingerprint


def join(tx: Transaction, vault: Vault, coming: Coming, handling: Handling, now: datetime) -> Joined:
    """
    Count a report into its incident, in this transaction; the caller holds its person's lock and no incident's row.

    Under any number of reports at once one fingerprint has one open incident. What has none is an incident of its own.
    """
    marks = vault.fingerprints(coming.fingerprint) if coming.fingerprint else ()
    found = None
    if marks:
        fingerprints.lock(tx, marks)
        found = fingerprints.held(tx, marks)
    id = found.id if found else uuid4()
    origin = found.origin if found else id
    row = _row(vault, found, id, origin, coming, handling)
    made = tx.execute(_written(marks, id, origin, row, coming, now)).one()
    return Joined(
        incident=id,
        number=made.number,
        group=row["card_group"],
        origin=origin,
        new=found is None,
        severity=row["severity"],
        risen=found is not None and row["severity"] > found.severity,
        reports=made.reports,
        crossed=made.reports if is_threshold(made.reports) else 0,
        earlier=made.earlier,
    )


def is_threshold(reports: int) -> bool:
    """
    Whether so many reports are news by themselves (domain.md 13).

    >>> [reports for reports in range(1, 2000) if is_threshold(reports)]
    [10, 100, 1000]
    """
    return reports >= 10 and str(reports).strip("0") == "1"


def outranks(category: str, severity: int, than: str, its: int) -> bool:
    """Whether the first is what an incident of both is worked as: a child's before all, then the more severe."""
    child, childs = (CATEGORIES[key].queue == "restricted" for key in (category, than))
    return child > childs if child != childs else severity > its


def _row(
    vault: Vault, found: Row[Any] | None, id: UUID, origin: UUID, coming: Coming, handling: Handling
) -> dict[str, Any]:  # fmt: skip
    """What the report makes of the incident: new, or worked as something graver than before, or one report more."""
    row: dict[str, Any] = {name: found._mapping[name] for name in CHANGING} if found else dict.fromkeys(CHANGING)
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


def _written(
    marks: Sequence[Pseudonym], id: UUID, origin: UUID, row: Mapping[str, Any], coming: Coming, now: datetime
) -> Any:  # fmt: skip
    """One statement that counts into the incident if there is one of that id, else makes it."""
    first = {"id": id, "platform": coming.platform, "state": State.RECEIVED.value, "reports": 1}
    times = {"opened_at": hour(now), "last_at": hour(now)}
    more = {
        "reports": incidents.c.reports + 1,
        "last_at": func.greatest(incidents.c.last_at, _value("last_at", hour(now))),
        "wanted_version": incidents.c.wanted_version + 1,
        "fresh": true(),
    }
    told = [incidents.c.number, incidents.c.reports, incidents.c.earlier]
    there = update(incidents).where(incidents.c.id == id)
    joined = there.values({name: _value(name, value) for name, value in row.items()} | more).returning(*told)
    new = {name: _value(name, value) for name, value in {**row, **first, **times}.items()}
    new["earlier"] = fingerprints.earlier(marks) if marks else _value("earlier", None)
    fitting = select(*new.values()).where(~select(incidents.c.id).where(incidents.c.id == id).exists())
    made = insert(incidents).from_select(list(new), fitting).returning(*told)
    counted = union_all(select(joined.cte("joined")), select(made.cte("made")))
    if not marks:
        return counted
    noted = insert(fingerprint_rows).from_select(["mark", "incident", "origin"], fingerprints.noted(marks, id, origin))
    return counted.add_cte(fingerprints.led(marks, id, origin).cte("led"), noted.cte("noted"))


def _value(name: str, value: object) -> Any:
    """A bound value, of nothing too: known and new are one statement to the letter."""
    return literal(value, incidents.c[name].type)
