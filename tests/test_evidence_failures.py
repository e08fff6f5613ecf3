"""A file that does not come is tried again, then given up, and its reporter is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot import fetching
from bot.channel import SendFailed
from bot.fetching import discard, fetch, look_for_files, tell_not_fetched
from bot.house import House
from bot.wording import sentence
from conversations.model import Media
from conversations.texts import Text
from storage import db, tries
from storage.evidence import given_up_since
from storage.tables import discards, evidence, fetches, notices
from tests.doors import Telegrammer, client
from tests.evidence_house import (
    CHAT,
    JPEG,
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


@pytest.mark.parametrize("fault", [500, 502, 401, 403, 418, 429, 404, "cut"])
def test_a_download_that_fails_is_tried_again(house: House, providers: Providers, fault: int | str) -> None:
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo())
    providers.faults.append(fault)
    fetch(house, *ids(house))
    (row,) = rows(house, fetches)
    assert (row.attempts, row.fault) == (1, None)
    assert timedelta(0) < row.due_at - datetime.now(UTC) < timedelta(minutes=2)
    assert on_the_shelf(house) == []
    fetch(house, row.id)
    assert opened(house, report)[1] == JPEG


def test_a_download_shorter_than_told_is_tried_again(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"], providers.sizes["AgAC-photo"] = JPEG, len(JPEG) + 1
    file(house, photo())
    providers.faults.append("unmeasured")
    fetch(house, *ids(house))
    assert rows(house, evidence) == [] and rows(house, fetches)[0].attempts == 1


def test_a_provider_that_is_away_is_asked_less_and_less(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (502, "Bad Gateway")
    file(house, photo())
    waits = []
    for _ in range(9):
        fetch(house, *ids(house))
        waits.append(rows(house, fetches)[0].due_at - datetime.now(UTC))
    assert waits[0] < timedelta(minutes=2) and waits[-1] > timedelta(hours=2)
    assert rows(house, fetches)[0].fault is None


def test_a_wait_that_the_provider_asks_for_is_kept(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (429, "Too Many Requests: retry after 3000")
    file(house, photo())
    fetch(house, *ids(house))
    (row,) = rows(house, fetches)
    assert row.due_at - datetime.now(UTC) > timedelta(seconds=2900) and row.fault is None


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_larger_than_agreed_is_final_and_not_read_to_its_end(
    house: House, providers: Providers, monkeypatch: pytest.MonkeyPatch, announced: bool
) -> None:
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    handle = providers.media(1, bytes(5_000_000))
    if not announced:
        providers.faults.append("unmeasured")
    file(house, Media("video", handle), channel="whatsapp")
    fetch(house, *ids(house))
    (row,) = rows(house, fetches)
    assert (row.fault, row.sealed, row.address, row.file) == ("too-large", None, None, None)
    assert on_the_shelf(house) == []


def test_telegrams_own_word_that_a_file_is_too_large_is_final(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (400, "Bad Request: file is too big")
    file(house, photo())
    fetch(house, *ids(house))
    assert rows(house, fetches)[0].fault == "too-large"


def test_a_file_that_is_gone_is_given_up_at_the_third_try(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    file(house, photo())
    providers.faults.extend([404, 404, 404])
    for _ in range(3):
        fetch(house, *ids(house))
    assert rows(house, fetches)[0].fault == "gone"
    fetch(house, *ids(house))
    assert len(providers.downloads()) == 3


def test_what_did_not_come_in_a_day_is_given_up_and_counted(house: House, providers: Providers) -> None:
    handle = providers.media(1, JPEG)
    file(house, Media("photo", handle), channel="whatsapp", disclosure="anonymous")
    (row,) = rows(house, fetches)
    assert timedelta(hours=22) < row.forget_at - datetime.now(UTC) <= timedelta(hours=24)
    assert row.forget_at.minute == row.forget_at.second == 0
    make_due(house, fetches, forget_at=datetime.now(UTC) - timedelta(seconds=1))
    look_for_files(house)
    (row,) = rows(house, fetches)
    assert (row.fault, row.sealed, row.address) == ("late", None, None)
    with db.begin(house.engine) as tx:
        assert given_up_since(tx, datetime.now(UTC) - timedelta(days=7)) == {"late": 1}
        assert tries.waiting(tx, fetches) == 0
    discard(house, *ids(house, discards))
    assert providers.messages == {}  # nobody will fetch it any more


def test_an_anonymous_reports_chat_goes_when_the_first_try_fails(house: House, providers: Providers) -> None:
    for disclosure in ("anonymous", "confidential"):
        file(house, photo(disclosure), disclosure=disclosure)
    for row in rows(house, fetches):
        assert row.address is not None
        fetch(house, row.id)
    kept = sorted(row.address is not None for row in rows(house, fetches))
    assert kept == [False, True]


def test_who_left_a_way_back_is_told_once_when_all_files_are_settled(house: House, providers: Providers) -> None:
    providers.files["there"] = JPEG
    providers.refusals["getFile"] = (400, "Bad Request: file is too big")
    report = file(house, photo("first"), photo("second"), photo("there"))
    first, second, third = ids(house)
    fetch(house, first)
    fetch(house, second)
    assert told(house) == []
    providers.refusals.clear()
    fetch(house, third)
    assert told(house) == [str(report)]
    tell_not_fetched(house, report)
    (asked,) = providers.of("POST", "sendMessage")
    assert asked.form["chat_id"] == CHAT
    assert asked.form["text"] == Text.EVIDENCE_FAILED.value


def told(house: House) -> list[str]:
    return [argument for task, _, _, argument in jobs(house) if task == "not_fetched"]


def test_the_notice_waits_in_the_reporters_mailbox(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (400, "Bad Request: file is too big")
    report = file(house, photo())
    fetch(house, *ids(house))
    with db.begin(house.engine) as tx:
        mailbox = tx.exec_driver_sql("SELECT mailbox FROM ways").scalar_one()
    assert ("not_fetched", "files", str(mailbox), str(report)) in jobs(house)


def test_nobody_is_told_of_an_anonymous_report(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (400, "Bad Request: file is too big")
    report = file(house, photo(), disclosure="anonymous")
    fetch(house, *ids(house))
    assert told(house) == []
    tell_not_fetched(house, report)
    assert providers.of("POST", "sendMessage") == []


def test_a_notice_that_may_leave_later_is_tried_again_and_one_that_may_not_is_not(
    house: House, providers: Providers
) -> None:
    report = file(house, photo())
    providers.refusals["sendMessage"] = (502, "Bad Gateway")
    with pytest.raises(SendFailed):
        tell_not_fetched(house, report)
    providers.refusals["sendMessage"] = (403, "Forbidden: bot was blocked by the user")
    tell_not_fetched(house, report)
    (owed,) = rows(house, notices)  # it waits for their next message
    assert (owed.report, owed.fault) == (report, "not-wanted")


def test_whoever_opens_the_report_reads_that_something_did_not_arrive(house: House, providers: Providers) -> None:
    providers.refusals["getFile"] = (400, "Bad Request: file is too big")
    file(house, photo(), photo("other"))
    for row in ids(house):
        fetch(house, row)
    citizen = Telegrammer(client(house), id=int(CHAT))
    citizen.says("status")
    citizen.says("My reports")
    said = citizen.says("1")
    assert sentence("en", Text.FILES_LOST).format(count=2) in said


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("Bad Request: message can't be deleted for everyone", 0),
        ("Bad Request: message to delete not found", 0),
        ("Bad Gateway", 1),
    ],
)
def test_a_deletion_is_tried_again_while_it_can_help(house: House, providers: Providers, words: str, left: int) -> None:
    providers.refusals["deleteMessage"] = (400 if words.startswith("Bad Request") else 502, words)
    file(house, photo(number="41"), category="child_abuse")
    discard(house, *ids(house, discards))
    assert len(rows(house, discards)) == left
    if left:
        make_due(house, discards)
        look_for_files(house)
        assert [task for task, *_ in jobs(house)] == ["discard", "discard"]
        make_due(house, discards, forget_at=datetime.now(UTC) - timedelta(seconds=1))
        look_for_files(house)
        assert rows(house, discards) == []


def test_a_shelf_that_takes_nothing_is_our_own_trouble_and_tried_again(
    house: House, providers: Providers, caplog: pytest.LogCaptureFixture
) -> None:
    providers.files["AgAC-photo"] = JPEG
    file(house, photo())
    house.shelf.folder.parent.mkdir(exist_ok=True)
    house.shelf.folder.write_text("a file where a folder should be")
    fetch(house, *ids(house))
    assert rows(house, fetches)[0].attempts == 1
    assert "did not come: shelf-EEXIST, try 1" in caplog.text
    house.shelf.folder.unlink()
    fetch(house, *ids(house))
    assert rows(house, fetches) == []
