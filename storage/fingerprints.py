"""
Fingerprints: which incident a link or an account leads to, and who else may not change that meanwhile.

Whoever lets a report join, merges or splits holds the fingerprints concerned, by advisory locks that stand nowhere on
disk: after the person's lock and before any incident's row, which is taken in the order of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from conversations.cases import State
from storage import wire
from storage.custody import Head
from storage.db import Transaction
from storage.named import Named, Plain, number, when
from storage.people import key
from storage.sealed import Pseudonym, Sealed
from storage.tables import fingerprints
from storage.wire import Said, Statement, Value

LOCKS = Statement("marked", "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST($1 AS bigint[])) AS key")
# What leads where, with the end of its chain of custody; else the number of an incident to be made. Rows are held in this
# order: the incident's, its chain's.
FOUND = Named(
    "found",
    """
    SELECT EXISTS (SELECT FROM reports WHERE reference = CAST(:reference AS text)),
        (SELECT mailbox FROM groups WHERE name = CAST(:group AS text) AND configured = CAST(:chat AS text)),
        coalesce(known.number, nextval('incidents_number_seq')), coalesce(length, 0), hash,
        CASE WHEN known.id IS NOT NULL THEN earlier ELSE (
            SELECT max(number) FROM fingerprints JOIN incidents ON incidents.id = incident
            WHERE mark = ANY (CAST(:marks AS bytea[]))
        ) END,
        known.id, origin, category, severity, card_group, link, link_until, places, state, reports
    FROM (SELECT) AS asked LEFT JOIN (
        SELECT incidents.*, origin, length, hash
        FROM fingerprints JOIN incidents ON incidents.id = fingerprints.incident
            JOIN custody_heads ON custody_heads.incident = incidents.id
        WHERE mark = ANY (CAST(:marks AS bytea[])) AND state <> CAST(:closed AS text)
        ORDER BY incidents.number LIMIT 1 FOR NO KEY UPDATE OF incidents, custody_heads
    ) AS known ON true
    """,
)


@dataclass(frozen=True, slots=True)
class Held:
    """An open incident as it stands. Its row and the end of its chain are ours until the transaction ends."""

    id: UUID
    origin: UUID
    category: str
    severity: int
    card_group: str
    link: Sealed | None = field(repr=False)
    link_until: datetime | None
    places: Sealed | None = field(repr=False)
    state: State
    reports: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a report comes to: an open incident, which is held, and how its chain ends; or the number of a new one."""

    taken: bool  # a report has this reference
    mailbox: UUID | None  # of the group that its card is owed to, if that is there
    head: Head
    earlier: int | None  # the closed incident that had the fingerprint
    held: Held | None


def lock(tx: Transaction, marks: Sequence[Pseudonym]) -> None:
    """
    Nobody else joins, merges or splits what these lead to until the transaction ends. Raises `Busy` through it.

    All versions of a fingerprint are to be locked, so that processes on both sides of a key's rotation exclude each other.
    """
    wire.journey(tx, _locks(marks))


def lock_all_of(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Lock everything that leads to one of these incidents. Call it before their rows are locked."""
    found = tx.execute(select(fingerprints.c.mark).where(fingerprints.c.incident.in_(ids)))
    lock(tx, [Pseudonym(mark) for mark in found.scalars()])


def find(tx: Transaction, marks: Sequence[Pseudonym], reference: str, group: str, chat: str) -> Found:
    """
    Lock these, and hold the open incident that one of them leads to. `chat` is the group's id as it is configured.

    A closed one is not held: that would leave a citizen's transaction's number in a row that is not written.
    """
    asked: dict[str, Plain] = {"reference": reference, "group": group, "chat": chat}
    asked |= {"marks": list(marks), "closed": State.CLOSED.value}
    *_, [row] = wire.journey(tx, *([_locks(marks)] if marks else []), FOUND.said(asked))
    taken, mailbox, said, length, hash, earlier, *known = row
    head = Head(number(said or b""))
    return Found(
        taken=taken == wire.YES,
        mailbox=UUID(bytes=mailbox) if mailbox else None,
        head=head._replace(length=number(length or b""), hash=hash) if hash else head,
        earlier=number(earlier) if earlier else None,
        held=_held(*known),
    )


def _locks(marks: Sequence[Pseudonym]) -> Said:
    keys = sorted({key(mark[1:]) for mark in marks})
    return Said(LOCKS, [wire.array(wire.WHOLE, [wire.whole(one) for one in keys])])


def _held(*row: Value) -> Held | None:
    id, origin, category, severity, group, link, link_until, places, state, reports = row
    if not (id and origin and category and severity and group and state and reports):
        return None
    return Held(
        id=UUID(bytes=id),
        origin=UUID(bytes=origin),
        category=category.decode(),
        severity=number(severity),
        card_group=group.decode(),
        link=None if link is None else Sealed(link),
        link_until=None if link_until is None else when(link_until),
        places=None if places is None else Sealed(places),
        state=State(state.decode()),
        reports=number(reports),
    )
