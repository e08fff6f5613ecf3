"""The `iblagh` command as an operator meets it: real processes, truthful exits, one line for a mistake."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import click
import pytest

from benchmarks.processes import children
from bot.cli import main
from bot.serve import GRACE
from storage.keys import generate
from tests import forks
from tests.owners import lives

ROOT = Path(__file__).resolve().parent.parent
WHOLE = {
    **generate().environment,
    "OPERATOR_NAME": "Example",
    "OPERATOR_CONTACT": "desk@example.org",
    "OPERATOR_URL": "https://example.org",
    "LANGUAGES": "en",
}
DESIGNED = {
    "database", "migrate", "web", "worker", "poll", "keys", "webhooks set", "webhooks show", "webhooks drop", "reconcile",
    "reports list", "incidents list", "incidents ask", "incidents move", "incidents merge", "incidents split", "requests list", "requests done", "moderators add", "moderators remove", "moderators list", "desk pull", "desk open",
    "desk export", "custody show", "custody verify", "desk read", "talk", "doctor", "qr", "templates create", "templates list",
    "backup", "restore", "tombstones export", "tombstones import", "shelf adopt", "rotate state", "rotate status",
    "desk lock", "desk probe", "desk check", "desk proven", "desk rewrap", "desk import", "desk retire",
}  # fmt: skip


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "bot.cli", *words]


def environment(given: dict[str, str]) -> dict[str, str]:
    """Nothing of ours from outside, so that a developer's own settings change no test."""
    system = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**system, "PYTHONPATH": str(ROOT), **given}


def iblagh(*words: str, **given: str) -> subprocess.CompletedProcess[str]:
    return forks.run(*words, environ=environment(given))


def test_a_start_from_nothing_is_like_a_forked_one() -> None:
    for words in (("keys", "--help"), ("worker",)):
        real = subprocess.run(
            command(*words), cwd=ROOT, env=environment({}), capture_output=True, text=True, timeout=60
        )
        forked = iblagh(*words)
        assert (forked.returncode, forked.stdout, forked.stderr) == (real.returncode, real.stdout, real.stderr)


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one line of an operator's mistake."""
    assert done.returncode != 0
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1
    return lines[0]


def leaves(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, found in group.commands.items():
        if isinstance(found, click.Group):
            yield from leaves(found, f"{before}{name} ")
        else:
            yield before + name, found


def test_the_commands_are_those_of_the_design() -> None:
    assert {name for name, _ in leaves(main)} == DESIGNED


@pytest.mark.parametrize("name", sorted(DESIGNED))
def test_every_command_explains_itself(name: str) -> None:
    found = dict(leaves(main))[name]
    with click.Context(found, info_name=name) as context:
        assert len(found.get_help(context).splitlines()) > 3
    assert found.help


def test_help_is_quick_and_brings_in_nothing_heavy() -> None:
    heavy = "{'sqlalchemy', 'telegram', 'twilio', 'flask', 'cryptography', 'alembic', 'granian', 'babel'}"
    script = f"import sys, bot.cli; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_keys_are_lines_for_the_environment(tmp_path: Path) -> None:
    done = iblagh("keys", "--into", str(tmp_path))
    lines = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert set(lines) == {"IBLAGH_STATE_KEY", "IBLAGH_PSEUDONYM_KEY", "IBLAGH_DESK_PUBLIC_KEYS"}
    files = sorted(tmp_path.iterdir())
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * 3
    assert all(path.name in done.stderr for path in files)
    assert not any(path.read_text().split()[2] in done.stdout + done.stderr for path in files)
    assert iblagh("keys", "--into", str(tmp_path)).returncode == 0  # a second set replaces nothing
    assert len(list(tmp_path.iterdir())) == 6


def test_missing_settings_are_a_line_each_and_no_traceback() -> None:
    done = iblagh("worker")
    assert done.returncode == 1
    assert "OPERATOR_NAME is missing" in done.stderr and "IBLAGH_STATE_KEY is missing" in done.stderr
    assert all(line.startswith("iblagh: ") for line in done.stderr.splitlines())


def test_no_database_is_one_line(tmp_path: Path) -> None:
    assert "iblagh database" in refused(iblagh("reports", "list", IBLAGH_VAR=str(tmp_path / "none")))


def test_a_database_that_does_not_answer_is_one_line_without_its_password(free_port: int) -> None:
    url = f"postgresql://someone:hidden-word@127.0.0.1:{free_port}/iblagh"
    line = refused(iblagh("reports", "list", "--json", DATABASE_URL=url))
    assert "does not answer" in line and "hidden-word" not in line


def test_an_empty_database_is_told_to_be_migrated(empty_database_url: str) -> None:
    assert "iblagh migrate" in refused(iblagh("incidents", "list", DATABASE_URL=empty_database_url))
    assert "iblagh migrate" in refused(iblagh("web", **WHOLE, DATABASE_URL=empty_database_url))
    assert "iblagh migrate" in refused(iblagh("worker", **WHOLE, DATABASE_URL=empty_database_url))


def test_migrate_and_then_look(empty_database_url: str) -> None:
    for _ in range(2):
        done = iblagh("migrate", DATABASE_URL=empty_database_url)
        assert (done.returncode, done.stdout) == (0, "")
    for what in ("reports", "incidents"):
        done = iblagh(what, "list", "--json", DATABASE_URL=empty_database_url)
        assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_moderators_are_listed_and_struck_off(database_url: str) -> None:
    given = {**WHOLE, "DATABASE_URL": database_url}
    assert iblagh("moderators", "add", "4242", "--name", "Salma", "--restricted", **given).returncode == 0
    assert iblagh("moderators", "list", **given).stdout == "Salma  (child_protection)\n"
    assert iblagh("moderators", "add", "4242", "--name", "Salma", "--role", "supervisor", **given).returncode == 0
    assert iblagh("moderators", "list", **given).stdout == "Salma  (supervisor)\n"
    assert "--role" in iblagh("moderators", "add", "1", "--name", "x", "--role", "auditor", "--restricted").stderr
    for name in (" ", "…", "a" * 41, "t.me/join", "\u202e\u2069"):  # it stands on cards
        assert "a name has letters" in iblagh("moderators", "add", "1", "--name", name, **given).stderr
    assert iblagh("moderators", "remove", "4242", **given).returncode == 0
    assert "nobody" in refused(iblagh("moderators", "remove", "4242", **given))


def test_the_desk_is_closed_beside_the_state_key(tmp_path: Path) -> None:
    (tmp_path / "parcels").write_text("")
    (tmp_path / "key").write_text("")
    words = ("desk", "open", str(tmp_path / "parcels"), "--key", str(tmp_path / "key"))
    assert "IBLAGH_STATE_KEY" in refused(iblagh(*words, **WHOLE))


def test_pulling_needs_no_key_and_replaces_nothing(database_url: str, tmp_path: Path) -> None:
    parcels = tmp_path / "parcels"
    words = ("desk", "pull", "--output", str(parcels))
    assert iblagh(*words, DATABASE_URL=database_url).returncode == 0
    assert parcels.stat().st_mode & 0o777 == 0o600
    assert "already there" in refused(iblagh(*words, DATABASE_URL=database_url))


def test_the_doctor_says_what_is_wrong(database_url: str) -> None:
    done = iblagh("doctor", **WHOLE, DATABASE_URL=database_url)
    assert done.returncode == 1
    assert "ok    database: reachable" in done.stdout
    assert "WRONG channels" in done.stdout and "WRONG worker" in done.stdout
    assert "WRONG settings: OPERATOR_NAME is missing" in iblagh("doctor").stdout


def test_a_qr_code_of_the_whatsapp_number(tmp_path: Path) -> None:
    picture = tmp_path / "code.svg"
    done = iblagh("qr", "whatsapp", "--output", str(picture), TWILIO_WHATSAPP_FROM="whatsapp:+212600000000")
    assert done.returncode == 0 and "https://wa.me/212600000000" in done.stderr
    assert picture.read_text().startswith("<?xml")
    assert "WhatsApp is off" in refused(iblagh("qr", "whatsapp"))


class TestWeb:
    """`iblagh web` with its real server and a real database."""

    def test_serves_and_ends_within_ten_seconds(self, database_url: str, free_port: int) -> None:
        served = self._start(database_url, free_port)
        try:
            assert self._answers(served, free_port)
            taken = iblagh("web", "--port", str(free_port), **WHOLE, DATABASE_URL=database_url)
            assert "port is taken" in taken.stderr.splitlines()[-1] and taken.returncode == 1
            began = time.monotonic()
            served.send_signal(signal.SIGTERM)
            assert served.wait(10) == 0
            assert time.monotonic() - began < 10
        finally:
            served.kill()
            served.wait()

    def test_a_killed_owner_leaves_nobody_on_the_port(self, database_url: str, free_port: int) -> None:
        served = self._start(database_url, free_port)
        assert self._answers(served, free_port)
        served.kill()
        served.wait()
        self._is_left(free_port)

    def test_an_owner_that_is_killed_while_its_process_starts_leaves_nobody_either(
        self, database_url: str, free_port: int
    ) -> None:
        served = self._start(database_url, free_port)
        while not (started := children(served.pid)):
            time.sleep(0.01)
        served.kill()
        served.wait()
        self._end(started)

    def test_lines_that_are_kept_busy_hold_nobody_back(self, database_url: str, free_port: int) -> None:
        served = self._start(database_url, free_port)
        assert self._answers(served, free_port)
        started = children(served.pid)
        with ThreadPoolExecutor() as crowd:
            lines = [crowd.submit(self._asks_on, free_port) for _ in range(16)]
            time.sleep(0.5)
            served.kill()
            served.wait()
            self._end(started)
        assert all(line.done() for line in lines)

    def _asks_on(self, port: int) -> None:
        """As long as anybody answers."""
        line = HTTPConnection("127.0.0.1", port, timeout=GRACE + 5)
        with suppress(OSError, HTTPException):
            while True:
                line.request("GET", "/readyz")
                line.getresponse().read()

    def _end(self, started: list[int]) -> None:
        deadline = time.monotonic() + GRACE + 5
        while any(lives(pid) for pid in started):
            assert time.monotonic() < deadline
            time.sleep(0.2)

    def _is_left(self, port: int) -> None:
        deadline = time.monotonic() + 10
        while self._listens(port):
            assert time.monotonic() < deadline
            time.sleep(0.2)

    def _start(self, url: str, port: int) -> subprocess.Popen[bytes]:
        given = {**WHOLE, "DATABASE_URL": url, "PORT": str(port)}
        return subprocess.Popen(command("web"), cwd=ROOT, env=environment(given))

    def _answers(self, served: subprocess.Popen[bytes], port: int) -> bool:
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and served.poll() is None:
            if self._listens(port):
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                    return bool(answer.status == 200)
            time.sleep(0.1)
        return False

    def _listens(self, port: int) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
