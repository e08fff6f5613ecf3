"""The worker as a process: killed, stopped, cut off from its database, it loses nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from bot import queue
from bot.house import House
from storage import db
from storage.waking import CARD
from tests import forks
from tests.bot_api import BotApi, refused
from tests.card_house import MODERATORS, api, environment, file, house, row, until, waiting

__all__ = ["api", "house"]  # fixtures

TAKEN_UP_WITHIN = 15.0
ENDS_WITHIN = 10.0

Start = Callable[[], forks.Process]


@pytest.fixture
def start(database_url: str, api: BotApi, tmp_path: Path) -> Iterator[Start]:
    """Starts `iblagh worker`, as often as asked; what it logs goes to one file."""
    with ExitStack() as held:
        log = held.enter_context((tmp_path / "log").open("ab"))

        def run() -> forks.Process:
            environ = {**os.environ, **environment(database_url, api), "LOG_LEVEL": "DEBUG"}
            process = forks.start("worker", environ=environ, error=log.fileno())
            held.callback(process.wait)
            held.callback(process.kill)
            return process

        yield run


def test_a_card_leaves_at_once(house: House, api: BotApi, start: Start) -> None:
    start()
    until(lambda: not silent(house), 20)
    begun = time.monotonic()
    number = file(house)
    until(lambda: row(house, number).shown_version == 1)
    assert time.monotonic() - begun < 2
    until(lambda: waiting_cards(house) == [])


def test_the_jobs_of_a_killed_worker_are_taken_up(house: House, api: BotApi, start: Start, tmp_path: Path) -> None:
    """Killed in the midst of a call, which is the one moment when a card may be sent twice."""
    first = start()
    until(lambda: not silent(house), 20)
    api.held.clear()
    number = file(house)
    until(lambda: len(api.calls) == 1)
    start()
    until(lambda: workers(house) == 4, 20)  # each process has one for files
    first.kill()
    died = time.monotonic()
    api.held.set()
    until(lambda: row(house, number).shown_version == 1, TAKEN_UP_WITHIN)
    assert time.monotonic() - died < TAKEN_UP_WITHIN
    assert [form["chat_id"] for form in api.forms("sendMessage")] == [int(MODERATORS)] * 2
    until(lambda: waiting_cards(house) == [])
    until(lambda: "jobs of a dead worker taken up: " in (tmp_path / "log").read_text(), 5)


def test_it_ends_when_told_to_and_leaves_a_hanging_call(house: House, api: BotApi, start: Start) -> None:
    process = start()
    until(lambda: not silent(house), 20)
    api.held.clear()
    number = file(house)
    until(lambda: len(api.calls) == 1)
    process.terminate()
    assert process.wait(ENDS_WITHIN) == 0
    api.held.set()
    start()
    until(lambda: row(house, number).shown_version == 1, TAKEN_UP_WITHIN + 5)


def test_it_ends_at_once_when_idle(house: House, start: Start) -> None:
    process = start()
    until(lambda: not silent(house), 20)
    process.terminate()
    begun = time.monotonic()
    assert process.wait(ENDS_WITHIN) == 0
    assert time.monotonic() - begun < 3
    assert silent(house)


def test_it_outlives_its_connections(house: House, api: BotApi, start: Start, database_url: str) -> None:
    process = start()
    until(lambda: not silent(house), 20)
    cut_off(database_url)
    number = file(house)
    until(lambda: row(house, number).shown_version == 1, 20)
    assert process.poll() is None


def test_its_log_holds_no_argument_and_no_token(house: House, api: BotApi, start: Start, tmp_path: Path) -> None:
    start()
    api.faults.extend([None, refused(500, "Internal Server Error")])
    number = file(house)
    until(lambda: row(house, number).shown_version == 1, 30)
    log = (tmp_path / "log").read_text()
    assert f"incident {number}: card not shown: network" in log
    for secret in ("shop", "AAAAAAAA", MODERATORS, "group=", "between-us"):
        assert secret not in log


def silent(house: House) -> bool:
    with db.begin(house.engine) as tx:
        return queue.worker_silent(tx, 10)


def workers(house: House) -> int:
    with db.begin(house.engine) as tx:
        return int(tx.execute(text("SELECT count(*) FROM procrastinate_workers")).scalar_one())


def waiting_cards(house: House) -> list[object]:
    return [job for job in waiting(house) if job["task_name"] == CARD]


def cut_off(database_url: str) -> None:
    """Break every connection to the database but our own, as its restart does."""
    with psycopg.connect(db.plain(database_url), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
