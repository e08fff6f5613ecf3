"""
Tombstones: HMACs of references that were erased, so that a restored backup erases them again.

They name nothing to whoever has no pseudonym key and no reference, know the day alone, and go when the last backup
that could hold the report has expired.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from typing import BinaryIO, NamedTuple

from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.sealed import Pseudonym
from storage.tables import tombstones
from storage.vault import Vault

FILE, FORMAT = "iblagh-tombstones", 1


class What(StrEnum):
    """What a restore has to take away again. Kept by name."""

    REPORT = "report"  # all of it
    PERSON = "person"  # who wrote it: it became anonymous
    WAY = "way"  # what leads from it to who wrote it: the law keeps the rest
    NAME = "name"  # name and contact: it is no longer identified


class Tombstone(NamedTuple):
    """One erasure, as it travels from a live database to a restored one."""

    mark: Pseudonym
    what: What
    buried_on: date


class NotTombstones(Exception):
    """This is no file of tombstones, or it was cut or damaged. One sentence."""


def bury(tx: Transaction, vault: Vault, reference: str, now: datetime, what: What = What.REPORT) -> None:
    """Remember that this reference was erased, in the transaction that erases it. A second time changes nothing."""
    keep(tx, Tombstone(vault.tombstones(reference)[0], what, now.date()))


def keep(tx: Transaction, stone: Tombstone) -> int:
    """Keep a tombstone; of two for one reference the graver. 1, for counting."""
    row = {"what": stone.what.value, "buried_on": stone.buried_on}
    statement = upsert(tombstones).values(mark=stone.mark, **row)
    graver = case((tombstones.c.what == What.REPORT.value, tombstones.c.what), else_=statement.excluded.what)
    again = {"what": graver, "fresh": True}
    tx.execute(statement.on_conflict_do_update(index_elements=["mark"], set_=again))
    return 1


def all_of(tx: Transaction) -> dict[bytes, What]:
    """Every tombstone that is here."""
    return {bytes(row.mark): What(row.what) for row in tx.execute(select(tombstones.c.mark, tombstones.c.what))}


def bury_identity(tx: Transaction, vault: Vault, reference: str, disclosure: str, now: datetime) -> None:
    """Remember what of its reporter was destroyed when a report took this disclosure; nothing where they are named."""
    if disclosure != "identified":
        bury(tx, vault, reference, now, What.PERSON if disclosure == "anonymous" else What.NAME)
        return
    theirs = (tombstones.c.mark.in_(vault.tombstones(reference)), tombstones.c.what != What.REPORT.value)
    tx.execute(delete(tombstones).where(*theirs))


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
    lines = [json.dumps([bytes(row.mark).hex(), row.what, row.buried_on.isoformat()]) for row in rows]
    head = json.dumps({"file": FILE, "format": FORMAT, "count": len(lines)})
    file.write("".join(f"{line}\n" for line in (head, *lines)).encode("ascii"))
    return len(lines)


def read(file: BinaryIO) -> list[Tombstone]:
    """All tombstones of a file. Raises `NotTombstones`."""
    try:
        head, *lines = [json.loads(line) for line in file.read().splitlines()]
        if (head["file"], head["format"], head["count"]) != (FILE, FORMAT, len(lines)):
            raise NotTombstones("this file of tombstones was cut, or is of a later version")
        return [Tombstone(Pseudonym(bytes.fromhex(m)), What(w), date.fromisoformat(day)) for m, w, day in lines]
    except (ValueError, KeyError, TypeError):
        raise NotTombstones("this is no file of tombstones") from None
