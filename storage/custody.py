"""
The custody log: who did what with an incident, and when, in a chain that shows every later change.

An entry names a sealed parcel by its digest, and holds no content, name, reference or link. Everything that is done to
an incident adds one in its own transaction (docs/adr/0014-custody.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.custody_chain import BEGINNING, OPENS, Chain, Entry, moment, spoken, written
from storage.custody_tables import custody, custody_heads
from storage.db import Transaction, hour
from storage.named import Plain
from storage.tables import incidents

AT_A_TIME = 200  # chains held in memory while they are read
OPERATOR = "operator"  # who acts at the machine itself, by the command line


class Act(StrEnum):
    """What was done. Kept by name: a name that was ever written is never used for something else."""

    # Of citizens, and what follows from it: never with an actor, and to the hour.
    RECEIVED = "received"  # a report came; detail: the part, one entry each
    ADDED = "added"  # something was added to a report
    FETCHED = "fetched"  # a file came and lies sealed; detail: its number in the report
    GIVEN_UP = "given_up"  # a file did not come
    CHANGED = "changed"  # who the reporter is from now on; detail: the disclosure
    CORRECTED = "corrected"
    OBJECTED = "objected"
    REQUESTED = "requested"  # what we hold, or that it be erased
    ANSWERED = "answered"

    # Of staff, with the moderator's id; by itself, without one.
    TAKEN = "taken"
    RELEASED = "released"
    HANDED_OVER = "handed_over"
    ASKED = "asked"  # detail: the question's template
    NOTED = "noted"
    PROPOSED = "proposed"  # to be closed, by a second person; detail: the outcome
    CONFIRMED = "confirmed"  # the closing that was proposed; detail: the outcome
    KEPT_OPEN = "kept_open"
    REFERRED = "referred"  # detail: the service's key
    PROSECUTOR = "prosecutor"
    INSTRUCTED = "instructed"
    RETURNED = "returned"
    CLOSED = "closed"  # detail: the outcome
    REOPENED = "reopened"
    UNDONE = "undone"  # detail: the act that was undone
    MUTED = "muted"
    UNMUTED = "unmuted"
    RECATEGORISED = "recategorised"  # detail: the category
    ESCALATED = "escalated"
    REMINDED = "reminded"
    NOTIFIED = "notified"
    SETTLED = "settled"  # what a reporter had a right to; detail: which
    HELD = "held"  # nothing of it may be erased
    UNHELD = "unheld"

    # Between incidents; detail: the other one's number.
    JOINED = "joined"  # a report came to an incident that was there
    MERGED = "merged"
    SPLIT = "split"
    MOVED_IN = "moved_in"
    MOVED_OUT = "moved_out"
    DUPLICATE = "duplicate"
    EARLIER = "earlier"  # the closed incident of the same link

    # Of what is kept.
    PULLED = "pulled"
    EXPORTED = "exported"
    REWRAPPED = "rewrapped"
    ERASED = "erased"  # detail: why, or the part
    LINK_DESTROYED = "link_destroyed"
    RESTORED = "restored"  # from a backup
    INHERITED = "inherited"  # lay there before the log began
    ANCHORED = "anchored"


# For a statement that holds an incident's chain or makes one (`stands`: id, number, came, length, ends): what came in with a
# report, part by part. The hashes are those that `Entry.computed` computes.
RECEIVES = """
    , chain (nth, previous, hash) AS (
        SELECT CAST(0 AS bigint), CAST(NULL AS bytea), ends FROM stands
        UNION ALL
        SELECT nth + 1, hash, sha256(convert_to(
            CAST(:opens AS text) || number || ',' || length + nth + 1 || ',' || (CAST(:entries AS text[]))[nth + 1]
                || ',"' || encode(hash, 'hex') || '"]', 'UTF8'
        )) FROM chain, stands WHERE nth < cardinality(CAST(:entries AS text[]))
    ), told AS (
        INSERT INTO custody (incident, position, at, actor, act, digest, detail, previous, hash)
        SELECT id, length + nth, came, '', CAST(:received AS text), (CAST(:digests AS bytea[]))[nth],
            (CAST(:parts AS text[]))[nth], previous, hash
        FROM chain, stands WHERE nth > 0
    ), headed AS (
        INSERT INTO custody_heads (incident, number, length, hash)
        SELECT id, number, length + nth, hash FROM chain, stands WHERE nth = cardinality(CAST(:entries AS text[]))
        ON CONFLICT (incident) DO UPDATE SET length = excluded.length, hash = excluded.hash, fresh = true
    )
"""
BY_CITIZENS = frozenset(list(Act)[: list(Act).index(Act.TAKEN)])


class Head(NamedTuple):
    """The end of an incident's chain as it is known apart from the entries: its number, how many, the last one's hash."""

    number: int
    length: int = 0
    hash: bytes = bytes.fromhex(BEGINNING)


def add(
    tx: Transaction, incident: UUID, act: Act, now: datetime, *, actor: str = "", digest: bytes = b"", detail: str = ""
) -> None:
    """
    Write what was done to an incident at the end of its chain, in this transaction.

    It waits for whoever else is adding to the same chain, so that none breaks: call it after the transaction has taken
    its other locks, and for several incidents in their order. Without an actor the hour alone is kept. Raises
    ValueError for what an entry may not say.
    """
    if actor and act in BY_CITIZENS:
        raise ValueError("a citizen is no actor")
    number, length, last = _held(tx, incident)
    at = now.astimezone(UTC).replace(microsecond=0) if actor else hour(now)
    entry = written(number, length + 1, at, actor, act.value, digest, detail, last.hex())
    hash = bytes.fromhex(entry.hash)
    row = entry._asdict() | {"incident": incident, "at": at, "digest": digest, "previous": last, "hash": hash}
    put = insert(custody).values(**row).returning(custody.c.incident).cte("put")
    grown = update(custody_heads).where(custody_heads.c.incident == select(put.c.incident).scalar_subquery())
    tx.execute(grown.values(length=entry.position, hash=hash))


def received(parts: Mapping[str, bytes], now: datetime) -> dict[str, Plain]:
    """
    What `RECEIVES` needs to write that a report's parts came, each named by its digest.

    Raises ValueError for what an entry may not say.
    """
    act, at = Act.RECEIVED.value, hour(now)
    return {
        "received": act,
        "opens": OPENS,
        "beginning": bytes.fromhex(BEGINNING),
        "entries": [spoken(at, "", act, digest, part) for part, digest in parts.items()],
        "digests": list(parts.values()),
        "parts": list(parts),
    }


def chains(tx: Transaction, *numbers: int) -> Iterator[Chain]:
    """The chains of these incidents, of all if none is named, in the order of their numbers, some hundred in memory."""
    asked = select(custody_heads).order_by(custody_heads.c.number)
    heads = tx.execute(asked.where(custody_heads.c.number.in_(numbers)) if numbers else asked).all()
    for at in range(0, len(heads), AT_A_TIME):
        some = {head.incident: list[Entry]() for head in heads[at : at + AT_A_TIME]}
        rows = select(custody).where(custody.c.incident.in_(some)).order_by(custody.c.incident, custody.c.position)
        for row in tx.execute(rows):
            some[row.incident].append(_entry(row))
        for head in heads[at : at + AT_A_TIME]:
            yield Chain(head.number, head.length, head.hash.hex(), some[head.incident])


def _held(tx: Transaction, incident: UUID) -> Head:
    """The chain's number, length and last hash, held until the transaction ends; a chain that begins has none."""
    known = select(custody_heads.c.number).where(custody_heads.c.incident == incident).scalar_subquery()
    new = select(incidents.c.number).where(incidents.c.id == incident).scalar_subquery()
    row = select(literal(incident), func.coalesce(known, new), literal(0), literal(bytes.fromhex(BEGINNING)))
    statement = upsert(custody_heads).from_select(["incident", "number", "length", "hash"], row)
    held = statement.on_conflict_do_update(index_elements=["incident"], set_={"fresh": True})
    asked = held.returning(custody_heads.c.number, custody_heads.c.length, custody_heads.c.hash)
    found = tx.execute(asked).one()
    return Head(found.number, found.length, bytes(found.hash))


def _entry(row: Row[Any]) -> Entry:
    said = (row.position, moment(row.at), row.actor, row.act, row.digest.hex(), row.detail)
    return Entry(*said, row.previous.hex(), row.hash.hex())
