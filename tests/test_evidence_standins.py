"""Whole conversations with pictures in them, through the real doors, against the stand-ins of Telegram and Twilio."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.fetching import discard, fetch
from bot.house import House
from simulator import media
from simulator.serve import Server
from simulator.standins import Accounts, Standins
from simulator.twilio_people import form
from storage import db
from storage.tables import discards, evidence, fetches, reports
from tests import doors
from tests.doors import Telegrammer, Whatsapper
from tests.evidence_house import ids, opened, rows

OPENING = ("hello", "continue", "https://shop.example/fake")


@pytest.fixture
def server() -> Iterator[Server]:
    number = doors.SENDER.removeprefix("whatsapp:")
    accounts = Accounts(doors.TOKEN, doors.SECRET, doors.ACCOUNT, doors.AUTH, number)
    with Server(Standins(accounts)) as made:
        yield made


@pytest.fixture
def house(database_url: str, server: Server, tmp_path: Path) -> Iterator[House]:
    where = {"TELEGRAM_API_BASE": server.url, "TWILIO_API_BASE": server.url, "EVIDENCE_URL": str(tmp_path / "shelf")}
    made = doors.house(database_url, LANGUAGES="en", **where)
    yield made
    assert made.telegram
    made.telegram.close()
    made.engine.dispose()


class OnTelegram:
    """A citizen of the stand-in, whose pictures we bring through the door ourselves."""

    def __init__(self, house: House, standins: Standins) -> None:
        self.standins = standins
        self.person = standins.telegram_person("en")
        standins.on_telegram.say(self.person.id, "/start")
        self.citizen = Telegrammer(doors.client(house), self.person.id)

    def says(self, words: str) -> str:
        return self.citizen.says(words)

    def shows(self) -> str:
        post = self.standins.on_telegram.photo(self.person.id).message
        update = self.citizen.update("", photo=post["photo"])
        update["message"]["message_id"] = post["message_id"]
        del update["message"]["text"]
        return str(self.citizen.knock(update).get_json()["text"])

    def pictures(self) -> int:
        return sum("photo" in post.message for post in self.standins.posts(self.person.id))


class OnWhatsApp:
    """The same on WhatsApp."""

    def __init__(self, house: House, standins: Standins) -> None:
        self.standins = standins
        self.person = standins.whatsapp_person()
        self.citizen = Whatsapper(doors.client(house))

    def says(self, words: str) -> str:
        return self.citizen.says(words)

    def shows(self) -> str:
        note = self.standins.on_whatsapp.photo(self.person)
        return doors.said(self.citizen.knock(form(doors.ACCOUNT, self.person, note) | {"From": self._from()}))

    def pictures(self) -> int:
        return sum(bool(note.media) for note in self.standins.twilio.messages.notes.values())

    def _from(self) -> str:
        return f"whatsapp:{self.citizen.phone}"


@pytest.fixture(params=[OnTelegram, OnWhatsApp], ids=["telegram", "whatsapp"])
def citizen(request: pytest.FixtureRequest, house: House, server: Server) -> OnTelegram | OnWhatsApp:
    kind: type[OnTelegram | OnWhatsApp] = request.param
    return kind(house, server.standins)


def work(house: House) -> None:
    """What the worker does with the files that wait."""
    for row in ids(house):
        fetch(house, row)
    for row in ids(house, discards):
        discard(house, row)


def test_a_picture_comes_with_the_report_and_leaves_the_provider_where_it_may(
    house: House, citizen: OnTelegram | OnWhatsApp
) -> None:
    for words in (*OPENING, "other"):
        citizen.says(words)
    citizen.shows()
    assert rows(house, fetches) == []  # nothing is owed before it is sent
    citizen.says("send")
    assert len(rows(house, fetches)) == 1
    work(house)
    with db.begin(house.engine) as tx:
        (report,) = tx.execute(select(reports.c.id)).scalars()
    facts, content = opened(house, report)
    assert content == media.photo() and facts["type"] == "image/jpeg"
    assert citizen.pictures() == (1 if isinstance(citizen, OnTelegram) else 0)
    assert rows(house, fetches) == rows(house, discards) == []


def test_a_picture_in_a_report_of_a_child_is_deleted_at_once_and_unread(
    house: House, server: Server, citizen: OnTelegram | OnWhatsApp
) -> None:
    for words in (*OPENING, "child_abuse"):
        citizen.says(words)
    citizen.shows()
    assert citizen.pictures() == 1
    work(house)
    assert citizen.pictures() == 0
    citizen.says("send")
    work(house)
    assert rows(house, fetches) == rows(house, evidence) == rows(house, discards) == []
    assert not fetched(server)


def test_a_picture_before_the_category_is_deleted_when_it_turns_out_to_be_of_a_child(
    house: House, server: Server, citizen: OnTelegram | OnWhatsApp
) -> None:
    for words in OPENING:
        citizen.says(words)
    citizen.shows()
    work(house)
    assert citizen.pictures() == 1
    citizen.says("child_abuse")
    work(house)
    assert citizen.pictures() == 0 and not fetched(server)


def fetched(server: Server) -> list[object]:
    asked = [call["method"] for call in server.standins.telegram.calls if call["method"] == "getFile"]
    return asked + [
        call
        for call in server.standins.twilio.calls
        if "Media" in call["path"] and call["method"] == "GET" and not call["path"].endswith("Media.json")
    ]
