"""
Overload: three times what the doors can answer, a provider that never answers, a database that hangs.

Who is answered waits less than ten seconds, everybody else is told at once to come again, nothing piles up in memory, and
as soon as it is over all is as before. The disk is made slow, so that what the doors can answer is known: each commit
waits, and eight are at work at a time.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from benchmarks.carriers import Post, Telegram
from benchmarks.citizens import Citizen, Plan
from benchmarks.flood import ANSWERED, BROKEN, FIRST, PUT_OFF, Brought, Letter, flood, letters, told
from benchmarks.lending import quantile
from benchmarks.processes import Town, children, megabytes
from benchmarks.proof import Proof, main
from benchmarks.provider import BotApi
from bot.limits import AT_WORK, PATIENCE

PROMISE = (
    "beyond capacity the doors put off at once, whoever is answered waits less than 10 s, and all is well right after"
)
LONGEST = 10.0
COMMIT = 0.1  # seconds that the slow disk takes for one
CAPACITY = AT_WORK / COMMIT
GROWTH = 48.0  # megabytes that a full house may take more than a quiet one: threads, and what they hold
PLAN = Plan("https://example.org/post/7", "scam")
CALM, DOUBLE, SLACK = 20.0, 2.0, 0.05  # messages a second; p99 by factor and seconds


class Size(NamedTuple):
    """Seconds of calm, of the flood, and of a database that hangs."""

    calm: float
    flood: float
    hangs: float


SMALL, LONG = Size(1.0, 2.0, 0.5), Size(30.0, 120.0, 20.0)


class Hanging(BotApi):
    """A Bot API that takes every call and, while told to hang, answers none."""

    def __init__(self) -> None:
        super().__init__()
        self.free = threading.Event()
        self.free.set()
        self.hung = 0

    def call(self, method: str, form: dict[str, str]) -> tuple[int, Any] | None:
        if not self.free.is_set():
            self.hung += 1
            self.free.wait()
        return super().call(method, form)


def prove(seed: int, small: bool, *, share: float = 1.0) -> Proof:
    """Calm, a provider that hangs, the flood, what comes right after it, and a database that hangs."""
    size = SMALL if small else LONG._replace(flood=LONG.flood * share)
    proof, api, source = Proof("overload", PROMISE, seed), Hanging(), letters()
    try:
        with Town(api.address, ("database", "web", "worker")) as town:
            calm = _calm(proof, town, source, size, "calm")
            _silent_provider(proof, town, api, source, size, calm)
            put_off = _flood(proof, town, source, size)
            _after(proof, town, put_off, calm)
            _hanging_database(proof, town, source, size)
            statuses = town.stop()
            proof.expect(set(statuses.values()) == {0}, f"not ended cleanly by SIGTERM: {dict(statuses)}")
    finally:
        api.free.set()
        api.close()
    return proof


def _calm(proof: Proof, town: Town, source: Iterator[Letter], size: Size, what: str) -> float:
    """A quiet hour: everybody is answered; the p99."""
    brought = flood(town.port, list(itertools.islice(source, round(CALM * size.calm))), CALM)
    proof.counts |= told(what, brought)
    proof.expect({one.how for one in brought} == {ANSWERED}, f"{what}: {_hows(brought)}")
    return quantile([one.seconds for one in brought], 0.99)


def _silent_provider(
    proof: Proof, town: Town, api: Hanging, source: Iterator[Letter], size: Size, calm: float
) -> None:  # fmt: skip
    """The group's cards hang in the worker: at the doors nobody feels it."""
    api.free.clear()
    somebody = Telegram(Post(town.port), FIRST, "en", random.Random(1))
    proof.expect(Citizen(somebody, random.Random(1)).reports(PLAN).end == "receipt", "a report was not taken")
    deadline = time.monotonic() + 30
    while not api.hung and time.monotonic() < deadline:
        time.sleep(0.05)
    proof.expect(api.hung > 0, "the worker called nobody")
    silent = _calm(proof, town, source, size, "while the provider hangs")
    proof.expect(silent <= calm * DOUBLE + SLACK, f"p99 {silent:.3f} s while the provider hangs, {calm:.3f} s before")
    api.free.set()


def _flood(proof: Proof, town: Town, source: Iterator[Letter], size: Size) -> list[Letter]:
    """Three times what can be answered; those of Telegram that were put off."""
    web, rate = children(town.alive("web")), 3 * CAPACITY
    before = max(megabytes([pid]) for pid in web)
    with _slow_disk(town):
        brought = flood(town.port, list(itertools.islice(source, round(rate * size.flood))), rate)
    grown = max(megabytes([pid]) for pid in web) - before
    answered = [one.seconds for one in brought if one.how == ANSWERED]
    proof.counts |= {**told("three times capacity", brought), "megabytes grown meanwhile": round(grown, 1)}
    proof.counts |= {"messages a second": round(rate), "capacity, turns a second": round(CAPACITY)}
    proof.expect({one.how for one in brought} == {ANSWERED, PUT_OFF}, f"three times capacity: {_hows(brought)}")
    proof.expect(max(answered, default=LONGEST) < LONGEST, f"somebody waited {max(answered, default=0):.1f} s")
    late = [one.seconds for one in brought if one.how == PUT_OFF and one.seconds > PATIENCE + 1]
    proof.expect(not late, f"{len(late)} were put off after {max(late, default=0):.1f} s")
    least = CAPACITY * size.flood / 2
    proof.expect(len(answered) >= least, f"{len(answered)} were answered, not {least:.0f}")
    proof.expect(grown < GROWTH, f"{grown:.0f} MB grown")
    return [one.letter for one in brought if one.how == PUT_OFF and one.letter.channel == "telegram"]


def _after(proof: Proof, town: Town, put_off: Sequence[Letter], calm: float) -> None:
    """Telegram brings again what was put off: all of it is answered, and as quickly as before."""
    left, rounds, took = list(put_off), 0, list[float]()
    while left and rounds < 10:
        brought = flood(town.port, left, CAPACITY)
        left, rounds = [one.letter for one in brought if one.how != ANSWERED], rounds + 1
        took += [one.seconds for one in brought if one.how == ANSWERED]
    proof.counts |= {"put off by Telegram's door": len(put_off), "rounds until all were answered": rounds}
    proof.expect(not left, f"{len(left)} of those put off were never answered")
    again = statistics.median(took) if took else 0.0
    proof.counts["milliseconds to an answer right after, median"] = round(1000 * again)
    proof.expect(again <= calm * DOUBLE + SLACK, f"median {again:.3f} s right after, p99 {calm:.3f} s before")


def _hanging_database(proof: Proof, town: Town, source: Iterator[Letter], size: Size) -> None:
    """It takes connections and answers nothing: those at work hang with it, everybody else is put off."""
    with _frozen(town, size.hangs + PATIENCE):
        brought = flood(town.port, list(itertools.islice(source, round(CALM * size.hangs))), CALM)
    proof.counts |= told("a database that hangs", brought)
    hung = [one for one in brought if one.how in (ANSWERED, BROKEN)]
    proof.expect(len(hung) <= 2 * AT_WORK, f"{len(hung)} hung with the database")
    proof.expect(PUT_OFF in {one.how for one in brought}, f"nobody was put off: {_hows(brought)}")
    _calm(proof, town, source, size._replace(calm=1.0), "when it answers again")


@contextmanager
def _slow_disk(town: Town) -> Iterator[None]:
    for name, value in (("commit_delay", round(COMMIT * 1e6)), ("commit_siblings", 0)):
        town.ask(f"ALTER SYSTEM SET {name} = {value}")
    town.ask("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        town.ask("ALTER SYSTEM RESET ALL")
        town.ask("SELECT pg_reload_conf()")


@contextmanager
def _frozen(town: Town, seconds: float) -> Iterator[None]:
    """The server and all its processes stand still, at most so long."""
    server = town.postmaster
    whole = [server, *children(server)]

    def go_on() -> None:
        for pid in whole:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    for pid in whole:
        os.kill(pid, signal.SIGSTOP)
    timer = threading.Timer(seconds, go_on)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        go_on()


def _hows(brought: Sequence[Brought]) -> dict[str, int]:
    return dict(Counter(one.how for one in brought))


if __name__ == "__main__":
    main(prove)
