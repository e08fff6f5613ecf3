"""Where files come from, over HTTP: the Bot API's and Twilio's file sides, with the faults that a test asks for."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs

ACCOUNT, AUTH = "AC" + "0" * 32, "0123456789abcdef0123456789abcdef"
PIECE = 64 * 1024


class Asked(NamedTuple):
    """One request: what was asked of which host, with whose credentials, and the form."""

    verb: str
    path: str
    host: str
    credentials: str
    form: dict[str, str]


class Providers(ThreadingHTTPServer):
    """
    Files by their handle or media id. `faults` are used up one a download: a status, or "cut" in the middle.

    While `flows` is cleared, downloads stop after their first half. `elsewhere` is where Twilio's redirects lead.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.sizes: dict[str, int] = {}  # what getFile says, where it is not true
        self.messages: dict[str, list[str]] = {}  # Twilio's: message to media
        self.asked: list[Asked] = []
        self.faults: deque[int | str] = deque()
        self.refusals: dict[str, tuple[int, str]] = {}  # Bot API's method to its refusal
        self.elsewhere = f"http://localhost:{self.server_address[1]}/cdn"
        self.during: Callable[[], None] = lambda: None  # what happens in the middle of a download
        self.flows = threading.Event()
        self.flows.set()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def of(self, verb: str, end: str = "") -> list[Asked]:
        """The requests of this verb whose path ends so."""
        return [asked for asked in list(self.asked) if asked.verb == verb and asked.path.endswith(end)]

    def downloads(self) -> list[Asked]:
        return [asked for asked in self.of("GET") if "/file/" in asked.path or "/cdn/" in asked.path]

    def media(self, number: int, content: bytes, message: int = 1) -> str:
        """A file of a WhatsApp message; the address that Twilio's webhook tells."""
        media, sid = f"ME{number:032x}", f"MM{message:032x}"
        self.files[media] = content
        self.messages.setdefault(sid, []).append(media)
        return f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}/Media/{media}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Providers

    def do_POST(self) -> None:
        self._note()
        method = self.path.rsplit("/", 1)[-1]
        if method in self.server.refusals:
            code, words = self.server.refusals[method]
            wait = {"parameters": {"retry_after": int(words.rsplit(" ", 1)[-1])}} if code == 429 else {}
            self._say({"ok": False, "error_code": code, "description": words, **wait}, code)
        elif method == "getFile":
            self._get_file(self.form["file_id"])
        elif method == "sendMessage":
            chat = {"id": int(self.form["chat_id"]), "type": "private"}
            self._say({"ok": True, "result": {"message_id": 77, "date": 1_800_000_000, "chat": chat, "text": "x"}})
        else:
            self._say({"ok": True, "result": True})

    def do_GET(self) -> None:
        self._note()
        last = self.path.rsplit("/", 1)[-1]
        if self.path.endswith("/Media.json") or "/Media.json?" in self.path:
            sid = self.path.split("/")[5]
            held = [{"sid": media, "parent_sid": sid} for media in self.server.messages.get(sid, [])]
            self._say({"media_list": held, "page": 0, "page_size": 50, "next_page_uri": None, "uri": self.path})
        elif "/2010-04-01/" in self.path:
            self._redirect(last)
        else:
            self._download(last)

    def do_DELETE(self) -> None:
        self._note()
        parts = self.path.removesuffix(".json").split("/")
        sid = parts[5]
        there = sid in self.server.messages and (len(parts) == 6 or parts[7] in self.server.messages[sid])
        if not there:
            self._say({"code": 20404, "message": "not found", "status": 404}, 404)
        elif len(parts) == 6:
            del self.server.messages[sid]
            self._empty(204)
        else:
            self.server.messages[sid].remove(parts[7])
            self._empty(204)

    def _note(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        read = parse_qs(self.rfile.read(length).decode()) if length else {}
        self.form = {name: values[0] for name, values in read.items()}
        pair = self.headers.get("Authorization", "").removeprefix("Basic ")
        host = self.headers.get("Host", "").partition(":")[0]
        asked = Asked(self.command, self.path, host, base64.b64decode(pair).decode(), self.form)
        self.server.asked.append(asked)

    def _get_file(self, handle: str) -> None:
        if handle not in self.server.files:
            words = "Bad Request: wrong file_id or the file is temporarily unavailable"
            self._say({"ok": False, "error_code": 400, "description": words}, 400)
            return
        size = self.server.sizes.get(handle, len(self.server.files[handle]))
        found = {"file_id": handle, "file_unique_id": "u", "file_size": size, "file_path": f"documents/{handle}"}
        self._say({"ok": True, "result": found})

    def _redirect(self, media: str) -> None:
        if self.headers.get("Authorization") is None:
            self._empty(401)
            return
        self.send_response(307)
        self.send_header("Location", f"{self.server.elsewhere}/{media}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _download(self, name: str) -> None:
        fault = self.server.faults.popleft() if self.server.faults else None
        content = self.server.files.get(name)
        if isinstance(fault, int) or content is None:
            self._empty(fault if isinstance(fault, int) else 404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html")  # trusted by nobody
        if fault != "unmeasured":
            self.send_header("Content-Length", str(len(content)))
        else:
            self.close_connection = True
        self.end_headers()
        half = len(content) // 2
        self._flow(content[:half])
        self.server.during()
        self.server.flows.wait()
        if fault == "cut":
            self.close_connection = True
        else:
            self._flow(content[half:])

    def _flow(self, content: bytes) -> None:
        for at in range(0, len(content), PIECE):
            self.wfile.write(content[at : at + PIECE])
        self.wfile.flush()

    def _say(self, answer: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _empty(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's own output is enough."""

    def handle_one_request(self) -> None:
        """A client that was killed in the middle is no error of the test's."""
        try:
            super().handle_one_request()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True


def until(happened: Callable[[], object], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
