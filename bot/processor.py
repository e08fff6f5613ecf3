"""
The processor that a web process keeps to.

One thread of Python runs at a time. Spread over several processors, its threads hand Python's lock from one to the other
some thirty times a turn, and wake each other across processors each time, whose caches are cold for them then: a third of
a turn's time went there (docs/adr/0024-one-processor.md). Where somebody else wants that processor while another stands
idle, the process moves.
"""

from __future__ import annotations

import fcntl
import os
import random
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, NamedTuple

LOOK_SECONDS = 5.0
BUSY, OTHERS, IDLE = 0.9, 0.3, 0.5  # shares of that time

TICK = 1 / os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """Seconds since the machine's start in which a processor did anything, and in which it did nothing."""

    busy: float
    idle: float

    def since(self, before: Spent) -> Spent:
        return Spent(self.busy - before.busy, self.idle - before.idle)


class Seen(NamedTuple):
    """Seconds: the clock's, those that this process has run, and each processor's."""

    at: float
    ours: float
    every: Mapping[int, Spent]


class Processor:
    """What this process keeps to. Systems that offer no such thing (macOS), and machines with a single one, are left alone."""

    def __init__(self, folder: Path, reads: Callable[[], Seen] | None = None) -> None:
        """`folder` is where sister processes find which are taken."""
        self._folder, self._reads = folder, reads or seen
        self._all = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
        self._here = -1
        self._claim: IO[bytes] | None = None
        self._before = self._reads()

    def take(self) -> None:
        """Keep to one that no sister has. Without one, to none."""
        free = random.sample(self._all, len(self._all)) if len(self._all) > 1 else []
        for one in free:
            if self._moved(one):
                return

    def look(self) -> None:
        """Move where somebody else wants this one and another stands idle. Does nothing within five seconds of the last look."""
        if self._here < 0:
            return
        now, before = self._reads(), self._before
        elapsed = now.at - before.at
        if elapsed < LOOK_SECONDS:
            return
        self._before = now
        passed = {
            one: now.every[one].since(before.every[one])
            for one in self._all
            if one in now.every and one in before.every
        }
        wanted = better(self._here, passed, now.ours - before.ours, elapsed)
        if wanted is not None:
            self._moved(wanted)

    def _moved(self, one: int) -> bool:
        claim = (self._folder / f"processor.{one}").open("ab")  # with a suffix: no file of numbers (bot/numbers.py)
        try:
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)  # until this process ends, however it ends
            keep_to(one)
        except OSError:  # a sister's, or the machine has taken it away
            claim.close()
            return False
        if self._claim:
            self._claim.close()
        self._here, self._claim = one, claim
        return True


def better(here: int, passed: Mapping[int, Spent], ours: float, elapsed: float) -> int | None:
    """
    The processor to move to, by what each did in these seconds and how many of them were ours; None to stay.

    >>> better(0, {0: Spent(5, 0), 1: Spent(1, 4)}, ours=2.5, elapsed=5)
    1
    >>> better(0, {0: Spent(5, 0), 1: Spent(1, 4)}, ours=4.5, elapsed=5) is None  # it is ours alone
    True
    >>> better(0, {0: Spent(5, 0), 1: Spent(4, 1)}, ours=2.5, elapsed=5) is None  # nowhere is room
    True
    """
    if here not in passed or passed[here].busy < BUSY * elapsed or passed[here].busy - ours < OTHERS * elapsed:
        return None
    idlest = max(passed, key=lambda one: passed[one].idle)
    return idlest if passed[idlest].idle >= IDLE * elapsed else None


def keep_to(one: int) -> None:
    """Let every thread of this process run there alone, those too that they start. Raises OSError where that is not granted."""
    os.sched_setaffinity(0, {one})
    for thread in os.listdir("/proc/self/task"):
        try:
            os.sched_setaffinity(int(thread), {one})
        except ProcessLookupError:
            continue  # it ended meanwhile


def seen() -> Seen:
    """Now. Nothing of the processors where the system does not tell."""
    try:
        lines = Path("/proc/stat").read_text().splitlines()
    except OSError:
        lines = []
    every = dict(_read(line) for line in lines if line.startswith("cpu") and line[3].isdigit())
    return Seen(time.monotonic(), time.process_time(), every)


def _read(line: str) -> tuple[int, Spent]:
    """user nice system idle iowait irq softirq steal, and what is counted twice (proc(5))."""
    name, *ticks = line.split()
    told = [int(tick) * TICK for tick in ticks[:8]]
    return int(name[3:]), Spent(sum(told) - told[3] - told[4], told[3] + told[4])
