"""The stand-in for Telegram brings updates as Telegram does: in order, again and again, until they expire."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from flask import Response, redirect
from telegram import (
    Update,
)
from telegram.error import Conflict

from simulator.people import LISTED
from simulator.serve import Server
from simulator.standins import Standins
from tests.echo import Echo
from tests.standing import Ask, asking, hook


@pytest.fixture
def ask(server: Server) -> Ask:
    return asking(server)


@pytest.fixture
def echo() -> Iterator[Echo]:
    with Echo() as echo:
        yield echo


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
    echo.answers = lambda _request: redirect("/fallback", 307)
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
