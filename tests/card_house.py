"""A house with two groups, a database and a Bot API that does as it is told; and what tests of cards do there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from procrastinate import App, PsycopgConnector
from sqlalchemy import text, update

from bot import jobs, queue
from bot.house import House, open_house
from bot.moderators import settle
from conversations.categories import CATEGORIES
from storage import db, joining, keys
from storage.joining import Coming, Handling
from storage.tables import groups
from storage.tables import incidents as incident_rows
from tests.bot_api import BotApi

MODERATORS, RESTRICTED = "-1001000000001", "-1001000000002"
LINK = "hxxps://shop[.]example/fake-phones"
KEYS = keys.generate().environment


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api
        api.held.set()
        api.shutdown()


@pytest.fixture
def house(database_url: str, api: BotApi) -> Iterator[House]:
    made = open_house(environment(database_url, api))
    with db.begin(made.engine) as tx:
        settle(tx, made)
    yield made
    if made.telegram:
        made.telegram.close()
    made.engine.dispose()


def environment(database_url: str, api: BotApi) -> dict[str, str]:
    """What `iblagh worker` needs in its environment, Bot API included."""
    return {
        **KEYS,
        "DATABASE_URL": database_url,
        "TELEGRAM_TOKEN": "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "TELEGRAM_WEBHOOK_SECRET": "between-us",
        "TELEGRAM_API_BASE": api.address,
        "TELEGRAM_MODERATORS_CHAT_ID": MODERATORS,
        "TELEGRAM_RESTRICTED_CHAT_ID": RESTRICTED,
        "OPERATOR_NAME": "Office",
        "OPERATOR_CONTACT": "desk@office.example",
        "OPERATOR_URL": "https://office.example",
        "LANGUAGES": "en",
    }


def file(house: House, category: str = "scam", group: str = "moderators") -> int:
    """An incident and its card job, in one transaction, as filing a report makes them; its number."""
    now = datetime.now(UTC)
    handling = Handling(
        severity=CATEGORIES[category].severity, group=group, link=LINK, link_until=now + timedelta(days=30)
    )
    with db.begin(house.engine) as tx:
        opened = joining.join(
            tx, house.vault, Coming(category, "facebook"), handling, now
        )  # fmt: skip
        queue.defer_card(tx, group)
    return opened.number


def change(house: House, number: int) -> None:
    """Another report of the same incident: its card is to be edited."""
    more = {"reports": incident_rows.c.reports + 1, "wanted_version": incident_rows.c.wanted_version + 1}
    with db.begin(house.engine) as tx:
        tx.execute(update(incident_rows).where(incident_rows.c.number == number).values(**more))
        queue.defer_card(tx, "moderators")


def free(house: House) -> None:
    """Let the groups be called at once, so that a test need not wait out their pace."""
    with db.begin(house.engine) as tx:
        tx.execute(update(groups).values(free_at=datetime.now(UTC) - timedelta(minutes=1)))


def waiting(house: House) -> list[dict[str, Any]]:
    """The card jobs there are: arguments, lock, status, seconds until they may start."""
    asked = "SELECT *, extract(epoch FROM scheduled_at - now()) AS starts FROM procrastinate_jobs ORDER BY id"
    with db.begin(house.engine) as tx:
        return [dict(row) for row in tx.execute(text(asked)).mappings()]


def forget_jobs(house: House) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(text("TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers"))


def row(house: House, number: int) -> Any:
    with db.begin(house.engine) as tx:
        return tx.execute(incident_rows.select().where(incident_rows.c.number == number)).one()


def drain(house: House, seconds: float) -> None:
    """A worker in this process, for so long: cards only."""

    async def run() -> None:
        app = App(connector=PsycopgConnector(conninfo=db.plain(house.url)))
        jobs.register_cards(app, house)
        async with app.open_async():
            working = app.run_worker_async(
                fetch_job_polling_interval=0.1, delete_jobs="successful", install_signal_handlers=False
            )
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(working, seconds)

    asyncio.run(run())


def until(happened: Any, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
