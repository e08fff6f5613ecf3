"""`make run`: everything on one machine, with stand-ins for Telegram and Twilio and a page to chat on."""

from __future__ import annotations

import errno
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from itertools import chain
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

import httpx

from bot import templates as content_templates
from bot.house import open_house
from simulator import keys
from simulator.children import Children
from simulator.people import STAFF
from simulator.serve import Server, listening
from simulator.standins import Accounts, Standins
from simulator.twilio_content import create
from simulator.twilio_delivery import Webhook
from storage import db, moderators
from storage.moderators import Role

FIRST_PORT, PORTS, APART = 8800, 100, 1000
START_SECONDS = 180.0  # a database that recovers from a crash takes its time
AGAIN = "#rc=3&rp=5xx,ct,rt"  # what an operator enters behind the webhook's address in Twilio's console
REAL = (("TELEGRAM_TOKEN", "TELEGRAM_API_BASE"), ("TWILIO_AUTH_TOKEN", "TWILIO_API_BASE"))


class Trouble(Exception):
    """Why nothing was started, in one line that says what to do."""


class Told(Exception):
    """Somebody asked to stop."""


def main() -> None:
    """Run until Ctrl-C or SIGTERM. Exits 1 with one line when it cannot start."""
    stop = threading.Event()

    def told(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, told)
    try:
        run(os.environ, stop)
    except Trouble as trouble:
        print(f"iblagh: {trouble}", file=sys.stderr)
        sys.exit(1)


def run(environ: Mapping[str, str], stop: threading.Event) -> None:
    """Start everything, keep it alive until `stop`, end it. Raises `Trouble`."""
    refuse_real(environ)
    var = Path(environ.get("IBLAGH_VAR") or "var").resolve()
    try:
        accounts = keys.furnish(var)
    except OSError as trouble:
        raise Trouble(
            f"{trouble.filename or var}: {trouble.strerror}; free it, or set IBLAGH_VAR to another folder"
        ) from None
    with Server(Standins(accounts), bound(environ.get("PORT", ""))) as server:
        port = free_port(server.port)
        ours = settings(accounts, server.url, port, var) | keys.named(var, environ)
        if environ.get("WHATSAPP_BUTTONS") == "on":
            ours |= templates(server.standins)
        keys.note(var, ours)
        children = Children()
        try:
            Trial(server, children, merged(environ, ours), port, stop).live()
        except Told:
            pass
        finally:
            children.stop("web", "worker", patience=5.0)
            children.stop("database", patience=4.0)
            children.close()


class Trial:
    """One run: database, schema, web, worker, in this order; then watching over them."""

    def __init__(
        self, server: Server, children: Children, environment: Mapping[str, str], port: int, stop: threading.Event
    ) -> None:
        self.server, self.children, self.environment, self.port, self.stop = server, children, environment, port, stop

    def live(self) -> None:
        """Returns when told to stop. Raises `Trouble`, `Told`."""
        if not self.environment.get("DATABASE_URL"):
            self.children.start("database", _iblagh("database"), self.environment)
            self._database()
        self._do("migrate", "migrate")
        self._staff()
        self._do("setup", "webhooks", "set")
        address = f"http://127.0.0.1:{self.port}/whatsapp"
        self.server.standins.twilio.delivery.webhook = Webhook(address + AGAIN, address)
        self.children.start("web", _iblagh("web", "--port", str(self.port)), self.environment)
        self.children.start("worker", _iblagh("worker"), self.environment)
        self._await("the web process does not answer", self._ready)
        print(f"\n  Open {self.server.url}\n", flush=True)
        while not self.stop.wait(0.5):
            if "database" in self.children.look():
                self._database()
                self.children.stop("web", "worker", patience=5.0)  # they still know the old address
                self.children.start("web", _iblagh("web", "--port", str(self.port)), self.environment)
                self.children.start("worker", _iblagh("worker"), self.environment)

    def _staff(self) -> None:
        """List who works at the demonstration's desk."""
        house = open_house(self.environment)
        with db.begin(house.engine) as tx:
            for one in STAFF:
                if one.role:
                    moderators.add(tx, house.vault, str(one.id), one.name, Role(one.role))
        house.engine.dispose()

    def _do(self, name: str, *words: str) -> None:
        if self.children.run(name, _iblagh(*words), self.environment, self.stop) != 0:
            if self.stop.is_set():
                raise Told
            raise Trouble(f"`iblagh {' '.join(words[:2])}` failed; its own words stand above")

    def _database(self) -> None:
        database = self.children.alive["database"]
        self._await(
            "the database does not start", lambda: bool(database.first), lambda: database.process.poll() is None
        )

    def _ready(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5.0).status_code == 200
        except httpx.HTTPError:
            self.children.look()
            return False

    def _await(self, words: str, done: Callable[[], bool], alive: Callable[[], bool] = lambda: True) -> None:
        until = time.monotonic() + START_SECONDS
        while not done():
            if self.stop.wait(0.1):
                raise Told
            if not alive() or time.monotonic() > until:
                raise Trouble(f"{words}; its own words stand above")


def refuse_real(environ: Mapping[str, str]) -> None:
    """Raise `Trouble` where the environment holds credentials of a real provider."""
    for name, base in REAL:
        given = environ.get(name) or environ.get(f"{name}_FILE")
        if given and urlsplit(environ.get(base, "")).hostname not in ("127.0.0.1", "localhost", "::1"):
            raise Trouble(f"{name} is set: the simulator never runs beside real credentials; unset it first")


def settings(accounts: Accounts, base: str, port: int, var: Path) -> dict[str, str]:
    """What the bot is told: the stand-ins as providers, and an operator that is plainly a demonstration."""
    return {
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TELEGRAM_TOKEN": accounts.telegram_token,
        "TELEGRAM_WEBHOOK_SECRET": accounts.telegram_secret,
        "TELEGRAM_API_BASE": base,
        "TELEGRAM_MODERATORS_CHAT_ID": str(accounts.moderators_chat),
        "TELEGRAM_RESTRICTED_CHAT_ID": str(accounts.restricted_chat),
        "TWILIO_ACCOUNT_SID": accounts.twilio_account,
        "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}",
        "TWILIO_API_BASE": base,
        "OPERATOR_NAME": "Demonstration Desk",
        "OPERATOR_CONTACT": "privacy@desk.example",
        "OPERATOR_URL": "https://desk.example",
        "IBLAGH_VAR": str(var),
    }


def templates(standins: Standins) -> dict[str, str]:
    """The content templates that `iblagh templates create` would make: they last as long as this run."""
    twilio, sids = standins.twilio, dict[str, str]()
    for name in content_templates.NAMES:
        types, sample = content_templates.content(name)
        asked = {
            "friendly_name": content_templates.friendly(name),
            "language": content_templates.language(name),
            "types": types,
            "variables": sample,
        }
        made = create(asked, twilio.messages.account, standins.clock.now())
        made["approved"] = name in content_templates.NOTICES
        twilio.messages.contents[made["sid"]], sids[name] = made, made["sid"]
    return dict([content_templates.line(sids).split("=", 1)])


def merged(environ: Mapping[str, str], ours: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment with ours; a name given twice, in itself and as a file, would be refused."""
    twins = {name.removesuffix("_FILE") if name.endswith("_FILE") else f"{name}_FILE" for name in ours}
    return {n: v for n, v in environ.items() if n not in twins} | dict(ours) | {"PYTHONUNBUFFERED": "1"}


def bound(wanted: str) -> socket.socket:
    """A listening place for the page: the port that was wanted, else the first free one. Raises `Trouble`."""
    if wanted and not (wanted.isdigit() and 0 < int(wanted) < 65536):
        raise Trouble("PORT must be a number from 1 to 65535")
    for port in [int(wanted)] if wanted else range(FIRST_PORT, FIRST_PORT + PORTS):
        try:
            return listening(port)
        except OSError as trouble:
            if trouble.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
    raise Trouble(f"port {wanted or FIRST_PORT} is taken: set PORT to a free one")


def free_port(page: int) -> int:
    """A port for the web process, far from the ports of pages, so that two trials never choose the same. Raises `Trouble`."""
    for port in chain(range(page + APART, 65536, APART), range(page % APART + APART, page, APART)):
        try:
            listening(port).close()
        except OSError:
            continue
        return port
    raise Trouble("no free port for the web process: set PORT to another number")


def _iblagh(*words: str) -> list[str]:
    return ["-m", "bot.cli", *words]
