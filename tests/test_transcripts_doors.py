"""The transcripts once more, end to end: real updates and signed forms through the HTTP doors into a real database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import mint
from bot.channel import Words
from bot.house import House
from bot.talk import read
from bot.telegram_layout import keyboard, spoken
from bot.unfinished import file_abandoned
from bot.whatsapp_layout import layout
from bot.wording import words
from conversations.about import Right
from conversations.model import Given, Message, Turn
from storage import db, reports
from tests.conversing import RESTARTS, TRANSCRIPTS, Talk, given, settings_of
from tests.doors import Telegrammer, Whatsapper, client, house, said

FILES = sorted(TRANSCRIPTS.glob("*.txt"))
DAY = timedelta(hours=25)  # what silence sends leaves at the hour after 24
MEDIA: dict[str, Callable[[str], dict[str, Any]]] = {
    "photo": lambda handle: {"photo": [{"file_id": handle, "file_unique_id": handle, "width": 9, "height": 9}]},
    "voice": lambda handle: {"voice": {"file_id": handle, "file_unique_id": handle, "duration": 1}},
    "document": lambda handle: {"document": {"file_id": handle, "file_unique_id": handle}},
    "sticker": lambda handle: {
        "sticker": {
            "file_id": handle, "file_unique_id": handle, "width": 9, "height": 9, "is_animated": False, "is_video": False, "type": "regular",
        }
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def home(module_database_url: str) -> Iterator[House]:
    made = house(module_database_url, LANGUAGES="ar,fr,en,es")
    yield made
    made.engine.dispose()


def parts(message: Message) -> dict[str, Any]:
    """The fields of a Telegram message beside its text."""
    found: dict[str, Any] = {}
    if message.contact:
        found["contact"] = {"phone_number": message.contact.phone, "first_name": "x"}
    if message.place:
        found["location"] = {"latitude": message.place.latitude, "longitude": message.place.longitude}
    if message.forwarded:
        channel, number = message.links[0].removeprefix("https://t.me/").split("/")
        chat = {"id": -100123, "type": "channel", "title": "x", "username": channel}
        found["forward_origin"] = {"type": "channel", "chat": chat, "message_id": int(number), "date": 1}
    for item in message.media:
        found |= MEDIA[item.kind](item.handle)
    return found


def update(citizen: Telegrammer, message: Message, number: int) -> dict[str, Any]:
    """A Telegram update that says what a transcript's line says."""
    made = citizen.update(message.text, **parts(message))
    told = made["message"]
    if message.contact:
        told["contact"]["user_id"] = citizen.id if message.contact.own else 1
    if message.album:
        told["media_group_id"] = message.album
    if message.media:
        told["caption"] = told.pop("text")
    told["message_id"] = int(message.number) if message.edited else number
    return {"update_id": made["update_id"], "edited_message" if message.edited else "message": told}


def erased(turn: Turn) -> str:
    """The reference that a turn erases, "" for none."""
    return turn.claims.reference if turn.claims and turn.claims.right is Right.ERASURE else ""


def answers(citizen: Telegrammer, told: dict[str, Any], expected: Words | None) -> None:
    """What rides back is what was expected; nothing, where that is silence."""
    response = citizen.knock(told)
    if expected is None:
        assert response.get_data() == b""
        return
    answer = response.get_json()
    assert timeless(answer["text"]) == timeless(spoken(expected))
    assert answer["reply_markup"] == keyboard(expected)


def form(citizen: Whatsapper, message: Message) -> dict[str, str]:
    """A Twilio form that says what a transcript's line says."""
    press = {"ButtonPayload": message.choice} if message.choice else {}
    media = {"NumMedia": "1", "MediaUrl0": f"https://api.twilio.com/{message.media[0].handle}"} if message.media else {}
    return citizen.form(message.text, **press, **media)


def timeless(text: str) -> str:
    """Without hours and days that are counted from the receipt, which is the real one behind the doors."""
    return re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", "<time>", text)


def restarted(home: House, request: pytest.FixtureRequest) -> House:
    """Another process's, on the same database."""
    made = House(home.settings, home.operator)
    request.addfinalizer(made.engine.dispose)
    return made


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_doors_say_what_the_engine_says(
    path: Path, home: House, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    spoken_to = next((settings_of(line) for line in lines if line.startswith("@ ")), Talk())
    turns, place = 0, FILES.index(path)
    codes = [1 + 1000 * (place + 1)]

    def minted(voice: mint.Voice, channel: str, now: object) -> Given:
        return given(codes[0] - 1 + turns, mint.PLATFORMS[channel], spoken_to.languages)

    monkeypatch.setattr(mint, "given", minted)
    spoken_to.first = codes[0]
    telegram = Telegrammer(client(home), id=900_000 + place, language=spoken_to.language)
    whatsapp = Whatsapper(
        telegram.client, ("+3361234" if spoken_to.language == "fr" else "+1202555") + str(1000 + place)
    )
    filed: list[str] = []
    for line in (line for line in lines if line.startswith(("> ", "~ ")) or line == RESTARTS):
        if line == RESTARTS:
            telegram.client = whatsapp.client = client(restarted(home, request))
            continue
        if line.startswith("~ "):
            abandoned = spoken_to.silence()
            filed += [abandoned.reference] if abandoned else []
            file_abandoned(home, datetime.now(UTC) + DAY)
            continue
        turns += 1
        message = read(line[2:])
        turn = spoken_to.say(message)
        expected = None if spoken_to.silent else words(turn.say)
        if spoken_to.channel == "Telegram":
            answers(telegram, update(telegram, message, turns), expected)
        else:
            shown = timeless(layout(expected)) if expected else ""
            assert timeless(said(whatsapp.knock(form(whatsapp, message)))) == shown
        filed += [turn.files.reference] if turn.files else []
        filed = [reference for reference in filed if reference != erased(turn)]
    with db.begin(home.engine) as tx:
        assert set(filed) <= {row["reference"] for row in reports.listing(tx)}
