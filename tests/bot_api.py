"""A Bot API over HTTP that remembers every call and answers as a test tells it to."""

from __future__ import annotations

import itertools
import json
import threading
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

Answer = tuple[int, dict[str, Any]]


class Call(NamedTuple):
    """One call: the method and its form, nested values read."""

    method: str
    form: dict[str, Any]


def refused(code: int, description: str, **parameters: int) -> Answer:
    """An answer as the Bot API refuses: `refused(429, "Too Many Requests", retry_after=3)`."""
    return code, {"ok": False, "error_code": code, "description": description, "parameters": parameters}


class BotApi(ThreadingHTTPServer):
    """
    Goes well unless told otherwise: `faults` are used up one a call, None among them breaks the connection.

    While `held` is cleared, calls are remembered and get no answer.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls: list[Call] = []
        self.faults: deque[Answer | None] = deque()
        self.always: Callable[[Call], Answer | None] | None = None
        self.held = threading.Event()
        self.held.set()
        self.numbers = itertools.count(1000)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def forms(self, method: str) -> list[dict[str, Any]]:
        """The forms of every call of one method."""
        return [call.form for call in list(self.calls) if call.method == method]

    def answer(self, call: Call) -> Answer | None:
        if self.faults:
            return self.faults.popleft()
        refusal = self.always(call) if self.always else None
        return refusal or (200, {"ok": True, "result": self._message(call) if "text" in call.form else True})

    def _message(self, call: Call) -> dict[str, Any]:
        number = int(call.form.get("message_id") or next(self.numbers))
        chat = {"id": int(call.form["chat_id"]), "type": "supergroup", "title": "Desk"}
        return {"message_id": number, "date": 1_800_000_000, "chat": chat, "text": call.form["text"]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: BotApi

    def do_POST(self) -> None:
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True))
        call = Call(self.path.rsplit("/", 1)[-1], {name: _read(value) for name, value in form.items()})
        self.server.calls.append(call)
        self.server.held.wait()
        answer = self.server.answer(call)
        if answer is None:
            self.close_connection = True
            return
        body = json.dumps(answer[1]).encode()
        self.send_response(answer[0])
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's own output is enough."""


def _read(value: str) -> Any:
    """Nested values come as JSON inside the form; a text that looks like JSON is not among what we send."""
    try:
        return json.loads(value)
    except ValueError:
        return value
