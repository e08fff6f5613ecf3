"""Telegram's side of the line: a Bot API on loopback that remembers every card, and breaks as often as it is told to."""

from __future__ import annotations

import itertools
import json
import random
import re
import sys
import threading
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

NUMBER = re.compile(r'"callback_data": ?"[0-9]+:([0-9]+):')  # a card's button names its incident


class Sent(NamedTuple):
    """A card as it was sent: to which chat, under which number of a message."""

    chat: int
    message: int


class BotApi(ThreadingHTTPServer):
    """
    Takes every call well, but for a share `trouble` of them: refused with 500, dropped unheard, or heard and unanswered.

    `cards` are the messages sent for each incident, by its number; `edits` counts the rest.
    """

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, seed: int = 0, trouble: float = 0.0) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.cards: dict[int, list[Sent]] = defaultdict(list)
        self.counts: Counter[str] = Counter()
        self.trouble = trouble
        self._dice, self._lock = random.Random(seed), threading.Lock()
        self._numbers = itertools.count(1000)
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def call(self, method: str, form: dict[str, str]) -> tuple[int, Any] | None:
        """The status and result of a call; None breaks the connection."""
        with self._lock:
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

    def _carry_out(self, method: str, form: dict[str, str]) -> Any:
        self.counts[method] += 1
        if method not in ("sendMessage", "editMessageText"):
            return True
        message = int(form.get("message_id") or next(self._numbers))
        chat = int(form["chat_id"])
        if method == "sendMessage":
            found = NUMBER.search(form.get("reply_markup", ""))
            self.cards[int(found[1]) if found else 0].append(Sent(chat, message))
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
    """One call of the Bot API: `POST /bot<token>/<method>`, a form."""

    protocol_version = "HTTP/1.1"
    server: BotApi

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = self.server.call(self.path.rsplit("/", 1)[-1], dict(parse_qsl(body, keep_blank_values=True)))
        if answer is None:
            self.close_connection = True
            return
        status, result = answer
        said = (
            {"ok": True, "result": result}
            if status == 200
            else {"ok": False, "error_code": status, "description": result}
        )
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""
