"""The doors: POST /telegram, POST /whatsapp, GET /healthz /readyz /metrics. They check, read, hand on and answer."""

from __future__ import annotations

import logging
import math
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Flask, Response, g, request

from bot.channel import Arrival, Forged, Inbound, Unreadable
from bot.doors import Doors, Later, OurFault, Parked
from bot.house import House, open_house
from bot.logs import about
from bot.numbers import HERE
from bot.ready import metrics, ready
from conversations.alarms import alarm
from conversations.links import find_links
from conversations.texts import Text

if TYPE_CHECKING:
    from bot.telegram import Telegram
    from bot.whatsapp import WhatsApp

log = logging.getLogger(__name__)

# Nobody browses here: whatever a browser is made to do with an answer, it shows, keeps and runs nothing of it.
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def create_app(house: House | None = None) -> Flask:
    """The application for a house, or for the environment's. A channel that is off has no door: 404."""
    house = house or open_house(serves=True)
    app, doors = Flask(__name__), Doors(house)
    alarm(""), find_links("@")  # make their patterns now, not while the first citizen waits
    app.config["MAX_CONTENT_LENGTH"] = house.operator.limits.body_bytes
    app.before_request(_noted)
    app.after_request(_guarded)
    app.add_url_rule("/healthz", view_func=lambda: ("ok\n", 200), endpoint="healthz")
    app.add_url_rule("/readyz", view_func=lambda: ready(house), endpoint="readyz")
    app.add_url_rule("/metrics", view_func=lambda: metrics(house), endpoint="metrics")
    if telegram := house.telegram:
        app.add_url_rule(
            "/telegram", view_func=lambda: _telegram(doors, telegram), endpoint="telegram", methods=["POST"]
        )
    if whatsapp := house.whatsapp:
        app.add_url_rule(
            "/whatsapp", view_func=lambda: _whatsapp(doors, whatsapp), endpoint="whatsapp", methods=["POST"]
        )
    return app


def _telegram(doors: Doors, telegram: Telegram) -> Response:
    """Telegram keeps what is not answered 2xx, in order, for a day: 503 is how it becomes the queue (platform.md A2)."""
    try:
        telegram.check(request)
        raw = request.get_data()  # also where it is put off: with an unread body the connection may break instead
        doors.admit()
        event = telegram.read(request)
        if event is None:
            return _told("telegram", "ignored", telegram.nothing())
        return _told("telegram", "answered", doors.lead(telegram, event, raw))
    except Forged:
        return _told("telegram", "forged", Response(status=403))
    except Unreadable:
        return _told("telegram", "unreadable", Response(status=200))
    except Later as later:
        held = Response(status=503, headers={"Retry-After": str(math.ceil(later.seconds))})
        return _told("telegram", later.why, held)
    except OurFault:
        return _told("telegram", "failed", Response(status=500))
    except Parked:
        return _told("telegram", "parked", Response(status=200))


def _whatsapp(doors: Doors, whatsapp: WhatsApp) -> Response:
    """Twilio repeats little (platform.md C4): while we can still answer, a person is asked to send it again."""
    try:
        whatsapp.check(request)
        event = whatsapp.read(request)
    except Forged:
        return _told("whatsapp", "forged", Response(status=403))
    except Unreadable:
        return _told("whatsapp", "unreadable", whatsapp.nothing())
    if event is None:
        return _told("whatsapp", "ignored", whatsapp.nothing())
    if isinstance(event, Arrival):
        return _arrived(doors, whatsapp, event)
    return _heard(doors, whatsapp, event)


def _arrived(doors: Doors, whatsapp: WhatsApp, event: Arrival) -> Response:
    """Told again where we cannot take it now: its address asks for that."""
    try:
        doors.noted(event, _form())
    except (Later, OurFault, Parked) as trouble:
        return _told("whatsapp", type(trouble).__name__.lower(), Response(status=503))
    return _told("whatsapp", "arrived", whatsapp.nothing())


def _heard(doors: Doors, whatsapp: WhatsApp, inbound: Inbound) -> Response:
    try:
        answer = doors.answer(inbound, _form())
    except Later as later:
        if later.why == "crowd":  # an album's pictures come all at once: Twilio repeats within its 15 seconds
            return _told("whatsapp", later.why, Response(status=503))
        held = whatsapp.reply(inbound, doors.say(inbound, Text.OVERLOADED))
        return _told("whatsapp", later.why, held)
    except OurFault:
        return _told("whatsapp", "failed", Response(status=500))
    return _told("whatsapp", "answered", answer.response if answer else whatsapp.nothing())


def _noted() -> Response | None:
    """
    The lines of one delivery are found together, under a name that leads nowhere else.

    A body that does not say how long it is would be read as none, and its message lost: who sends one is asked for it.
    """
    g.began = perf_counter()
    about()
    endless = request.endpoint and request.method == "POST" and request.content_length is None
    return Response(status=411) if endless else None


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response


def _form() -> bytes:
    """What to park of a form, whose body has been read."""
    return repr(sorted(request.form.items(multi=True))).encode()


def _told(door: str, outcome: str, response: Response) -> Response:
    HERE.turn(door, outcome, perf_counter() - g.began)
    log.debug("%s: %s", door, outcome)
    return response
