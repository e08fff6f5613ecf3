"""
Evidence: files that a report points at, from the reference in a message to a sealed file on the shelf.

Rows wait in `fetches` until the file lies sealed, or is given up. A try names the place on the shelf that it writes to
before it writes: whatever a crash leaves there, the row tells where, and the next try takes it away first.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, case, delete, exists, func, insert, select, update
from sqlalchemy import text as sql

from conversations.model import Media
from storage import custody
from storage.custody import Act
from storage.custody_digests import of_exhibit
from storage.custody_objects import incident_of
from storage.db import Transaction, hour
from storage.parcels import Fact, SealedExhibit
from storage.people import key
from storage.sealed import Sealed, Wrap
from storage.shelf import Shelf
from storage.tables import evidence, evidence_keys, fetches, reports, ways
from storage.tries import FIRST_NET, by_chance, pause
from storage.vault import Vault

WANTED_FOR = timedelta(hours=24)  # the longest that a media id of an anonymous report is kept


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file whose try has begun. `file` is the place on the shelf that this try may write to, and no other."""

    id: UUID
    report: UUID
    reference: str = field(repr=False)
    category: str
    exhibit: int
    channel: str
    attempts: int
    media: Media = field(repr=False)
    address: str = field(repr=False)  # "" where an anonymous report's has gone
    file: UUID


def report_of(tx: Transaction, reference: str) -> tuple[UUID, str]:
    """The report of a reference that is there, and its category."""
    row = tx.execute(select(reports.c.id, reports.c.category).where(reports.c.reference == reference)).one()
    return row.id, row.category


def owe(
    tx: Transaction, vault: Vault, report: UUID, channel: str, media: Sequence[Media], address: str, now: datetime
) -> list[UUID]:
    """Remember what is to be fetched for a report, as its next exhibits; the ids of the rows, whose jobs are owed."""
    ids = [uuid4() for _ in media]
    rows = [
        {
            "id": id,
            "report": report,
            "exhibit": exhibit,
            "channel": channel,
            "sealed": vault.seal("fetches", id.bytes, json.dumps(file._asdict()).encode("ascii")),
            "address": vault.seal("fetches.address", id.bytes, address.encode()) if address else None,
            "due_at": now + by_chance(FIRST_NET),
            "forget_at": hour(now + WANTED_FOR),
        }
        for exhibit, (id, file) in enumerate(zip(ids, media, strict=True), _next_exhibit(tx, report))
    ]
    if rows:
        tx.execute(insert(fetches), rows)
    return ids


def begin(tx: Transaction, vault: Vault, shelf: Shelf, id: UUID, now: datetime) -> Wanted | None:
    """
    Begin a try: what is wanted, with the report's category as it is now. None if it was fetched or given up.

    What an earlier try left on the shelf is gone, and the next try is due after a pause, whatever becomes of this one.
    From now on nothing here leads from an anonymous report to a chat: this try alone still knows it.
    """
    asked = select(fetches, reports.c.reference, reports.c.category, reports.c.disclosure).join_from(fetches, reports)
    row = tx.execute(
        asked.where(fetches.c.id == id, fetches.c.fault.is_(None)).with_for_update(of=fetches)
    ).one_or_none()
    if row is None:
        return None
    if row.file:
        shelf.drop(row.file)
    file, attempts = uuid4(), row.attempts + 1
    changed = {"file": file, "attempts": attempts, "due_at": now + pause(attempts), "fresh": True}
    known = {"address": None} if row.disclosure == "anonymous" else {}
    tx.execute(update(fetches).where(fetches.c.id == id).values(**changed, **known))
    return _wanted(vault, row, file, attempts)


def still_wanted(tx: Transaction, wanted: Wanted) -> str | None:
    """
    The report's category if this try is the one that may be kept, and nobody can change either until we commit.

    None where another try has begun since: its file is the one.
    """
    ours = select(fetches.c.id).where(fetches.c.id == wanted.id, fetches.c.file == wanted.file)
    if tx.execute(ours.with_for_update()).one_or_none() is None:
        return None
    asked = select(reports.c.category).where(reports.c.id == wanted.report)
    category: str = tx.execute(asked.with_for_update(read=True)).scalar_one()
    return category


def keep(
    tx: Transaction, wanted: Wanted, facts: Sealed, wraps: Sequence[Wrap], digest: bytes, now: datetime
) -> None:  # fmt: skip
    """
    Record that the file of a try that is `still_wanted` lies on the shelf; what was needed to fetch it goes.

    `digest` is the sealed file's SHA-256.
    """
    exhibit = {"report": wanted.report, "exhibit": wanted.exhibit}
    tx.execute(insert(evidence).values(**exhibit, file=wanted.file, sealed=facts, digest=digest))
    tx.execute(
        insert(evidence_keys), [{**exhibit, "desk_key": wrap.desk_key, "wrapped": wrap.wrapped} for wrap in wraps]
    )
    tx.execute(delete(fetches).where(fetches.c.id == wanted.id))
    named = of_exhibit(wanted.reference, wanted.exhibit, facts, digest)
    custody.add(tx, incident_of(tx, wanted.report), Act.FETCHED, now, digest=named, detail=str(wanted.exhibit))


def drop(tx: Transaction, wanted: Wanted) -> None:
    """Want it no more: nothing remains of it here. What the try may have left on the shelf is the caller's to drop."""
    tx.execute(delete(fetches).where(fetches.c.id == wanted.id))


def failed_once(tx: Transaction, wanted: Wanted, not_before: datetime) -> None:
    """The try failed, and another comes."""
    ours = (fetches.c.id == wanted.id, fetches.c.file == wanted.file)
    later = func.greatest(fetches.c.due_at, not_before)
    tx.execute(update(fetches).where(*ours).values(due_at=later, fresh=True))


def give_up(tx: Transaction, shelf: Shelf, id: UUID, fault: str) -> UUID | None:
    """
    Want it no more, and remember that it did not come and why: its report, or None where it came or was given up.

    The media id and the address are gone; `fault` is the provider's code.
    """
    row = tx.execute(select(fetches).where(fetches.c.id == id, fetches.c.fault.is_(None)).with_for_update()).first()
    if row is None:
        return None
    if row.file:
        shelf.drop(row.file)
    bare = {"sealed": None, "address": None, "file": None, "fault": fault[:40], "fresh": True}
    tx.execute(update(fetches).where(fetches.c.id == id).values(**bare))
    report: UUID = row.report
    return report


def overdue(tx: Transaction, vault: Vault, now: datetime, batch: int) -> list[tuple[UUID, str, Media]]:
    """Up to `batch` rows whose time is over: their id, channel and file, to be given up in this transaction."""
    over = select(fetches.c.id, fetches.c.channel, fetches.c.sealed)
    over = over.where(fetches.c.fault.is_(None), fetches.c.forget_at <= now).limit(batch)
    rows = tx.execute(over.with_for_update(skip_locked=True))
    return [(row.id, row.channel, _media(vault, row.id, row.sealed)) for row in rows]


def to_be_told(tx: Transaction, report: UUID) -> UUID | None:
    """
    The mailbox of who must now be told that files of this report did not come; they count as told from here on.

    None while others are still wanted: they are told once, when the last has come or was given up. Ask in every
    transaction in which one ends.
    """
    tx.execute(sql("SELECT pg_advisory_xact_lock(:key)"), {"key": key(report.bytes)})  # the last of two sees both
    ours = fetches.c.report == report
    if tx.execute(select(exists().where(ours, fetches.c.fault.is_(None)))).scalar_one():
        return None
    untold = update(fetches).where(ours, ~fetches.c.told).values(told=True, fresh=True)
    if not tx.execute(untold).rowcount:
        return None
    writer = select(reports.c.person).where(reports.c.id == report).scalar_subquery()
    return tx.execute(select(ways.c.mailbox).where(ways.c.person == writer)).scalar()


def reporter(tx: Transaction, report: UUID) -> tuple[UUID, str] | None:
    """Who wrote a report, and in which language; None if that is not known, or the report is gone."""
    row = tx.execute(select(reports.c.person, reports.c.locale).where(reports.c.id == report)).one_or_none()
    return (row.person, row.locale) if row and row.person else None


def given_up_since(tx: Transaction, since: datetime) -> Mapping[str, int]:
    """How many files were given up for each reason, of reports that came since then."""
    asked = select(fetches.c.fault, func.count()).where(fetches.c.fault.is_not(None), fetches.c.forget_at > since)
    return {row[0]: row[1] for row in tx.execute(asked.group_by(fetches.c.fault).order_by(fetches.c.fault))}


def missing(tx: Transaction, shelf: Shelf) -> int:
    """How many files the database knows and the shelf does not hold."""
    held = shelf.names()
    return sum(name.hex not in held for name in tx.execute(select(evidence.c.file)).scalars())


def exhibits(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, list[SealedExhibit]]:
    """The files of these reports as they go to the desk, by report."""
    wraps: dict[tuple[UUID, int], list[Wrap]] = defaultdict(list)
    for row in tx.execute(select(evidence_keys).where(evidence_keys.c.report.in_(ids))):
        wraps[row.report, row.exhibit].append(Wrap(row.desk_key, Sealed(row.wrapped)))
    found: dict[UUID, list[SealedExhibit]] = defaultdict(list)
    for row in tx.execute(select(evidence).where(evidence.c.report.in_(ids)).order_by(evidence.c.exhibit)):
        wrapped = wraps[row.report, row.exhibit]
        exhibit = SealedExhibit(row.exhibit, row.file, Sealed(row.sealed), wrapped, row.digest or b"")
        found[row.report].append(exhibit)
    return found


def not_there(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, dict[str, Fact]]:
    """Of these reports, how many files are still wanted and how many were given up, where there are any."""
    state = case((fetches.c.fault.is_(None), "files_wanted"), else_="files_given_up")
    asked = select(fetches.c.report, state, func.count()).where(fetches.c.report.in_(ids))
    found: dict[UUID, dict[str, Fact]] = defaultdict(dict)
    for report, name, count in tx.execute(asked.group_by(fetches.c.report, state)):
        found[report][name] = count
    return found


def _next_exhibit(tx: Transaction, report: UUID) -> int:
    numbers = (select(func.max(table.c.exhibit)).where(table.c.report == report) for table in (evidence, fetches))
    return 1 + max(tx.execute(number).scalar() or 0 for number in numbers)


def _wanted(vault: Vault, row: Row[Any], file: UUID, attempts: int) -> Wanted:
    address = vault.open("fetches.address", row.id.bytes, row.address).decode() if row.address else ""
    media = _media(vault, row.id, row.sealed)
    return Wanted(
        row.id, row.report, row.reference, row.category, row.exhibit, row.channel, attempts, media, address, file
    )


def _media(vault: Vault, id: UUID, sealed: bytes) -> Media:
    return Media(**json.loads(vault.open("fetches", id.bytes, sealed)))
