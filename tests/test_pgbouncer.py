"""Web and worker through PgBouncer, by the file that operators copy. Not run where none is installed (Debian: pgbouncer)."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from benchmarks.carriers import Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan, holds
from benchmarks.processes import Town, free_port, until
from benchmarks.provider import BotApi
from benchmarks.server import OwnServer
from conversations.texts import Text

ROOT = Path(__file__).resolve().parents[1]
INI = ROOT / "docs" / "deploy" / "pgbouncer" / "pgbouncer.ini"
MANUAL = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
PROGRAM = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PLAN = Plan("https://example.org/post/7", "scam", "It happened yesterday.", "anonymous")
OTHER = PLAN._replace(link="https://example.org/post/8")

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(not PROGRAM, reason="no pgbouncer is installed: apt-get install pgbouncer"),
]


def changed(text: str, **settings: str) -> str:
    """The file with other values for what it sets: none is added that it does not have."""
    for name, value in settings.items():
        text, times = re.subn(rf"^{name} = .*$", f"{name} = {value}", text, flags=re.M)
        assert times == 1, name
    return text


@contextmanager
def pooled(server: OwnServer, mode: str = "session") -> Iterator[str]:
    """PgBouncer before a server; its address."""
    port = free_port()
    text = changed(
        INI.read_text(encoding="utf-8"),
        iblagh=f"host=127.0.0.1 port={server.port} dbname=iblagh user=postgres",
        listen_port=str(port),
        auth_type="any",
        pool_mode=mode,
    )
    with tempfile.TemporaryDirectory(prefix="iblagh-pool-") as folder:
        Path(folder).chmod(0o755)
        ini = Path(folder, "pgbouncer.ini")
        ini.write_text(text.replace("auth_file = ", "unix_socket_dir =\n; ") + "\n", encoding="utf-8")
        ini.chmod(0o644)
        as_whom = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = subprocess.Popen([str(PROGRAM), "-q", *as_whom, str(ini)], stderr=subprocess.DEVNULL)
        url = f"postgresql://postgres@127.0.0.1:{port}/iblagh"
        try:
            until(lambda: process.poll() is None and answers(url), 20, "PgBouncer")
            yield url
        finally:
            process.terminate()
            process.wait()


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as link:
            return link.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnServer]:
    """Its role has been given what the manual says."""
    told = re.search(r"`(ALTER ROLE iblagh SET [^`]*)`((?:,\s+`[a-z_]+ = '[^`]*'`)*)", MANUAL)
    assert told
    settings = [told[1].removeprefix("ALTER ROLE iblagh SET "), *re.findall(r"`([^`]+)`", told[2])]
    with OwnServer(tmp_path_factory.mktemp("server")) as server:
        with psycopg.connect(server.address(), autocommit=True) as link:
            for setting in settings:
                link.execute(f"ALTER ROLE postgres SET {setting}".encode())
        yield server


@pytest.fixture(scope="module")
def town(server: OwnServer) -> Iterator[Town]:
    api = BotApi()
    with (
        pooled(server) as url,
        Town(api.address, ("web", "worker"), DATABASE_URL=url, LANGUAGES="en") as town,
    ):
        yield town
    api.close()


def test_people_report_and_cards_leave(town: Town, server: OwnServer) -> None:
    voices = (
        Telegram(Post(town.port), 6_600_000_001, "en", random.Random(1)),
        Twilio(Post(town.port), "+212612008888", random.Random(2)),
    )
    for voice in voices:
        assert Citizen(voice, random.Random(1)).reports(PLAN).end == "receipt"
    until(lambda: shown(server) >= 1, 30, "a card")
    listening = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
    assert int(str(town.ask(listening)[0][0])) >= 1


def test_the_time_limits_are_the_roles(town: Town) -> None:
    wanted = {
        "lock_timeout": "2s",
        "statement_timeout": "15s",
        "idle_in_transaction_session_timeout": "20s",
        "TimeZone": "UTC",
    }
    assert {name: town.ask(f"SHOW {name}")[0][0] for name in wanted} == wanted


def test_a_server_that_restarts_costs_no_process(town: Town, server: OwnServer) -> None:
    pids = {part: town.alive(part) for part in town.parts}
    server.stop()
    put_off = Twilio(Post(town.port), "+212612008889", random.Random(3))
    assert holds(put_off.say("hello"), Text.OVERLOADED)
    server.start()
    until(town.ready, 30, "the doors")
    citizen = Citizen(Telegram(Post(town.port), 6_600_000_002, "en", random.Random(4)), random.Random(4))
    assert citizen.reports(OTHER).end == "receipt"
    until(lambda: shown(server) >= 2, 60, "the cards")
    assert pids == {part: town.alive(part) for part in town.parts}


def shown(server: OwnServer) -> int:
    with psycopg.connect(server.address()) as link:
        row = link.execute("SELECT count(*) FROM incidents WHERE shown_version = wanted_version").fetchone()
        assert row
        return int(row[0])
