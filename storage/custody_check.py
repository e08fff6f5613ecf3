"""
Checking the custody log: every chain by itself, then against what lies sealed in the database and on the shelf.

What is wrong is named by incident and position, and holds no content. The check reads one state of the database, while
others write.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select

from storage import custody
from storage.custody import Act
from storage.custody_chain import broken
from storage.custody_objects import Held, held
from storage.custody_tables import custody as entries
from storage.custody_tables import custody_heads
from storage.db import Transaction, as_it_stands
from storage.shelf import Shelf
from storage.tables import incidents, reports

AT_A_TIME = 200
PIECE = 1 << 20


class Fault(NamedTuple):
    """What is wrong, with which incident, and where in its chain; position 0 for the chain as a whole."""

    incident: int
    position: int
    wrong: str


class Named(NamedTuple):
    """Where the log tells of a parcel."""

    incident: int
    position: int
    act: str


@dataclass(slots=True)
class Checked:
    """What was looked at, and everything that is wrong."""

    incidents: int = 0
    entries: int = 0
    parcels: int = 0
    faults: list[Fault] = field(default_factory=list)


def check(tx: Transaction, shelf: Shelf) -> Checked:
    """Look at everything. It must be the transaction's first statement, and may take minutes."""
    as_it_stands(tx)
    done, named, erased = Checked(), dict[str, Named](), set[str]()
    done.faults += _headless(tx)
    for chain in custody.chains(tx):
        done.incidents, done.entries = done.incidents + 1, done.entries + len(chain.entries)
        done.faults += [Fault(chain.number, *one) for one in broken(chain)]
        for entry in chain.entries:
            if entry.act == Act.ERASED:
                erased.add(entry.digest)
            elif entry.digest:
                named.setdefault(entry.digest, Named(chain.number, entry.position, entry.act))
    done.faults += _parcels(tx, shelf, done, named, erased)
    done.faults.sort()
    return done


def _headless(tx: Transaction) -> Iterator[Fault]:
    """Incidents without a chain, with another number than their chain's, and entries of no incident."""
    asked = select(incidents.c.number, custody_heads.c.number.label("headed"))
    asked = asked.join_from(incidents, custody_heads, incidents.c.id == custody_heads.c.incident, isouter=True)
    for number, headed in tx.execute(asked.where(custody_heads.c.number.is_distinct_from(incidents.c.number))):
        yield Fault(number, 0, "has no chain" if headed is None else f"has the chain of incident {headed}")
    known = exists().where(custody_heads.c.incident == entries.c.incident)
    for position, act in tx.execute(select(entries.c.position, entries.c.act).where(~known)):
        yield Fault(0, position, f"an entry ({act}) belongs to no incident's chain")


def _parcels(
    tx: Transaction, shelf: Shelf, done: Checked, named: dict[str, Named], erased: set[str]
) -> Iterator[Fault]:  # fmt: skip
    """What lies sealed and is not told of, or is told of and does not lie there."""
    asked = select(reports.c.id, incidents.c.number).join_from(reports, incidents, reports.c.incident == incidents.c.id)
    numbers: dict[UUID, int] = {row[0]: row[1] for row in tx.execute(asked)}
    found: set[str] = set()
    ids = list(numbers)
    for at in range(0, len(ids), AT_A_TIME):
        for one in held(tx, ids[at : at + AT_A_TIME]):
            done.parcels, digest = done.parcels + 1, one.digest.hex()
            found.add(digest)
            place = named.get(digest, Named(numbers[one.report], 0, ""))
            for wrong in _wrong(one, place, digest in erased, shelf):
                yield Fault(place.incident, place.position, wrong)
    for digest, place in named.items():
        if digest not in found and digest not in erased:
            wrong = f"the parcel that was {place.act} is not there, or was changed"
            yield Fault(place.incident, place.position, wrong)


def _wrong(one: Held, place: Named, erased: bool, shelf: Shelf) -> Iterator[str]:
    what = f"a report's file {one.exhibit}" if one.exhibit else f"a report's {one.part}"
    if not place.position:
        yield f"{what} lies there sealed, and no entry tells of it as it is"
    elif erased:
        yield f"{what} was erased, and lies there"
    if one.file:
        yield from (f"{what} {wrong}" for wrong in _on_the_shelf(one.file, one.file_digest, shelf))


def _on_the_shelf(file: UUID, digest: bytes, shelf: Shelf) -> Iterator[str]:
    try:
        with shelf.open(file) as sealed:
            lies = hashlib.sha256()
            while piece := sealed.read(PIECE):
                lies.update(piece)
    except FileNotFoundError:
        yield "is not on the shelf"
        return
    if digest and lies.digest() != digest:
        yield "was changed on the shelf"
