"""A small webhook of our own, for tests of the stand-ins alone: it keeps what came and answers as it was told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from flask import Flask, Request, request
from werkzeug.serving import make_server

Answering = Callable[[Request], Any]


@dataclass
class Came:
    """One request as it arrived."""

    headers: dict[str, str]
    json: Any
    form: dict[str, str]


@dataclass
class Echo:
    """`answers` decides each response; `came` is what arrived, in order."""

    answers: Answering = lambda _request: ""
    came: list[Came] = field(default_factory=list)

    def __enter__(self) -> Echo:
        app = Flask("echo")
        app.add_url_rule("/hook", "hook", self._take, methods=["POST"])
        app.add_url_rule("/fallback", "fallback", self._take, methods=["POST"])
        self._server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _take(self) -> Any:
        body = request.get_json(silent=True) if request.is_json else None
        self.came.append(Came(dict(request.headers), body, request.form.to_dict()))
        return self.answers(request)
