"""The doors in process, on a real database: for what only works from inside, and for what must go fast."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from benchmarks.accounts import AUTH, PUBLIC, SECRET
from bot.house import open_house
from webhook_app import create_app


class Indoors:
    """A house and its doors, opened by settings. A context manager."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.house = open_house(settings)
        self._client = create_app(self.house).test_client()

    def __enter__(self) -> Indoors:
        return self

    def __exit__(self, *_: object) -> None:
        self.house.engine.dispose()

    def telegram(self, body: bytes, secret: str = SECRET) -> TestResponse:
        """Whatever bytes, brought as Telegram brings an update."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return self._post("/telegram", body, headers, content_type="application/json")

    def whatsapp(self, form: Mapping[str, Any], token: str = AUTH) -> TestResponse:
        """Whatever form, signed as Twilio signs it."""
        signature = RequestValidator(token).compute_signature(f"{PUBLIC}/whatsapp", form)
        return self._post("/whatsapp", form, {"X-Twilio-Signature": signature})

    def _post(self, door: str, body: Any, headers: Mapping[str, str], content_type: str | None = None) -> TestResponse:
        """With the length of an empty body, which this client leaves out, and no provider does."""
        length = {} if body else {"CONTENT_LENGTH": "0"}
        return self._client.post(door, data=body, headers=headers, content_type=content_type, environ_overrides=length)

    def thrice(self, delivery: Mapping[str, Any]) -> TestResponse:
        """The same delivery three times, as a provider does that gets no answer; the last response."""
        bring = self.whatsapp if "MessageSid" in delivery else lambda it: self.telegram(json.dumps(it).encode())
        return [bring(delivery) for _ in range(3)][-1]
