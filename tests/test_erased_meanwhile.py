"""A report that is erased, by time or from another phone, while a message about it is being answered: the turn is made anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from bot import following
from bot.house import House
from storage import db, erasing
from storage.tables import reports
from tests import doors
from tests.doors import Telegrammer, client
from tests.storage_samples import count, emptied
from tests.test_rights import sends

LATER = (  # what was said before, and what is said while it goes
    (("1", "add"), "It was on Tuesday."),
    (("1",), "/mydata"),
    (("1", "/correct"), "It was on Monday."),
    (("1", "/object"), "Not my words."),
    (("1", "who I am", "anonymous"), "yes"),
)


@pytest.fixture
def home(module_database_url: str) -> Iterator[House]:
    with emptied(module_database_url):
        made = doors.house(module_database_url)
        yield made
        made.engine.dispose()


@pytest.mark.parametrize(("before", "said"), LATER, ids=[said for _, said in LATER])
def test_no_message_about_it_fails(
    home: House, monkeypatch: pytest.MonkeyPatch, before: tuple[str, ...], said: str
) -> None:
    citizen = Telegrammer(client(home))
    sends(citizen, "confidential")
    for words in ("status", "my reports", *before):
        citizen.says(words)
    real, erased = following.as_it_is, list[tuple[UUID, ...]]()

    def read_and_then_erased(tx: db.Transaction, *rest: Any) -> Any:
        read = real(tx, *rest)
        if not erased:
            with db.begin(home.engine) as other:
                report = other.execute(select(reports.c.id)).scalar_one()
                erased.append(erasing.erase(other, home.vault, report, datetime.now(UTC), "time"))
        return read

    monkeypatch.setattr(following, "as_it_is", read_and_then_erased)
    assert citizen.says(said)
    assert erased and citizen.says("help")
    with db.begin(home.engine) as tx:
        assert count(tx, reports) == 0
