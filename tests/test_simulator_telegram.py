"""The stand-in for the Bot API refuses and answers as Telegram does, seen through the real `telegram.Bot`."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter

from simulator.faults import Fault
from simulator.people import LISTED, UNLISTED
from simulator.serve import Server
from simulator.standins import Standins
from tests.standing import Ask, asking, citizen, refused


@pytest.fixture
def ask(server: Server) -> Ask:
    return asking(server)


def test_a_wrong_token_is_refused(server: Server) -> None:
    async def ask() -> None:
        async with Bot("123456:wrong", base_url=f"{server.url}/bot"):
            pass

    with pytest.raises(InvalidToken):
        asyncio.run(ask())


def test_a_message_is_sent_and_its_keyboard_shown(world: Standins, ask: Ask) -> None:
    person = citizen(world)
    rows = [[KeyboardButton("Yes"), KeyboardButton("No")], [KeyboardButton("My number", request_contact=True)]]
    keyboard = ReplyKeyboardMarkup(rows, resize_keyboard=True, input_field_placeholder="Type here")
    sent = ask(lambda b: b.send_message(person, "Hello http://a.example/b", reply_markup=keyboard))
    assert sent.text == "Hello http://a.example/b" and [e.type for e in sent.entities] == ["url"]
    shown = world.telegram.chats.chats[person].keyboard
    assert shown and [[b["text"] for b in row] for row in shown["keyboard"]] == [["Yes", "No"], ["My number"]]
    ask(lambda b: b.send_message(person, "Bye", reply_markup=ReplyKeyboardRemove()))
    assert world.telegram.chats.chats[person].keyboard is None


@pytest.mark.parametrize(
    ("text", "words"),
    [(" ", "message text is empty"), ("x" * 4097, "message is too long"), ("<b>x", "can't parse entities")],
)
def test_text_out_of_bounds_is_refused(world: Standins, ask: Ask, text: str, words: str) -> None:
    person = citizen(world)
    refused(ask, lambda b: b.send_message(person, text, parse_mode="HTML" if "<" in text else None), words)


def test_text_is_counted_in_code_points(world: Standins, ask: Ask) -> None:
    person = citizen(world)
    assert len(ask(lambda b: b.send_message(person, "😀" * 4096)).text) == 4096


def test_html_becomes_entities_counted_in_utf_16(world: Standins, ask: Ask) -> None:
    person = citizen(world)
    sent = ask(lambda b: b.send_message(person, "😀 <code>a&amp;b</code>", parse_mode="HTML"))
    assert sent.text == "😀 a&b"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [("code", 3, 3)]


def test_callback_data_of_65_bytes_is_refused(world: Standins, ask: Ask) -> None:
    group = world.accounts.moderators_chat

    def card(data: str) -> InlineKeyboardMarkup:
        return InlineKeyboardMarkup([[InlineKeyboardButton("Take", callback_data=data)]])

    assert ask(lambda b: b.send_message(group, "card", reply_markup=card("é" * 32)))
    refused(
        ask, lambda b: b.send_message(group, "card", reply_markup=card("é" * 32 + "x")), "BUTTON_DATA_INVALID|Button"
    )


def test_unknown_methods_and_fields_are_refused(world: Standins, ask: Ask) -> None:
    person = citizen(world)
    with pytest.raises(EndPointNotFound):
        ask(lambda b: b.do_api_request("sendTelepathy"))
    refused(ask, lambda b: b.send_message(person, "x", api_kwargs={"mood": "good"}), "unknown field mood")


def test_a_stranger_and_a_blocker_cannot_be_written_to(world: Standins, ask: Ask) -> None:
    refused(ask, lambda b: b.send_message(99, "hello"), "Chat not found")
    silent = world.telegram_person().id
    with pytest.raises(Forbidden, match="can't initiate"):
        ask(lambda b: b.send_message(silent, "hello"))
    person = citizen(world)
    world.on_telegram.block(person, True)
    with pytest.raises(Forbidden, match="blocked by the user"):
        ask(lambda b: b.send_message(person, "hello"))


def test_only_own_messages_are_edited_and_only_when_something_changes(world: Standins, ask: Ask) -> None:
    group = world.accounts.moderators_chat
    card = ask(lambda b: b.send_message(group, "card"))
    assert ask(lambda b: b.edit_message_text("card 2", group, card.message_id)).text == "card 2"
    refused(ask, lambda b: b.edit_message_text("card 2", group, card.message_id), "not modified")
    refused(ask, lambda b: b.edit_message_reply_markup(group, card.message_id), "not modified")
    refused(ask, lambda b: b.edit_message_text("x", group, 99999), "message to edit not found")
    foreign = world.on_telegram.say(LISTED, "hi", group).message["message_id"]
    refused(ask, lambda b: b.edit_message_text("x", group, foreign), "message can't be edited")
    refused(ask, lambda b: b.delete_message(group, foreign), "message can't be deleted")


def test_messages_are_deleted_for_48_hours(world: Standins, ask: Ask) -> None:
    person = world.telegram_person()
    theirs = world.on_telegram.say(person.id, "a link").message["message_id"]
    old = world.on_telegram.say(person.id, "older").message["message_id"]
    assert ask(lambda b: b.delete_message(person.id, theirs))
    refused(ask, lambda b: b.delete_message(person.id, theirs), "message to delete not found")
    world.clock.change(forward=48 * 3600 + 1)
    refused(ask, lambda b: b.delete_message(person.id, old), "message can't be deleted")
    assert ask(lambda b: b.delete_messages(person.id, [theirs, old]))
    assert [post.message["message_id"] for post in world.posts(person.id)] == [old]


def test_the_twenty_first_message_to_a_group_within_a_minute_waits(world: Standins, ask: Ask) -> None:
    group = world.accounts.moderators_chat

    async def many(bot: Bot) -> None:
        card = await bot.send_message(group, "card")
        for number in range(19):
            await bot.edit_message_text(f"card {number}", group, card.message_id)
        with pytest.raises(RetryAfter) as caught:
            await bot.send_message(group, "one too many")
        assert 55 <= int(caught.value._retry_after.total_seconds()) <= 60
        world.clock.change(forward=60)
        await bot.send_message(group, "now it fits")

    ask(many)


def test_more_than_30_messages_a_second_are_refused(world: Standins, server: Server) -> None:
    person = citizen(world)
    url = f"{server.url}/bot{world.accounts.telegram_token}/sendMessage"
    world.clock.change(speed=0.01)
    with httpx.Client() as http:
        codes = [http.post(url, data={"chat_id": person, "text": "x"}).status_code for _ in range(31)]
        last = http.post(url, json={"chat_id": person, "text": "x"}).json()
    assert codes == [200] * 30 + [429]
    assert last == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 1",
        "parameters": {"retry_after": 1},
    }


def test_a_press_is_acknowledged_once_and_in_time(world: Standins, ask: Ask) -> None:
    group = world.accounts.moderators_chat
    card = ask(lambda b: b.send_message(group, "card"))
    first, second = (world.on_telegram.press(LISTED, group, card.message_id, "17:take") for _ in "ab")
    assert ask(lambda b: b.answer_callback_query(first.id, "Yours"))
    assert world.telegram.chats.presses[first.id].answer == "Yours"
    world.clock.change(forward=151)
    refused(ask, lambda b: b.answer_callback_query(second.id), "query is too old")


def test_files_are_fetched_by_a_path_that_holds_the_token(world: Standins, ask: Ask) -> None:
    person = world.telegram_person()
    photo = world.on_telegram.photo(person.id, "look").message["photo"][-1]

    async def fetch(bot: Bot) -> bytes:
        return bytes(await (await bot.get_file(photo["file_id"])).download_as_bytearray())

    content = ask(fetch)
    assert content[:3] == b"\xff\xd8\xff" and len(content) == photo["file_size"]
    refused(ask, lambda b: b.get_file("nonsense"), "wrong file_id")


def test_what_the_bot_says_of_itself_is_kept_by_language(world: Standins, ask: Ask) -> None:
    ask(lambda b: b.set_my_commands([BotCommand("stop", "Forget it")], language_code="en"))
    assert ask(lambda b: b.get_my_commands(language_code="en")) == (BotCommand("stop", "Forget it"),)
    assert ask(lambda b: b.get_my_commands()) == ()
    ask(lambda b: b.set_my_description("Bonjour", language_code="fr"))
    assert ask(lambda b: b.get_my_description("fr")).description == "Bonjour"
    refused(ask, lambda b: b.set_my_commands([BotCommand("Stop", "x")]), "BOT_COMMAND_INVALID")
    refused(ask, lambda b: b.set_my_description("x", language_code="zgh"), "invalid language code")


def test_a_group_that_was_left_takes_no_message(world: Standins, ask: Ask) -> None:
    stranger = world.on_telegram.add_to_group(UNLISTED, -1009, "Elsewhere")
    assert ask(lambda b: b.leave_chat(stranger.id))
    with pytest.raises(Forbidden, match="not a member"):
        ask(lambda b: b.send_message(stranger.id, "x"))


def test_ordered_faults_strike(world: Standins, server: Server, ask: Ask) -> None:
    person = citizen(world)
    control = f"{server.url}/control/telegram/refuse"
    httpx.post(control, json={"error": 429, "method": "sendMessage", "retry_after": 7})
    with pytest.raises(RetryAfter, match="7"):
        ask(lambda b: b.send_message(person, "x"))
    world.telegram.faults.order(Fault(500, "sendMessage"))
    with pytest.raises(NetworkError):
        ask(lambda b: b.send_message(person, "x"))
    world.telegram.faults.order(Fault(0, "sendMessage", after=True))
    with pytest.raises(NetworkError):
        ask(lambda b: b.send_message(person, "arrived all the same"))
    assert world.posts(person)[-1].message["text"] == "arrived all the same"


def test_previews_and_protection_are_noted(world: Standins, ask: Ask) -> None:
    group = world.accounts.moderators_chat
    off = LinkPreviewOptions(is_disabled=True)
    ask(lambda b: b.send_message(group, "card", protect_content=True, link_preview_options=off))
    ask(lambda b: b.send_message(group, "card"))
    bare, dressed = world.posts(group)[1], world.posts(group)[0]
    assert dressed.protected and not dressed.preview
    assert bare.preview and not bare.protected


def test_pages_of_other_sites_are_kept_out(server: Server) -> None:
    assert httpx.get(server.url, headers={"Host": "evil.example"}).status_code == 403
    assert httpx.post(f"{server.url}/control/clock", data={"speed": "9"}).status_code == 415
    assert "default-src 'none'" in httpx.get(server.url).headers["Content-Security-Policy"]
