"""
How Twilio brings a WhatsApp message to a webhook: at once, each on its own, and not again unless told to.

The webhook's address may end in connection overrides, `#rc=3&rp=5xx,ct,rt`: so many more tries, for these troubles. All
tries share 15 seconds. What fails after that goes once to the fallback address, and then it is lost.
"""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass
from urllib.parse import parse_qsl

import httpx

from bot.trust import trust
from simulator.twilio_messages import Json, Messages, Note, sid
from simulator.twilio_signature import signature
from simulator.twiml import Answer, follow

PATIENCE = 15.0  # seconds for all tries together


@dataclass
class Webhook:
    """Where messages go. `url` is signed without its fragment."""

    url: str = ""
    fallback: str = ""


@dataclass
class Troubles:
    """What a test ordered: the next so many messages come twice, lose their answers, or are held back until the next has gone."""

    repeat: int = 0
    lose: int = 0
    hold: int = 0

    def take(self, name: str) -> bool:
        """Use up one ordered trouble."""
        left = int(getattr(self, name))
        setattr(self, name, max(0, left - 1))
        return left > 0


class Delivery:
    """Brings forms to the webhook and follows the answers."""

    def __init__(self, messages: Messages, auth_token: str) -> None:
        self.messages, self.webhook, self.troubles = messages, Webhook(), Troubles()
        self.patience = PATIENCE
        self.attempts: list[Json] = []  # each try: sid, url, status (0: no answer)
        self._token = auth_token
        self._held: list[tuple[Note, dict[str, str]]] = []
        self._lock = threading.Lock()
        self._http = httpx.Client(limits=httpx.Limits(max_connections=100), verify=trust())

    def put(self, note: Note, form: dict[str, str]) -> None:
        """Bring one message, in a thread of its own: Twilio promises no order."""
        with self._lock:
            brought = [(note, form)] * (2 if self.troubles.take("repeat") else 1)
            if self.troubles.take("hold"):
                self._held += brought
                return
            late, self._held = self._held, []
        threading.Thread(target=self._bring, args=(brought + late,), daemon=True).start()

    def release(self) -> None:
        """Bring what was held back."""
        with self._lock:
            late, self._held = self._held, []
        threading.Thread(target=self._bring, args=(late,), daemon=True).start()

    def status(self, note: Note) -> None:
        """Tell a status callback, where the message named one."""
        form = {
            "MessageSid": note.sid,
            "SmsSid": note.sid,
            "MessageStatus": note.status,
            "SmsStatus": note.status,
            "From": note.sender,
            "To": note.to,
            "ChannelPrefix": "whatsapp",
            "ChannelToAddress": note.to.partition(":")[2],
            "AccountSid": self.messages.account,
            "ApiVersion": "2010-04-01",
        }
        form |= {"ErrorCode": str(note.error)} if note.error else {}
        self._ask(note, note.callback, form)

    def stop(self) -> None:
        """Bring nothing any more."""
        self._http.close()

    def _bring(self, late: list[tuple[Note, dict[str, str]]]) -> None:
        for note, form in late:
            self._one(note, form)

    def _one(self, note: Note, form: dict[str, str]) -> None:
        """Try the webhook, then the fallback."""
        for url in filter(None, (self.webhook.url, self.webhook.fallback)):
            answer = self._ask(note, url, form)
            if not answer.failed:
                self._say(note, answer)
                return

    def _ask(self, note: Note, url: str, form: dict[str, str]) -> Answer:
        target, _, fragment = url.partition("#")
        wishes = dict(parse_qsl(fragment))
        tries, on = 1 + min(5, int(wishes.get("rc", "1"))), wishes.get("rp", "ct").split(",")
        headers = {
            "X-Twilio-Signature": signature(self._token, target, form),
            "I-Twilio-Idempotency-Token": secrets.token_hex(16),
            "User-Agent": "TwilioProxy/1.1",
        }
        until = time.monotonic() + self.patience
        trouble = ""
        for _ in range(tries):
            response, trouble = self._post(note, target, form, headers, until - time.monotonic())
            if not trouble and response is not None:
                answer = follow(response.content, response.headers.get("Content-Type", ""))
                for code in answer.errors:
                    self.messages.complain(code, note.sid)
                return answer
            if not ({trouble, "all"} & set(on)) or time.monotonic() >= until:
                break
        self.messages.complain({"ct": 11205, "rt": 11200}.get(trouble, 11200), note.sid)
        return Answer(failed=True)

    def _post(
        self, note: Note, url: str, form: dict[str, str], headers: dict[str, str], left: float
    ) -> tuple[httpx.Response | None, str]:
        """One try: the response, and what went wrong in the words of `rp`."""
        limits = httpx.Timeout(max(0.05, left), connect=min(5.0, max(0.05, left)))
        trouble, response = "", None
        try:
            response = self._http.post(url, data=form, headers=headers, timeout=limits)
            status = response.status_code
            trouble = "" if status < 300 else f"{status // 100}xx"
        except (httpx.ConnectError, httpx.ConnectTimeout):
            status, trouble = 0, "ct"
        except (httpx.HTTPError, RuntimeError):  # RuntimeError: the client was closed meanwhile
            status, trouble = 0, "rt"
        if response is not None and self.troubles.take("lose"):
            status, trouble = 0, "rt"
        self.attempts.append(
            {"sid": note.sid, "url": url, "status": status, "token": headers["I-Twilio-Idempotency-Token"]}
        )
        return response, trouble

    def _say(self, note: Note, answer: Answer) -> None:
        citizen = self.messages.citizen(note.sender)
        for said in answer.messages if citizen and not citizen.blocked else ():
            now = self.messages.clock.now()
            ours = f"whatsapp:{self.messages.number}"
            self.messages.keep(Note(sid("SM"), "outbound-reply", ours, note.sender, said.body, "delivered", now))
