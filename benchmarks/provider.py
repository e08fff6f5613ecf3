"""Telegram's side of the line: a Bot API on loopback that remembers every card, and breaks as often as it is told to."""

from __future__ import annotations

import itertools
import json
import random
import re
import sys
import threading
import time
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

DATA = re.compile(r'"callback_data": ?"([^"]+)"')
MINUTE = 60
SIDS = itertools.count(1)

Clock = Callable[[], float]
NUMBER = re.compile(r'"callback_data": ?"[0-9]+:([0-9]+):')  # a card's button names its incident


class Sent(NamedTuple):
    """A card as it was sent: to which chat, under which number of a message."""

    chat: int
    message: int


class BotApi(ThreadingHTTPServer):
    """
    Takes every call well, but for a share `trouble` of them: refused with 500, dropped unheard, or heard and unanswered.

    `cards` are the messages sent for each incident, by its number; `texts` what each message of a chat says now. With
    `a_minute` a group grants so many calls in any 60 seconds, and the rest are refused with 429, as Telegram does
    (platform.md A11). `called` has the time of every call to a group, the refused ones too, by `clock`; `buttons` what
    can be pressed under each message.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, seed: int = 0, trouble: float = 0.0, a_minute: int = 0, clock: Clock = time.monotonic) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cards: dict[int, list[Sent]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.trouble, self.a_minute = trouble, a_minute
        self.called: dict[int, list[float]] = defaultdict(list)
        self.texts: dict[Sent, str] = {}
        self.buttons: dict[Sent, list[str]] = {}
        self._clock = clock
        self._granted: dict[int, deque[float]] = defaultdict(lambda: deque(maxlen=a_minute or 1))
        self._dice, self._lock = random.Random(seed), threading.Lock()
        self._numbers = itertools.count(1000)
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def call(self, method: str, form: dict[str, str]) -> tuple[int, Any] | None:
        """The status and result of a call; None breaks the connection."""
        with self._lock:
            if wait := self._too_many(int(form.get("chat_id", 0))):
                self.counts["429"] += 1
                return 429, wait
            trouble = (
                self._dice.choice(("refused", "unheard", "unanswered")) if self._dice.random() < self.trouble else ""
            )
            self.counts[trouble or "well"] += 1
            if trouble == "unheard":
                return None
            if trouble == "refused":
                return 500, "Internal Server Error"
            result = self._carry_out(method, form)
            return None if trouble == "unanswered" else (200, result)

    def _too_many(self, chat: int) -> int:
        """0 if the chat grants a call now, else how many seconds until it does."""
        if chat >= 0:
            return 0  # nobody's group
        now, granted = self._clock(), self._granted[chat]
        self.called[chat].append(now)
        if not self.a_minute or len(granted) < self.a_minute or granted[0] <= now - MINUTE:
            granted.append(now)
            return 0
        return max(1, round(granted[0] + MINUTE - now))

    def most_in_a_minute(self, chat: int) -> int:
        """The most calls to a group that fell into any 60 seconds."""
        calls = self.called[chat]
        return max((bisect_right(calls, at + MINUTE) - first for first, at in enumerate(calls)), default=0)

    def _carry_out(self, method: str, form: dict[str, str]) -> Any:
        self.counts[method] += 1
        if method not in ("sendMessage", "editMessageText"):
            return True
        message = int(form.get("message_id") or next(self._numbers))
        chat = int(form["chat_id"])
        if method == "sendMessage":
            found = NUMBER.search(form.get("reply_markup", ""))
            self.cards[int(found[1]) if found else 0].append(Sent(chat, message))
        self.texts[Sent(chat, message)] = form["text"]
        self.buttons[Sent(chat, message)] = DATA.findall(form.get("reply_markup", ""))
        place = {"id": chat, "type": "supergroup", "title": "Desk"}
        return {"message_id": message, "date": 1_800_000_000, "chat": place, "text": form["text"]}

    def close(self) -> None:
        """Answer nothing any more."""
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that was killed is no news; anything else is a bug of ours."""
        if not isinstance(sys.exception() if sys.version_info >= (3, 11) else None, OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One call of the Bot API: `POST /bot<token>/<method>`, a form; or of Twilio's, to send a message."""

    protocol_version = "HTTP/1.1"
    server: BotApi

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.endswith("/Messages.json"):
            self._answer(201, {"sid": f"SM{next(SIDS):032x}", "status": "queued"})  # a notice by WhatsApp
            return
        answer = self.server.call(self.path.rsplit("/", 1)[-1], dict(parse_qsl(body, keep_blank_values=True)))
        if answer is None:
            self.close_connection = True
            return
        status, result = answer
        self._answer(status, self._said(status, result))

    def _answer(self, status: int, said: dict[str, Any]) -> None:
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _said(self, status: int, result: Any) -> dict[str, Any]:
        if status == 200:
            return {"ok": True, "result": result}
        if status != 429:
            return {"ok": False, "error_code": status, "description": result}
        words = f"Too Many Requests: retry after {result}"
        return {"ok": False, "error_code": 429, "description": words, "parameters": {"retry_after": result}}

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
