"""Whether a process is ready to serve, and its numbers. Nothing here says who wrote or what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from flask import Response

from bot.house import House
from bot.numbers import HERE
from bot.prometheus import TYPE, Sample, sample, written
from bot.queue import worker_silent
from bot.tally import Tally
from conversations.categories import Severity
from storage import db, gauges
from storage.db import Away, Busy, Transaction
from storage.embedded import NoDatabase
from storage.gauges import Standing
from storage.schema import Incompatible, compatible

SILENT = 10  # seconds after which a worker counts as gone


def ready(house: House) -> Response:
    """200 where the database answers and has our schema, else 503 with one line."""
    try:
        compatible(house.engine)
    except (Away, Busy, NoDatabase):
        return _line("the database is away", 503)
    except Incompatible as reason:
        return _line(str(reason), 503)
    return _line("ready", 200)


def metrics(house: House) -> Response:
    """Prometheus text: what the processes behind this address counted, and what the database counts."""
    samples = list(HERE.samples())
    try:
        with db.begin(house.engine) as tx:
            samples += _of_the_database(tx, house.tally, datetime.now(UTC))
    except (Away, Busy, NoDatabase):
        samples.append(sample("iblagh_database_up", 0))
    return Response(written(samples), 200, content_type=TYPE)


def _of_the_database(tx: Transaction, tally: Tally, now: datetime) -> list[Sample]:
    """All of it or nothing: half a scrape would look like an empty queue."""
    found = [sample("iblagh_database_up", 1), sample("iblagh_worker_silent", worker_silent(tx, SILENT))]
    found += [sample(f"iblagh_{name}", count) for name, count in gauges.owed(tx, now)]
    found += [
        sample("iblagh_done_timestamp_seconds", done.timestamp(), what=name) for name, done in gauges.done(tx).items()
    ]
    return [*found, *_queues(tx), *_incidents(tally.standings(tx))]


def _queues(tx: Transaction) -> Iterator[Sample]:
    for queue in gauges.queues(tx):
        yield sample("iblagh_jobs_due", queue.due, task=queue.task)
        yield sample("iblagh_jobs_due_seconds", queue.seconds, task=queue.task)
    for task, count in gauges.failed(tx).items():
        yield sample("iblagh_jobs_failed", count, task=task)


def _incidents(standings: Iterable[Standing]) -> Iterator[Sample]:
    for one in standings:
        kind = {"state": one.state, "severity": Severity(one.severity).name.lower()}
        yield sample("iblagh_incidents", one.incidents, **kind)
        yield sample("iblagh_incident_reports", one.reports, **kind)


def _line(words: str, status: int) -> Response:
    return Response(words + "\n", status, mimetype="text/plain")
