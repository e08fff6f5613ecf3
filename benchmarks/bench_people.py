"""
What the benchmark's people send, as bytes: made from templates, so that the driver takes little of the processor.

A script is what somebody says at each step and the words that must come back. Each report is a new person's; one in five
is of a link that others have reported before.
"""

from __future__ import annotations

import base64
import hmac
import json
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote_plus, urlencode

from benchmarks.accounts import ACCOUNT, AUTH, PUBLIC, SECRET, SENDER

LINK = "https://bench.example.org/"
FIRST_PERSON, FIRST_PHONE, FIRST_UPDATE = 5_100_000_000, 212_620_000_000, 1_000_000_000
KNOWN_EVERY, KNOWN = 5, 50  # one in so many links is one of so many that are reported again and again
NAME = "Zoubida"

Request = Callable[[int, int], bytes]  # a person's and a delivery's number; the whole request


class Said(NamedTuple):
    """What somebody says (with `LINK` for theirs), and what the answer must hold."""

    says: str
    hears: str


class Step(NamedTuple):
    """One step of a script, ready to be sent."""

    request: Request
    hears: bytes


def ready(channel: str, script: Sequence[Sequence[str]], port: int, path: str) -> list[Step]:
    """A script for a channel, or, posted with `path`, for the floor: the same bytes, and any answer will do."""
    make = {"telegram": _telegram, "whatsapp": _whatsapp}[channel]
    floor = path.startswith("/floor")
    said = [Said(*pair) for pair in script]
    return [Step(make(one.says, port, path), b"" if floor else one.hears.encode()) for one in said]


def link(person: int) -> str:
    """What this person reports, without `LINK`."""
    again, number = person % KNOWN_EVERY == 0, person // KNOWN_EVERY
    return f"known/{number % KNOWN}" if again else f"post/{person:x}"


def _telegram(says: str, port: int, path: str) -> Request:
    who = {"id": "@who@", "first_name": NAME}
    said = {
        "message_id": "@n@", "from": {**who, "is_bot": False, "language_code": "ar"}, "chat": {**who, "type": "private"},
        "date": int(time.time()), "text": says.replace(LINK, f"{LINK}@link@"),
    }  # fmt: skip
    update = json.dumps({"update_id": "@update@", "message": said}).replace("%", "%%")
    for name in ("who", "n", "update"):
        update = update.replace(f'"@{name}@"', f"%({name})d")
    body = update.replace("@link@", "%(link)s").encode()
    head = _head(port, path, {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET})

    def request(person: int, number: int) -> bytes:
        it = {
            b"who": FIRST_PERSON + person,
            b"n": number,
            b"update": FIRST_UPDATE + number,
            b"link": link(person).encode(),
        }
        content = body % it
        return head % (len(content), b"") + content

    return request


def _whatsapp(says: str, port: int, path: str) -> Request:
    form: Mapping[str, str] = {
        "MessageSid": "SM@sid@", "SmsSid": "SM@sid@", "SmsMessageSid": "SM@sid@", "AccountSid": ACCOUNT,
        "From": "whatsapp:+@who@", "To": SENDER, "NumMedia": "0", "NumSegments": "1", "MessageType": "text",
        "Body": says.replace(LINK, f"{LINK}@link@"), "ProfileName": NAME, "WaId": "@who@", "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
    }  # fmt: skip
    body = _template(urlencode(form), quote_plus("@"))
    signed = _template(f"{PUBLIC}/whatsapp" + "".join(name + form[name] for name in sorted(form)), "@")
    head = _head(port, path, {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": "@"})
    key = AUTH.encode()

    def request(person: int, number: int) -> bytes:
        where = link(person)
        it = {b"who": b"%d" % (FIRST_PHONE + person), b"sid": b"be%030x" % number, b"link": where.encode()}
        signature = base64.b64encode(hmac.digest(key, signed % it, "sha1"))
        content = body % {**it, b"link": quote_plus(where).encode()}
        return head % (len(content), signature) + content

    return request


def _template(text: str, at: str) -> bytes:
    """With a field for each name between two `at`; every other % stays one."""
    text = text.replace("%", "%%")
    for name in ("who", "sid", "link"):
        text = text.replace(f"{at}{name}{at}".replace("%", "%%"), f"%({name})s")
    return text.encode()


def _head(port: int, path: str, headers: Mapping[str, str]) -> bytes:
    """Takes the body's length and what stands for "@"."""
    given = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value != "@")
    last = next((f"{name}: " for name, value in headers.items() if value == "@"), "X-Floor: ")
    return f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{given}Content-Length: %d\r\n{last}%s\r\n\r\n".encode()
