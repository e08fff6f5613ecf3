"""Taking in what the desk has wrapped to a new key, and letting go of an old key's wraps. No key is needed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, delete, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.custody import Act
from storage.custody_many import Told, add_all
from storage.db import Transaction
from storage.rewrapping import Rewrapped
from storage.sealed import Sealed
from storage.tables import (
    addition_keys,
    additions,
    evidence,
    evidence_keys,
    referral_keys,
    referrals,
    report_keys,
    reports,
)

TABLES = (report_keys, addition_keys, evidence_keys, referral_keys)
AT_ONCE = 500
LET_GO = 2_000  # wraps of one table in one transaction; nobody but an erasure of the same reports waits for it

Place = tuple[Any, ...]  # of a sealed thing, as its row is known


class Thing(NamedTuple):
    """A kind of sealed thing: the columns that tell which it is, where its wraps lie, and what a line says of both."""

    columns: tuple[Column[Any], ...]
    wraps: Table
    place: Callable[[Rewrapped, UUID], Place]


def _own_id(line: Rewrapped) -> UUID:
    return UUID(line.name.partition("/")[2])


THINGS: Mapping[str, Thing] = {
    "report": Thing((reports.c.id,), report_keys, lambda line, report: (report,)),
    "addition": Thing(
        (additions.c.id, additions.c.report), addition_keys, lambda line, report: (_own_id(line), report)
    ),
    "referral": Thing(
        (referrals.c.id,), referral_keys, lambda line, report: (_own_id(line),)
    ),  # perhaps of what was merged
    "exhibit": Thing(
        (evidence.c.report, evidence.c.exhibit), evidence_keys, lambda line, report: (report, line.exhibit)
    ),
}


class NotListed(Exception):
    """Something is wrapped to a key that this service does not seal to. Nothing was taken in."""


def take_in(tx: Transaction, lines: Sequence[Rewrapped], listed: Collection[str], now: datetime) -> int:
    """
    Store these wraps; how many were new. The same line again changes nothing. What was erased meanwhile is passed over.

    Raises `NotListed`, and ValueError for what no version of ours wrote.
    """
    if not {wrap.desk_key for line in lines for wrap in line.wraps} <= set(listed):
        raise NotListed
    if not {line.of for line in lines} <= set(THINGS):
        raise ValueError("a line of wraps is of no kind that is known")
    known = _reports(tx, {_report(line) for line in lines})
    touched, count = set[UUID](), 0
    for kind, thing in THINGS.items():
        ours = [line for line in lines if line.of == kind and _report(line) in known]
        places = {thing.place(line, known[_report(line)][0]): line for line in ours}
        for place, new in _store(tx, thing, places).items():
            touched.add(known[_report(places[place])][1])
            count += new
    add_all(tx, [Told(incident, Act.REWRAPPED) for incident in sorted(touched)], now)
    return count


def only_readers(tx: Transaction, desk_key: str, listed: Collection[str]) -> int:
    """How many sealed things this key alone can open, among those that are listed (recovery not counted as one)."""
    return sum(
        tx.execute(select(func.count()).select_from(table).where(_alone(table, desk_key, listed))).scalar_one()
        for table in TABLES
    )


def retire(tx: Transaction, desk_key: str, batch: int = LET_GO) -> int:
    """Let go of up to `batch` wraps of a key in each table; how many went. Ask `only_readers` first."""
    gone = 0
    for table in TABLES:
        key = tuple_(*table.primary_key.columns)
        some = select(*table.primary_key.columns).where(table.c.desk_key == desk_key).limit(batch)
        gone += tx.execute(delete(table).where(key.in_(some.with_for_update(skip_locked=True)))).rowcount
    return gone


def _report(line: Rewrapped) -> str:
    """The reference of the report that a line is about."""
    return line.name.partition("/")[0]


def _reports(tx: Transaction, references: Iterable[str]) -> dict[str, tuple[UUID, UUID]]:
    asked = select(reports.c.reference, reports.c.id, reports.c.incident).where(reports.c.reference.in_(references))
    return {row.reference: (row.id, row.incident) for row in tx.execute(asked)}


def _store(tx: Transaction, thing: Thing, lines: Mapping[Place, Rewrapped]) -> Counter[Place]:
    """How many of each line's wraps were not there yet. The thing stays until we commit; one that is gone has none."""
    key = tuple_(*thing.columns)
    there = select(*thing.columns).where(key.in_(list(lines))).order_by(*thing.columns)
    held = [tuple(row) for row in tx.execute(there.with_for_update(read=True, key_share=True))] if lines else []
    which = [column.name for column in thing.wraps.primary_key.columns if column.name != "desk_key"]
    rows = [
        {**dict(zip(which, place, strict=False)), "desk_key": wrap.desk_key, "wrapped": Sealed(wrap.wrapped)}
        for place in held
        for wrap in lines[place].wraps
    ]
    if not rows:
        return Counter()
    added = upsert(thing.wraps).on_conflict_do_nothing().returning(*(thing.wraps.c[name] for name in which))
    whole = {place[: len(which)]: place for place in held}
    return Counter(whole[tuple(row)] for row in tx.execute(added, rows))


def _alone(table: Table, desk_key: str, listed: Collection[str]) -> ColumnElement[bool]:
    other = table.alias()
    same = [other.c[column.name] == column for column in table.primary_key.columns if column.name != "desk_key"]
    readers = exists().where(*same, other.c.desk_key.in_(set(listed) - {desk_key}))
    return and_(table.c.desk_key == desk_key, ~readers)
