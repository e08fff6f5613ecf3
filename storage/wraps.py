"""Taking in what the desk has wrapped to a new key, and letting go of an old key's wraps. No key is needed here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, and_, delete, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import insert as upsert

from storage import custody
from storage.custody import Act
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


class NotListed(Exception):
    """Something is wrapped to a key that this service does not seal to. Nothing was taken in."""


def take_in(tx: Transaction, lines: Sequence[Rewrapped], listed: Collection[str], now: datetime) -> int:
    """
    Store these wraps; how many were new. The same line again changes nothing. What was erased meanwhile is passed over.

    Raises `NotListed`.
    """
    if not {wrap.desk_key for line in lines for wrap in line.wraps} <= set(listed):
        raise NotListed
    known = _reports(tx, {line.name.partition("/")[0] for line in lines})
    touched, count = set[UUID](), 0
    for line in lines:
        report, incident = known.get(line.name.partition("/")[0], (None, None))
        if report is not None and incident is not None and (new := _store(tx, line, report)):
            count += new
            touched.add(incident)
    for incident in sorted(touched):
        custody.add(tx, incident, Act.REWRAPPED, now)
    return count


def only_readers(tx: Transaction, desk_key: str, listed: Collection[str]) -> int:
    """How many sealed things this key alone can open, among those that are listed (recovery not counted as one)."""
    return sum(
        tx.execute(select(func.count()).select_from(table).where(_alone(table, desk_key, listed))).scalar_one()
        for table in TABLES
    )


def retire(tx: Transaction, desk_key: str, batch: int = AT_ONCE) -> int:
    """Let go of up to `batch` wraps of a key in each table; how many went. Ask `only_readers` first."""
    gone = 0
    for table in TABLES:
        key = tuple_(*table.primary_key.columns)
        some = select(*table.primary_key.columns).where(table.c.desk_key == desk_key).limit(batch)
        gone += tx.execute(delete(table).where(key.in_(some.with_for_update(skip_locked=True)))).rowcount
    return gone


def _reports(tx: Transaction, references: Iterable[str]) -> dict[str, tuple[UUID, UUID]]:
    asked = select(reports.c.reference, reports.c.id, reports.c.incident).where(reports.c.reference.in_(references))
    return {row.reference: (row.id, row.incident) for row in tx.execute(asked)}


def _store(tx: Transaction, line: Rewrapped, report: UUID) -> int:
    """How many of the line's wraps were not there yet, or 0 where the thing itself is gone: it stays until we commit."""
    table, place, of, there = _where(line, report)
    if tx.execute(select(of).where(there).with_for_update(read=True, key_share=True)).first() is None:
        return 0
    rows = [{**place, "desk_key": wrap.desk_key, "wrapped": Sealed(wrap.wrapped)} for wrap in line.wraps]
    added = upsert(table).values(rows).on_conflict_do_nothing().returning(table.c.desk_key)
    return len(tx.execute(added).all())


def _where(line: Rewrapped, report: UUID) -> tuple[Table, dict[str, Any], Column[Any], ColumnElement[bool]]:
    match line.of:
        case "report":
            return report_keys, {"report": report}, reports.c.id, reports.c.id == report
        case "addition":
            id = UUID(line.name.partition("/")[2])
            return (
                addition_keys,
                {"addition": id},
                additions.c.id,
                and_(additions.c.id == id, additions.c.report == report),
            )
        case "referral":
            id = UUID(line.name.partition("/")[2])
            return referral_keys, {"referral": id}, referrals.c.id, referrals.c.id == id  # perhaps of what was merged
        case "exhibit":
            place = {"report": report, "exhibit": line.exhibit}
            its = and_(evidence.c.report == report, evidence.c.exhibit == line.exhibit)
            return evidence_keys, place, evidence.c.exhibit, its
    raise ValueError("a line of wraps is of no kind that is known")


def _alone(table: Table, desk_key: str, listed: Collection[str]) -> ColumnElement[bool]:
    other = table.alias()
    same = [other.c[column.name] == column for column in table.primary_key.columns if column.name != "desk_key"]
    readers = exists().where(*same, other.c.desk_key.in_(set(listed) - {desk_key}))
    return and_(table.c.desk_key == desk_key, ~readers)
