"""Telegram's dialect: what proves a request, how an answer looks, and that no update breaks the reading."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram.constants import ChatMemberStatus as Member
from telegram.constants import ChatType, MessageAttachmentType, MessageType
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from bot.channel import Button, Forged, Inbound, Press, Stranger, Unreadable, Words
from bot.exchange import Delivered, Reply
from bot.telegram import Telegram
from bot.telegram_layout import keyboard, sendable
from bot.telegram_reading import BANNED, GROUPS, OTHERS, PRESENT, PRIVATE, SERVICE
from bot.telegram_rich import rich_words
from conversations.model import Message

TOKEN = "123456789:AAExampleTokenThatNobodyEverHeldAAAAAA"
SECRET = "a-webhook_secret"
CITIZEN = Inbound("telegram", "1", (), "712345001", Message())
PAYLOADS = [
    json.loads(path.read_text())["payload"] for path in sorted((Path(__file__).parent / "payloads/telegram").iterdir())
]


def request(headers: dict[str, str] | None = None, **given: Any) -> Delivered:
    return Delivered(EnvironBuilder(method="POST", headers=Headers(headers), **given).get_environ(), 1 << 20)


def body(reply: Reply) -> dict[str, Any]:
    assert (reply.status, reply.kind) == (200, "application/json")
    read: dict[str, Any] = json.loads(reply.body.decode())
    return read


ARABIC = Words(
    "أي نوع من المحتوى؟",
    "ar",
    choices=(
        Button("الإرهاب", "terrorism"),
        Button("احتيال", "scam"),
        Button("الاستغلال الجنسي للقاصرين أو إيذاؤهم", "child_abuse"),
        Button("غير ذلك", "other"),
    ),
    commands=(
        Button("رجوع", "back"),
        Button("توقف", "stop"),
        Button("مساعدة", "help"),
        Button("اللغة", "language"),
    ),
    placeholder="اختر أو اكتب رقما",
)
FRENCH = Words(
    "Comment vous joindre ?",
    "fr",
    choices=(Button("Partager mon numéro", "share", asks="contact"), Button("Passer", "skip")),
    commands=(Button("Retour", "back"), Button("Arrêter", "stop")),
    open=True,
)


class TestCheck:
    telegram = Telegram(TOKEN, SECRET)

    def test_the_secret_passes(self) -> None:
        self.telegram.check(request({"X-Telegram-Bot-Api-Secret-Token": SECRET}))

    @pytest.mark.parametrize("given", ["", "a-webhook_secre", SECRET.upper(), "\u00e9", SECRET + "x"])
    def test_anything_else_is_forged(self, given: str) -> None:
        with pytest.raises(Forged):
            self.telegram.check(request({"X-Telegram-Bot-Api-Secret-Token": given}))

    def test_a_missing_header_is_forged_and_the_body_is_not_read(self) -> None:
        environ = EnvironBuilder(method="POST", data=b"x").get_environ()
        with pytest.raises(Forged):
            self.telegram.check(Delivered(environ, 1 << 20))
        assert environ["wsgi.input"].read() == b"x"

    @pytest.mark.parametrize("secret", ["", "with blank", "x" * 257, "é"])
    def test_a_secret_that_telegram_refuses_is_refused(self, secret: str) -> None:
        with pytest.raises(ValueError, match="webhook secret"):
            Telegram(TOKEN, secret)


class TestReply:
    telegram = Telegram(TOKEN, SECRET)

    def test_arabic(self) -> None:
        assert body(self.telegram.reply(CITIZEN, ARABIC)) == {
            "method": "sendMessage",
            "chat_id": 712345001,
            "text": "أي نوع من المحتوى؟",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {
                "keyboard": [
                    [{"text": "الإرهاب"}, {"text": "احتيال"}],
                    [{"text": "الاستغلال الجنسي للقاصرين أو إيذاؤهم"}],
                    [{"text": "غير ذلك"}],
                    [{"text": "رجوع"}, {"text": "توقف"}, {"text": "مساعدة"}],
                    [{"text": "اللغة"}],
                ],
                "is_persistent": False,
                "resize_keyboard": True,
                "one_time_keyboard": False,
                "input_field_placeholder": "اختر أو اكتب رقما",
            },
        }

    def test_french(self) -> None:
        assert body(self.telegram.reply(CITIZEN, FRENCH))["reply_markup"] == {
            "keyboard": [
                [{"text": "Partager mon numéro", "request_contact": True}],
                [{"text": "Passer"}],
                [{"text": "Retour"}, {"text": "Arrêter"}],
            ],
            "is_persistent": False,
            "resize_keyboard": True,
            "one_time_keyboard": False,
        }

    def test_a_place_can_be_shared(self) -> None:
        words = Words("Où ?", "fr", choices=(Button("Ma position", "place", asks="location"),))
        assert keyboard(words)["keyboard"] == [[{"text": "Ma position", "request_location": True}]]

    @pytest.mark.parametrize(
        "words", [Words("Merci.", "fr"), Words("Merci.", "fr", commands=ARABIC.commands, last=True)]
    )
    def test_the_keyboard_goes_when_nothing_is_left_to_press(self, words: Words) -> None:
        assert body(self.telegram.reply(CITIZEN, words))["reply_markup"] == {"remove_keyboard": True}

    def test_what_no_message_may_hold_is_dropped(self) -> None:
        said = self.telegram.reply(CITIZEN, Words("a\x00b\ud83dc\r\nd", "en"))
        assert body(said)["text"] == "abc\nd"

    @pytest.mark.parametrize("text", ["", " \n", "x" * 4097, "\ud83d"])
    def test_a_text_that_does_not_fit_is_our_bug(self, text: str) -> None:
        with pytest.raises(ValueError, match="characters where 1 to 4096 fit"):
            self.telegram.reply(CITIZEN, Words(text, "en"))

    def test_the_longest_text_fits(self) -> None:
        assert len(sendable("🇲" * 4096)) == 4096

    def test_a_long_placeholder_is_our_bug(self) -> None:
        with pytest.raises(ValueError, match="1 to 64 fit"):
            keyboard(Words("a", "en", choices=(Button("b", "b"),), placeholder="x" * 65))

    def test_a_press_is_acknowledged(self) -> None:
        press = Press("telegram", "1", "42", "9", "-100", "take", "1:17")
        assert body(self.telegram.acknowledge(press)) == {"method": "answerCallbackQuery", "callback_query_id": "42"}
        assert body(self.telegram.acknowledge(press, "Taken."))["text"] == "Taken."
        halved = Press("telegram", "1", "4\ud83d", "9", "-100", "take", "1:17")
        assert body(self.telegram.acknowledge(halved))["callback_query_id"] == "4?"
        with pytest.raises(ValueError, match="1 to 200 fit"):
            self.telegram.acknowledge(press, "x" * 201)

    def test_a_strange_group_is_left(self) -> None:
        assert body(self.telegram.leave(Stranger("telegram", "1", "-100666"))) == {
            "method": "leaveChat",
            "chat_id": -100666,
        }

    def test_nothing_is_nothing(self) -> None:
        assert (self.telegram.nothing().status, self.telegram.nothing().body) == (200, b"")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([10**18, -(10**400)]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def bent(draw: st.DrawFn) -> Any:
    """A real payload with one value, anywhere in it, replaced, taken out or doubled."""
    payload = copy.deepcopy(draw(st.sampled_from(PAYLOADS)))
    places = list(_places(payload))
    if not places:
        return draw(VALUES)
    holder, key = draw(st.sampled_from(places))
    if draw(st.booleans()):
        holder[key] = draw(VALUES)
    else:
        del holder[key]
    return payload


def _places(node: Any) -> Iterator[tuple[Any, Any]]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield node, key
        yield from _places(value)


@settings(max_examples=400, deadline=None)
@given(bent() | VALUES)
def test_nothing_that_can_be_sent_breaks_the_reading(payload: Any) -> None:
    telegram = Telegram(TOKEN, SECRET, groups=lambda: ["-1001900000001", "-4001230001"])
    try:
        event = telegram.read_json(json.dumps(payload))
    except Unreadable as unreadable:
        assert len(str(unreadable)) < 40
    else:
        if isinstance(event, Inbound):
            assert all(isinstance(text, str) for text in (event.message.text, event.address, *event.message.links))


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"update_id":' + b"9" * 5000 + b"}", b"null"]
)
def test_what_is_no_json_is_unreadable(body: bytes) -> None:
    with pytest.raises(Unreadable):
        Telegram(TOKEN, SECRET).read(request(data=body))


def test_service_messages_are_those_that_the_library_knows() -> None:
    kinds, content = {kind.value for kind in MessageType}, {kind.value for kind in MessageAttachmentType}
    assert kinds - content - {"text", *OTHERS} == SERVICE


def test_what_updates_call_themselves_is_what_the_library_calls_them() -> None:
    assert (PRIVATE, *GROUPS) == (ChatType.PRIVATE, ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL)
    assert (BANNED, PRESENT) == (Member.BANNED, (Member.MEMBER, Member.ADMINISTRATOR, Member.RESTRICTED))


@given(VALUES)
def test_rich_messages_of_any_shape_are_read(message: object) -> None:
    assert isinstance(rich_words({"blocks": message}).text, str)


def test_a_rich_message_is_read_only_so_far() -> None:
    endless = {"blocks": [{"type": "paragraph", "text": "x"}] * 100_000}
    assert len(rich_words(endless).text) < 20_000
