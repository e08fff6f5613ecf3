"""
How providers bring a message: Telegram in order, again until a 2xx; Twilio a few times within 15 seconds, then never.

Both may bring again what was answered, or lose an answer on the way back: then it was given and nobody knows
(platform.md A2, C4). What an answer said is kept by delivery, so that a proof can compare the repeats byte for byte.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
import xml.etree.ElementTree as ET
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from benchmarks.accounts import ACCOUNT, AUTH, PUBLIC, SECRET, SENDER

TWILIO_TRIES = 4  # #rc=3: three more
TWILIO_SECONDS = 15.0  # for all tries together
TELEGRAM_SECONDS = 60.0  # without progress on a connection
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
IDS = itertools.count(1)
FIRST_UPDATE = 887_193_000
FIRST_NAME = "Zoubida-Firstname"


class Heard(NamedTuple):
    """A response as it came over the line."""

    status: int
    body: bytes
    retry_after: float = 0.0


class Line:
    """One connection to the doors, kept open and opened again after it broke. Not shared between threads."""

    def __init__(self, port: int, patience: float) -> None:
        self._link = HTTPConnection("127.0.0.1", port, timeout=patience)

    def post(self, path: str, body: bytes, headers: dict[str, str]) -> Heard | None:
        """The response; None where the connection broke, which says nothing about what happened."""
        try:
            self._link.request("POST", path, body, headers)
            response = self._link.getresponse()
            return Heard(response.status, response.read(), float(response.headers.get("Retry-After") or 0))
        except (OSError, HTTPException):
            self._link.close()
            return None

    def close(self) -> None:
        self._link.close()


@dataclass
class Post:
    """What is the same for all carriers of a run. `pace` is how many times faster than real the waiting goes."""

    port: int
    repeats: float = 0.0  # share of deliveries that are brought again though they were answered
    losses: float = 0.0  # share of answers that get lost
    pace: float = 1.0
    counts: Counter[str] = field(default_factory=Counter)
    keeps: bool = True  # the answers: a storm of them would fill the memory
    answers: dict[str, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    lock: threading.Lock = field(default_factory=threading.Lock)
    over: threading.Event = field(default_factory=threading.Event)  # set: whoever waits gives up

    def note(self, delivery: str, heard: Heard | None) -> None:
        """Count a try, and keep what was answered."""
        with self.lock:
            self.counts["tries"] += 1
            self.counts[str(heard.status) if heard else "broken"] += 1
            if self.keeps and heard and heard.status < 300:
                self.answers[delivery].append(heard.body)

    def add(self, what: str) -> None:
        with self.lock:
            self.counts[what] += 1


class GaveUp(Exception):
    """The run was over before this delivery got through."""


@dataclass
class Telegram:
    """One private chat: its updates in order, each until it has been answered 2xx."""

    post: Post
    id: int
    language: str
    dice: random.Random
    line: Line | None = None  # of one who carries for many
    messages: int = 0

    channel = "telegram"
    headers: ClassVar[dict[str, str]] = {"Content-Type": JSON, "X-Telegram-Bot-Api-Secret-Token": SECRET}

    def __post_init__(self) -> None:
        self._line = self.line or Line(self.post.port, TELEGRAM_SECONDS)

    def update(self, text: str, **parts: Any) -> dict[str, Any]:
        """A message as Telegram would bring it."""
        self.messages += 1
        name = {"first_name": FIRST_NAME}
        who = {"id": self.id, "is_bot": False, "language_code": self.language, **name}
        chat = {"id": self.id, "type": "private", **name}
        said = {"message_id": self.messages, "from": who, "chat": chat, "date": int(time.time()), "text": text, **parts}
        return {"update_id": FIRST_UPDATE + next(IDS), "message": said}

    def say(self, text: str, **parts: Any) -> str:
        """The text that rides back on the response. Raises `GaveUp`."""
        return self.words(self.bring(self.update(text, **parts)))

    def words(self, heard: Heard) -> str:
        """The text of the one message in an answer; "" for none."""
        return str(json.loads(heard.body).get("text", "")) if heard.body else ""

    def bring(self, update: dict[str, Any]) -> Heard:
        """Bring one update until it is answered; first again at once, then after 2, 4, 8 … seconds, or as asked."""
        body, delivery, headers = json.dumps(update).encode(), f"telegram {update['update_id']}", self.headers
        tries = 0
        while True:
            heard = self._line.post("/telegram", body, headers)
            self.post.note(delivery, heard)
            if heard and heard.status < 300 and not self._lost():
                break
            tries += 1
            wait = (heard and heard.retry_after) or (0 if tries == 1 else min(2.0 ** (tries - 1), 60))
            if self.post.over.wait(wait / self.post.pace):
                raise GaveUp
        if self.dice.random() < self.post.repeats:
            self.post.add("repeated though answered")
            self.post.note(delivery, self._line.post("/telegram", body, headers))
        return heard

    def _lost(self) -> bool:
        lost = self.dice.random() < self.post.losses
        if lost:
            self.post.add("answers lost")
        return lost

    def close(self) -> None:
        self._line.close()


@dataclass
class Twilio:
    """One WhatsApp number: each message on its own, with `rc=3` and a fallback; then it is lost."""

    post: Post
    phone: str
    dice: random.Random
    line: Line | None = None

    channel = "whatsapp"

    def __post_init__(self) -> None:
        self._line = self.line or Line(self.post.port, TWILIO_SECONDS)

    def form(self, text: str, **parts: str) -> dict[str, str]:
        """A message as Twilio would post it."""
        sid = f"SM{next(IDS):032x}"
        return {
            "MessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": f"whatsapp:{self.phone}", "To": SENDER,
            "NumMedia": "0", "Body": text, "ProfileName": FIRST_NAME, "WaId": self.phone.removeprefix("+"),
            "SmsStatus": "received", "ApiVersion": "2010-04-01", **parts,
        }  # fmt: skip

    def say(self, text: str, **parts: str) -> str:
        """The text of the one message in the answer; "" where Twilio gave the message up. Raises `GaveUp`."""
        if self.post.over.is_set():
            raise GaveUp
        return self.words(self.bring(self.form(text, **parts)))

    def words(self, heard: Heard | None) -> str:
        """The text of the one message in an answer; "" where there is none."""
        return spoken(heard.body) if heard else ""

    def bring(self, form: dict[str, str]) -> Heard | None:
        """Bring one form; None where every try failed, the fallback's too."""
        body, delivery = urlencode(form).encode(), f"whatsapp {form['MessageSid']}"
        signature = RequestValidator(AUTH).compute_signature(f"{PUBLIC}/whatsapp", form)
        headers = {"Content-Type": FORM, "X-Twilio-Signature": signature}
        deadline = time.monotonic() + TWILIO_SECONDS
        for _ in range(TWILIO_TRIES + 1):  # the last is the fallback, which is the same door
            heard = self._line.post("/whatsapp", body, headers)
            self.post.note(delivery, heard)
            lost = heard is not None and self.dice.random() < self.post.losses
            if heard and heard.status < 300 and not lost:
                self._again(delivery, body, headers)
                return heard
            if lost:
                self.post.add("answers lost")
            if time.monotonic() > deadline:
                break
        self.post.add("given up by Twilio")
        return None

    def _again(self, delivery: str, body: bytes, headers: dict[str, str]) -> None:
        if self.dice.random() < self.post.repeats:
            self.post.add("repeated though answered")
            self.post.note(delivery, self._line.post("/whatsapp", body, headers))

    def close(self) -> None:
        self._line.close()


def spoken(body: bytes) -> str:
    """The words in a TwiML answer, of all its messages; "" for none."""
    return "\n".join("".join(message.itertext()) for message in ET.fromstring(body).findall("Message"))
