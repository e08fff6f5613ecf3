"""Files with real processes: fetched by a worker, taken up when it is killed, and never in the way of a card."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot import queue
from bot.house import House
from conversations.model import Media
from storage import db
from storage.tables import discards, evidence, fetches
from tests import doors, forks
from tests.evidence_house import environment, file, house, on_the_shelf, opened, photo, providers, rows
from tests.providers import Providers, until

__all__ = ["house", "providers"]  # fixtures

MARK = b"these bytes must never lie in clear "
LARGE = MARK * 100_000
TAKEN_UP_WITHIN = 20.0

Start = Callable[[], forks.Process]


@pytest.fixture
def start(house: House, providers: Providers, tmp_path: Path, database_url: str) -> Iterator[Start]:
    """Starts `iblagh worker`, as often as asked, and waits until it gives a sign of life; its log is one file."""
    with ExitStack() as held:
        log = held.enter_context((tmp_path / "log").open("ab"))
        given = {**os.environ, **doors.ENVIRONMENT, **environment(providers, tmp_path), "DATABASE_URL": database_url}

        def run() -> forks.Process:
            process = forks.start("worker", environ={**given, "LOG_LEVEL": "DEBUG"}, error=log.fileno())
            held.callback(process.wait)
            held.callback(process.kill)
            until(lambda: not silent(house))
            return process

        yield run


def silent(house: House) -> bool:
    with db.begin(house.engine) as tx:
        return queue.worker_silent(tx, 10)


def test_a_worker_fetches_keeps_and_has_deleted(house: House, providers: Providers, start: Start) -> None:
    start()
    report = file(house, Media("document", providers.media(1, LARGE)), channel="whatsapp")
    file(house, photo(number="41"), category="child_abuse")
    until(lambda: rows(house, evidence) and not rows(house, discards))
    assert opened(house, report)[1] == LARGE
    assert providers.messages == {}
    assert [asked.form["message_id"] for asked in providers.of("POST", "deleteMessage")] == ["41"]


def test_the_file_of_a_killed_worker_is_taken_up(
    house: House, providers: Providers, start: Start, tmp_path: Path
) -> None:
    providers.files["AgAC-photo"] = LARGE
    first = start()
    providers.flows.clear()
    report = file(house, photo())
    until(lambda: any(path.stat().st_size > 500_000 for path in on_the_shelf(house)))
    first.kill()
    first.wait(10)
    left = on_the_shelf(house)
    assert all(MARK[:12] not in path.read_bytes() for path in left)
    providers.flows.set()
    start()
    until(lambda: not rows(house, fetches), TAKEN_UP_WITHIN)
    assert opened(house, report)[1] == LARGE
    assert len(on_the_shelf(house)) == 1 and on_the_shelf(house) != left


def test_files_that_hang_hold_up_nobody_else(house: House, providers: Providers, start: Start, tmp_path: Path) -> None:
    for number in range(6):
        providers.files[f"file-{number}"] = LARGE
    process = start()
    providers.flows.clear()
    file(house, *(photo(f"file-{number}") for number in range(6)))
    until(lambda: len(providers.downloads()) == 2)
    with db.begin(house.engine) as tx:
        tx.exec_driver_sql(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'tidy', '{\"timestamp\": 1}')"
        )
    until(lambda: "tidy" not in tasks(house), 5)
    assert len(providers.downloads()) == 2
    process.terminate()
    assert process.wait(10) == 0
    providers.flows.set()
    log = (tmp_path / "log").read_text()
    for secret in ("file-", doors.TOKEN, "row=", "712345001", str(rows(house, fetches)[0].id)):
        assert secret not in log


def tasks(house: House) -> list[str]:
    with db.begin(house.engine) as tx:
        return list(tx.exec_driver_sql("SELECT task_name FROM procrastinate_jobs").scalars())
