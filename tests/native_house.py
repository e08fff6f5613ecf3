"""A WhatsApp number with content templates: stand-ins, doors and database, all spoken to over HTTP by the real clients."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from werkzeug.serving import make_server

from bot import templates
from bot.answering import send_next
from bot.house import House, open_house
from simulator.serve import Server, listening
from simulator.standins import Standins
from simulator.twilio_delivery import Webhook
from simulator.twilio_messages import Citizen, Note
from storage import db
from storage.keys import generate
from tests import forks
from webhook_app import create_app

ROOT = Path(__file__).resolve().parent.parent
KEYS = generate().environment
Start = Callable[[], forks.Process]


@dataclass
class World:
    """Everything there is; `house` knows the templates."""

    there: Standins
    house: House
    environment: dict[str, str]
    citizen: Citizen

    def says(self, words: str) -> Note:
        """Write, and wait until the door has answered Twilio."""
        return self.happens(lambda: self.there.on_whatsapp.say(self.citizen, words))

    def chooses(self, key: str) -> Note:
        """Press the button, or pick the row, with this key in the last native answer."""
        last = next(note for note in reversed(self.answers()) if way(note) == "native").said
        if "buttons" in last:
            title = next(button["title"] for button in last["buttons"] if button["id"] == key)
            return self.happens(lambda: self.there.on_whatsapp.press(self.citizen, title, key))
        item = next(row["item"] for row in last["list"]["items"] if row["id"] == key)
        return self.happens(lambda: self.there.on_whatsapp.pick(self.citizen, item, key))

    def happens(self, deed: Callable[[], Note]) -> Note:
        note = deed()
        tried = self.there.twilio.delivery.attempts
        assert self.there.seen(lambda: any(one["sid"] == note.sid for one in tried))
        return note

    def answers(self) -> list[Note]:
        """What reached the citizen, oldest first."""
        return [note for note in self.there.notes(self.citizen) if note.direction != "inbound"]

    def asked(self, count: int, seconds: float = 10.0) -> list[Note]:
        """So many answers and no more, once they are there."""
        assert self.there.seen(lambda: len(self.answers()) >= count, seconds)
        assert len(self.answers()) == count, [note.body for note in self.answers()]
        return self.answers()

    def worker_lives(self, ago: float = 0.0) -> None:
        """A worker's sign of life, so long ago, without a worker."""
        statement = (
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp() - make_interval(secs => :s))"
        )
        self.sql("DELETE FROM procrastinate_workers")
        self.sql(statement, s=ago)

    def works(self) -> None:
        """What a worker would do now: each waiting answer's job once, in order; a job that fails stays."""
        jobs = self.sql("SELECT id, lock FROM procrastinate_jobs WHERE task_name = 'answer' ORDER BY id")
        for id, mailbox in jobs:
            send_next(self.house, UUID(mailbox))
            self.sql("DELETE FROM procrastinate_jobs WHERE id = :id", id=id)

    def waiting(self) -> int:
        """How many answers have not left."""
        return int(self.sql("SELECT count(*) FROM answers WHERE stage <> 2")[0][0])

    def sql(self, statement: str, **values: Any) -> list[Any]:
        with db.begin(self.house.engine) as tx:
            done = tx.execute(text(statement), values)
            return [tuple(row) for row in done] if done.returns_rows else []


def way(note: Note) -> str:
    if note.said.get("buttons") or note.said.get("list"):
        return "native"
    return "back" if note.direction == "outbound-reply" else "text"


def keys(note: Note) -> list[str]:
    """What a native answer offers."""
    return [one["id"] for one in note.said.get("buttons") or note.said["list"]["items"]]


def ways(world: World, count: int) -> list[str]:
    """By which ways so many answers came."""
    return [way(note) for note in world.asked(count)]


def arrived(world: World, count: int) -> str:
    """The last of so many answers."""
    return world.asked(count)[-1].body


def gone(world: World) -> bool:
    """Not a row is left."""
    return world.there.seen(lambda: world.sql("SELECT count(*) FROM answers") == [(0,)])


def lives(world: World) -> None:
    """Until the worker has given its first sign of life."""
    assert world.there.seen(lambda: world.sql("SELECT count(*) FROM procrastinate_workers") != [(0,)], 60)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with ExitStack() as held:
        server = held.enter_context(Server(Standins()))
        place = held.enter_context(listening(0))
        address = f"http://127.0.0.1:{place.getsockname()[1]}"
        named = environment(server, database_url, address)
        named |= dict([templates.line(templates.create(whatsapp(named))[0]).split("=", 1)])
        house = open_house(named)
        held.callback(house.engine.dispose)
        held.enter_context(served(house, place))
        server.standins.twilio.delivery.webhook = Webhook(f"{address}/whatsapp")
        server.standins.twilio.calls.clear()
        yield World(server.standins, house, named, server.standins.whatsapp_person())


@contextmanager
def served(house: House, place: Any) -> Iterator[None]:
    web = make_server("127.0.0.1", 0, create_app(house), threaded=True, fd=place.fileno())
    threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield
    web.shutdown()
    web.server_close()


def whatsapp(named: dict[str, str]) -> Any:
    made = open_house(named).whatsapp
    assert made
    return made


def environment(server: Server, database_url: str, public: str) -> dict[str, str]:
    accounts = server.standins.accounts
    return {
        **KEYS, "DATABASE_URL": database_url, "PUBLIC_URL": public, "LANGUAGES": "en",
        "OPERATOR_NAME": "Office", "OPERATOR_CONTACT": "desk@office.example", "OPERATOR_URL": "https://office.example",
        "TELEGRAM_TOKEN": accounts.telegram_token, "TELEGRAM_WEBHOOK_SECRET": accounts.telegram_secret,
        "TELEGRAM_API_BASE": server.url, "TELEGRAM_MODERATORS_CHAT_ID": str(accounts.moderators_chat),
        "TWILIO_ACCOUNT_SID": accounts.twilio_account, "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}", "TWILIO_API_BASE": server.url,
    }  # fmt: skip


def iblagh(named: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return forks.run(*words, environ=system() | named)


def system() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def start(world: World, tmp_path: Path) -> Iterator[Start]:
    """Starts a worker, as often as asked."""
    with ExitStack() as held:
        log = held.enter_context((tmp_path / "log").open("ab"))

        def run() -> forks.Process:
            process = forks.start("worker", environ=system() | world.environment, error=log.fileno())
            held.callback(process.wait)
            held.callback(process.kill)
            return process

        yield run
