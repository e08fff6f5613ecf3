"""Every sample of what a provider may send, and what it means to us. A sample is one file; none is without expectation."""

from __future__ import annotations

import json
import os
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from telegram.constants import MessageAttachmentType, MessageOriginType, UpdateType
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder

from bot.channel import Channel, Unreadable
from bot.exchange import Delivered
from bot.telegram import Telegram
from bot.whatsapp import WhatsApp

SAMPLES = Path(__file__).parent / "payloads"
OURS = ["-1001900000001"]
ACCOUNT = "AC00000000000000000000000000000001"

TELEGRAM = sorted(SAMPLES.glob("telegram/*.json"))
WHATSAPP = sorted(SAMPLES.glob("whatsapp/*.json"))


def _named(path: Path) -> str:
    return path.stem


def sample(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def request(**given: Any) -> Delivered:
    return Delivered(EnvironBuilder(method="POST", **given).get_environ(), 1 << 20)


def plain(value: Any) -> Any:
    """A value as JSON shows it, without what it holds by default."""
    if is_dataclass(value):
        held = ((field, getattr(value, field.name)) for field in fields(value))
        return {field.name: plain(inner) for field, inner in held if field.default is MISSING or inner != field.default}
    if hasattr(value, "_asdict"):
        defaults = value._field_defaults
        return {
            name: plain(inner)
            for name, inner in value._asdict().items()
            if name not in defaults or inner != defaults[name]
        }
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def meaning(channel: Channel, given: Delivered) -> Any:
    """What the channel makes of it: an event with its name, None, or "Unreadable"."""
    try:
        event = channel.read(given)
    except Unreadable:
        return "Unreadable"
    return event and {"event": type(event).__name__, **plain(event)}


def compare(path: Path, got: Any) -> None:
    """UPDATE=1 writes what was read; the difference in the file is then the review."""
    kept = sample(path)
    if os.environ.get("UPDATE"):
        path.write_text(json.dumps({**kept, "expect": got}, indent=2, ensure_ascii=True) + "\n")
    else:
        assert "expect" in kept, f"{path.name} has no expectation"
        assert got == kept["expect"]


@pytest.mark.parametrize("path", TELEGRAM, ids=_named)
def test_every_telegram_sample_means_what_it_says(path: Path) -> None:
    kept = sample(path)
    telegram = Telegram("1:t", "secret", groups=frozenset(kept.get("groups", OURS)))
    compare(path, meaning(telegram, request(json=kept["payload"])))


@pytest.mark.parametrize("path", WHATSAPP, ids=_named)
def test_every_whatsapp_sample_means_what_it_says(path: Path) -> None:
    kept = sample(path)
    whatsapp = WhatsApp(ACCOUNT, ["token"], "whatsapp:+14155550100", "https://bot.example")
    given = request(json=kept["json"]) if "json" in kept else request(data=MultiDict(kept["form"]))
    compare(path, meaning(whatsapp, given))


def test_every_kind_of_update_has_a_sample() -> None:
    kinds = {kind for path in TELEGRAM for kind in sample(path)["payload"]}
    assert {kind.value for kind in UpdateType} <= kinds


def test_every_kind_of_content_has_a_sample() -> None:
    messages = [sample(path)["payload"].get("message") or {} for path in TELEGRAM if _whole(path)]
    held = {field for message in messages for field in message}
    origins = {message["forward_origin"]["type"] for message in messages if "forward_origin" in message}
    assert {kind.value for kind in MessageAttachmentType} <= held
    assert {kind.value for kind in MessageOriginType} <= origins


def _whole(path: Path) -> bool:
    return isinstance(sample(path)["payload"], dict)


def test_samples_say_what_they_are_about() -> None:
    assert len(TELEGRAM) > 100
    assert len(WHATSAPP) > 25
    assert all(sample(path)["about"] for path in (*TELEGRAM, *WHATSAPP))


def test_plain_shows_what_differs() -> None:
    """The comparison itself would not hide a field."""
    from conversations.model import Contact, Media, Message

    assert plain(Message(text="a", contact=Contact("+1", own=True), media=(Media("photo", "h"),))) == {
        "text": "a",
        "contact": {"phone": "+1", "own": True},
        "media": [{"kind": "photo", "handle": "h"}],
    }
    assert plain(Message()) == {}
