"""Whether a process is ready to serve, and its numbers. Nothing here says who wrote or what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response
from sqlalchemy import text

from bot.queue import worker_silent
from storage import db, deliveries
from storage.db import Away, Busy
from storage.schema import Incompatible, compatible

if TYPE_CHECKING:
    from bot.doors import Doors
    from bot.house import House

SILENT = 10  # seconds after which a worker counts as gone

GAUGES = {
    "iblagh_reports": "SELECT count(*) FROM reports",
    "iblagh_incidents": "SELECT count(*) FROM incidents",
    "iblagh_cards_stale": "SELECT count(*) FROM incidents WHERE shown_version < wanted_version",
    "iblagh_answers_waiting": "SELECT count(*) FROM answers WHERE stage <> 2",  # 2: left
    "iblagh_jobs_waiting": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'",
    "iblagh_jobs_failed": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'",
}


def ready(house: House) -> Response:
    """200 where the database answers and has our schema, else 503 with one line."""
    try:
        compatible(house.engine)
    except (Away, Busy):
        return _line("the database is away", 503)
    except Incompatible as reason:
        return _line(str(reason), 503)
    return _line("ready", 200)


def metrics(house: House, doors: Doors) -> Response:
    """Prometheus text: this process's answers by door and outcome, and what the database counts."""
    rows = [
        f'iblagh_answers_total{{door="{door}",outcome="{what}"}} {n}'
        for (door, what), n in sorted(doors.counts.items())
    ]
    try:
        with db.begin(house.engine) as tx:
            rows += [f"{name} {tx.execute(text(query)).scalar_one()}" for name, query in GAUGES.items()]
            rows.append(f"iblagh_deliveries_parked {deliveries.parked_count(tx)}")
            rows.append(f"iblagh_worker_silent {int(worker_silent(tx, SILENT))}")
    except (Away, Busy):
        rows.append("iblagh_database_away 1")
    return _line("\n".join(rows), 200)


def _line(words: str, status: int) -> Response:
    return Response(words + "\n", status, mimetype="text/plain")
