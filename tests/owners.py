"""Owners of embedded databases as real processes, and what tests of them ask."""

from __future__ import annotations

import atexit
import functools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

PROJECT = Path(__file__).parents[1]
PATIENCE = 30.0


class Owner:
    """`python -m storage.embedded` on a folder, and the words it says on stderr."""

    def __init__(self, var: Path, ordinary: bool = False, **environment: str) -> None:
        self.var = var
        self._words = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [*(ordinary_user() if ordinary else ()), sys.executable, "-m", "storage.embedded", str(var)],
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
            cwd=PROJECT,
            env={**os.environ, **environment},
        )

    def url(self) -> str:
        assert self.process.stdout
        url = self.process.stdout.readline().strip()
        assert url, self.words()
        return url

    def words(self) -> str:
        self._words.seek(0)
        return self._words.read()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.stop()
        self.kill()
        self._words.close()
        if self.process.stdout:
            self.process.stdout.close()

    def postmaster(self) -> int:
        return int((self.var / "postgres" / "postmaster.pid").read_text().split()[0])


class Owners(ExitStack):
    """Starts owners, and ends them with its block."""

    def __call__(self, var: Path, ordinary: bool = False, **environment: str) -> Owner:
        owner = Owner(var, ordinary, **environment)
        self.callback(owner.end)
        return owner


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A folder whose database was started and stopped before."""
    folder = tmp_path / "made"
    folder.mkdir(0o711)
    subprocess.run(["cp", "-a", str(_made() / "postgres"), str(folder)], check=True)
    return folder


@functools.cache
def _made() -> Path:
    """One to copy: making it costs more than most of what tests ask of it."""
    folder = Path(tempfile.mkdtemp(prefix="iblagh-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with Owners() as own:
        own(folder).url()
    return folder


@functools.cache
def ordinary_user() -> tuple[str, ...]:
    """What to put before a command to run it as an ordinary user; skips the test where there is no such way."""
    if os.geteuid() != 0:
        return ()
    plain = ("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups")
    # one who may read everything, where this Python or this project lie in a folder closed to others
    reading = (*plain, "--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
    for way in (plain, reading) if shutil.which("setpriv") else ():
        tried = [*way, sys.executable, "-c", "import storage.embedded"]
        if subprocess.run(tried, cwd=PROJECT, capture_output=True, check=False).returncode == 0:
            return way
    pytest.skip("no way to run this as an ordinary user")


def sockets_of(url: str) -> Path:
    return Path(parse_qs(urlsplit(url).query)["host"][0])


def note(url: str, word: str) -> None:
    with psycopg.connect(url) as link:
        link.execute("create table if not exists notes (word text)")
        link.execute("insert into notes values (%s)", (word,))


def notes(url: str) -> list[str]:
    with psycopg.connect(url) as link:
        return [row[0] for row in link.execute("select word from notes order by word")]


def show(url: str, setting: str) -> str:
    with psycopg.connect(url) as link:
        row = link.execute("select current_setting(%s)", (setting,)).fetchone()
        assert row
        return str(row[0])


def eventually(holds: Callable[[], bool], within: float = PATIENCE) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def family(parent: int) -> set[int]:
    """A process and all that came from it."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [(int(pid), int(ppid)) for pid, ppid in (line.split() for line in listed.splitlines())]
    found, size = {parent}, 0
    while len(found) > size:
        size = len(found)
        found |= {pid for pid, ppid in pairs if ppid in found}
    return found


def lives(pid: int) -> bool:
    if sys.platform == "linux":  # asked often, and without a process of its own
        with suppress(OSError):
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and "Z" not in state


def answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url) as link:
        return link.execute("select 1").fetchone() == (1,)
    return False
