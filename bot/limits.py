"""
How much comes in at once: per process, per process for a whole channel, and per person, so that one person's burst never takes all threads.

Kept in memory on purpose: who writes how often is nobody's business a minute later, and never lies in the database.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

AT_WORK = 8  # a turn is one durable transaction: eight at a time keep the disk busy without crowding the database
WAITING = 48  # more than Telegram's 40 connections: only what one process cannot serve at all is put off
PATIENCE = 4.0  # seconds; with a person's own lock and a slow statement, an answer still comes within ten
WORKERS_SHARE = 0.2  # of Telegram's rate is kept for what the worker sends
MOST_REMEMBERED = 20_000  # people a process keeps count of, the latest
AT_ONCE = 4  # messages of one person under way at a time, half of a process's threads: one in work, the others wait


class Bucket:
    """So many a second on average, with as many saved up as fit into `burst`. Safe between threads."""

    def __init__(
        self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic, seen: float | None = None
    ) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left, self._seen = burst, clock() if seen is None else seen
        self._lock = threading.Lock()

    def take(self, at: float | None = None) -> float:
        """0 if one was granted, else how many seconds until one is; `at` another moment than now, never an earlier one."""
        with self._lock:
            now = self._clock() if at is None else at
            self._left = min(self._burst, self._left + (now - self._seen) * self._rate)
            self._seen = now
            if self._left < 1:
                return (1 - self._left) / self._rate
            self._left -= 1
            return 0.0


class Room:
    """
    Places for those who are at work, and a few to wait in; whoever finds all of them taken is told so at once.

    A queue that nobody sees has no end: past the provider's patience every answer in it is given to nobody.
    """

    def __init__(self, at_work: int = AT_WORK, waiting: int = WAITING, patience: float = PATIENCE) -> None:
        self._places, self._patience = threading.Semaphore(at_work), patience
        self._free, self._lock = waiting, threading.Lock()

    @property
    def full(self) -> bool:
        """Whether somebody who came now would be sent away."""
        return self._free <= 0

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Whether there was a place, at once or after waiting a while; it is held until the end."""
        if not self._entered():
            yield False
            return
        try:
            yield True
        finally:
            self._places.release()

    def _entered(self) -> bool:
        if self._places.acquire(blocking=False):
            return True
        with self._lock:
            if self._free <= 0:
                return False
            self._free -= 1
        try:
            return self._places.acquire(timeout=self._patience)
        finally:
            with self._lock:
                self._free += 1


class Persons:
    """A bucket for each person who wrote lately, and how many of their messages are under way."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = a_minute / 60, float(a_minute), clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, person: str) -> float:
        """0 if this message is within the person's limit, else how many seconds until one is."""
        with self._lock:
            bucket = self._buckets.pop(person, None) or Bucket(self._rate, self._burst, self._clock)
            self._buckets[person] = bucket
            if len(self._buckets) > MOST_REMEMBERED:
                self._buckets.popitem(last=False)
        return bucket.take()

    @contextmanager
    def under_way(self, person: str) -> Iterator[bool]:
        """Whether this message may be worked on now, beside the person's others."""
        with self._lock:
            allowed = self._under_way[person] < AT_ONCE
            self._under_way[person] += 1
        try:
            yield allowed
        finally:
            with self._lock:
                self._under_way[person] -= 1
                if not self._under_way[person]:
                    del self._under_way[person]
