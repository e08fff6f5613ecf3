"""
Erasing one report, for good: everything that it holds, everything that hangs on it, every key that opens it.

Used where its writer asks for it and where its time is over. Whether it may be erased is for the caller to know.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, exists, insert, select, update

from storage import custody_objects, discards, merged, places, tombstones
from storage.db import Transaction, hour, hour_after
from storage.discards import Unread
from storage.tables import evidence, fetches, fingerprints, incidents, removals, reports, ways
from storage.vault import Unopened, Vault

BEING_WRITTEN = timedelta(hours=1)  # a try to fetch a file has ended by then, whatever became of it


def erase(tx: Transaction, vault: Vault, report: UUID, now: datetime, why: str = "asked") -> tuple[UUID, ...]:
    """
    Erase a report with its parts, keys, additions, questions, notices, requests and files; the files' names on the shelf.

    These are rows of `removals` from here on: the worker takes them from the shelf. A tombstone is left, and in the custody
    log that each sealed thing is erased, and why. The incident keeps number, count and history; link, places and
    fingerprint go with the last report of that fingerprint, the way back where no other report needs it. Nothing happens where the report is
    gone already.
    """
    row = lock(tx, report)
    if row is None:
        return ()
    custody_objects.erasing(tx, report, now, detail=why)
    files = _given_up(tx, vault, report, now)
    tx.execute(delete(reports).where(reports.c.id == report))  # what refers to it goes with it
    if row.person:
        cut(tx, row.person)
    _unlead(tx, vault, row.origin, row.incident)
    _bare(tx, row.incident)
    tombstones.bury(tx, vault, row.reference, now)
    return files


def lock(tx: Transaction, report: UUID) -> Row[Any] | None:
    """
    A report that nobody else changes until the transaction ends: `incident`, `origin`, `person`, `reference`, `disclosure`; None if
    gone.

    The incident before its report, as whoever moves it does; once more where the report has changed incident.
    """
    while True:
        incident = tx.execute(select(reports.c.incident).where(reports.c.id == report)).scalar()
        if incident is None:
            return None
        tx.execute(select(incidents.c.id).where(incidents.c.id == incident).with_for_update())
        ours = select(*(reports.c[name] for name in ("incident", "origin", "person", "reference", "disclosure")))
        ours = ours.where(reports.c.id == report, reports.c.incident == incident)
        if row := tx.execute(ours.with_for_update()).one_or_none():
            return row


def cut(tx: Transaction, person: UUID) -> None:
    """The way back goes, unless they can still be written to about another report: one that is being filed is waited for."""
    theirs = ways.c.person == person
    tx.execute(update(ways).where(theirs).values(fresh=True))
    tx.execute(delete(ways).where(theirs, ~exists().where(reports.c.person == person)))


def _given_up(tx: Transaction, vault: Vault, report: UUID, now: datetime) -> tuple[UUID, ...]:
    """Files that lie on the shelf, and those on their way to it; the provider deletes what it still holds of these."""
    lying = delete(evidence).where(evidence.c.report == report).returning(evidence.c.file)
    kept = tx.execute(lying).scalars().all()
    wanted = tx.execute(delete(fetches).where(fetches.c.report == report).returning(fetches)).all()
    begun = [row.file for row in wanted if row.file]
    discards.owe(tx, vault, [_unread(vault, row) for row in wanted if row.sealed], now)
    _remove(tx, kept, hour(now))
    _remove(tx, begun, hour_after(now + BEING_WRITTEN))
    return (*kept, *begun)


def _unread(vault: Vault, row: Row[Any]) -> Unread:
    """By the file's own id, which does nothing where the provider keeps none of ours."""
    media = json.loads(vault.open("fetches", row.id.bytes, row.sealed))
    return Unread(row.channel, "", media["handle"], "")


def _remove(tx: Transaction, files: Sequence[UUID], due_at: datetime) -> None:
    if files:
        tx.execute(insert(removals), [{"file": file, "due_at": due_at} for file in files])


def _unlead(tx: Transaction, vault: Vault, origin: UUID, incident: UUID) -> None:
    """What came with the reports of one origin goes with the last of them, also where they were merged with others."""
    if tx.execute(select(exists().where(reports.c.origin == origin))).scalar_one():
        return
    tx.execute(delete(fingerprints).where(fingerprints.c.origin == origin))
    bare = {"link": None, "link_until": None, "wanted_version": incidents.c.wanted_version + 1, "fresh": True}
    tx.execute(update(incidents).where(incidents.c.id == origin, incidents.c.link.is_not(None)).values(**bare))
    sealed = tx.execute(select(incidents.c.places).where(incidents.c.id == incident)).scalar_one()
    with suppress(Unopened):  # restored without its state key: then they open for nobody
        counted = places.opened(vault, incident, sealed)
        left = places.seal(vault, incident, {one: those for one, those in counted.items() if one != origin})
        tx.execute(update(incidents).where(incidents.c.id == incident).values(places=left, fresh=True))


def _bare(tx: Transaction, incident: UUID) -> None:
    """What a card still shows of the incident's reports goes with the last of them."""
    ours = update(incidents).where(incidents.c.id == incident)
    tx.execute(ours.values(fresh=True))  # our transaction's number stands in the row
    if tx.execute(select(exists().where(reports.c.incident == incident))).scalar_one():
        return
    merged.bare(tx, incident)
    tx.execute(ours.values(wanted_version=incidents.c.wanted_version + 1))


def to_remove(tx: Transaction, now: datetime, batch: int) -> list[UUID]:
    """Up to `batch` files whose time has come to leave the shelf."""
    return list(tx.execute(select(removals.c.file).where(removals.c.due_at <= now).limit(batch)).scalars())


def removed(tx: Transaction, files: Iterable[UUID]) -> None:
    """They lie on the shelf no more."""
    tx.execute(delete(removals).where(removals.c.file.in_(list(files))))
