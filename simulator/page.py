"""The chat page's own doors: what its three phones show, and what the person at the page does with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, request

from simulator import people
from simulator.page_state import group_state, telegram_state, whatsapp_state
from simulator.standins import Standins
from simulator.telegram_checks import ApiError
from simulator.twilio_messages import Citizen

Json = dict[str, Any]
PING_SECONDS = 15.0


def doors(standins: Standins) -> Blueprint:
    """`/` is the page; everything under `/page/` is JSON for it."""
    routes = Blueprint("page", __name__)
    _watching(routes, standins)
    _telegram(routes, standins)
    _whatsapp(routes, standins)
    _group(routes, standins)

    @routes.errorhandler(KeyError)
    @routes.errorhandler(ApiError)
    def unknown(_error: Exception) -> tuple[Json, int]:
        return {"error": "nobody or nothing by that name"}, 404

    return routes


def _watching(routes: Blueprint, standins: Standins) -> None:
    @routes.get("/")
    def page() -> Response:
        return current_app.send_static_file("index.html")

    @routes.get("/page/state")
    def state() -> Json:
        person, citizen = request.args.get("telegram", ""), request.args.get("whatsapp", "")
        return {
            "version": standins.version(),
            "telegram": telegram_state(standins, int(person) if person.isdigit() else 0),
            "whatsapp": whatsapp_state(standins, citizen),
            "group": group_state(standins),
            "countries": list(people.NUMBERS),
        }

    @routes.get("/page/events")
    def events() -> Response:
        return Response(_changes(standins), mimetype="text/event-stream", headers={"Cache-Control": "no-store"})


def _changes(standins: Standins) -> Iterator[str]:
    """One event for every change, several changes at once as one."""
    told = -1
    while True:
        standins.seen(partial(_moved_on, standins, told), PING_SECONDS)
        told = standins.version()
        yield f"data: {told}\n\n"


def _moved_on(standins: Standins, told: int) -> bool:
    return standins.version() != told


def _asked(name: str, default: str = "") -> str:
    return str(request.get_json().get(name, default))


def _telegram(routes: Blueprint, standins: Standins) -> None:
    on = standins.on_telegram

    @routes.post("/page/telegram/people")
    def new_person() -> Json:
        return {"id": standins.telegram_person(_asked("language"), _asked("country", "MA")).id}

    @routes.post("/page/telegram/<int:person>/language")
    def language(person: int) -> Json:
        standins.telegram.chats.people[person].language = _asked("language")
        standins.telegram.chats.changed()
        return {}

    @routes.post("/page/telegram/<int:person>/block")
    def block(person: int) -> Json:
        on.block(person, bool(request.get_json().get("blocked")))
        return {}

    @routes.post("/page/telegram/<int:person>/<deed>")
    def act(person: int, deed: str) -> Json:
        words = {"say", "edit"}
        captioned: dict[str, Callable[..., Any]] = {"photo": on.photo, "album": on.album, "document": on.document}
        plain: dict[str, Callable[..., Any]] = {
            "voice": on.voice, "sticker": on.sticker, "contact": on.contact, "location": on.location, "forward": on.forward,
        }  # fmt: skip
        if deed in words:
            (on.say if deed == "say" else on.edit)(person, _asked("text"))
        elif deed in captioned:
            captioned[deed](person, _asked("text"))
        else:
            plain[deed](person)
        return {}


def _whatsapp(routes: Blueprint, standins: Standins) -> None:
    on = standins.on_whatsapp

    def found(phone: str) -> Citizen:
        citizen = next((c for c in standins.twilio.messages.citizens if c.phone == f"+{phone}"), None)
        if citizen is None:
            raise KeyError(phone)
        return citizen

    @routes.post("/page/whatsapp/people")
    def new_citizen() -> Json:
        shows = _asked("shows", "phone")
        return {"id": standins.whatsapp_person(_asked("country", "MA"), shows).phone.removeprefix("+")}

    @routes.post("/page/whatsapp/<phone>/block")
    def block_number(phone: str) -> Json:
        on.block(found(phone), bool(request.get_json().get("blocked")))
        return {}

    @routes.post("/page/whatsapp/<phone>/<deed>")
    def whatsapp_act(phone: str, deed: str) -> Json:
        citizen = found(phone)
        captioned: dict[str, Callable[..., Any]] = {
            "say": on.say, "photo": on.photo, "album": on.album, "document": on.document,
        }  # fmt: skip
        plain: dict[str, Callable[..., Any]] = {
            "voice": on.voice, "sticker": on.sticker, "contact": on.contact, "location": on.location, "forward": on.forward,
        }  # fmt: skip
        if deed in ("press", "pick"):
            (on.press if deed == "press" else on.pick)(citizen, _asked("title"), _asked("id"))
        elif deed in captioned:
            captioned[deed](citizen, _asked("text"))
        else:
            plain[deed](citizen)
        return {}


def _group(routes: Blueprint, standins: Standins) -> None:
    """Whoever is in the groups may press and write; `as` is their Telegram id, or "group" for who writes as the group."""

    @routes.post("/page/group/<chat>/press")
    def press(chat: str) -> Json:
        asked = request.get_json()
        on = standins.on_telegram.press(int(asked["as"]), int(chat), int(asked["message"]), str(asked["data"]))
        return {"id": on.id}

    @routes.post("/page/group/<chat>/say")
    def say_in_group(chat: str) -> Json:
        if _asked("as") == "group":
            standins.on_telegram.say_as_group(_asked("text"), int(chat))
        else:
            standins.on_telegram.say(int(_asked("as")), _asked("text"), int(chat))
        return {}
