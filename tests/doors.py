"""A house on a test's database, its doors, and citizens who knock: real updates and real signed forms."""

from __future__ import annotations

import itertools
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from bot.house import House, open_house
from storage import keys
from webhook_app import create_app

TOKEN, SECRET = "123456:test-token-of-no-bot-at-all-000000000", "header-secret"
ACCOUNT, AUTH, SENDER = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef", "whatsapp:+14155550100"
PUBLIC = "https://bot.example.org"
GROUP, RESTRICTED = "-1001000000001", "-1001000000002"

NEW = keys.generate()
ENVIRONMENT = {
    **NEW.environment,
    "PUBLIC_URL": PUBLIC, "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_WEBHOOK_SECRET": SECRET,
    "TELEGRAM_API_BASE": "http://127.0.0.1:9", "TWILIO_API_BASE": "http://127.0.0.1:9",
    "TELEGRAM_MODERATORS_CHAT_ID": GROUP, "TELEGRAM_RESTRICTED_CHAT_ID": RESTRICTED,
    "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": AUTH, "TWILIO_WHATSAPP_FROM": SENDER,
    "OPERATOR_NAME": "Example Operator", "OPERATOR_CONTACT": "desk@example.org", "OPERATOR_URL": "https://example.org",
    "TELEGRAM_RATE": "1000", "LANGUAGES": "ar,fr,en",
}  # fmt: skip

NUMBERS = itertools.count(1)


def house(database_url: str, **environment: str) -> House:
    """A house by test settings."""
    return open_house({**ENVIRONMENT, "DATABASE_URL": database_url, **environment})


@dataclass
class Telegrammer:
    """A citizen on Telegram."""

    client: FlaskClient
    id: int = 712345001
    language: str = "en"
    message: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def update(self, text: str, **parts: Any) -> dict[str, Any]:
        who = {"id": self.id, "is_bot": False, "first_name": "Zoubida-Firstname", "language_code": self.language}
        chat = {"id": self.id, "type": "private", "first_name": "Zoubida-Firstname"}
        said = {"message_id": next(self.message), "from": who, "chat": chat, "date": 1795320000, "text": text, **parts}
        return {"update_id": 880_000_000 + next(NUMBERS), "message": said}

    def knock(self, update: dict[str, Any], secret: str = SECRET) -> TestResponse:
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return self.client.post("/telegram", data=json.dumps(update), headers=headers, content_type="application/json")

    def says(self, text: str, **parts: Any) -> str:
        """The text of the answer, after checking that it is a message to this chat."""
        answer = self.knock(self.update(text, **parts))
        assert answer.status_code == 200, answer.status_code
        body = answer.get_json()
        assert body["method"] == "sendMessage" and body["chat_id"] == self.id
        return str(body["text"])


@dataclass
class Whatsapper:
    """A citizen on WhatsApp."""

    client: FlaskClient
    phone: str = "+212655443322"

    def form(self, text: str, **parts: str) -> dict[str, str]:
        sid = f"SM{next(NUMBERS):032x}"
        return {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": f"whatsapp:{self.phone}", "To": SENDER, "NumMedia": "0",
            "Body": text, "ProfileName": "Zoubida-Firstname", "WaId": self.phone.removeprefix("+"), "SmsStatus": "received", **parts,
        }  # fmt: skip

    def knock(self, form: dict[str, str], token: str = AUTH) -> TestResponse:
        signature = RequestValidator(token).compute_signature(f"{PUBLIC}/whatsapp", form)
        return self.client.post("/whatsapp", data=form, headers={"X-Twilio-Signature": signature})

    def says(self, text: str, **parts: str) -> str:
        """The text of the one message that rides back."""
        answer = self.knock(self.form(text, **parts))
        assert answer.status_code == 200, answer.status_code
        return said(answer)


def said(answer: TestResponse) -> str:
    """The words in a TwiML answer; "" for none."""
    messages = ET.fromstring(answer.get_data(as_text=True)).findall("Message")
    assert len(messages) <= 1
    return "".join(messages[0].itertext()) if messages else ""


def client(home: House) -> FlaskClient:
    app: Flask = create_app(home)
    return app.test_client()
