"""Files of a filed report are fetched, sealed and forgotten at the provider; those that nobody may keep are deleted."""

from __future__ import annotations

import hashlib
import logging
import stat
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot import evidence as owing
from bot.fetching import discard, fetch, look_for_files
from bot.house import House
from conversations.model import Media
from storage import db
from storage.db import hour
from storage.tables import discards, evidence, evidence_keys, fetches
from tests import doors
from tests.evidence_house import (
    CHAT,
    JPEG,
    categorise,
    file,
    house,
    ids,
    jobs,
    make_due,
    message,
    on_the_shelf,
    opened,
    photo,
    providers,
    rows,
)
from tests.providers import ACCOUNT, AUTH, Providers

__all__ = ["house", "providers"]  # fixtures


def test_a_file_is_fetched_sealed_and_opened_by_the_desk_alone(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo()._replace(mime="application/x-msdownload"))
    (row,) = ids(house)
    assert jobs(house) == [("fetch", "files", str(row), str(row))]
    assert not providers.asked  # receiving makes no request
    fetch(house, row)
    facts, content = opened(house, report)
    assert content == JPEG
    assert facts["sha256"] == hashlib.sha256(JPEG).hexdigest()
    assert (facts["size"], facts["type"], facts["declared"]) == (len(JPEG), "image/jpeg", "application/x-msdownload")
    fetched = datetime.fromisoformat(facts["fetched"])
    assert fetched.tzinfo == UTC and datetime.now(UTC) - fetched < timedelta(minutes=1)
    assert rows(house, fetches) == []


def test_nothing_but_the_sealed_file_lies_on_the_shelf(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    file(house, photo())
    fetch(house, *ids(house))
    (path,) = on_the_shelf(house)
    (row,) = rows(house, evidence)
    assert path.name == row.file.hex
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_size == 1 + 65536 + 16  # the size is told to 64 KiB
    assert path.stat().st_mtime == hour(datetime.now(UTC)).timestamp()
    content = path.read_bytes()
    assert JPEG[:20] not in content and b"nobody sees" not in content
    assert hashlib.sha256(JPEG).digest() not in row.sealed


def test_each_report_has_its_own_exhibits(house: House, providers: Providers) -> None:
    for number in range(3):
        providers.files[f"file-{number}"] = JPEG + bytes([number])
    report = file(house, *(photo(f"file-{number}") for number in range(3)))
    for row in ids(house):
        fetch(house, row)
    assert [opened(house, report, exhibit)[1][-1] for exhibit in (1, 2, 3)] == [0, 1, 2]
    with db.begin(house.engine) as tx:
        known = tx.execute(select(func.count()).select_from(evidence_keys)).scalar_one()
    assert known == 3 * 2  # one key of the desk reads the queue, and recovery's all


def test_telegram_is_asked_with_its_token_and_the_citizens_message_stays(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    file(house, photo())
    fetch(house, *ids(house))
    assert [asked.path for asked in providers.asked] == [
        f"/bot{doors.TOKEN}/getFile",
        f"/file/bot{doors.TOKEN}/documents/AgAC-photo",
    ]
    assert rows(house, discards) == []


def test_a_file_of_twilio_is_fetched_with_credentials_that_no_other_host_sees(
    house: House, providers: Providers
) -> None:
    report = file(house, Media("photo", providers.media(1, JPEG), 0, "image/jpeg"), channel="whatsapp")
    fetch(house, *ids(house))
    assert opened(house, report)[1] == JPEG
    first, second = providers.asked
    assert (first.host, first.credentials) == ("127.0.0.1", f"{ACCOUNT}:{AUTH}")
    assert (second.host, second.credentials) == ("localhost", "")


def test_a_file_of_twilio_is_deleted_there_and_the_message_with_its_last(house: House, providers: Providers) -> None:
    media = [Media("photo", providers.media(number, JPEG), 0, "image/jpeg") for number in (1, 2)]
    file(house, *media, channel="whatsapp")
    for row in ids(house):
        fetch(house, row)
    first, second = ids(house, discards)
    discard(house, first)
    assert sum(map(len, providers.messages.values())) == 1
    discard(house, second)
    assert providers.messages == {}
    assert rows(house, discards) == []


@pytest.mark.parametrize(
    "handle",
    [
        f"https://evil.example/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/ME{0:032x}",
        f"https://api.twilio.com.evil.example/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/ME{0:032x}",
        f"https://api.twilio.com@evil.example/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/ME{0:032x}",
        f"http://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/ME{0:032x}",
        f"https://api.twilio.com:8443/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/ME{0:032x}",
        f"https://api.twilio.com/2010-04-01/Accounts/AC{1:032x}/Messages/MM{0:032x}/Media/ME{0:032x}",
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/../../../Keys.json",
        f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{0:032x}/Media/ME{0:032x}?to=evil",
        "https://[broken",
        "",
    ],
)
def test_an_address_that_is_not_ours_gets_no_request_at_all(house: House, providers: Providers, handle: str) -> None:
    file(house, Media("photo", handle or "-", 0, "image/jpeg"), channel="whatsapp")
    fetch(house, *ids(house))
    assert providers.asked == []
    assert [row.fault for row in rows(house, fetches)] == ["not-ours"]


@pytest.mark.parametrize("category", ["child_abuse", "sextortion"])
def test_a_category_without_media_has_them_deleted_unread(house: House, providers: Providers, category: str) -> None:
    providers.files["AgAC-photo"] = JPEG
    file(house, photo(number="41"), category=category, disclosure="anonymous")
    assert rows(house, fetches) == []
    (row,) = ids(house, discards)
    assert jobs(house) == [("discard", "files", str(row), str(row))]
    discard(house, row)
    (asked,) = providers.asked
    assert asked.path.endswith("/deleteMessage")
    assert asked.form == {"chat_id": CHAT, "message_id": "41"}
    assert rows(house, discards) == []


@pytest.mark.parametrize(("channel", "disclosure"), [("telegram", "anonymous"), ("whatsapp", "confidential")])
def test_a_report_that_becomes_one_of_a_child_is_not_fetched(
    house: House, providers: Providers, channel: str, disclosure: str
) -> None:
    providers.files["AgAC-photo"] = JPEG
    media = photo(number="41")
    if channel == "whatsapp":
        media = Media("photo", providers.media(1, JPEG))
    report = file(house, media, channel=channel, disclosure=disclosure)
    categorise(house, report, "child_abuse")
    fetch(house, *ids(house))
    assert providers.asked == [] and rows(house, fetches) == []
    discard(house, *ids(house, discards))
    assert providers.downloads() == [] and providers.messages == {}
    if channel == "telegram":
        assert [asked.form["message_id"] for asked in providers.of("POST", "deleteMessage")] == ["41"]


def test_a_report_that_becomes_one_of_a_child_during_the_download_is_not_kept(
    house: House, providers: Providers
) -> None:
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo())
    providers.during = lambda: categorise(house, report, "child_abuse")
    fetch(house, *ids(house))
    assert rows(house, evidence) == [] and rows(house, fetches) == [] and on_the_shelf(house) == []
    assert len(ids(house, discards)) == 1


def test_a_turn_can_have_files_deleted_without_any_report(house: House, providers: Providers) -> None:
    sent = photo(number="")
    inbound = message("telegram", sent, number="55")
    with db.begin(house.engine) as tx:
        owing.owe_discards(tx, house, inbound, [sent, photo(number="54"), photo(number="54")], datetime.now(UTC))
    for row in ids(house, discards):
        discard(house, row)
    assert {asked.form["message_id"] for asked in providers.of("POST", "deleteMessage")} == {"54", "55"}
    assert len(providers.asked) == 2


def test_kinds_that_hold_no_file_are_not_fetched(house: House) -> None:
    file(house, Media("dice", ""))
    assert rows(house, fetches) == [] and jobs(house) == []


def test_rows_whose_job_was_lost_are_found(house: House, providers: Providers) -> None:
    file(house, photo())
    look_for_files(house)
    assert len(jobs(house)) == 1  # not due yet: its own job is on the way
    make_due(house)
    look_for_files(house)
    look_for_files(house)
    assert len(jobs(house)) == 2


def test_nothing_of_a_citizens_reaches_a_log(
    house: House, providers: Providers, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    logging.getLogger("httpx").setLevel(logging.INFO)
    providers.files["AgAC-photo"] = JPEG
    file(house, photo(), photo("nowhere"))
    file(house, Media("photo", providers.media(1, JPEG)), channel="whatsapp")
    file(house, photo(number="41"), category="child_abuse")
    for row in ids(house):
        fetch(house, row)
    for row in ids(house, discards):
        discard(house, row)
    said = caplog.text
    for secret in ("AgAC", "nowhere", CHAT, doors.TOKEN, "ME0000", "MM0000", "712345", "Media/", "/file/"):
        assert secret not in said
    assert "did not come: no-such-file, try 1" in said
