"""
The citizen's rights, in the store: what is held, by kinds; what the desk owes an answer to; erasing what may be erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from conversations.about import Held, Holding, Right
from storage import custody, custody_objects, erasing, follow, keeping, tombstones
from storage.custody import Act
from storage.db import ERASED, Busy, Transaction, hour, hour_after
from storage.passed_on import passed_on
from storage.tables import additions, evidence, fetches, guesses, incidents, notices, questions, reports, requests, ways
from storage.tables import written as written_rows
from storage.tombstones import What
from storage.vault import Vault


def holding(tx: Transaction, person: UUID, now: datetime) -> Holding:
    """What is held because this person writes, beside their session."""
    way = exists().where(ways.c.person == person)
    wrote = exists().where(written_rows.c.person == person, written_rows.c.forget_at > now)
    tries = exists().where(guesses.c.person == person, guesses.c.forget_at > now)
    row = tx.execute(select(way.label("way"), wrote.label("wrote"), tries.label("tries"))).one()
    return Holding(follow.own(tx, person), row.way, row.wrote, row.tries)


def held(tx: Transaction, reference: str, periods: Mapping[str, int], now: datetime) -> Held:
    """What is held of a report, by kinds and counts. Raises `Busy` where it was erased since it was opened."""
    ours = reports.c.reference == reference
    ends = keeping.ends(tx, reference, periods, now.date())
    wanted = and_(fetches.c.report == reports.c.id, fetches.c.fault.is_(None))
    counts = (
        _count(evidence.c.report == reports.c.id) + _count(wanted),
        _count(additions.c.report == reports.c.id, additions.c.part != "identity"),
        _count(notices.c.report == reports.c.id) + _count(questions.c.report == reports.c.id, ~questions.c.answered),
    )
    way = exists().where(ways.c.person == reports.c.person)
    asked = select(requests.c.due_at).where(requests.c.report == reports.c.id, requests.c.kind == Right.ACCESS.value)
    open_until = asked.where(requests.c.done_at.is_(None)).scalar_subquery()
    row = tx.execute(select(reports.c.disclosure, way, *counts, open_until).where(ours)).one_or_none()
    if row is None:
        raise Busy(ERASED)
    disclosure, reached, files, added, news, due_at = row
    return Held(
        reference, f"{ends:%Y-%m-%d}" if ends else "", disclosure == "identified", files, added, reached, news,
        f"{due_at:%Y-%m-%d}" if due_at else "",
    )  # fmt: skip


def ask(tx: Transaction, reference: str, right: Right, days: int, now: datetime) -> None:
    """
    Have a person at the desk answer within so many days; what was asked before and is open keeps its day. Raises `Busy` where
    the report was erased since it was opened.
    """
    touched = update(reports).where(reports.c.reference == reference).values(fresh=True)
    report = tx.execute(touched.returning(reports.c.id, reports.c.incident)).one_or_none()
    if report is None:
        raise Busy(ERASED)
    row = {"id": uuid4(), "report": report.id, "kind": right.value, "asked_at": hour(now)}
    made = upsert(requests).values(**row, due_at=hour_after(now + timedelta(days=days))).on_conflict_do_nothing()
    new = tx.execute(made.returning(requests.c.id)).first() is not None
    if new and right is Right.ACCESS:
        named = custody_objects.naming(tx, report.id)
        custody.add(tx, report.incident, Act.REQUESTED, now, digest=named, detail=right.value)


def erase(tx: Transaction, vault: Vault, reference: str, person: UUID, referred: bool, now: datetime) -> bool:
    """
    Erase a report for who may: its writer, or whoever has opened it by its code. Of one that was passed on, what leads
    to its writer. `referred` is what they were told of that.

    False, and nothing is done, where it is otherwise now. One that is gone or somebody else's is left as it is.
    """
    theirs = or_(reports.c.person == person, reports.c.disclosure == "anonymous")
    report = tx.execute(select(reports.c.id).where(reports.c.reference == reference, theirs)).scalar()
    row = report and erasing.lock(tx, report)
    if not report or row is None:
        return True
    if tx.execute(select(passed_on()).where(reports.c.id == report)).scalar_one() != referred:
        return False
    if not referred:
        erasing.erase(tx, vault, report, now)
    elif row.person:
        part(tx, report, row.person)
        tombstones.bury(tx, vault, reference, now, What.WAY if row.disclosure == "identified" else What.PERSON)
        custody.add(tx, row.incident, Act.ERASED, now, detail="way")  # names no parcel: none of them is erased
    return True


def part(tx: Transaction, report: UUID, person: UUID | None) -> None:
    """Let nothing here lead from a report to who wrote it; what is sealed stays as it is."""
    tx.execute(update(reports).where(reports.c.id == report).values(person=None, notify=False, fresh=True))
    tx.execute(delete(notices).where(notices.c.report == report))
    tx.execute(delete(questions).where(questions.c.report == report, ~questions.c.answered))
    tx.execute(update(fetches).where(fetches.c.report == report).values(address=None, fresh=True))
    if person:
        erasing.cut(tx, person)


def listing(tx: Transaction, *, done: bool = False) -> list[dict[str, str | int | None]]:
    """What citizens ask of the desk, the soonest due first; with those that were answered where `done`."""
    facts = [reports.c[name] for name in ("reference", "category", "channel", "locale", "disclosure", "state")]
    columns = [requests.c[name] for name in ("id", "kind", "asked_at", "due_at", "done_at")]
    asked = select(*columns, *facts, incidents.c.number.label("incident")).join_from(requests, reports)
    asked = asked.join(incidents, incidents.c.id == reports.c.incident)
    wanted = asked.where(true() if done else requests.c.done_at.is_(None))
    return [_facts(row._asdict()) for row in tx.execute(wanted.order_by(requests.c.due_at, requests.c.id))]


def done(tx: Transaction, id: UUID, now: datetime, actor: str) -> bool:
    """Note that the desk has answered; False if there is no such request, or it was answered before."""
    answered = update(requests).where(requests.c.id == id, requests.c.done_at.is_(None))
    row = tx.execute(answered.values(done_at=now, fresh=True).returning(requests.c.report, requests.c.kind)).first()
    if row is None:
        return False
    incident = tx.execute(select(reports.c.incident).where(reports.c.id == row.report)).scalar_one()
    named = custody_objects.naming(tx, row.report)
    custody.add(tx, incident, Act.SETTLED, now, actor=actor, digest=named, detail=row.kind)
    return True


def overdue(tx: Transaction, now: datetime) -> tuple[int, int]:
    """How many requests wait for the desk, and how many of them beyond their day."""
    waits = requests.c.done_at.is_(None)
    late = func.count().filter(requests.c.due_at <= now)
    row = tx.execute(select(func.count(), late).select_from(requests).where(waits)).one()
    return row[0], row[1]


def _count(*which: ColumnElement[bool]) -> Any:
    return select(func.count()).where(*which).correlate(reports).scalar_subquery()


def _facts(row: Mapping[str, Any]) -> dict[str, str | int | None]:
    moments = {
        name: row[name] and row[name].isoformat().replace("+00:00", "Z") for name in ("asked_at", "due_at", "done_at")
    }
    return {**row, **moments, "id": str(row["id"])}
