"""
People: found by pseudonyms, known by a random id, and gone as soon as nothing of theirs is left.

No verb here locks a row: a row lock leaves the transaction's number in the person's row, beside the same number in the
report's. Whoever holds a person's advisory lock is alone with all that is theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, exists, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import wire
from storage.db import Transaction, hour_after
from storage.names import BEARERS, BORN, LOCKS, Names, listed
from storage.sealed import Pseudonym
from storage.tables import aliases as alias_rows
from storage.tables import guesses, people, reports, sessions, ways, written
from storage.vault import Vault
from storage.wire import Rows, Said, Statement


@dataclass(frozen=True, slots=True)
class Way:
    """The way back to a person who left one. `mailbox` is random: what a job's lock names."""

    mailbox: UUID
    channel: str
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IfSilent:
    """What its writer chose for a conversation that falls silent: one nudge, then it is filed. Its address, till then."""

    nudge_at: datetime | None
    file_at: datetime
    channel: str
    address: str = field(repr=False)


WAY = Statement(
    "way",
    """
    INSERT INTO ways (person, mailbox, channel, address, fresh) VALUES ($1, $2, $3, $4, true)
    ON CONFLICT (person) DO UPDATE SET channel = excluded.channel, address = excluded.address, fresh = true
    """,
)


class Memory(NamedTuple):
    """What is to be remembered of a person's conversation, and how long; nothing at all where `plain` is None."""

    plain: bytes | None
    expires_at: datetime
    then: IfSilent | None = None


def lock(tx: Transaction, vault: Vault, channel: str, aliases: Sequence[tuple[str, str]]) -> UUID:
    """
    The person whom these (kind, value) pairs name, and nobody else at work on them until the transaction ends.

    Made if nobody has these names yet. Where they name several people, who were one all along, the first named takes
    over all that the others had. Raises `Busy` through the transaction if another holds the lock for too long.
    """
    names = [vault.pseudonyms(channel, kind, value) for kind, value in aliases]
    return settle(tx, vault, names, locked(tx, names, Said(BEARERS, [listed(names)])))


def locked(tx: Transaction, names: Names, asked: Said) -> Rows:
    """
    What was asked (rows of a pseudonym, who bears it, and more) once the names and all who bear one are locked, and stay so.

    All versions of a pseudonym are locked, so that processes on both sides of a key's rotation exclude each other; the
    people too, because two of their messages may come under different names.
    """
    keys = [wire.whole(key(pseudonym[1:])) for versions in names for pseudonym in versions]
    wanted = Said(LOCKS, [wire.array(wire.WHOLE, keys), listed(names)])
    while True:
        locks, rows = wire.journey(tx, wanted, asked)
        held = {lock[1] for lock in locks}
        if held.issuperset(row[1] for row in rows):
            return rows  # else somebody was made, folded or forgotten while we waited


def settle(tx: Transaction, vault: Vault, names: Names, rows: Rows) -> UUID:
    """The one person of these names by what `locked` found, made or folded if need be."""
    known = {Pseudonym(row[0]): UUID(bytes=row[1]) for row in rows if row[0] and row[1]}
    holders = list(dict.fromkeys(known[p] for versions in names for p in versions if p in known))
    newest = {versions[0] for versions in names}
    if not holders:
        return _born(tx, newest)
    for other in holders[1:]:
        _fold(tx, vault, other, holders[0])
    _name(tx, holders[0], newest, set(known))
    return holders[0]


def session(tx: Transaction, vault: Vault, person: UUID, now: datetime) -> bytes | None:
    """The person's session, or None if there is none or its time is over."""
    found = select(sessions.c.sealed).where(sessions.c.person == person, sessions.c.expires_at > now)
    sealed = tx.execute(found).scalar()
    return None if sealed is None else vault.open("sessions", person.bytes, sealed)


def save(
    tx: Transaction, vault: Vault, person: UUID, plain: bytes | None, expires_at: datetime, then: IfSilent | None = None
) -> None:
    """
    Keep the session until the hour after `expires_at`, or forget it if None; the caller holds the person's lock.

    Without `then` nothing is ever done about its silence, whatever was chosen before. None is the last word on a person:
    with neither way nor report they are gone with all their names. File first.
    """
    if plain is None:
        tx.execute(delete(sessions).where(sessions.c.person == person))
        tx.execute(delete(written).where(written.c.person == person))
        forget_if_bare(tx, [person])
        return
    row = remembered(vault, person, plain, expires_at, then)
    statement = upsert(sessions).values(row)
    tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=row))


def remembered(vault: Vault, person: UUID, plain: bytes, expires_at: datetime, then: IfSilent | None) -> dict[str, Any]:
    """The row of a session."""
    whereto = json.dumps([then.channel, then.address]).encode("ascii") if then else b""
    return {
        "person": person,
        "sealed": vault.seal("sessions", person.bytes, plain),
        "expires_at": hour_after(expires_at),
        "nudge_at": then.nudge_at if then else None,
        "file_at": hour_after(then.file_at) if then else None,
        "address": vault.seal("sessions", person.bytes + b"address", whereto) if then else None,
        "fresh": True,
    }


def if_silent(vault: Vault, row: Row[Any]) -> IfSilent | None:
    """What was chosen for the session in this row."""
    if row.file_at is None:
        return None
    whereto = json.loads(vault.open("sessions", row.person.bytes + b"address", row.address))
    return IfSilent(row.nudge_at, row.file_at, *whereto)


def way(tx: Transaction, vault: Vault, person: UUID) -> Way | None:
    """The way back to them, if they left one."""
    row = tx.execute(select(ways).where(ways.c.person == person)).one_or_none()
    if row is None:
        return None
    return Way(row.mailbox, row.channel, vault.open("ways", person.bytes, row.address).decode())


def keep_way(tx: Transaction, vault: Vault, person: UUID, channel: str, address: str) -> None:
    """Keep the way back to a person who may be written to; a later one takes the place of an earlier."""
    wire.journey(tx, way_kept(vault, person, channel, address))


def way_kept(vault: Vault, person: UUID, channel: str, address: str) -> Said:
    """What is to be said for it."""
    whereto = wire.sealed(vault.seal("ways", person.bytes, address.encode()))
    return Said(WAY, [person.bytes, uuid4().bytes, channel.encode(), whereto])


def forget_way(tx: Transaction, person: UUID) -> None:
    """Write to this person no more. If nothing else is left of them, they are gone."""
    tx.execute(delete(ways).where(ways.c.person == person))
    forget_if_bare(tx, [person])


def forget_if_bare(tx: Transaction, persons: Sequence[UUID]) -> int:
    """Forget those, names and all, of whom nothing else is left (`_HOLDS`); how many. Their locks are held."""
    if not persons:
        return 0
    gone = delete(people).where(people.c.id.in_(persons), *(~exists().where(held) for held in _HOLDS))
    return tx.execute(gone).rowcount


def key(random: bytes) -> int:
    """The advisory lock for 64 random bits: the first of a person's id, or of a pseudonym's HMAC."""
    return int.from_bytes(random[:8], "big", signed=True)


_HOLDS = tuple(table.c.person == people.c.id for table in (sessions, ways, reports, guesses, written))


def _born(tx: Transaction, names: set[Pseudonym]) -> UUID:
    person = uuid4()
    wire.journey(
        tx, Said(BORN, [wire.array(wire.BYTES, [wire.pseudonym(name) for name in sorted(names)]), person.bytes])
    )
    return person


def _name(tx: Transaction, person: UUID, wanted: set[Pseudonym], borne: set[Pseudonym]) -> None:
    """Let the person bear exactly the newest pseudonym of each name that was brought."""
    if missing := wanted - borne:
        tx.execute(insert(alias_rows), [{"pseudonym": pseudonym, "person": person} for pseudonym in sorted(missing)])
    if outdated := borne - wanted:
        tx.execute(delete(alias_rows).where(alias_rows.c.pseudonym.in_(outdated)))


def _fold(tx: Transaction, vault: Vault, other: UUID, person: UUID) -> None:
    """Give `person` the names and reports of `other`, the longer session, and the way back where they left none."""
    for table in (alias_rows, reports, written):
        tx.execute(update(table).where(table.c.person == other).values(person=person, fresh=True))
    _inherit_session(tx, vault, other, person)
    _inherit_guesses(tx, other, person)
    inherited = way(tx, vault, other)
    if inherited is not None and way(tx, vault, person) is None:
        keep_way(tx, vault, person, inherited.channel, inherited.address)
    tx.execute(delete(people).where(people.c.id == other))


def _inherit_session(tx: Transaction, vault: Vault, other: UUID, person: UUID) -> None:
    """Of two conversations go on with the one that lasts longer, which no clock has to tell."""
    rows = tx.execute(select(sessions).where(sessions.c.person.in_([other, person])))
    found = {row.person: row for row in rows}
    if other in found and (person not in found or found[person].expires_at < found[other].expires_at):
        longer = found[other]
        plain = vault.open("sessions", other.bytes, longer.sealed)
        save(tx, vault, person, plain, longer.expires_at, if_silent(vault, longer))


def _inherit_guesses(tx: Transaction, other: UUID, person: UUID) -> None:
    """Whoever has several names has no more tries for it."""
    theirs = select(literal(person), guesses.c.count, guesses.c.forget_at).where(guesses.c.person == other)
    statement = upsert(guesses).from_select(["person", "count", "forget_at"], theirs)
    both = {"count": guesses.c.count + statement.excluded.count, "fresh": True}
    tx.execute(statement.on_conflict_do_update(index_elements=["person"], set_=both))
