"""
Nothing that is said is heard where it does not belong: real processes, every logger at DEBUG whatever the code sets.

Looked through are their lines, the server's own log with every statement in it, metrics and error pages, the queue's
jobs with their arguments and locks, what PostgreSQL shows of running statements, and the titles of processes.
"""

from __future__ import annotations

import json
import random
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from benchmarks import needles
from benchmarks.accounts import ACCOUNT, AUTH, SECRET, TOKEN
from benchmarks.carriers import FIRST_NAME, JSON, GaveUp, Line, Post
from benchmarks.citizens import PHONES
from benchmarks.processes import Town, until
from benchmarks.provider import BotApi
from benchmarks.seizure_cast import EARLIER, FIRST, STEM, Person, TelegramNoted, play
from storage import keys

pytestmark = pytest.mark.timeout(240)

# Put before everything else in every process: no setLevel holds, every record is made, and whose it was is noted.
LOUD = """
import logging, os
def loud(self, level): self.level = logging.DEBUG; self.manager._clear_cache()
logging.Logger.setLevel = loud
logging.Logger.isEnabledFor = lambda self, level: True
logging.Logger.getEffectiveLevel = lambda self: logging.DEBUG
logging.root.level, heard, told = logging.DEBUG, set(), logging.Logger.callHandlers
def noted(self, record):
    if record.levelno < logging.WARNING and record.name not in heard:
        heard.add(record.name)
        with open(os.path.join(os.path.dirname(__file__), "heard"), "a") as file: file.write(record.name + chr(10))
    told(self, record)
logging.Logger.callHandlers = noted
"""
HEARD = {"alembic", "asyncio", "httpcore", "httpx", "procrastinate", "sqlalchemy", "telegram", "twilio", "urllib3"}
SAID = {
    "links, stories and names": needles.forms(STEM),
    "first names": needles.forms(FIRST_NAME),
    "phones": needles.forms(PHONES.removeprefix("+")),
    "Telegram ids": needles.forms(str(FIRST)[:6]),
    "the bot's token": needles.forms(TOKEN.partition(":")[2]),
    "Twilio's token": needles.forms(AUTH),
    "Telegram's header": needles.forms(SECRET),
}
EVERY_STATEMENT = "ALTER DATABASE iblagh SET log_statement = 'all'; ALTER DATABASE iblagh SET log_min_messages = 'log'"


class Unwell(BotApi):
    """A Bot API that refuses files and breaks now and then, so that much is logged."""

    def call(self, method: str, form: dict[str, str]) -> tuple[int, Any] | None:
        return (500, "Internal Server Error") if method == "getFile" else super().call(method, form)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town in which everything is said: conversations, files, forgeries, nonsense, a bug, a database that fails."""
    hook = tmp_path_factory.mktemp("hook")
    (hook / "sitecustomize.py").write_text(LOUD)
    api = Unwell(1, trouble=0.3)
    more = {"LOG_LEVEL": "DEBUG", "PYTHONPATH": str(hook), "LANGUAGES": "en", **keys.generate().environment}
    with Town(api.address, ("database",), **more) as made:
        made.ask(EVERY_STATEMENT)
        for part in ("web", "worker"):
            made.start(part)
        until(made.ready, 60, "the web process")
        made.iblagh("moderators", "add", "712999001", "--name", f"{STEM}staff")
        yield made
    api.close()


@pytest.fixture(scope="module")
def cast(town: Town) -> list[Person]:
    return play(town.port, EARLIER, 1, random.Random(4))


@pytest.fixture(scope="module")
def haystack(town: Town, cast: list[Person]) -> list[tuple[str, bytes]]:
    """Everything that anybody but the desk, the citizen and the platform may come to see."""
    pages = _nonsense(town)
    _a_bug(town, cast[0])
    until(lambda: bool(town.ask("SELECT id FROM procrastinate_jobs WHERE attempts > 0")), 60, "a job that failed")
    until(lambda: any("telegram" in name for name in _heard(town)), 60, "a call")
    seen = [("processes", _titles(town)), *_logs(town), *pages]
    jobs = "SELECT j::text, e::text FROM procrastinate_jobs AS j LEFT JOIN procrastinate_events AS e ON e.job_id = j.id"
    seen.append(("jobs", repr(town.ask(jobs)).encode()))
    return [*seen, ("statements", repr(town.ask("SELECT query, application_name FROM pg_stat_activity")).encode())]


def test_nothing_that_was_said_is_heard(haystack: list[tuple[str, bytes]], cast: list[Person]) -> None:
    codes = {
        person.role: {code: code.encode() for code in (person.reference, person.secret) if code} for person in cast
    }
    found, size = needles.search(haystack, {**SAID, **codes}, {})
    assert not found and size > 100_000


def test_the_search_looks_where_there_is_something(town: Town, haystack: list[tuple[str, bytes]]) -> None:
    held = dict(haystack)
    assert b"INSERT INTO" in held["postgres.log"] and b"UPDATE" in held["postgres.log"]
    assert b"a delivery failed: Rejected" in held["web.log"] and b"worker starts" in held["worker.log"]
    assert b"iblagh" in held["statements"] and b"moderators" in held["jobs"] and b"bot.cli" in held["processes"]
    assert b"Method Not Allowed" in held["GET /telegram"] and b"iblagh_" in held["GET /metrics"]
    assert {name.partition(".")[0] for name in _heard(town)} >= HEARD


def test_every_line_is_ours(town: Town, haystack: list[tuple[str, bytes]]) -> None:
    """At DEBUG, of libraries that speak at every turn: not one line of theirs, and each line an object."""
    lines = b"\n".join(held for name, held in haystack if name in ("web.log", "worker.log")).decode().splitlines()
    said = [json.loads(line) for line in lines if line]
    theirs = {one["from"].partition(".")[0] for one in said if one["level"] in ("DEBUG", "INFO")}
    assert theirs <= {"bot", "storage", "webhook_app", "conversations", "__main__"}


def test_no_secret_is_an_argument(town: Town, haystack: list[tuple[str, bytes]]) -> None:
    titles = dict(haystack)["processes"]
    given = [value for name, value in town.settings.items() if "KEY" in name or "TOKEN" in name or "SECRET" in name]
    assert len(given) >= 6
    for secret in (*given, *(part for value in given for part in value.split(","))):
        assert secret.encode() not in titles


def test_bodies_without_a_length_are_refused_and_read_no_further(town: Town) -> None:
    """Chunked, as a proxy or somebody else may send them: never a reason to read on and on."""
    for path, extra in (
        ("/telegram", {"X-Telegram-Bot-Api-Secret-Token": SECRET}),
        ("/whatsapp", {"X-Twilio-Signature": "x" * 28}),
    ):
        began, status = time.monotonic(), _chunked(town, path, extra)
        assert status in (411, 413) and time.monotonic() - began < 5
    assert town.ready()


def _chunked(town: Town, path: str, headers: dict[str, str]) -> int:
    line = HTTPConnection("127.0.0.1", town.port, timeout=10)
    try:
        line.request(
            "POST", path, (b"x" * 65536 for _ in range(256)), {"Content-Type": JSON, **headers}, encode_chunked=True
        )
        return line.getresponse().status
    except OSError:
        return 413  # it hung up on us
    finally:
        line.close()


def _nonsense(town: Town) -> list[tuple[str, bytes]]:
    """What does not belong, each with words in every place: what the doors say to it, and to whoever measures them."""
    words, header = f"{STEM}nonsense", {"Content-Type": JSON, "X-Telegram-Bot-Api-Secret-Token": SECRET}
    line, pages = Line(town.port, 10), list[tuple[str, bytes]]()
    for path, body, headers in (
        ("/telegram", words.encode(), header),
        ("/telegram", f'{{"update_id": "{words}", "message": {{"text": "{words}"}}}}'.encode(), header),
        ("/telegram", words.encode(), {"X-Telegram-Bot-Api-Secret-Token": words}),
        ("/whatsapp", f"Body={words}&AccountSid={ACCOUNT}".encode(), {"X-Twilio-Signature": words}),
        (f"/{words}?{words}", words.encode(), header),
        ("/telegram", words.encode() * 200_000, header),
    ):
        heard = line.post(path, body, headers)
        pages.append((f"POST {path[:9]} {len(pages)}", heard.body if heard else b""))
    link = HTTPConnection("127.0.0.1", town.port, timeout=10)
    for path in ("/telegram", "/metrics", "/readyz", "/healthz"):
        link.request("GET", path)
        pages.append((f"GET {path}", link.getresponse().read()))
    return pages


def _a_bug(town: Town, person: Person) -> None:
    """The database refuses what a turn writes, with the citizen's words among the parameters."""
    town.ask("ALTER TABLE sessions ADD CONSTRAINT never CHECK (false) NOT VALID")
    voice = TelegramNoted(Post(town.port, over=_Once()), FIRST + 999_999, "en", random.Random(1))
    with pytest.raises(GaveUp):
        voice.say(f"{STEM}bug")
    voice.close()
    town.ask("ALTER TABLE sessions DROP CONSTRAINT never")


class _Once(threading.Event):
    """A carrier's patience that is over at the first failure."""

    def wait(self, timeout: float | None = None) -> bool:
        return True


def _logs(town: Town) -> list[tuple[str, bytes]]:
    time.sleep(0.3)
    return [
        (path.name, path.read_bytes()) for folder in (town.folder, town.var) for path in sorted(folder.glob("*.log"))
    ]


def _heard(town: Town) -> set[str]:
    path = Path(town.settings["PYTHONPATH"]) / "heard"
    return set(path.read_text().split()) if path.exists() else set()


def _titles(town: Town) -> bytes:
    """How every process of the town is shown to everybody on the machine, the database's among them."""
    listed = subprocess.run(
        ["ps", "-axww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    ).stdout
    shown = {int(pid): (int(of), title) for pid, of, title in (line.split(None, 2) for line in listed.splitlines())}
    ours = {town.alive(part) for part in town.processes}
    while more := {pid for pid, (of, _) in shown.items() if of in ours} - ours:
        ours |= more
    return "\n".join(shown[pid][1] for pid in ours if pid in shown).encode()
