"""
The process that runs jobs until it is told to stop (`iblagh worker`).

Dying at any moment loses nothing: a job stays in the database until it is done, and the jobs of a worker that gives no
sign of life are taken up by the next one within seconds.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import psycopg
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.worker import Worker

from bot.answering import register_answers
from bot.chores import register_chores
from bot.fetching import register_files
from bot.house import House
from bot.jobs import register_cards
from bot.logs import about
from bot.notices import register_notices
from bot.numbers import HERE
from bot.queue import FILES, take_up
from bot.wiping import register_wipes
from storage import db
from storage.db import Away, Busy
from storage.waking import DEFAULT

log = logging.getLogger(__name__)

# Jobs at a time, each in a thread: they wait for Telegram and the database, not for a processor.
CONCURRENCY = 4
FILES_AT_ONCE = 2
CONNECTIONS = CONCURRENCY + FILES_AT_ONCE + 4
POLL = 1.0  # how late a job whose time has come may start; jobs for now are announced by the database
HEARTBEAT = 2.0
SILENT = 8.0  # four missed signs of life
TAKE_UP = 2.0  # with the two above, a dead worker's jobs run again within 15 s
GRACE = 4.0  # what running jobs get when we are told to stop
LAST_MOMENT = 6.0  # a call that still hangs then is cut off: its job is taken up, like a dead worker's
AGAIN = 2.0  # before the next try when the database is away


class Discreet(logging.Handler):
    """Procrastinate's own words hold every argument of a job; ours hold what happened, its id and a class name."""

    def emit(self, record: logging.LogRecord) -> None:
        job = getattr(record, "job", None) or {}
        fault = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "no exception"
        log.log(
            record.levelno,
            "queue: %s, job %s, %s",
            getattr(record, "action", record.name),
            job.get("id", "none"),
            fault,
        )


def run(house: House) -> None:
    """Run jobs until SIGTERM or SIGINT, and end within 10 s of it."""
    quieten()
    asyncio.run(_until_told(house))


def quieten() -> None:
    """Let nothing that Procrastinate says through but warnings and errors, and those without its words."""
    library = logging.getLogger("procrastinate")
    library.setLevel(logging.WARNING)
    library.handlers[:] = [Discreet()]
    library.propagate = False


async def _until_told(house: House) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, _stop, stop)
    connections: dict[str, Any] = {"min_size": 2, "max_size": CONNECTIONS, "configure": _by_key}
    app = App(connector=PsycopgConnector(conninfo=db.plain(house.url), **connections))
    register_answers(app, house)
    register_cards(app, house)
    register_files(app, house)
    register_notices(app, house)
    register_wipes(app, house)
    register_chores(app, house)
    log.info("worker starts")
    while not stop.is_set():
        try:
            await _work(app, house, stop)
        except (ConnectorException, psycopg.Error) as trouble:
            log.warning("the database is away: %s", type(trouble).__name__)
        if not stop.is_set():
            await _first(stop.wait(), asyncio.sleep(AGAIN))
    log.info("worker ends")


async def _by_key(connection: psycopg.AsyncConnection[Any]) -> None:
    """
    The queue is mostly empty, and to the planner then cheapest read whole and sorted: with six thousand jobs in it that took a
    second to find the next one.
    """
    await connection.execute("SET enable_seqscan = off")
    await connection.commit()


def _stop(stop: asyncio.Event) -> None:
    """Ask the worker to end, and see to it that no hanging call can keep the process."""
    stop.set()
    last = threading.Timer(LAST_MOMENT, os._exit, (0,))
    last.daemon = True
    last.start()


async def _work(app: App, house: House, stop: asyncio.Event) -> None:
    """Run the jobs of one connected stretch: until told to stop, or until the database goes away."""
    async with app.open_async():
        await _first(
            _jobs(app, DEFAULT, CONCURRENCY),
            _jobs(app, FILES, FILES_AT_ONCE),
            _take_up_the_dead(house),
            stop.wait(),
        )


async def _jobs(app: App, queue: str, at_once: int) -> None:
    """Run the jobs of one queue: no crowd in it holds up the other."""
    await app.run_worker_async(
        queues=[queue],
        concurrency=at_once,
        fetch_job_polling_interval=POLL,
        update_heartbeat_interval=HEARTBEAT,
        stalled_worker_timeout=SILENT,
        shutdown_graceful_timeout=GRACE,
        delete_jobs="successful",
        install_signal_handlers=False,
        task_middleware=[_noted],
    )


def _noted(go_on: Callable[[], Any], context: JobContext, worker: Worker) -> Any:
    """The lines of one job are found together, under its number."""
    about(f"job {context.job.id}")
    return go_on()


async def _first(*work: Coroutine[Any, Any, Any]) -> None:
    """Run these until one of them ends, then stop the others; raise what the one raised."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


async def _take_up_the_dead(house: House) -> None:
    """Every few seconds, give the jobs of silent workers to whoever lives."""
    while True:
        await asyncio.sleep(TAKE_UP)
        try:
            taken = await asyncio.to_thread(_taken_up, house)
        except (Away, Busy) as trouble:
            log.warning("cannot look for dead workers: %s", type(trouble).__name__)
            continue
        if taken:
            # Such a job may have sent its card without recording it: then the group sees that card twice.
            log.warning("jobs of a dead worker taken up: %d", taken)
            HERE.taken_up(taken)


def _taken_up(house: House) -> int:
    with db.begin(house.engine) as tx:
        return take_up(tx, SILENT)
