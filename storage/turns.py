"""
What every turn of a citizen's reads and writes: one statement locks, one reads, one writes (docs/adr/0013-cpu-per-turn.md).

A statement costs more than the little that it does, on both sides of the socket: what nearly all turns ask for is asked for
here, at once. What few turns need has its verbs in the rooms beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, bindparam, insert
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import chats, deliveries, people
from storage.db import Busy, Transaction
from storage.people import Memory
from storage.tables import sessions, written
from storage.vault import Vault

KNOWN = sql("""
    SELECT aliases.pseudonym, aliases.person, sessions.sealed, deliveries.mark IS NOT NULL AS answered, deliveries.kept,
        EXISTS (SELECT FROM reports WHERE reports.person = aliases.person)
            AND NOT EXISTS (SELECT FROM ways WHERE ways.person = aliases.person) AS cut_off,
        EXISTS (
            SELECT FROM reports JOIN notices ON notices.report = reports.id
            WHERE reports.person = aliases.person AND notices.fault IS NOT NULL
        ) AS news
    FROM (SELECT) AS nobody
    LEFT JOIN aliases ON aliases.pseudonym = ANY (CAST(:names AS bytea[]))
    LEFT JOIN sessions ON sessions.person = aliases.person AND sessions.expires_at > :now
    LEFT JOIN deliveries ON deliveries.mark = ANY (CAST(:marks AS bytea[]))
""")
_SESSION = ("person", "sealed", "expires_at", "nudge_at", "file_at", "address", "fresh")
_kept = upsert(sessions).values({name: bindparam(f"session_{name}") for name in _SESSION})
_kept = _kept.on_conflict_do_update(
    index_elements=["person"], set_={name: _kept.excluded[name] for name in _SESSION[1:]}
)
DONE = deliveries.KEEP.add_cte(_kept.cte("kept"))
_WROTE: dict[str, Any] = {name: bindparam(f"wrote_{name}") for name in ("id", "person", "sealed", "forget_at")}
DONE_IN_A_CHAT = DONE.add_cte(insert(written).values(_WROTE).cte("wrote"))


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
    marks = vault.marks(delivery.channel, delivery.id)
    asked = {"names": [pseudonym for versions in names for pseudonym in versions], "marks": list(marks), "now": now}

    def ask() -> Sequence[Row[Any]]:
        return tx.execute(KNOWN, asked).all()

    rows = people.locked(tx, names, ask)
    if rows[0].answered:
        return Answered(deliveries.opened(vault, delivery.id, delivery.address, rows[0].kept))
    person = people.settle(tx, vault, names, rows)
    if len({row.person for row in rows}) > 1:  # who were several are one now, with what they all had
        rows = ask()
    theirs = next((row for row in rows if row.person == person), None)
    if theirs is None:
        return Known(person, None, cut_off=False, news=False)
    session = None if theirs.sealed is None else vault.open("sessions", person.bytes, theirs.sealed)
    return Known(person, session, theirs.cut_off, theirs.news)


def end(
    tx: Transaction, vault: Vault, person: UUID, memory: Memory, delivery: Delivery, answer: bytes, now: datetime,
    number: str = "",
) -> None:  # fmt: skip
    """
    Remember the conversation, as `people.save` does, its message's number, if it is not to be forgotten at all, and the
    delivery with its answer.

    Raises `Busy` where another transaction has answered the delivery meanwhile: then this one never was.
    """
    told = (delivery.channel, delivery.id, delivery.address, answer, now)
    if memory.plain is None:
        people.save(tx, vault, person, *memory)
        deliveries.keep(tx, vault, *told)
        return
    session = people.remembered(vault, person, memory.plain, memory.expires_at, memory.then)
    row = _named("session", session) | deliveries.row(vault, *told)
    if number:
        row |= _named("wrote", chats.row(vault, person, number, now))
    if tx.execute(DONE_IN_A_CHAT if number else DONE, row).first() is None:
        raise Busy("answered elsewhere")


def _named(what: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Two tables in one statement may have columns of one name."""
    return {f"{what}_{name}": value for name, value in row.items()}
