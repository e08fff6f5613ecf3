"""
Telegram's client library as we use it. It is large: only who makes a call brings it in, and the doors make none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import HTTPXRequest

from bot.telegram_trouble import failure
from bot.trust import trust


def client(token: str, base: str, timeout: float) -> Bot:
    """A client of the server at `base`, with connections of its own."""
    return Bot(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_connections(timeout),
        get_updates_request=_connections(timeout),
    )


@contextmanager
def told_apart() -> Iterator[None]:
    """Turn what the library raises inside into `SendFailed`."""
    try:
        yield
    except TelegramError as trouble:
        raise failure(trouble) from None


class Connections(HTTPXRequest):
    """The library's own, but for one thing: it would log as an error the whole of an answer that it cannot read."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            read = json.loads(payload)
        except ValueError:
            raise TelegramError("not JSON") from None
        if not isinstance(read, dict):
            raise TelegramError("not an object")
        return read


def _connections(timeout: float) -> Connections:
    # httpx closes an idle connection after 5 s unless told otherwise (platform.md B2).
    limits = httpx.Limits(max_connections=16, max_keepalive_connections=16, keepalive_expiry=300)
    return Connections(read_timeout=timeout, pool_timeout=5.0, httpx_kwargs={"limits": limits, "verify": trust()})
