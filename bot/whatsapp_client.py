"""Twilio's REST client as we use it: with a timeout, no retries of its own, and its failures in our words."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from twilio.base.exceptions import TwilioException

from bot.channel import SendFailed

Result = TypeVar("Result")

AGAIN = {  # codes after which trying later helps, and how long to wait at least (platform.md C7)
    20429: ("slow-down", 0.0),
    63017: ("slow-down", 0.0),
    63018: ("slow-down", 0.0),
    63038: ("daily-limit", 3600.0),
    20009: ("not-finished", 60.0),
}
FINAL = {
    63016: "window-closed",
    63014: "blocked",
    21610: "blocked",
    63003: "no-such-address",
    63024: "no-such-address",
    21211: "no-such-address",
    63007: "sender",
    63015: "not-joined",
    20003: "token",
    20404: "gone",
}


def rest(account_sid: str, auth_token: str, api_base: str, timeout: float) -> Any:
    """
    A `twilio.rest.Client`; one for each thread, as its connections are not shared.

    Imported here: it costs 0.2 s and some 30 MB, and the doors send nothing.
    """
    from twilio.rest import Client

    return Client(account_sid, auth_token, http_client=_Connections(api_base, timeout))


class _Connections:
    """Twilio's own HTTP client, with another address in place of its hosts where one is given."""

    is_async = False

    def __init__(self, api_base: str, timeout: float = 10.0) -> None:
        from twilio.http.http_client import TwilioHttpClient

        self._base = urlsplit(api_base.rstrip("/"))
        self._through = TwilioHttpClient(timeout=timeout, max_retries=0)

    def request(self, method: str, url: str, *given: object, **named: object) -> Any:
        return self._through.request(method, self._address(url), *given, **named)

    def _address(self, url: str) -> str:
        """Every host of theirs: account and token go nowhere else when an address is given."""
        if not self._base.netloc:
            return url
        parts = urlsplit(url)
        return urlunsplit((self._base.scheme, self._base.netloc, self._base.path + parts.path, parts.query, ""))


def asking(client: Any, ask: Callable[[Any], Result]) -> Result:
    """What the client answers. Raises `SendFailed`; what Twilio said, which quotes numbers, stays behind."""
    import requests  # only who sends pays for it

    try:
        return ask(client)
    except TwilioException as trouble:
        raise failure(trouble) from None
    except requests.Timeout:
        raise SendFailed("timeout", retry=True) from None  # it may have left: Twilio has no key to know a second one
    except (requests.RequestException, json.JSONDecodeError):
        raise SendFailed("network", retry=True) from None


def failure(trouble: Any) -> SendFailed:
    """Twilio's exception as ours."""
    status, code = getattr(trouble, "status", 0) or _of_a_list(trouble), getattr(trouble, "code", 0)
    if code in AGAIN:
        name, after = AGAIN[code]
        return SendFailed(name, retry=True, after=after)
    if code in FINAL:
        return SendFailed(FINAL[code], retry=False)
    if status == 429:
        return SendFailed("slow-down", retry=True)
    if status >= 500:
        return SendFailed("network", retry=True)
    return SendFailed({401: "token", 404: "gone"}.get(status, f"refused-{code}"), retry=False)


def _of_a_list(trouble: Any) -> int:
    """A list that was refused raises an exception without a status: the response stands in its place."""
    return next((int(one.status_code) for one in trouble.args if hasattr(one, "status_code")), 0)


def quiet() -> None:
    """Both log addresses with their parameters, phone numbers among them."""
    for name in ("twilio", "twilio.http_client", "urllib3"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
