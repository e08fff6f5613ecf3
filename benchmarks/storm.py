"""
Storm: very many people report within minutes, most of them the same link, and every one of them gets a receipt.

The doors may say "later" (503), as they do above Telegram's rate; the provider then brings it again, and it counts into
the person's waiting. Incidents of one link are not merged yet, so each report opens its own, and the group, which takes
some seventeen cards a minute, sees the most severe ones first.
"""

from __future__ import annotations

import itertools
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.carriers import TELEGRAM_SECONDS, GaveUp, Line, Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan, Told
from benchmarks.crowd import LANGUAGES
from benchmarks.lending import quantile, running
from benchmarks.processes import Town
from benchmarks.proof import Proof, main
from conversations.categories import CATEGORIES

PROMISE = "when very many people report at once, every one of them is answered and every report is filed once"
FIRST_PERSON = 5_200_000_000
ONE_LINK = "https://www.tiktok.com/@one/video/7301234567890123456"
SAME = 0.7  # share of the reports that name this one link
ON_TELEGRAM = 0.8


class Size(NamedTuple):
    """How many reports, over how many of the providers' connections at a time, and within how many seconds."""

    reports: int
    connections: int
    seconds: float


SMALL, LONG = Size(300, 16, 60), Size(100_000, 40, 3 * 3600)


class Timed:
    """A voice that keeps how long each answer took, the repeats included."""

    def __init__(self, voice: Telegram | Twilio, took: list[float]) -> None:
        self._voice, self._took = voice, took
        self.channel = voice.channel

    def say(self, text: str) -> str:
        began = time.monotonic()
        heard = self._voice.say(text)
        self._took.append(time.monotonic() - began)
        return heard


class Storm:
    """The reporters, in a queue before so many connections."""

    def __init__(self, port: int, size: Size, seed: int) -> None:
        self.post, self.size = Post(port), size
        self.told: list[Told] = []
        self.took: list[float] = []
        self.gave_up = 0
        self._people: Iterator[int] = iter(range(size.reports))
        self._seed, self._lock = seed, threading.Lock()

    def blow(self) -> float:
        """Everybody reports; how many seconds it took."""
        began = time.monotonic()
        threads = [threading.Thread(target=self._carry, daemon=True) for _ in range(self.size.connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, began + self.size.seconds - time.monotonic()))
        self.post.over.set()
        for thread in threads:
            thread.join(TELEGRAM_SECONDS)
        return time.monotonic() - began

    def _carry(self) -> None:
        line = Line(self.post.port, TELEGRAM_SECONDS)
        while (at := self._next()) is not None:
            try:
                self.told.append(self._person(at, line))
            except GaveUp:
                self.gave_up += 1
        line.close()

    def _next(self) -> int | None:
        with self._lock:
            return None if self.post.over.is_set() else next(self._people, None)

    def _person(self, at: int, line: Line) -> Told:
        dice = random.Random(f"{self._seed} {at}")
        link = ONE_LINK if dice.random() < SAME else f"https://storm.example.org/post/{at}"
        voice: Telegram | Twilio
        if dice.random() < ON_TELEGRAM:
            voice = Telegram(self.post, FIRST_PERSON + at, dice.choice(LANGUAGES), dice, line)
        else:
            voice = Twilio(self.post, f"+21261{at:07}", dice, line)
        return Citizen(Timed(voice, self.took), dice).reports(Plan(link, dice.choice(list(CATEGORIES))))


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """Let the storm blow, and compare who was told what with what is there."""
    proof = Proof("storm", PROMISE, seed)
    size = SMALL if small else LONG._replace(reports=round(LONG.reports * share))
    with running(lent, WEB_WORKERS=str(os.cpu_count() or 1)) as town:
        before = _counted(town)
        storm = Storm(town.port, size, seed)
        seconds = storm.blow()
        after = _counted(town)
    _weigh(proof, storm, seconds)
    ends = Counter(told.end for told in storm.told)
    receipts = {told.reference for told in storm.told if told.end == "receipt"}
    proof.counts |= {name: after[name] - before[name] for name in after}
    proof.expect(len(receipts) == size.reports, f"{len(receipts)} of {size.reports} got a receipt: {dict(ends)}")
    proof.expect(after["reports"] - before["reports"] == len(receipts), "reports are not as many as receipts")
    proof.expect(after["parked deliveries"] == before["parked deliveries"], "deliveries were parked")
    proof.expect(after["card jobs waiting"] < 50 + storm.size.reports / 100, "card jobs pile up")
    return proof


def _weigh(proof: Proof, storm: Storm, seconds: float) -> None:
    took = list(itertools.chain(storm.took))
    proof.counts |= {
        "seconds until the last receipt": round(seconds, 1),
        "reports a second": round(len(storm.told) / seconds, 1),
        "turns": len(took),
        "turns a second": round(len(took) / seconds, 1),
        "milliseconds to an answer, median": round(1000 * quantile(took, 0.5), 1),
        "milliseconds to an answer, p99": round(1000 * quantile(took, 0.99), 1),
        "milliseconds to an answer, longest": round(1000 * max(took, default=0), 1),
        **{f"deliveries: {name}": count for name, count in sorted(storm.post.counts.items())},
    }


def _counted(town: Town) -> dict[str, int]:
    queries = {
        "reports": "SELECT count(*) FROM reports",
        "incidents": "SELECT count(*) FROM incidents",
        "cards shown": "SELECT count(*) FROM incidents WHERE shown_version > 0",
        "card jobs waiting": "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'card'",
        "parked deliveries": "SELECT count(*) FROM failures WHERE parked IS NOT NULL",
        "megabytes of database": "SELECT pg_database_size(current_database()) / 1000000",
    }
    return {name: int(str(town.ask(query)[0][0])) for name, query in queries.items()}


if __name__ == "__main__":
    main(prove)
