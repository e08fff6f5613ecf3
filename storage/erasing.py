"""
Erasing reports, for good: everything that they hold, everything that hangs on them, every key that opens them.

Used where its writer asks for it and where its time is over. Whether it may be erased is for the caller to know.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
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

LOCKED = ("id", "incident", "origin", "person", "reference", "disclosure")
BEING_WRITTEN = timedelta(hours=1)  # a try to fetch a file has ended by then, whatever became of it


def erase(tx: Transaction, vault: Vault, report: UUID, now: datetime, why: str = "asked") -> tuple[UUID, ...]:
    """
    Erase a report with its parts, keys, additions, questions, notices, requests and files; the files' names on the shelf.

    These are rows of `removals` from here on: the worker takes them from the shelf. A tombstone is left, and in the custody
    log that each sealed thing is erased, and why. The incident keeps number, count and history; link, places and
    fingerprint go with the last report of that fingerprint, the way back where no other report needs it. Nothing happens where the report is
    gone already.
    """
    return erase_locked(tx, vault, lock_all(tx, [report]), now, why)


def erase_locked(
    tx: Transaction, vault: Vault, rows: Sequence[Row[Any]], now: datetime, why: str
) -> tuple[UUID, ...]:  # fmt: skip
    """What `erase` does to one, to all that `lock_all` gave: in as many statements."""
    if not rows:
        return ()
    ids = [row.id for row in rows]
    custody_objects.erasing_all(tx, {row.id: row.incident for row in rows}, now, why)
    files = _given_up(tx, vault, ids, now)
    tx.execute(delete(reports).where(reports.c.id.in_(ids)))  # what refers to them goes with them
    cut(tx, *{row.person for row in rows if row.person})
    _unlead(tx, vault, {(row.origin, row.incident) for row in rows})
    _bare(tx, {row.incident for row in rows})
    tombstones.bury_all(tx, vault, [row.reference for row in rows], now)
    return files


def lock(tx: Transaction, report: UUID) -> Row[Any] | None:
    """A report that nobody else changes until the transaction ends, as `lock_all` gives it; None if it is gone."""
    return next(iter(lock_all(tx, [report])), None)


def lock_all(tx: Transaction, wanted: Sequence[UUID]) -> list[Row[Any]]:
    """
    Reports that nobody else changes until the transaction ends: `id`, `incident`, `origin`, `person`, `reference`,
    `disclosure`; of those that are gone nothing.

    The incidents before their reports, as whoever moves one does; once more where some have changed incident.
    """
    held: list[Row[Any]] = []
    left = set(wanted)
    while left:
        asked = select(reports.c.id, reports.c.incident).where(reports.c.id.in_(left))
        there = {row.id: row.incident for row in tx.execute(asked)}
        its = select(incidents.c.id).where(incidents.c.id.in_(set(there.values()))).order_by(incidents.c.id)
        tx.execute(its.with_for_update())
        ours = select(*(reports.c[name] for name in LOCKED)).where(reports.c.id.in_(there))
        ours = ours.where(reports.c.incident.in_(set(there.values()))).order_by(reports.c.id)
        found = tx.execute(ours.with_for_update()).all()
        held += found
        left = set(there) - {row.id for row in found}
    return held


def cut(tx: Transaction, *persons: UUID) -> None:
    """Ways back go, unless they can still be written to about another report: one that is being filed is waited for."""
    if persons:
        theirs = ways.c.person.in_(sorted(persons))
        tx.execute(update(ways).where(theirs).values(fresh=True))
        tx.execute(delete(ways).where(theirs, ~exists().where(reports.c.person == ways.c.person)))


def _given_up(tx: Transaction, vault: Vault, ids: Sequence[UUID], now: datetime) -> tuple[UUID, ...]:
    """Files that lie on the shelf, and those on their way to it; the provider deletes what it still holds of these."""
    lying = delete(evidence).where(evidence.c.report.in_(ids)).returning(evidence.c.file)
    kept = tx.execute(lying).scalars().all()
    wanted = tx.execute(delete(fetches).where(fetches.c.report.in_(ids)).returning(fetches)).all()
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


def _unlead(tx: Transaction, vault: Vault, led: Collection[tuple[UUID, UUID]]) -> None:
    """
    What came with the reports of one origin goes with the last of them, also where they were merged with others. `led` are
    origins, each with the incident that it is merged into now.
    """
    origins = {origin for origin, _ in led}
    gone = origins - set(tx.execute(select(reports.c.origin).where(reports.c.origin.in_(origins))).scalars())
    if not gone:
        return
    tx.execute(delete(fingerprints).where(fingerprints.c.origin.in_(gone)))
    bare = {"link": None, "link_until": None, "wanted_version": incidents.c.wanted_version + 1, "fresh": True}
    tx.execute(update(incidents).where(incidents.c.id.in_(gone), incidents.c.link.is_not(None)).values(**bare))
    into = {incident for origin, incident in led if origin in gone}
    counted = select(incidents.c.id, incidents.c.places).where(
        incidents.c.id.in_(into), incidents.c.places.is_not(None)
    )
    for incident, sealed in tx.execute(counted).all():
        with suppress(Unopened):  # restored without its state key: then they open for nobody
            every = places.opened(vault, incident, sealed)
            left = places.seal(vault, incident, {one: those for one, those in every.items() if one not in gone})
            tx.execute(update(incidents).where(incidents.c.id == incident).values(places=left, fresh=True))


def _bare(tx: Transaction, ids: Collection[UUID]) -> None:
    """What a card still shows of an incident's reports goes with the last of them."""
    ours = update(incidents).where(incidents.c.id.in_(ids))
    tx.execute(ours.values(fresh=True))  # our transaction's number stands in the rows
    empty = set(ids) - set(tx.execute(select(reports.c.incident).where(reports.c.incident.in_(ids))).scalars())
    if empty:
        merged.bare(tx, *empty)
        theirs = update(incidents).where(incidents.c.id.in_(empty))
        tx.execute(theirs.values(wanted_version=incidents.c.wanted_version + 1))


def to_remove(tx: Transaction, now: datetime, batch: int) -> list[UUID]:
    """Up to `batch` files whose time has come to leave the shelf."""
    return list(tx.execute(select(removals.c.file).where(removals.c.due_at <= now).limit(batch)).scalars())


def removed(tx: Transaction, files: Iterable[UUID]) -> None:
    """They lie on the shelf no more."""
    tx.execute(delete(removals).where(removals.c.file.in_(list(files))))
