"""What is not taken does not stay at the provider, and what was taken leads nowhere and to no desk that it should not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.chores import forget
from bot.evidence import release_expired
from bot.fetching import discard, fetch, look_for_files, withdraw_files
from bot.house import House
from conversations.files import MOST_FILES
from storage import db, withdrawing
from storage.opening import Desk
from storage.sealed import Format, Sealed
from storage.tables import discards, evidence, fetches, sessions
from storage.vault import ForAnotherKey
from tests import doors
from tests.doors import Telegrammer, Whatsapper, client
from tests.evidence_house import (
    CHAT,
    JPEG,
    categorise,
    file,
    house,
    ids,
    jobs,
    make_due,
    on_the_shelf,
    opened,
    photo,
    providers,
    rows,
)
from tests.providers import Providers

__all__ = ["house", "providers"]  # fixtures


def sends(citizen: Whatsapper, providers: Providers, number: int, caption: str = "") -> str:
    """A picture in a message of its own, which Twilio keeps until it is deleted there."""
    address = providers.media(number, JPEG, message=number)
    return citizen.says(caption, NumMedia="1", MediaUrl0=address, MediaContentType0="image/jpeg")


def let_go(house: House) -> None:
    for row in ids(house, discards):
        discard(house, row)


def test_what_is_one_too_many_is_deleted_at_twilio(house: House, providers: Providers) -> None:
    citizen = Whatsapper(client(house))
    for number in range(1, MOST_FILES + 2):
        sends(citizen, providers, number, "these are my own words")
    let_go(house)
    assert set(providers.messages) == {f"MM{number:032x}" for number in range(1, MOST_FILES + 1)}
    assert providers.downloads() == []


@pytest.mark.parametrize("words", ["help", "stop", "IB-0000-0000-000", "privacy"])
def test_a_file_beside_a_command_is_deleted_at_twilio(house: House, providers: Providers, words: str) -> None:
    citizen = Whatsapper(client(house))
    citizen.says("hello")
    sends(citizen, providers, 1, words)
    let_go(house)
    assert providers.messages == {}


def test_on_telegram_a_message_whose_file_is_not_taken_stays_in_the_citizens_chat(
    house: House, providers: Providers
) -> None:
    citizen = Telegrammer(client(house))
    citizen.says("hello")
    size = {"file_size": 21_000_000}
    citizen.says("", document={"file_id": "d", "file_unique_id": "u", **size})
    assert rows(house, discards) == [] and providers.asked == []


def test_files_of_a_conversation_that_expired_are_deleted_at_twilio(house: House, providers: Providers) -> None:
    sends(Whatsapper(client(house)), providers, 1)
    picture = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 900}]
    Telegrammer(client(house)).says("", photo=picture)
    forget(house)
    assert len(rows(house, sessions)) == 2 and rows(house, discards) == []
    past = datetime.now(UTC) - timedelta(seconds=1)
    make_due(house, sessions, expires_at=past)
    forget(house)
    assert rows(house, sessions) == [] and len(rows(house, discards)) == 1
    let_go(house)
    assert providers.messages == {} and providers.of("POST") == []


def test_a_conversation_that_opens_no_more_is_forgotten_all_the_same(house: House) -> None:
    Whatsapper(client(house)).says("hello")
    with db.begin(house.engine) as tx:
        gone = Sealed(bytes([Format.STATE, 3]) + b"old" + bytes(60))
        tx.execute(update(sessions).values(sealed=gone, expires_at=datetime.now(UTC)))
        assert release_expired(tx, house, datetime.now(UTC)) == 1
    assert rows(house, sessions) == []


def test_an_anonymous_reports_chat_goes_with_the_first_try(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    seen: list[bool] = []
    providers.during = lambda: seen.extend(row.address is None for row in rows(house, fetches))
    report = file(house, photo(), disclosure="anonymous")
    assert [row.address is None for row in rows(house, fetches)] == [False]
    fetch(house, *ids(house))
    assert seen == [True]
    assert opened(house, report)[1] == JPEG


@pytest.mark.parametrize(("disclosure", "kept"), [("anonymous", 0), ("confidential", 1)])
def test_it_goes_within_the_hour_where_no_worker_tries(house: House, disclosure: str, kept: int) -> None:
    file(house, photo(), disclosure=disclosure)
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        assert withdrawing.forget_chats(tx, now.replace(minute=0)) == 0
        assert withdrawing.forget_chats(tx, now + timedelta(hours=1)) == 1 - kept
    assert [row.address is not None for row in rows(house, fetches)] == [bool(kept)]


def test_what_turns_out_to_be_of_a_child_is_given_up_at_once(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (502, "Bad Gateway")
    report = file(house, photo(number="41"), photo("other", number="42"))
    first, _ = ids(house)
    fetch(house, first)
    before = len(jobs(house))
    categorise(house, report, "child_abuse")
    look_for_files(house)
    assert len(jobs(house)) == before + 2  # neither waits for its next try
    for row in ids(house):
        fetch(house, row)
    let_go(house)
    assert rows(house, fetches) == []
    deleted = providers.of("POST", "deleteMessage")
    assert sorted((asked.form["chat_id"], asked.form["message_id"]) for asked in deleted) == [
        (CHAT, "41"),
        (CHAT, "42"),
    ]


def test_what_had_been_fetched_is_no_longer_for_the_general_desk(house: House, providers: Providers) -> None:
    providers.files |= {"AgAC-photo": JPEG, "other": JPEG}
    turned, same = file(house, photo()), file(house, photo("other"))
    for row in ids(house):
        fetch(house, row)
    withdraw_files(house)
    general = Desk(doors.NEW.desk["general"])
    assert opened(house, turned, desk=general)[1] == opened(house, same, desk=general)[1] == JPEG
    categorise(house, turned, "child_abuse")
    withdraw_files(house)
    withdraw_files(house)
    with pytest.raises(ForAnotherKey):
        opened(house, turned, desk=general)
    assert opened(house, same, desk=general)[1] == JPEG
    assert opened(house, turned, desk=Desk(doors.NEW.desk["recovery"]))[1] == JPEG
    assert len(rows(house, evidence)) == len(on_the_shelf(house)) == 2
