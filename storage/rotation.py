"""
Which keys the database still needs, and sealing anew, in place, what a state key that is to go has sealed.

Rows are taken in batches under row locks, between other people's turns; what was done is done, whatever stops it. A
batch holds rows of one table alone, so it joins nobody to a report (docs/adr/0005-unlinking.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Column, ColumnElement, LargeBinary, Table, bindparam, func, select, update

from storage.columns import PseudonymColumn, SealedColumn, metadata
from storage.db import Transaction
from storage.sealed import Sealed, Unopened
from storage.tables import (
    alerted,
    answers,
    deliveries,
    discards,
    failures,
    fetches,
    incidents,
    moderators,
    purges,
    sessions,
    ways,
    wipes,
    written,
)
from storage.vault import Vault, sealed_by

AT_ONCE = 500


class Kept(NamedTuple):
    """A column sealed under the state key: its room, and what each value is bound to besides (from the row's key)."""

    column: Column[Any]
    room: str
    place: Callable[[bytes], bytes] = bytes

    @property
    def name(self) -> str:
        """As it is said to the operator."""
        return f"{self.column.table.name}.{self.column.name}"


KEPT = (
    Kept(sessions.c.sealed, "sessions"),
    Kept(sessions.c.address, "sessions", lambda key: key + b"address"),
    Kept(ways.c.address, "ways"),
    Kept(answers.c.sealed, "answers"),
    Kept(failures.c.parked, "failures"),
    Kept(fetches.c.sealed, "fetches"),
    Kept(fetches.c.address, "fetches.address"),
    Kept(discards.c.sealed, "discards"),
    Kept(purges.c.sealed, "purges"),
    Kept(written.c.sealed, "written"),
    Kept(wipes.c.sealed, "wipes"),
    Kept(incidents.c.link, "incidents"),
    Kept(incidents.c.places, "incidents", lambda key: key + b"places"),
    Kept(alerted.c.waiting, "alerted"),
    Kept(moderators.c.name, "moderators"),
)

# Nobody but the repeat of the delivery opens these: they end within hours, and a key is kept for as long.
ENDS_BY_ITSELF = (deliveries.c.kept,)


class Used(NamedTuple):
    """How many values of each column need a key, by the key's name."""

    state: dict[str, Counter[str]]
    pseudonym: dict[int, Counter[str]]
    desk: dict[str, Counter[str]]


def waiting(tx: Transaction, vault: Vault, kept: Kept) -> int:
    """How many values of the column are sealed under another state key than the one at work."""
    return tx.execute(select(func.count()).select_from(kept.column.table).where(_old(vault, kept))).scalar_one()


def reseal(tx: Transaction, vault: Vault, kept: Kept, batch: int = AT_ONCE) -> int:
    """
    Seal up to `batch` values anew under the state key at work; how many. Rows in use are left for the next time.

    Raises `Unopened` if a value needs a key that is not listed.
    """
    key, table = _key(kept.column.table), kept.column.table
    some = select(key, kept.column).where(_old(vault, kept)).limit(batch).with_for_update(skip_locked=True)
    rows = tx.execute(some).all()
    anew = {"ids": [id for id, _ in rows], "anew": [_anew(vault, kept, id, bytes(sealed)) for id, sealed in rows]}
    given = func.unnest(
        bindparam("ids", type_=ARRAY(LargeBinary() if isinstance(key.type, PseudonymColumn) else key.type)),
        bindparam("anew", type_=ARRAY(SealedColumn())),
    )
    its = given.table_valued("id", "anew").render_derived(name="its")
    if rows:
        tx.execute(update(table).where(key == its.c.id).values({kept.column: its.c.anew}), anew)
    return len(rows)


def used(tx: Transaction) -> Used:
    """Which keys what is stored needs. It reads every table: a command for a quiet hour."""
    found = Used({}, {}, {})
    for column in (*(kept.column for kept in KEPT), *ENDS_BY_ITSELF):
        head = func.substring(column, 1, 2 + func.get_byte(column, 1))  # format, length of the id, the id
        for sealed, count in tx.execute(select(head, func.count()).where(column.is_not(None)).group_by(head)):
            found.state.setdefault(sealed_by(bytes(sealed)), Counter())[_name(column)] += count
    for column in _of_kind(PseudonymColumn):
        version = func.get_byte(column, 0)
        for number, count in tx.execute(select(version, func.count()).where(column.is_not(None)).group_by(version)):
            found.pseudonym.setdefault(number, Counter())[_name(column)] += count
    for table in metadata.tables.values():
        if {"desk_key", "wrapped"} <= set(table.c.keys()):
            for id, count in tx.execute(select(table.c.desk_key, func.count()).group_by(table.c.desk_key)):
                found.desk.setdefault(id, Counter())[table.name] += count
    return found


def _anew(vault: Vault, kept: Kept, id: Any, sealed: bytes) -> Sealed:
    place = kept.place(id.bytes if isinstance(id, UUID) else bytes(id))
    try:
        return vault.seal(kept.room, place, vault.open(kept.room, place, sealed))
    except Unopened as shut:
        raise Unopened(f"{kept.name}: {shut}") from None


def _old(vault: Vault, kept: Kept) -> ColumnElement[bool]:
    begins = vault.sealing
    return kept.column.is_not(None) & (func.substring(kept.column, 1, len(begins)) != begins)


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key


def _of_kind(kind: type) -> list[Column[Any]]:
    return [column for table in metadata.sorted_tables for column in table.columns if isinstance(column.type, kind)]


def _name(column: Column[Any]) -> str:
    return f"{column.table.name}.{column.name}"
