"""What comes round by itself does its work, and a database that is busy is no failure."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest
from procrastinate import App, PsycopgConnector
from sqlalchemy import func, insert, select, text, update

from bot import chores, queue
from bot.chores import CHORES, Chore, register_chores
from bot.house import House
from bot.jobs import show_next_card
from storage import db, retention
from storage.tables import deliveries, people
from storage.tables import incidents as incident_rows
from tests.bot_api import BotApi
from tests.card_house import LINK, api, file, forget_jobs, free, house, row, waiting

__all__ = ["api", "house"]  # fixtures


def test_everything_expired_is_forgotten_at_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    past = datetime.now(UTC) - timedelta(hours=1)
    with db.begin(house.engine) as tx:
        for number in range(7):
            mark = house.vault.mark("telegram", str(number))
            tx.execute(insert(deliveries).values(mark=mark, forget_at=past))
    by_two = retention.forget
    monkeypatch.setattr(retention, "forget", lambda tx, now: by_two(tx, now, 2))
    chores.forget(house)
    with db.begin(house.engine) as tx:
        assert tx.execute(select(func.count()).select_from(deliveries)).scalar_one() == 0


def test_a_card_loses_its_link_when_its_time_is_over(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    forget_jobs(house)
    with db.begin(house.engine) as tx:
        tx.execute(update(incident_rows).values(link_until=datetime.now(UTC) - timedelta(hours=1)))
    chores.forget(house)
    assert len(waiting(house)) == 1
    free(house)
    show_next_card(house, "moderators")
    assert LINK in api.forms("sendMessage")[0]["text"]
    assert LINK not in api.forms("editMessageText")[0]["text"]
    assert row(house, number).shown_version == 2


def test_what_was_written_is_blurred(house: House) -> None:
    file(house)
    chores.blur(house)
    with db.begin(house.engine) as tx:
        for table in (incident_rows, people):
            assert tx.execute(select(func.count()).where(table.c.fresh)).scalar_one() == 0


def test_an_hour_is_blurred_once_for_what_is_blurred_together_is_a_crowd(house: House) -> None:
    hour = db.hour(datetime.now(UTC)) + timedelta(hours=2)
    chores.blur(house, hour)
    file(house)
    for minutes, fresh in ((10, 1), (50, 1), (60, 0)):
        chores.blur(house, hour + timedelta(minutes=minutes))
        with db.begin(house.engine) as tx:
            assert tx.execute(select(func.count()).where(incident_rows.c.fresh)).scalar_one() == fresh


def test_blurring_comes_round_within_twenty_minutes_even_if_it_once_fails() -> None:
    (blur,) = (chore for chore in CHORES if chore.name == "blur")
    minutes = re.fullmatch(r"\*/([0-9]+) \* \* \* \*", blur.when)
    assert minutes is not None and 2 * int(minutes[1]) <= 20


def test_failed_jobs_are_dropped_after_their_time(house: House) -> None:
    with db.begin(house.engine) as tx:
        for days in (29, 31):
            values = {"at": datetime.now(UTC) - timedelta(days=days)}
            tx.execute(
                text(
                    "WITH job AS (INSERT INTO procrastinate_jobs (queue_name, task_name, status, attempts)"
                    " VALUES ('default', 'card', 'failed', 1) RETURNING id)"
                    " INSERT INTO procrastinate_events (job_id, type, at) SELECT id, 'failed', :at FROM job"
                ),
                values,
            )
    chores.tidy(house)
    with db.begin(house.engine) as tx:
        assert len(queue.failed(tx)) == 1


def test_a_chore_runs_in_a_worker_and_comes_round_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def busy(house: House) -> None:
        ran.append("busy")
        raise db.Busy("55P03")

    seconds = "* * * * * *"  # a sixth field counts seconds
    monkeypatch.setattr(chores, "CHORES", (Chore("busy", seconds, busy),))

    async def run() -> None:
        app = App(connector=PsycopgConnector(conninfo=db.plain(house.url)))
        register_chores(app, house)
        async with app.open_async():
            working = app.run_worker_async(delete_jobs="successful", install_signal_handlers=False)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(working, 3.5)

    asyncio.run(run())
    assert len(ran) >= 2
    with db.begin(house.engine) as tx:
        assert queue.failed(tx) == []
