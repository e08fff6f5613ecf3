"""The stand-ins as tests use them: spoken to by the providers' real clients."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from xml.sax.saxutils import escape

import pytest
from flask import Response
from telegram import Bot
from telegram.error import BadRequest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulator.serve import Server
from simulator.standins import Standins
from tests.echo import Echo

logging.getLogger("httpx").setLevel(logging.WARNING)

Deed = Callable[[Bot], Awaitable[Any]]
Ask = Callable[[Deed], Any]


def asking(server: Server) -> Ask:
    """Do something with a real Bot."""

    def run(deed: Deed) -> Any:
        async def doing() -> Any:
            base, token = server.url, server.standins.accounts.telegram_token
            async with Bot(token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot") as bot:
                return await deed(bot)

        return asyncio.run(doing())

    return run


def hook(world: Standins, echo: Echo, **more: Any) -> None:
    world.telegram.call("setWebhook", {"url": echo.url, "secret_token": "s3cret", **more})


def refused(ask: Ask, deed: Deed, words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        ask(deed)


def citizen(world: Standins) -> int:
    person = world.telegram_person("ar")
    world.on_telegram.say(person.id, "/start")
    return person.id


class Elsewhere:
    """Twilio's own HTTP client, spoken to at another address."""

    is_async = False

    def __init__(self, base: str) -> None:
        self._base, self._through = base, TwilioHttpClient(timeout=5)

    def request(self, method: str, url: str, *given: Any, **named: Any) -> Any:
        return self._through.request(method, self._base + url[url.index("/", len("https://")) :], *given, **named)


def rest_client(server: Server) -> Client:
    """A real client of Twilio's."""
    own = server.standins.accounts
    return Client(own.twilio_account, own.twilio_auth_token, http_client=Elsewhere(server.url))


def twiml(*bodies: str) -> Response:
    inside = "".join(f"<Message><Body>{escape(body)}</Body></Message>" for body in bodies)
    return Response(f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>', mimetype="text/xml")
