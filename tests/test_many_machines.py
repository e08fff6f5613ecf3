"""Several machines over one PostgreSQL: nothing is sticky, what comes round runs once, an address may move."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.carriers import Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan, holds
from benchmarks.processes import Town, free_port, until
from benchmarks.provider import BotApi
from benchmarks.server import OwnServer
from conversations.texts import Text

pytestmark = pytest.mark.timeout(240)

PLAN = Plan("https://example.org/post/7", "scam")
PARTS = ("web", "web 2", "worker", "worker 2")


class Wanderer:
    """One person whose messages are brought now to one machine, now to the other."""

    def __init__(self, one: Telegram | Twilio, other: Telegram | Twilio) -> None:
        self.both, self.channel, self.places = (one, other), one.channel, [0, 0]

    def say(self, text: str) -> str:
        at = sum(self.places) % 2
        self.places[at] += 1
        return self.both[at].say(text)


@pytest.fixture(scope="module")
def api() -> Iterator[BotApi]:
    api = BotApi()
    yield api
    api.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    with OwnServer(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def town(server: OwnServer, api: BotApi) -> Iterator[Town]:
    """Two web servers and two workers, told of two addresses of the database, of which one answers."""
    there, later = server.port, free_port()
    hosts = f"postgresql://postgres@127.0.0.1:{there},127.0.0.1:{later}/iblagh"
    town = Town(api.address, PARTS, DATABASE_URL=hosts, LANGUAGES="en", LATER=str(later))
    town.own["web 2"] = {"PORT": str(free_port())}
    with town:
        until(lambda: town.ready(second(town)), 60, "the second web server")
        until(lambda: workers(server) == 4, 60, "both workers")  # each has one for files
        yield town


def second(town: Town) -> int:
    return int(town.own["web 2"]["PORT"])


def ask(server: OwnServer, query: str) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(server.address(), autocommit=True) as link:
        return link.execute(query.encode()).fetchall()


def workers(server: OwnServer) -> int:
    return int(str(ask(server, "SELECT count(*) FROM procrastinate_workers")[0][0]))


def reports(server: OwnServer) -> int:
    return int(str(ask(server, "SELECT count(*) FROM reports")[0][0]))


def wanderer(town: Town, number: int, *, whatsapp: bool = False) -> Wanderer:
    dice = random.Random(number)
    ports = (town.port, second(town))
    if whatsapp:
        one, other = (Twilio(Post(port), f"+21261200{number:04}", dice) for port in ports)
        return Wanderer(one, other)
    here, there = (Telegram(Post(port), 6_500_000_000 + number, "en", dice) for port in ports)
    return Wanderer(here, there)


@pytest.mark.parametrize("whatsapp", [False, True])
def test_a_conversation_goes_on_at_whichever_machine(town: Town, server: OwnServer, whatsapp: bool) -> None:
    voice = wanderer(town, 1, whatsapp=whatsapp)
    before = reports(server)
    told = Citizen(voice, random.Random(1)).reports(PLAN)
    assert told.end == "receipt" and min(voice.places) >= 2
    assert reports(server) == before + 1


def test_what_comes_round_runs_once_however_many_workers(town: Town, server: OwnServer) -> None:
    """Each worker defers what its clock says; the database takes each moment of each chore once."""
    queued = "SELECT task_name, defer_timestamp, count(*) FROM procrastinate_periodic_defers GROUP BY 1, 2"
    until(lambda: bool(ask(server, queued)), 90, "a chore")
    assert {count for _, _, count in ask(server, queued)} == {1}


def test_the_database_moves_to_its_other_address(town: Town, server: OwnServer) -> None:
    """Stopped as a pulled plug does: both machines put off, and go on at the new address without a restart."""
    voice = wanderer(town, 2)
    assert voice.say("hello") and holds(voice.say("help"), Text.HELP_HOW)
    pids = {part: town.alive(part) for part in PARTS}
    server.stop(signal.SIGQUIT)
    for port in (town.port, second(town)):
        assert not town.ready(port)
        put_off = Twilio(Post(port), "+212612009999", random.Random(3))
        assert holds(put_off.say("hello"), Text.OVERLOADED)
    server.start(int(town.settings["LATER"]))
    until(lambda: town.ready() and town.ready(second(town)), 30, "the doors")
    assert Citizen(voice, random.Random(2)).reports(PLAN).end == "receipt"
    shown = "SELECT count(*) FROM incidents WHERE shown_version = wanted_version"
    until(lambda: ask(server, shown)[0][0] == 1, 60, "the cards")
    assert pids == {part: town.alive(part) for part in PARTS}


def test_all_end_when_told_to(town: Town, tmp_path: Path) -> None:
    assert set(town.stop().values()) == {0}
