"""A report is erased while its files are on their way: nothing of them stays, and nobody is told of what is gone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot import expiry
from bot.fetching import fetch, tell_not_fetched
from bot.house import House
from storage import chats, db, erasing, people
from storage import evidence as rows_of
from storage.tables import evidence, evidence_keys, fetches, notices, removals
from tests.evidence_house import CHAT, JPEG, file, house, ids, on_the_shelf, photo, providers, rows
from tests.providers import Providers, until

__all__ = ["house", "providers"]  # fixtures


def erase(house: House, report: UUID) -> None:
    with db.begin(house.engine) as tx:
        erasing.erase(tx, house.vault, report, datetime.now(UTC))


def test_a_file_that_comes_after_its_report_was_erased_is_not_kept(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo())
    providers.flows.clear()
    fetching = threading.Thread(target=fetch, args=(house, *ids(house)))
    fetching.start()
    until(providers.downloads)
    erase(house, report)
    (owed,) = rows(house, removals)
    assert owed.due_at > datetime.now(UTC), "the try that has begun may still write there"
    providers.flows.set()
    fetching.join(20)
    assert not fetching.is_alive() and on_the_shelf(house) == []
    assert [rows(house, table) for table in (fetches, evidence, evidence_keys)] == [[], [], []]


def test_what_a_try_that_died_left_is_removed_in_time(house: House, providers: Providers) -> None:
    report = file(house, photo())
    with db.begin(house.engine) as tx:
        wanted = rows_of.begin(tx, house.vault, house.shelf, ids(house)[0], datetime.now(UTC))
    assert wanted
    erase(house, report)
    house.shelf.put(wanted.file, [b"sealed, and nobody records it"])
    expiry.remove_files(house)
    assert on_the_shelf(house)
    with db.begin(house.engine) as tx:
        tx.execute(removals.update().values(due_at=datetime.now(UTC) - timedelta(hours=1)))
    expiry.remove_files(house)
    assert on_the_shelf(house) == [] and rows(house, removals) == []


def test_nobody_is_told_of_the_files_of_an_erased_report(house: House, providers: Providers) -> None:
    report = file(house, photo())
    erase(house, report)
    tell_not_fetched(house, report)
    assert providers.of("POST", "sendMessage") == [] and rows(house, notices) == []


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_what_tells_of_files_is_deleted_with_the_chat_where_a_bot_may(
    house: House, providers: Providers, channel: str
) -> None:
    report = file(house, photo(), channel=channel)
    tell_not_fetched(house, report)
    whom = {"telegram": ("id", CHAT), "whatsapp": ("phone", "+212655443322")}[channel]
    with db.begin(house.engine) as tx:
        person = people.lock(tx, house.vault, channel, [whom])
        assert len(chats.take(tx, house.vault, person, datetime.now(UTC))) == (channel == "telegram")
