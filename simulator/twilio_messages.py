"""Who and what exists in the stand-in's WhatsApp and Twilio: people, messages, media, the debugger's log."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from simulator.clock import Clock

Json = dict[str, Any]
WINDOW = 24 * 3600.0  # free text only within 24 hours of the citizen's last message
FINAL = frozenset({"received", "delivered", "read", "failed", "undelivered", "canceled"})
ADDRESS = re.compile(r"whatsapp:(\+[1-9]\d{6,14}|[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128})")


def sid(prefix: str) -> str:
    """A fresh identifier as Twilio makes them."""
    return prefix + secrets.token_hex(16)


@dataclass
class Citizen:
    """Somebody with a WhatsApp account. `shows`: phone, both, or bsuid (a user name; the number stays hidden)."""

    phone: str
    bsuid: str
    name: str
    shows: str = "phone"
    blocked: bool = False
    wrote_at: float = 0.0

    @property
    def address(self) -> str:
        """What stands in From."""
        return f"whatsapp:{self.bsuid if self.shows == 'bsuid' else self.phone}"

    def answers_to(self, address: str) -> bool:
        """Whether a message to that address reaches them."""
        known = {"phone": [self.phone], "both": [self.phone, self.bsuid], "bsuid": [self.bsuid]}[self.shows]
        return address in [f"whatsapp:{name}" for name in known]


@dataclass
class Media:
    """One file of a message."""

    sid: str
    mime: str
    content: bytes
    created: float
    ticket: str = field(default_factory=lambda: secrets.token_urlsafe(24))  # what the CDN's address holds


@dataclass
class Note:
    """One message as Twilio keeps it. `said` is what only the phone shows: buttons, a place, a contact."""

    sid: str
    direction: str  # inbound, outbound-reply, outbound-api
    sender: str
    to: str
    body: str
    status: str
    at: float
    media: list[Media] = field(default_factory=list)
    said: Json = field(default_factory=dict)
    error: int = 0
    callback: str = ""
    change: int = 0


class Messages:
    """Everything that the stand-in remembers."""

    def __init__(self, clock: Clock, account: str, number: str) -> None:
        self.clock, self.account, self.number = clock, account, number
        self.lock = threading.RLock()
        self.citizens: list[Citizen] = []
        self.notes: dict[str, Note] = {}
        self.contents: dict[str, Json] = {}
        self.debugger: list[Json] = []  # Twilio's log of our faults: error code, what it was about
        self.version = 0
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change."""
        self._listeners.append(listener)

    def changed(self) -> int:
        """Count a change and tell whoever listens."""
        self.version += 1
        for listener in self._listeners:
            listener()
        return self.version

    def keep(self, note: Note) -> Note:
        """Store a message, or note that it was changed."""
        with self.lock:
            note.change = self.changed()
            self.notes[note.sid] = note
            return note

    def drop(self, note_sid: str) -> None:
        """Delete a message with its media."""
        with self.lock:
            del self.notes[note_sid]
            self.changed()

    def complain(self, code: int, about: str) -> None:
        """A line in Twilio's debugger."""
        with self.lock:
            self.debugger.append({"error_code": code, "about": about, "at": self.clock.now()})
            self.changed()

    def citizen(self, address: str) -> Citizen | None:
        """Who is reached at an address."""
        return next((citizen for citizen in self.citizens if citizen.answers_to(address)), None)

    def of(self, citizen: Citizen) -> list[Note]:
        """The conversation with a person, oldest first."""
        with self.lock:
            return [n for n in self.notes.values() if citizen.answers_to(n.sender) or citizen.answers_to(n.to)]

    def shown(self, note: Note) -> Json:
        """A message as Twilio's REST API shows it."""
        path = f"/2010-04-01/Accounts/{self.account}/Messages/{note.sid}"
        return {
            "account_sid": self.account,
            "api_version": "2010-04-01",
            "body": note.body,
            "date_created": rfc2822(note.at),
            "date_sent": rfc2822(note.at),
            "date_updated": rfc2822(note.at),
            "direction": note.direction,
            "error_code": note.error or None,
            "error_message": None,
            "from": note.sender,
            "messaging_service_sid": None,
            "num_media": str(len(note.media)),
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "sid": note.sid,
            "status": note.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": note.to,
            "uri": f"{path}.json",
        }


def rfc2822(at: float) -> str:
    """A moment as the 2010 API writes it."""
    return format_datetime(datetime.fromtimestamp(int(at), UTC))
