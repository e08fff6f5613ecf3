"""Figures for the moderators' group: what waits, since when, what is new; nothing of a single report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select

from storage import waiting
from storage.alerts import OPEN, unclaimed
from storage.db import Transaction, hour
from storage.tables import incidents, reports

DAY = timedelta(hours=24)


class Figures(NamedTuple):
    """How a group's work stands. `median`: minutes to first action, None where nothing was acted on lately."""

    incidents: int  # new in the last 24 hours
    reports: int
    kinds: Mapping[str, int]  # of the new incidents
    waiting: int
    severe: int  # of those that wait
    oldest: datetime | None  # of them, to the hour
    in_work: int
    median: int | None


class Listed(NamedTuple):
    """An incident in a list."""

    number: int
    severity: int
    category: str
    state: str
    reports: int
    opened_at: datetime
    card_group: str
    message: str


def figures(tx: Transaction, group: str, today: date, now: datetime) -> Figures:
    """How a group's work stands now."""
    ours, since = incidents.c.card_group == group, hour(now) - DAY
    kinds = select(incidents.c.category, func.count().label("count")).where(ours, incidents.c.opened_at >= since)
    new = {row.category: int(row._mapping["count"]) for row in tx.execute(kinds.group_by(incidents.c.category))}
    told = select(func.count()).join_from(reports, incidents).where(ours, reports.c.received_at >= since)
    idle = (
        func.count().filter(unclaimed()).label("waiting"),
        func.count().filter(unclaimed(), incidents.c.severity > 0).label("severe"),
        func.min(incidents.c.opened_at).filter(unclaimed()).label("oldest"),
        func.count().filter(~unclaimed()).label("in_work"),
    )
    row = tx.execute(select(*idle).where(ours, OPEN, incidents.c.merged_into.is_(None))).one()
    return Figures(
        incidents=sum(new.values()),
        reports=tx.execute(told).scalar_one(),
        kinds=dict(sorted(new.items(), key=lambda pair: (-pair[1], pair[0]))),
        waiting=row.waiting,
        severe=row.severe,
        oldest=row.oldest,
        in_work=row.in_work,
        median=waiting.median(tx, group, today - DAY),
    )


def queue(tx: Transaction, group: str, most: int) -> Sequence[Listed]:
    """What waits to be taken, the gravest first, then the oldest."""
    asked = _listed().where(incidents.c.card_group == group, OPEN, unclaimed())
    return _read(tx, asked.order_by(incidents.c.severity.desc(), incidents.c.number).limit(most))


def one(tx: Transaction, groups: Sequence[str], number: int) -> Listed | None:
    """An incident by its number, if one of these groups works it."""
    found = _read(tx, _listed().where(incidents.c.number == number, incidents.c.card_group.in_(groups)))
    return found[0] if found else None


def _listed() -> Select[Any]:
    columns = (
        incidents.c.number, incidents.c.severity, incidents.c.category, incidents.c.state, incidents.c.reports,
        incidents.c.opened_at, incidents.c.card_group, func.coalesce(incidents.c.card_message, "").label("message"),
    )  # fmt: skip
    return select(*columns)


def _read(tx: Transaction, asked: Select[Any]) -> Sequence[Listed]:
    return [Listed(**row._mapping) for row in tx.execute(asked)]
