"""A group on a test's database that is told whatever it is owed, as fast as it comes; and time that passes for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from bot.alerts import next_piece
from bot.house import House, open_house
from bot.jobs import show_next_card
from bot.moderators import settle
from storage import db
from storage.tables import incidents, rings, waves
from tests.bot_api import BotApi
from tests.card_house import environment, forget_jobs, free
from tests.storage_samples import emptied


@pytest.fixture
def house(module_database_url: str, api: BotApi) -> Iterator[House]:
    made = open_house(environment(module_database_url, api))
    with emptied(module_database_url), db.begin(made.engine) as tx:
        settle(tx, made)
    forget_jobs(made)
    yield made
    if made.telegram:
        made.telegram.close()
    made.engine.dispose()


def drained(house: House, group: str = "moderators", most: int = 200) -> None:
    """Whatever the group is owed now, as fast as it comes."""
    for _ in range(most):
        with db.begin(house.engine) as tx:
            if next_piece(tx, house, group, datetime.now(UTC)) is None:
                return
        free(house)
        show_next_card(house, group)
    raise AssertionError("it never ends")


def sql(house: House, statement: str, **values: object) -> list[Any]:
    with db.begin(house.engine) as tx:
        found = tx.execute(text(statement), values)
        return list(found) if found.returns_rows else []


def minutes_pass(house: House, minutes: int) -> None:
    """What is kept as a moment lies so much further back."""
    with db.begin(house.engine) as tx:
        tx.execute(update(rings).values(at=rings.c.at - timedelta(minutes=minutes)))
        tx.execute(update(waves).values(edited_at=waves.c.edited_at - timedelta(minutes=minutes)))


def reported(house: House, number: int, reports: int) -> None:
    with db.begin(house.engine) as tx:
        new = {"reports": reports, "wanted_version": incidents.c.wanted_version + 1}
        tx.execute(update(incidents).where(incidents.c.number == number).values(**new))


def sent(api: BotApi) -> list[str]:
    return [form["text"] for form in api.forms("sendMessage")]
