"""A full disk, for real: nothing that was acknowledged is lost, nothing is filed twice, and with room again all goes on."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from benchmarks.carriers import Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan, holds
from benchmarks.processes import Town, until
from benchmarks.provider import BotApi
from benchmarks.server import OwnServer
from conversations.texts import Text

pytestmark = pytest.mark.timeout(240)

MEGABYTES = 150
PLAN = Plan("https://example.org/post/7", "scam", "It happened yesterday.", "anonymous")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own; the test is not run where this user may mount none."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0711", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def fill(disk: Path) -> Path:
    """Leave no room at all."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"\0" * 65536):
            pass
    return ballast


def filed(server: OwnServer) -> int:
    with psycopg.connect(server.address()) as link:
        row = link.execute("SELECT count(*) FROM reports").fetchone()
        assert row
        return int(row[0])


def test_a_disk_that_is_full(disk: Path) -> None:
    api = BotApi()
    server = OwnServer(disk / "server")
    parts = ("web", "worker")
    with server, Town(api.address, parts, DATABASE_URL=server.address(), LANGUAGES="en") as town:
        people = [Telegram(Post(town.port, pace=10.0), 6_700_000_000 + n, "en", random.Random(n)) for n in range(6)]
        told = [Citizen(voice, random.Random(n)).reports(PLAN) for n, voice in enumerate(people[:3])]
        pids = {part: town.alive(part) for part in parts}
        ballast = fill(disk)
        assert _put_off(town, server)
        ballast.unlink()
        if (
            not server.answers()
        ):  # without room for its log PostgreSQL ends, and an operator's supervisor starts it again
            server.stop()
            server.start()
        until(town.ready, 60, "the doors")
        told += [Citizen(voice, random.Random(n)).reports(PLAN) for n, voice in enumerate(people[3:], 3)]
        assert [one.end for one in told] == ["receipt"] * 6 and len({one.reference for one in told}) == 6
        assert filed(server) == 6
        until(lambda: api.counts["sendMessage"] >= 1, 60, "a card")
        assert pids == {part: town.alive(part) for part in parts}
        assert not [line for line in town.log("web") if "a delivery failed" in line]
    api.close()


def _put_off(town: Town, server: OwnServer) -> bool:
    """People write on until the doors put somebody off: PostgreSQL has a little room of its own in what it has opened."""
    for number in range(400):
        voice = Twilio(Post(town.port), f"+2126130{number:05}", random.Random(number))
        if holds(voice.say(f"hello {'x' * 1200}"), Text.OVERLOADED):
            return True
        voice.close()
    return False
