"""What monitoring counts: queues, incidents, what is owed. Numbers of rows, and nothing of any one of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, text

from storage import deliveries, rights, tries
from storage.answers import Stage
from storage.db import Transaction
from storage.notices import NOT_LEFT
from storage.tables import answers, discards, fetches, incidents, notices, upkeep
from storage.unsettled import DUE_IN, GROUPS

OVERDUE = timedelta(minutes=10)  # the looking-for and the rate let each leave within some minutes of its time

# A job that was never put off is as old as the moment it was deferred, which only its first event tells.
DUE = text(
    """
    SELECT due.task_name AS task, due.count, EXTRACT(epoch FROM clock_timestamp() - least(due.since,
        (SELECT min(at) FROM procrastinate_events WHERE job_id = due.oldest AND type = 'deferred'))) AS seconds
    FROM (SELECT task_name, count(*), min(id) FILTER (WHERE scheduled_at IS NULL) AS oldest, min(scheduled_at) AS since
        FROM procrastinate_jobs WHERE status = 'todo' AND coalesce(scheduled_at, '-infinity') <= clock_timestamp()
        GROUP BY task_name) AS due
    """
)
WHOLE = text("SET LOCAL enable_seqscan = on")  # doors ask for single rows by their keys, and it is off there
FAILED = text("SELECT task_name AS task, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY task_name")


class Queue(NamedTuple):
    """A task's jobs whose time has come: how many, and for how many seconds the oldest has been due."""

    task: str
    due: int
    seconds: float


class Standing(NamedTuple):
    """How many incidents are in one state with one severity, and how many reports they gather."""

    state: str
    severity: int
    incidents: int
    reports: int


def queues(tx: Transaction) -> list[Queue]:
    """What waits for a worker now, by task."""
    return [Queue(row.task, int(row[1]), max(0.0, float(row.seconds or 0))) for row in tx.execute(DUE)]


def failed(tx: Transaction) -> dict[str, int]:
    """Jobs that were given up, by task."""
    return {row.task: int(row[1]) for row in tx.execute(FAILED)}


def standings(tx: Transaction) -> list[Standing]:
    """All incidents but those that were merged into another: reads every one, in the order in which they lie."""
    tx.execute(WHOLE)
    kinds = (incidents.c.state, incidents.c.severity)
    counts = (func.count(), func.sum(incidents.c.reports))
    rows = tx.execute(select(*kinds, *counts).where(incidents.c.merged_into.is_(None)).group_by(*kinds))
    return [Standing(state, severity, int(count), int(reports)) for state, severity, count, reports in rows]


def owed(tx: Transaction, now: datetime) -> Iterator[tuple[str, int]]:
    """What is owed to somebody: its name, and how much of it."""
    stale = DUE_IN.in_(GROUPS) & (incidents.c.shown_version < incidents.c.wanted_version)
    yield "cards_stale", _count(tx, stale)
    yield "cards_failed", _count(tx, incidents.c.fault_version.is_not(None))
    due = notices.c.fault.is_(None) & notices.c.stage.in_(NOT_LEFT)
    yield "notices_due", _count(tx, due & (notices.c.due_at <= now))
    yield "notices_overdue", _count(tx, due & (notices.c.due_at <= now - OVERDUE))
    yield "answers_waiting", _count(tx, answers.c.stage != Stage.LEFT)
    yield "files_waiting", sum(tries.waiting(tx, table) for table in (fetches, discards))
    yield "deliveries_parked", deliveries.parked_count(tx)
    waiting, late = rights.overdue(tx, now)
    yield from (("requests_waiting", waiting), ("requests_overdue", late))


def done(tx: Transaction) -> dict[str, datetime]:
    """When each thing that comes round by itself was last done."""
    ever = select(upkeep.c.name, upkeep.c.done_at).where(upkeep.c.done_at.is_not(None))
    return {row.name: row.done_at for row in tx.execute(ever)}


def _count(tx: Transaction, which: ColumnElement[bool]) -> int:
    return tx.execute(select(func.count()).where(which)).scalar_one()
