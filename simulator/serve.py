"""The stand-ins and the page as a server on this machine's own loopback address."""

from __future__ import annotations

import socket
import threading
from types import TracebackType

from flask import Flask, Response, abort, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator import control, page, telegram_api, twilio_api
from simulator.faults import Broken
from simulator.standins import Standins

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # connections stay open, as the providers' do

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: request lines hold tokens and phone numbers."""


class Server:
    """Serves in a thread from `start` to `stop`; also a context manager. `url` is its address."""

    def __init__(self, standins: Standins, place: socket.socket | None = None) -> None:
        """Serve at `place`, a socket that listens, or at any free port."""
        self._place = place or listening(0)
        self.standins = standins
        self._server: BaseWSGIServer = make_server(
            "127.0.0.1",
            0,
            application(standins),
            threaded=True,
            request_handler=_Quiet,
            fd=self._place.fileno(),
        )
        self.port = int(self._place.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Server:
        """Begin to answer."""
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def stop(self) -> None:
        """Answer and deliver nothing any more."""
        self.standins.stop()
        self._server.shutdown()
        self._server.server_close()
        self._place.close()

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def listening(port: int) -> socket.socket:
    """A socket that listens on the loopback address. Raises OSError."""
    place = socket.socket()
    try:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", port))
        place.listen(128)
    except OSError:
        place.close()
        raise
    return place


def application(standins: Standins) -> Flask:
    """Every door of the simulator."""
    app = Flask(__name__, static_folder="static", static_url_path="/static")
    app.register_blueprint(telegram_api.doors(standins.telegram))
    app.register_blueprint(twilio_api.doors(standins.twilio))
    app.register_blueprint(control.doors(standins))
    app.register_blueprint(page.doors(standins))
    app.before_request(_at_home)
    app.after_request(_dress)
    app.register_error_handler(Broken, _break)
    return app


def _at_home() -> None:
    """Let no page of another site speak to the simulator: neither by another name nor by a plain form."""
    if request.host.rpartition(":")[0] not in ("127.0.0.1", "localhost"):
        abort(403)
    if request.method == "POST" and request.path.startswith(("/page/", "/control/")) and not request.is_json:
        abort(415)


def _dress(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def _break(_error: Exception) -> tuple[str, int]:
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)
    return "", 500
