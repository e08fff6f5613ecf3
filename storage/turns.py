"""
What every turn of a citizen's reads and writes: one statement locks, one reads, one writes (docs/adr/0013-cpu-per-turn.md).

A statement costs more than the little that it does, on both sides of the socket, and waiting for its answer costs more still:
what nearly all turns ask for is asked for here, at once, and written together with the transaction's end. What few turns need has its verbs in the rooms beside this one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from storage import chats, deliveries, people, wire
from storage.db import Transaction, say_last
from storage.names import listed
from storage.people import Memory
from storage.vault import Vault
from storage.wire import Said, Statement

# Planned once, perhaps when the tables were empty: what is asked of single people stands so that no plan can read a
# whole table for it (a join or EXISTS could be hashed; a second condition could be the one that an index is read by).
KNOWN = Statement(
    "known",
    """
    SELECT aliases.pseudonym, aliases.person,
        (SELECT CASE WHEN expires_at > CAST($3 AS timestamptz) THEN sealed END FROM sessions WHERE person = aliases.person),
        deliveries.mark IS NOT NULL, deliveries.kept, (SELECT true FROM reports WHERE person = aliases.person LIMIT 1)
    FROM (SELECT) AS nobody
    LEFT JOIN aliases ON aliases.pseudonym = ANY (CAST($1 AS bytea[]))
    LEFT JOIN deliveries ON deliveries.mark = ANY (CAST($2 AS bytea[]))
    """,
)
REPORTER = Statement(
    "reporter",
    """
    SELECT NOT EXISTS (SELECT FROM ways WHERE person = $1), EXISTS (
        SELECT FROM reports JOIN notices ON notices.report = reports.id WHERE person = $1 AND notices.fault IS NOT NULL
    )
    """,
)
_KEPT = """
    INSERT INTO sessions (person, sealed, expires_at, nudge_at, file_at, address, fresh)
    VALUES ($1, $2, $3, $4, $5, $6, true)
    ON CONFLICT (person) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at,
        nudge_at = excluded.nudge_at, file_at = excluded.file_at, address = excluded.address, fresh = true
"""
_WROTE = "INSERT INTO written (id, person, sealed, forget_at) VALUES ($10, $1, $11, $12)"
_ANSWERED = "INSERT INTO deliveries (mark, kept, forget_at) VALUES ($7, $8, $9)"
DONE = Statement("done", f"WITH kept AS ({_KEPT}) {_ANSWERED}")
DONE_IN_A_CHAT = Statement("done_in_a_chat", f"WITH kept AS ({_KEPT}), wrote AS ({_WROTE}) {_ANSWERED}")


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a provider brought, and where its answer goes."""

    channel: str
    id: str
    address: str = field(repr=False)


class Answered(NamedTuple):
    """This delivery was here before: the answer that is kept for it, if one is."""

    kept: bytes | None


@dataclass(frozen=True, slots=True)
class Known:
    """What a turn begins with. The person is locked until the transaction ends."""

    person: UUID
    session: bytes | None = field(repr=False)
    cut_off: bool  # they can be written to about a report, but left no way back, or blocked us: they write again
    news: bool  # some report's news waits for their next message, which this is


def begin(
    tx: Transaction, vault: Vault, aliases: Sequence[tuple[str, str]], delivery: Delivery, now: datetime
) -> Known | Answered:
    """
    The person of these names, locked as by `people.lock`, and what is known of them; nobody is made for a repeat.

    Raises `Busy` through the transaction if another holds the lock for too long.
    """
    names = [vault.pseudonyms(delivery.channel, kind, value) for kind, value in aliases]
    marks = wire.array(wire.BYTES, vault.marks(delivery.channel, delivery.id))
    asked = Said(KNOWN, [listed(names), marks, wire.moment(now)])
    rows = people.locked(tx, names, asked)
    if rows[0][3] == wire.YES:
        return Answered(deliveries.opened(vault, delivery.id, delivery.address, rows[0][4]))
    person = people.settle(tx, vault, names, rows)
    if len({row[1] for row in rows}) > 1:  # who were several are one now, with what they all had
        (rows,) = wire.journey(tx, asked)
    theirs = next((row for row in rows if row[1] == person.bytes), None)
    if theirs is None:
        return Known(person, None, cut_off=False, news=False)
    session = None if theirs[2] is None else vault.open("sessions", person.bytes, theirs[2])
    if theirs[5] is None:
        return Known(person, session, cut_off=False, news=False)
    (((cut_off, news),),) = wire.journey(tx, Said(REPORTER, [person.bytes]))  # few have a report that is theirs
    return Known(person, session, cut_off == wire.YES, news == wire.YES)


def end(
    tx: Transaction, vault: Vault, person: UUID, memory: Memory, delivery: Delivery, answer: bytes, now: datetime,
    number: str = "",
) -> None:  # fmt: skip
    """
    Remember the conversation, as `people.save` does, its message's number, if it is not to be forgotten at all, and the
    delivery with its answer: all with the transaction's end.

    Raises `Busy`, at the latest there, where another transaction has answered the delivery meanwhile: then this one never
    was.
    """
    told = (delivery.channel, delivery.id, delivery.address, answer, now)
    if memory.plain is None:
        people.save(tx, vault, person, *memory)
        deliveries.keep(tx, vault, *told)
        return
    session = people.remembered(vault, person, memory.plain, memory.expires_at, memory.then)
    answered = deliveries.row(vault, *told)
    values = [
        person.bytes,
        wire.sealed(session["sealed"]),
        *(when and wire.moment(when) for when in (session["expires_at"], session["nudge_at"], session["file_at"])),
        session["address"] and wire.sealed(session["address"]),
        wire.pseudonym(answered["mark"]),
        wire.sealed(answered["kept"]),
        wire.moment(answered["forget_at"]),
    ]
    if number:
        wrote = chats.row(vault, person, number, now)
        values += [wrote["id"].bytes, wire.sealed(wrote["sealed"]), wire.moment(wrote["forget_at"])]
    say_last(tx, Said(DONE_IN_A_CHAT if number else DONE, values))
