"""The stand-in for the Bot API keeps Telegram's rules, as the real `telegram.Bot` meets them over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from typing import Any

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
    Update,
)
from telegram.error import BadRequest, Conflict, EndPointNotFound, Forbidden, InvalidToken, NetworkError, RetryAfter

from simulator.faults import Fault
from simulator.people import LISTED, UNLISTED
from simulator.serve import Server
from simulator.standins import Standins
from tests.echo import Echo

logging.getLogger("httpx").setLevel(logging.WARNING)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(Standins()) as server:
        yield server


@pytest.fixture
def world(server: Server) -> Standins:
    return server.standins


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as echo:
        yield echo


@pytest.fixture
def ask(server: Server) -> Callable[[Callable[[Bot], Awaitable[Any]]], Any]:
    """Do something with a real Bot."""

    def run(deed: Callable[[Bot], Awaitable[Any]]) -> Any:
        async def doing() -> Any:
            base = server.url
            token = server.standins.accounts.telegram_token
            async with Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
                return await deed(bot)

        return asyncio.run(doing())

    return run


Ask = Callable[[Callable[[Bot], Awaitable[Any]]], Any]


def hook(world: Standins, echo: Echo, **more: Any) -> None:
    world.telegram.call("setWebhook", {"url": echo.url, "secret_token": "s3cret", **more})


def refused(ask: Ask, deed: Callable[[Bot], Awaitable[Any]], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        ask(deed)


def citizen(world: Standins) -> int:
    person = world.telegram_person("ar")
    world.on_telegram.say(person.id, "/start")
    return person.id


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


def test_updates_are_polled_until_they_are_confirmed(world: Standins, ask: Ask, echo: Echo) -> None:
    person = world.telegram_person("fr")
    for words in ("one", "two"):
        world.on_telegram.say(person.id, words)
    found = ask(lambda b: b.get_updates())
    assert [u.message.text for u in found] == ["one", "two"] and found[0].message.from_user.language_code == "fr"
    left = ask(lambda b: b.get_updates(offset=found[0].update_id + 1))
    assert [u.message.text for u in left] == ["two"]
    assert ask(lambda b: b.get_updates(offset=left[0].update_id + 1, timeout=0)) == ()
    ask(lambda b: b.set_webhook(echo.url))
    with pytest.raises(Conflict):
        ask(lambda b: b.get_updates())


def test_an_update_comes_with_the_secret_and_is_what_the_library_reads(world: Standins, echo: Echo) -> None:
    hook(world, echo, allowed_updates=["message", "edited_message", "callback_query", "my_chat_member"])
    person = world.telegram_person("ar")
    on = world.on_telegram
    on.say(person.id, "/start http://a.example/x")
    for deed in (on.photo, on.voice, on.contact, on.location, on.forward, on.sticker, on.album, on.document):
        deed(person.id)
    on.edit(person.id, "never mind")
    assert world.seen(lambda: len(echo.came) == 12)
    assert {came.headers["X-Telegram-Bot-Api-Secret-Token"] for came in echo.came} == {"s3cret"}
    updates = [Update.de_json(came.json, None) for came in echo.came]
    assert not any(update.api_kwargs for update in updates)
    kinds = ["text", "photo", "voice", "contact", "location", "text", "sticker", "photo", "photo", "photo", "document"]
    assert all(getattr(u.message, kind) for u, kind in zip(updates, kinds, strict=False))
    assert updates[5].message and updates[5].message.forward_origin
    assert updates[-1].edited_message and updates[-1].edited_message.text == "never mind"
    ids = [update.update_id for update in updates]
    assert ids == list(range(ids[0], ids[0] + 12))


def test_a_failing_message_is_repeated_and_holds_up_its_own_chat_only(world: Standins, echo: Echo) -> None:
    hook(world, echo)
    first, other = world.telegram_person(), world.telegram_person()
    world.clock.change(speed=20)
    echo.answers = lambda r: ("", 500) if r.json["message"]["text"] == "bad" and len(echo.came) < 5 else ("", 200)
    world.on_telegram.say(first.id, "bad")
    world.on_telegram.say(first.id, "after")
    world.on_telegram.say(other.id, "elsewhere")
    assert world.seen(lambda: world.telegram.delivery.pending() == 0)
    of_first = [c.json["message"]["text"] for c in echo.came if c.json["message"]["chat"]["id"] == first.id]
    assert of_first[-1] == "after" and set(of_first[:-1]) == {"bad"} and len(of_first) >= 4
    assert echo.came[0].json["update_id"] == echo.came[1].json["update_id"] or len(echo.came) > 4
    info = world.telegram.call("getWebhookInfo", {})
    assert info["last_error_message"] == "Wrong response from the webhook: 500 INTERNAL SERVER ERROR"


def test_retries_come_at_once_and_then_after_2_4_8_seconds(world: Standins, echo: Echo) -> None:
    times: list[float] = []

    def note(_request: Any) -> tuple[str, int]:
        times.append(world.clock.now())
        return "", 503 if len(times) < 5 else 200

    echo.answers = note
    hook(world, echo)
    world.clock.change(speed=20)
    world.on_telegram.say(world.telegram_person().id, "hello")
    assert world.seen(lambda: len(times) == 5)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps[0] < 1.9 and all(gap >= least for gap, least in zip(gaps[1:], (2, 4, 8), strict=True))


def test_retry_after_replaces_the_delay(world: Standins, echo: Echo) -> None:
    def refuse(_request: Any) -> Any:
        from flask import Response

        return Response("", 503, {"Retry-After": "600"}) if len(echo.came) == 1 else ""

    echo.answers = refuse
    hook(world, echo)
    world.on_telegram.say(world.telegram_person().id, "hello")
    assert world.seen(lambda: len(echo.came) == 1)
    assert not world.seen(lambda: len(echo.came) > 1, 0.4)
    world.clock.change(forward=600)
    assert world.seen(lambda: len(echo.came) == 2)


def test_an_undeliverable_message_expires_after_24_hours_and_a_press_after_150_seconds(
    world: Standins, echo: Echo, ask: Ask
) -> None:
    card = ask(lambda b: b.send_message(world.accounts.moderators_chat, "card"))
    world.telegram.delivery.troubles.held = {"all"}
    hook(world, echo)
    world.on_telegram.say(world.telegram_person().id, "hello")
    world.on_telegram.press(LISTED, world.accounts.moderators_chat, card.message_id, "1:take")
    world.clock.change(forward=151)
    assert world.seen(lambda: world.telegram.delivery.pending() == 1)
    world.clock.change(forward=86400)
    assert world.seen(lambda: world.telegram.delivery.pending() == 0)
    assert not echo.came


def test_410_for_23_hours_deletes_the_webhook(world: Standins, echo: Echo) -> None:
    echo.answers = lambda _request: ("", 410)
    hook(world, echo)
    world.on_telegram.say(world.telegram_person().id, "hello")
    assert world.seen(lambda: len(echo.came) >= 2)
    assert world.telegram.delivery.webhook.url
    world.clock.change(forward=23.5 * 3600)
    assert world.seen(lambda: not world.telegram.delivery.webhook.url)


def test_redirects_are_not_followed(world: Standins, echo: Echo) -> None:
    from flask import redirect

    echo.answers = lambda _request: redirect("/fallback", 307)  # type: ignore[return-value,assignment]
    hook(world, echo)
    world.on_telegram.say(world.telegram_person().id, "hello")
    assert world.seen(lambda: len(world.telegram.delivery.attempts) >= 2)
    assert {a["status"] for a in world.telegram.delivery.attempts} == {307}


def test_one_method_rides_back_and_its_errors_are_thrown_away(world: Standins, echo: Echo) -> None:
    person = world.telegram_person()

    def reply(request: Any) -> dict[str, Any]:
        words = request.json["message"]["text"]
        text = "x" * 5000 if words == "long" else f"you said {words}"
        return {"method": "getMe"} if words == "me" else {"method": "sendMessage", "chat_id": person.id, "text": text}

    echo.answers = reply
    hook(world, echo)
    for words in ("one", "long", "me", "two"):
        world.on_telegram.say(person.id, words)
    assert world.seen(lambda: sum(post.mine for post in world.posts(person.id)) == 2)
    assert [p.message["text"] for p in world.posts(person.id) if p.mine] == ["you said one", "you said two"]
    rode = [call for call in world.telegram.calls if call["by"] == "webhook"]
    assert [call["error_code"] for call in rode] == [0, 400, 0]
    assert world.telegram.delivery.pending() == 0


def test_a_lost_answer_and_an_ordered_repeat_bring_the_same_update_again(world: Standins, echo: Echo) -> None:
    hook(world, echo)
    world.telegram.delivery.troubles.lose = 1
    world.on_telegram.say(world.telegram_person().id, "lost")
    assert world.seen(lambda: len(echo.came) == 2)
    world.telegram.delivery.troubles.repeat = 1
    world.on_telegram.say(world.telegram_person().id, "repeated")
    assert world.seen(lambda: len(echo.came) == 4)
    ids = [came.json["update_id"] for came in echo.came]
    assert ids[0] == ids[1] != ids[2] == ids[3]


def test_a_press_may_overtake_a_message(world: Standins, echo: Echo, ask: Ask) -> None:
    group = world.accounts.moderators_chat
    card = ask(lambda b: b.send_message(group, "card"))
    world.telegram.delivery.troubles.held = {"chat"}
    hook(world, echo)
    world.on_telegram.say(LISTED, "first", group)
    world.on_telegram.press(LISTED, group, card.message_id, "1:take")
    assert world.seen(lambda: len(echo.came) == 1)
    world.telegram.delivery.troubles.held.clear()
    world.telegram.delivery.look()
    assert world.seen(lambda: len(echo.came) == 2)
    assert ["callback_query" in came.json for came in echo.came] == [True, False]


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
