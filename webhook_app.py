"""The doors: POST /telegram, POST /whatsapp, GET /healthz /readyz /metrics. They check, read, hand on and answer."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterable, Mapping
from time import perf_counter
from typing import TYPE_CHECKING

from flask import Flask, Response

from bot.channel import Arrival, Forged, Inbound, Unreadable
from bot.doors import Doors, Later, OurFault, Parked
from bot.exchange import LINES, Delivered, Reply, TooLarge
from bot.house import House, open_house
from bot.logs import about
from bot.numbers import HERE
from bot.ready import metrics, ready
from conversations.alarms import alarm
from conversations.links import find_links
from conversations.texts import Text

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

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

Told = tuple[str, Reply]  # the outcome in a word, which is counted, and what goes back
Door = Callable[[Delivered], Told]


class Front(Flask):
    """
    Flask for whoever looks in; what is brought to a door goes to it straight.

    Nearly all requests are deliveries, and Flask's way with one takes as long as reading it, thinking and answering
    (docs/adr/0013-cpu-per-turn.md).
    """

    def __init__(self, name: str, doors: Mapping[str, Door], most_bytes: int) -> None:
        super().__init__(name)
        self._doors, self._most = doors, most_bytes
        for door in doors:  # anything but POST is told 405
            self.add_url_rule(f"/{door}", endpoint=door, methods=["POST"])

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The lines of one request are found together, under a name that leads nowhere else."""
        about()
        name = environ["PATH_INFO"].lstrip("/")
        if environ["REQUEST_METHOD"] != "POST" or name not in self._doors:
            return super().wsgi_app(environ, start_response)
        status, body, kind, headers = _brought(name, self._doors[name], Delivered(environ, self._most))
        told = [("Content-Type", kind), ("Content-Length", str(len(body))), *headers, *HEADERS.items()]
        start_response(LINES[status], told)
        return [body]


def create_app(house: House | None = None) -> Flask:
    """The application for a house, or for the environment's. A channel that is off has no door: 404."""
    house = house or open_house(serves=True)
    alarm(""), find_links("@")  # make their patterns now, not while the first citizen waits
    app = Front(__name__, _doors(house), house.operator.limits.body_bytes)
    app.after_request(_guarded)
    app.add_url_rule("/healthz", view_func=lambda: ("ok\n", 200), endpoint="healthz")
    app.add_url_rule("/readyz", view_func=lambda: ready(house), endpoint="readyz")
    app.add_url_rule("/metrics", view_func=lambda: metrics(house), endpoint="metrics")
    return app


def _doors(house: House) -> dict[str, Door]:
    behind, doors = Doors(house), dict[str, Door]()
    if telegram := house.telegram:
        doors["telegram"] = lambda delivered: _telegram(behind, telegram, delivered)
    if whatsapp := house.whatsapp:
        doors["whatsapp"] = lambda delivered: _whatsapp(behind, whatsapp, delivered)
    return doors


def _brought(name: str, door: Door, delivered: Delivered) -> Reply:
    """A body that does not say how long it is would be read as none, and its message lost: who sends one is asked for it."""
    if delivered.length is None:
        return Reply(411)
    try:
        outcome, reply = door(delivered)
    except TooLarge:
        return Reply(413)
    except Exception:
        log.exception("a door failed: %s", name)
        return Reply(500)
    HERE.turn(name, outcome, perf_counter() - delivered.began)
    log.debug("%s: %s", name, outcome)
    return reply


def _telegram(doors: Doors, telegram: Telegram, delivered: Delivered) -> Told:
    """Telegram keeps what is not answered 2xx, in order, for a day: 503 is how it becomes the queue (platform.md A2)."""
    try:
        telegram.check(delivered)
        raw = delivered.body  # also where it is put off: with an unread body the connection may break instead
        doors.admit()
        event = telegram.read(delivered)
        if event is None:
            return "ignored", telegram.nothing()
        return "answered", doors.lead(telegram, event, raw)
    except Forged:
        return "forged", Reply(403)
    except Unreadable:
        return "unreadable", Reply()
    except Later as later:
        return later.why, Reply(503, headers=(("Retry-After", str(math.ceil(later.seconds))),))
    except OurFault:
        return "failed", Reply(500)
    except Parked:
        return "parked", Reply()


def _whatsapp(doors: Doors, whatsapp: WhatsApp, delivered: Delivered) -> Told:
    """Twilio repeats little (platform.md C4): while we can still answer, a person is asked to send it again."""
    try:
        whatsapp.check(delivered)
        event = whatsapp.read(delivered)
    except Forged:
        return "forged", Reply(403)
    except Unreadable:
        return "unreadable", whatsapp.nothing()
    if event is None:
        return "ignored", whatsapp.nothing()
    if isinstance(event, Arrival):
        return _arrived(doors, whatsapp, event, delivered.body)
    return _heard(doors, whatsapp, event, delivered.body)


def _arrived(doors: Doors, whatsapp: WhatsApp, event: Arrival, raw: bytes) -> Told:
    """Told again where we cannot take it now: its address asks for that."""
    try:
        doors.noted(event, raw)
    except (Later, OurFault, Parked) as trouble:
        return type(trouble).__name__.lower(), Reply(503)
    return "arrived", whatsapp.nothing()


def _heard(doors: Doors, whatsapp: WhatsApp, inbound: Inbound, raw: bytes) -> Told:
    try:
        answer = doors.answer(inbound, raw)
    except Later as later:
        if later.why == "crowd":  # an album's pictures come all at once: Twilio repeats within its 15 seconds
            return later.why, Reply(503)
        return later.why, whatsapp.reply(inbound, doors.say(inbound, Text.OVERLOADED))
    except OurFault:
        return "failed", Reply(500)
    return "answered", answer.reply if answer else whatsapp.nothing()


def _guarded(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
