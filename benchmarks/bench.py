"""
The benchmark: how many turns a second, and how long a turn takes, against two floors measured in the same run.

The floors are the same server's empty route (`/healthz`), and a bare durable INSERT on the same database. All three are
asked from as many threads of this one process, so only their ratios mean something, and the empty route's rate is as
much this process's as the server's.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection
from typing import NamedTuple

import psycopg

from benchmarks.carriers import TELEGRAM_SECONDS, Line, Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan
from benchmarks.lending import quantile, running
from benchmarks.processes import Town
from benchmarks.proof import Proof, main

PROMISE = "turns a second and their latency, against an empty route and a bare INSERT in the same run"
FIRST_PERSON = 5_100_000_000
LINK = "https://bench.example.org/post/"  # each reports another: one link is compared with many in the storm
NOTES = "CREATE TABLE IF NOT EXISTS bench_floor (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), said bytea NOT NULL)"


class Size(NamedTuple):
    """How many threads ask, how many seconds each measurement takes."""

    threads: int
    seconds: float


SMALL, LONG = Size(8, 0.5), Size(8, 20.0)
PEOPLE = itertools.count(1)

Once = Callable[[], int]  # does it once (or a few times); how many times


class Measured(NamedTuple):
    """What was done, and how long each took."""

    times: int
    seconds: float
    took: list[float]
    failed: list[str]

    @property
    def rate(self) -> float:
        return self.times / self.seconds


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """Measure the floors, then conversations on each channel."""
    proof = Proof("bench", PROMISE, seed)
    size = SMALL if small else LONG._replace(seconds=LONG.seconds * share)
    with running(lent) as town:
        town.ask(NOTES)
        empty = _measure(size, lambda: _empty(town))
        insert = _measure(size, lambda: _insert(town))
        turns = {
            "Telegram": _measure(size, lambda: _reporter(town, seed, on_telegram=True)),
            "WhatsApp": _measure(size, lambda: _reporter(town, seed, on_telegram=False)),
        }
        town.ask("DROP TABLE bench_floor")
    for name, measured in {
        "empty route": empty,
        "bare INSERT": insert,
        **{f"turn on {c}": m for c, m in turns.items()},
    }.items():
        _note(proof, name, measured)
    for channel, measured in turns.items():
        proof.counts[f"turn on {channel}: of the empty route's rate"] = round(measured.rate / empty.rate, 3)
        proof.counts[f"turn on {channel}: of the bare INSERT's rate"] = round(measured.rate / insert.rate, 3)
    return proof


def _note(proof: Proof, name: str, measured: Measured) -> None:
    proof.counts |= {
        f"{name}: a second": round(measured.rate, 1),
        f"{name}: milliseconds, median": round(1000 * quantile(measured.took, 0.5), 2),
        f"{name}: milliseconds, p99": round(1000 * quantile(measured.took, 0.99), 2),
    }
    proof.expect(measured.times > 0, f"{name}: nothing was done")
    proof.expect(not measured.failed, f"{name}: {measured.failed[:3]}")


def _measure(size: Size, prepare: Callable[[], tuple[Once, Callable[[], None]]]) -> Measured:
    """Do it from so many threads for so many seconds; `prepare` gives each its own connection and what closes it."""
    took: list[float] = []
    failed: list[str] = []
    over = time.monotonic() + size.seconds

    def work() -> None:
        once, close = prepare()
        try:
            while (began := time.monotonic()) < over:
                times = once()
                took.extend([(time.monotonic() - began) / times] * times)
        except Exception as trouble:  # noqa: BLE001 - told to the main thread, where it fails the proof
            failed.append(type(trouble).__name__)
        finally:
            close()

    threads = [threading.Thread(target=work) for _ in range(size.threads)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Measured(len(took), time.monotonic() - began, took, failed)


def _empty(town: Town) -> tuple[Once, Callable[[], None]]:
    line = HTTPConnection("127.0.0.1", town.port, timeout=10)

    def once() -> int:
        line.request("GET", "/healthz")
        if line.getresponse().read() != b"ok\n":
            raise ValueError
        return 1

    return once, line.close


def _insert(town: Town) -> tuple[Once, Callable[[], None]]:
    link = psycopg.connect(town.database, autocommit=True)

    def once() -> int:
        link.execute("INSERT INTO bench_floor (said) VALUES (%s)", (b"x" * 400,))
        return 1

    return once, link.close


def _reporter(town: Town, seed: int, *, on_telegram: bool) -> tuple[Once, Callable[[], None]]:
    """One conversation after the other, each by somebody new; a turn's time is the conversation's mean."""
    line, post = Line(town.port, TELEGRAM_SECONDS), Post(town.port)

    def once() -> int:
        who = next(PEOPLE)
        dice = random.Random(seed + who)
        voice = (
            Telegram(post, FIRST_PERSON + who, "en", dice, line)
            if on_telegram
            else Twilio(post, f"+21262{who:07}", dice, line)
        )
        told = Citizen(voice, dice).reports(Plan(f"{LINK}{who}", "scam"))
        if told.end != "receipt":
            raise ValueError
        return told.messages

    return once, line.close


if __name__ == "__main__":
    main(prove)
