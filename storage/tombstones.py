"""
Tombstones: HMACs of references that were erased, so that a restored backup erases them again.

They name nothing to whoever has no pseudonym key and no reference, know the day alone, and go when the last backup
that could hold the report has expired. A random id tells one burial from another: a backup that has it was made after it,
and what a citizen has given again since they took it back is not taken from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.sealed import Pseudonym
from storage.tables import tombstones
from storage.vault import Vault

FILE, FORMAT, WITHOUT_BURIALS = "iblagh-tombstones", 2, 1


class What(StrEnum):
    """What a restore has to take away again. Kept by name."""

    REPORT = "report"  # all of it
    PERSON = "person"  # who wrote it: it became anonymous
    WAY = "way"  # what leads from it to who wrote it: the law keeps the rest
    NAME = "name"  # name and contact: it is no longer identified


class Tombstone(NamedTuple):
    """One erasure, as it travels from a live database to a restored one. One that was written by an earlier version has no burial."""

    mark: Pseudonym
    what: What
    buried_on: date
    burial: UUID | None = None


class NotTombstones(Exception):
    """This is no file of tombstones, or it was cut or damaged. One sentence."""


def bury(tx: Transaction, vault: Vault, reference: str, now: datetime, what: What = What.REPORT) -> None:
    """Remember that this was erased, in the transaction that erases it. A report that is gone is gone once."""
    keep(tx, [Tombstone(vault.tombstones(reference)[0], what, now.date())])


def bury_all(tx: Transaction, vault: Vault, references: Sequence[str], now: datetime) -> None:
    """`bury` for reports that were erased wholly."""
    keep(tx, [Tombstone(vault.tombstones(reference)[0], What.REPORT, now.date()) for reference in references])


def bury_identity(tx: Transaction, vault: Vault, reference: str, disclosure: str, now: datetime) -> None:
    """
    Remember that what a report held of its reporter until now was destroyed when it took this disclosure.

    Also where they are named again: what they have given since is in no backup that does not know this burial.
    """
    bury(tx, vault, reference, now, What.PERSON if disclosure == "anonymous" else What.NAME)


def keep(tx: Transaction, stones: Iterable[Tombstone]) -> int:
    """Keep tombstones; of two for one reference the whole report's, else the later one. How many."""
    rows = [
        {"mark": stone.mark, "what": stone.what.value, "buried_on": stone.buried_on, "burial": stone.burial or uuid4()}
        for stone in stones
    ]
    statement = upsert(tombstones)
    anew = {name: statement.excluded[name] for name in ("what", "buried_on", "burial")}
    graver = statement.excluded.what == What.REPORT.value
    later = graver | (statement.excluded.buried_on >= tombstones.c.buried_on)
    again = (tombstones.c.what != What.REPORT.value) & later
    if rows:
        onto = statement.on_conflict_do_update(index_elements=["mark"], set_={**anew, "fresh": True}, where=again)
        tx.execute(onto, rows)
    return len(rows)


def all_of(tx: Transaction, *, known: Collection[UUID] = ()) -> dict[bytes, What]:
    """
    Every tombstone that is here; of names and people those alone whose burial is not `known`: what has been given since
    stays.
    """
    rows = tx.execute(select(tombstones.c.mark, tombstones.c.what, tombstones.c.burial))
    return {bytes(row.mark): What(row.what) for row in rows if row.what == What.REPORT.value or row.burial not in known}


def burials(tx: Transaction) -> set[UUID]:
    """The burials that this database knows: what it holds has been seen by each of them."""
    return set(tx.execute(select(tombstones.c.burial)).scalars())


def oldest(tx: Transaction) -> date | None:
    """The day of the first erasure that is still remembered."""
    return tx.execute(select(func.min(tombstones.c.buried_on))).scalar()


def forget(tx: Transaction, before: date, batch: int) -> int:
    """Forget up to `batch` tombstones of days before this one: no backup that lasts holds their reports. How many."""
    over = select(tombstones.c.mark).where(tombstones.c.buried_on < before).limit(batch)
    return tx.execute(delete(tombstones).where(tombstones.c.mark.in_(over.with_for_update(skip_locked=True)))).rowcount


def write(tx: Transaction, file: BinaryIO) -> int:
    """Write all tombstones as lines that a restored database can take; how many."""
    rows = tx.execute(select(tombstones).order_by(tombstones.c.mark))
    lines = [json.dumps([bytes(row.mark).hex(), row.what, row.buried_on.isoformat(), row.burial.hex]) for row in rows]
    head = json.dumps({"file": FILE, "format": FORMAT, "count": len(lines)})
    file.write("".join(f"{line}\n" for line in (head, *lines)).encode("ascii"))
    return len(lines)


def read(file: BinaryIO) -> list[Tombstone]:
    """All tombstones of a file. Raises `NotTombstones`."""
    try:
        head, *lines = [json.loads(line) for line in file.read().splitlines()]
        if head["file"] != FILE or head["format"] not in (FORMAT, WITHOUT_BURIALS) or head["count"] != len(lines):
            raise NotTombstones("this file of tombstones was cut, or is of a later version")
        return [_read(*line) for line in lines]
    except (ValueError, KeyError, TypeError):
        raise NotTombstones("this is no file of tombstones") from None


def _read(mark: str, what: str, day: str, burial: str = "") -> Tombstone:
    id = UUID(hex=burial) if burial else None
    return Tombstone(Pseudonym(bytes.fromhex(mark)), What(what), date.fromisoformat(day), id)
