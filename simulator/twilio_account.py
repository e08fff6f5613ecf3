"""One Twilio account with one WhatsApp sender: what its REST API does, and what it refuses in its own words."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote

from simulator.clock import Clock
from simulator.faults import Broken, Fault, Faults
from simulator.twilio_content import Misfit, rendered
from simulator.twilio_delivery import Delivery
from simulator.twilio_messages import ADDRESS, FINAL, WINDOW, Json, Media, Messages, Note, sid

LONGEST_BODY = 1600
# fmt: off
WORDS = {
    20001: "Unknown parameter",
    20003: "Authenticate",
    20009: "Cannot delete this resource before it is complete",
    20404: "The requested resource was not found",
    20429: "Too Many Requests",
    21211: "Invalid 'To' Phone Number",
    21604: "A 'To' phone number is required",
    21617: "The concatenated message body exceeds the 1600 character limit",
    21619: "A text message body or media urls must be specified",
    21656: "The ContentVariables Parameter is invalid",
    63003: "Channel could not find To address",
    63007: "Twilio could not find a Channel with the specified From address",
    63013: "Channel policy violation: message content violates channel policy",
    63014: "Failed to send message because the user blocked it",
    63016: "Failed to send freeform message because you are outside the allowed window",
}
# fmt: on
SENDING = frozenset(
    {
        "To",
        "From",
        "Body",
        "MediaUrl",
        "ContentSid",
        "ContentVariables",
        "StatusCallback",
        "ValidityPeriod",
        "ContentRetention",
        "AddressRetention",
    }
)  # fmt: skip
LISTING = frozenset({"To", "From", "DateSent", "DateSent<", "DateSent>", "PageSize", "Page", "PageToken"})


class ApiError(Exception):
    """A refusal with Twilio's own code."""

    def __init__(self, code: int, status: int = 400) -> None:
        super().__init__(str(code))
        self.code, self.status = code, status

    def body(self) -> Json:
        """The answer as Twilio writes it."""
        more = f"https://www.twilio.com/docs/errors/{self.code}"
        words = WORDS.get(self.code, "Internal Server Error")
        return {"code": self.code, "message": words, "more_info": more, "status": self.status}


class Twilio:
    """One account with one WhatsApp sender."""

    def __init__(self, account: str, auth_token: str, number: str, clock: Clock) -> None:
        self.auth_token, self.clock = auth_token, clock
        self.messages = Messages(clock, account, number)
        self.delivery = Delivery(self.messages, auth_token)
        self.faults = Faults()
        self.calls: list[Json] = []  # every REST call: method, path, fields
        self.days_only = False  # filter the list by days alone, the one form that Twilio's documents name
        self.late_errors = False  # tell 63003, 63014 and 63016 by status, as the live service mostly does

    def strike(self, fault: Fault) -> None:
        """Let an ordered trouble happen."""
        if not fault.error:
            raise Broken
        raise ApiError(fault.code or (20429 if fault.error == 429 else 20500), fault.error)

    def send(self, given: Json) -> Note:
        """Send a message by REST."""
        if set(given) - SENDING:
            raise ApiError(20001)
        to, body = given.get("To", ""), given.get("Body", "")
        said: Json = {}
        if not to:
            raise ApiError(21604)
        if not ADDRESS.fullmatch(to):
            raise ApiError(21211)
        if given.get("From") != f"whatsapp:{self.messages.number}":
            raise ApiError(63007)
        if given.get("ContentSid"):
            body, said = self._rendered(given)
        if not body and not given.get("MediaUrl"):
            raise ApiError(21619)
        if len(body) > LONGEST_BODY:
            raise ApiError(21617)
        return self._leave(to, body, said, given.get("StatusCallback", ""))

    def _rendered(self, given: Json) -> tuple[str, Json]:
        content = self.messages.contents.get(given["ContentSid"])
        if content is None:
            raise ApiError(20404, 404)
        try:
            return rendered(content, given.get("ContentVariables", ""))
        except Misfit as error:
            raise ApiError(error.code) from error

    def _leave(self, to: str, body: str, said: Json, callback: str) -> Note:
        error = self._undeliverable(to, bool(said.get("approved")))
        if error and not self.late_errors:
            raise ApiError(error)
        ours = f"whatsapp:{self.messages.number}"
        note = Note(sid("SM"), "outbound-api", ours, to, body, "queued", self.clock.now(), said=said, callback=callback)
        self.messages.keep(note)
        threading.Thread(target=self._travel, args=(note, error), daemon=True).start()
        return note

    def _undeliverable(self, to: str, approved: bool) -> int:
        citizen = self.messages.citizen(to)
        if citizen is None:
            return 63003
        if citizen.blocked:
            return 63014
        return 63016 if not approved and self.clock.now() - citizen.wrote_at > WINDOW else 0

    def _travel(self, note: Note, error: int) -> None:
        """The stages of a message that was sent, each told to its status callback."""
        note.error = error
        for status in ["undelivered"] if error else ["sent", "delivered"]:
            note.status = status
            if note.sid in self.messages.notes:
                self.messages.keep(note)
            if note.callback:
                self.delivery.status(note)

    def page(self, given: Mapping[str, str]) -> Json:
        """One page of the message list, newest first."""
        if set(given) - LISTING:
            raise ApiError(20001)
        size, number = min(1000, int(given.get("PageSize", 50))), int(given.get("Page", 0))
        with self.messages.lock:
            newest_first = sorted(self.messages.notes.values(), key=lambda note: note.at, reverse=True)
            found = [n for n in newest_first if _wanted(n, given, self.days_only)]
        path = f"/2010-04-01/Accounts/{self.messages.account}/Messages.json"
        more = len(found) > size * (number + 1)
        asked = "".join(
            f"&{quote(k)}={quote(v)}" for k, v in given.items() if k not in ("Page", "PageToken", "PageSize")
        )
        return {
            "messages": [self.messages.shown(n) for n in found[size * number : size * (number + 1)]],
            "page": number,
            "page_size": size,
            "next_page_uri": f"{path}?PageSize={size}&Page={number + 1}{asked}" if more else None,
            "uri": path,
        }

    def note(self, note_sid: str) -> Note:
        """One message."""
        if note_sid not in self.messages.notes:
            raise ApiError(20404, 404)
        return self.messages.notes[note_sid]

    def file(self, note_sid: str, media_sid: str) -> Media:
        """One file of a message."""
        found = next((m for m in self.note(note_sid).media if m.sid == media_sid), None)
        if found is None:
            raise ApiError(20404, 404)
        return found

    def delete(self, note_sid: str) -> None:
        """Delete a message that is finished, with its media."""
        if self.note(note_sid).status not in FINAL:
            raise ApiError(20009, 409)
        self.messages.drop(note_sid)


def _wanted(note: Note, given: Mapping[str, str], days_only: bool) -> bool:
    if note.to != given.get("To", note.to) or note.sender != given.get("From", note.sender):
        return False
    after, before, day = given.get("DateSent>"), given.get("DateSent<"), given.get("DateSent")
    at, cut = (_day(note.at), _day) if days_only else (note.at, float)
    if (after and at < cut(_moment(after))) or (before and at > cut(_moment(before))):
        return False
    return not day or _moment(day) <= note.at < _moment(day) + 86400


def _day(at: float) -> float:
    return at - at % 86400


def _moment(written: str) -> float:
    try:
        found = datetime.fromisoformat(written.replace("Z", "+00:00"))
    except ValueError as error:
        raise ApiError(20001) from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
