"""An album is answered once, on both channels, and nothing in it is lost for that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from bot.albums import TOGETHER, answered_before
from bot.channel import Alias, Inbound
from bot.house import House
from conversations.model import Draft, Line, Media, Message, Say, Session, Step, Turn
from conversations.texts import Text
from storage import db
from tests.doors import Telegrammer, Whatsapper, client, house, said

NOW = datetime(2026, 11, 22, 2, 33, tzinfo=UTC)
PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 900}]
BEFORE = Session(Step.DETAILS, "en", "IB-0000-0000-000", "x")


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    made = house(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def doors(home: House) -> FlaskClient:
    return client(home)


def kept(count: int, text: Text = Text.DETAILS_NOTED, step: Step = Step.DETAILS) -> Turn:
    """A turn that took something in."""
    session = Session(step, "en", BEFORE.reference, "x", Draft(details="." * count))
    return Turn(session, Say("en", (Line(text),)))


def refused(text: Text = Text.REFUSE_MEDIA, count: int = 0) -> Turn:
    return Turn(BEFORE, Say("en", (Line(text, (("most", count),)),)))


def silent(
    home: House,
    turn: Turn,
    album: str = "7",
    channel: str = "telegram",
    now: datetime = NOW,
    address: str = "chat 1",
    **parts: Any,
) -> bool:
    message = Message(album=album, **({"media": (Media("photo", "p"),)} | parts))
    inbound = Inbound(channel, "d", (Alias("id", "1"),), address, message)
    with db.begin(home.engine) as tx:
        return answered_before(tx, home.vault, inbound, BEFORE, turn, now)


def test_pictures_after_the_first_are_taken_in_silence(home: House) -> None:
    assert [silent(home, kept(count)) for count in (1, 2, 3)] == [False, True, True]
    assert silent(home, kept(1), album="8") is False
    assert silent(home, kept(1), album="") is False


def test_a_new_question_is_always_asked(home: House) -> None:
    assert silent(home, kept(1)) is False
    assert silent(home, kept(2, step=Step.IDENTITY)) is False


def test_each_reason_to_refuse_is_given_once(home: House) -> None:
    assert silent(home, kept(1)) is False
    assert [silent(home, refused(count=count)) for count in (1, 2)] == [False, True]
    assert silent(home, refused(Text.REFUSE_LONG)) is False
    assert silent(home, kept(2)) is True


def test_where_whatsapp_names_no_album_seconds_do(home: House) -> None:
    def after(seconds: float, **parts: Any) -> bool:
        moment = NOW + timedelta(seconds=seconds)
        return silent(home, kept(1), album="", channel="whatsapp", now=moment, **parts)

    assert [after(seconds) for seconds in (0, 0.1, TOGETHER - 0.1, TOGETHER, 2 * TOGETHER)] == [False, *[True] * 4]
    assert after(4 * TOGETHER) is False
    assert after(4 * TOGETHER, text="a caption") is False
    assert after(4 * TOGETHER, media=()) is False


def test_a_caption_is_answered_and_what_follows_it_is_not(home: House) -> None:
    def after(seconds: float, **parts: Any) -> bool:
        moment = NOW + timedelta(seconds=seconds)
        return silent(home, kept(1), album="", channel="whatsapp", now=moment, **parts)

    assert [after(0, text="a caption"), after(0.5), after(1, text="another"), after(1.5)] == [False, True, False, True]


@pytest.mark.parametrize("caption", ["", "look at this please"])
def test_an_album_that_opens_a_conversation_is_answered_once_and_kept_whole(doors: FlaskClient, caption: str) -> None:
    telegrammer, whatsapper = Telegrammer(doors), Whatsapper(doors)
    told, heard = list[bytes](), list[str]()
    for number in range(3):
        update = telegrammer.update("", photo=[{**PHOTO[0], "file_id": f"p{number}"}], media_group_id="1234")
        update["message"] |= {"caption": update["message"].pop("text") or caption} if number == 0 else {}
        told.append(telegrammer.knock(update).get_data())
        address = f"https://api.twilio.com/{number}"
        file = {"NumMedia": "1", "MediaUrl0": address, "MediaContentType0": "image/jpeg"}
        heard.append(said(whatsapper.knock(whatsapper.form(caption if number == 0 else "", **file))))
    assert [bool(answer) for answer in told] == [bool(answer) for answer in heard] == [True, False, False]
    assert "4 of 10" in telegrammer.says("", photo=[{**PHOTO[0], "file_id": "p4"}])


def test_another_person_has_albums_of_their_own(home: House) -> None:
    assert silent(home, kept(1)) is False
    assert silent(home, kept(1), address="chat 2") is False


def test_through_the_door_of_telegram(doors: FlaskClient) -> None:
    citizen = Telegrammer(doors)
    citizen.says("hello")
    sent = [citizen.update("", photo=PHOTO, media_group_id="1234") for _ in range(4)]
    for update in sent:
        del update["message"]["text"]
    answers = [citizen.knock(update) for update in sent]
    assert [answer.status_code for answer in answers] == [200] * 4
    spoken = [bool(answer.get_data()) for answer in answers]
    assert spoken[0] and not any(spoken[2:])
    assert [bool(citizen.knock(update).get_data()) for update in sent] == spoken  # and repeated, each is as it was


def test_through_the_door_of_whatsapp(doors: FlaskClient) -> None:
    citizen = Whatsapper(doors)
    citizen.says("hello")
    file = {"NumMedia": "1", "MediaUrl0": "https://api.twilio.com/x", "MediaContentType0": "image/jpeg"}
    answers = [said(citizen.knock(citizen.form("", **file))) for _ in range(4)]
    assert answers[0] and not any(answers[2:])
    assert citizen.says("help")
