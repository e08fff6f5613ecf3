"""What an operator sets up once: templates at Twilio, menus at Telegram; and settings that name them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from bot import mint, templates
from bot.house import open_house
from bot.menus import menus
from bot.wording import available
from conversations import commands
from conversations.engine import advance
from conversations.model import Message
from simulator import run
from simulator.faults import Fault
from simulator.serve import Server
from tests.doors import ENVIRONMENT
from tests.native_house import environment, iblagh, whatsapp


def given(server: Server) -> dict[str, str]:
    return environment(server, "postgresql://nobody@127.0.0.1:9/none", "https://bot.example.org")


def test_templates_are_made_once_and_their_line_is_a_setting(server: Server) -> None:
    held = server.standins.twilio.messages.contents
    first, second = iblagh(given(server), "templates", "create"), iblagh(given(server), "templates", "create")
    assert first.returncode == 0 and "made 17, already there 0" in first.stderr
    assert "made 0, already there 17" in second.stderr and first.stdout == second.stdout
    assert len(held) == 17
    name, _, said = first.stdout.strip().partition("=")
    settings = open_house(given(server) | {name: said}).settings
    assert dict(settings.twilio_templates) == templates.there(whatsapp(given(server)))
    assert {held[sid]["friendly_name"] for sid in settings.twilio_templates.values()} == {
        templates.friendly(name) for name in templates.NAMES
    }
    listed = iblagh(given(server), "templates", "list")
    assert [line.split()[1] for line in listed.stdout.splitlines()] == list(settings.twilio_templates.values())


def test_making_them_goes_on_where_it_broke_off(server: Server) -> None:
    contents = server.standins.twilio.messages.contents
    templates.create(whatsapp(given(server)))
    for sid in list(contents)[5:]:
        del contents[sid]
    server.standins.twilio.faults.order(Fault(500, "create_content"))
    broken = iblagh(given(server), "templates", "create")
    assert broken.returncode == 1 and "try again" in broken.stderr and "Traceback" not in broken.stderr
    assert "made 12, already there 5" in iblagh(given(server), "templates", "create").stderr
    assert len(contents) == 17


def test_what_others_made_in_the_account_is_left_alone(server: Server) -> None:
    made = whatsapp(given(server))
    made.create_content("order_update", *templates.content("quick_reply_2"))
    found, count = templates.create(made)
    assert count == 17 and len(server.standins.twilio.messages.contents) == 18
    assert templates.there(made) == found


def test_twins_of_one_name_are_told_apart_for_good(server: Server) -> None:
    """Two operators at once make two: everybody takes the older."""
    made = whatsapp(given(server))
    first = made.create_content(templates.friendly("list_2"), *templates.content("list_2"))
    server.standins.clock.change(0, 60)
    made.create_content(templates.friendly("list_2"), *templates.content("list_2"))
    assert templates.there(made)["list_2"] == first


def test_a_trial_with_buttons_has_all_templates(server: Server) -> None:
    ours = run.templates(server.standins)
    assert set(templates.read(ours["TWILIO_TEMPLATES"])) == set(templates.NAMES)
    assert templates.there(whatsapp(given(server))) == dict(templates.read(ours["TWILIO_TEMPLATES"]))


def test_telegram_shows_its_menu_in_each_language(server: Server) -> None:
    done = iblagh(given(server) | {"LANGUAGES": "ar,zgh,fr,en"}, "webhooks", "set")
    assert done.returncode == 0, done.stderr
    *asked, in_group = [call["fields"] for call in server.standins.telegram.calls if call["method"] == "setMyCommands"]
    assert [one.get("language_code", "") for one in asked] == ["ar", "fr", "en", ""]
    shown = {one.get("language_code", ""): str(json.loads(one["commands"])) for one in asked}
    assert "مساعدة" in shown["ar"] and "Aide" in shown["fr"] and shown["en"] == shown[""]
    assert all("all_private_chats" in str(one["scope"]) for one in asked)
    assert str(server.standins.accounts.moderators_chat) in str(in_group["scope"])
    assert [one["command"] for one in json.loads(in_group["commands"])][:4] == ["queue", "find", "stats", "help"]


def test_every_entry_of_the_menu_is_understood() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    house = open_house(ENVIRONMENT | {"LANGUAGES": "en"})
    given = mint.given(mint.voice(house.settings, house.operator), "telegram", now)
    session = advance(None, Message(text="hello"), given).session
    assert session is not None
    for menu in menus(available()).values():
        for name, description in menu:
            assert commands.read(Message(text=f"/{name}"), session, given) == name
            assert name.islower() and name.isascii() and 1 <= len(description) <= 256


def test_where_english_is_not_offered_others_see_the_first_language() -> None:
    assert menus(["ar", "fr"])[""] == menus(["ar", "fr"])["ar"]
