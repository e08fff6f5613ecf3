"""What the parts of the benchmark stand on: a town, what its people say, the roads to its doors and to its floor."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from types import TracebackType
from typing import NamedTuple

from benchmarks import bench_fill, floor
from benchmarks.bench_processes import family, meter, serving
from benchmarks.bench_rounds import PEOPLE, Driver, Road
from benchmarks.bench_script import CHANNELS, Rehearsed, rehearse
from benchmarks.lending import running
from benchmarks.processes import Town


class Size(NamedTuple):
    """How often each road is measured and for how many seconds, how many reports a full house has, how many cards are shown."""

    times: int
    seconds: float
    reports: int
    cards: int


class Ground(NamedTuple):
    """A town and what its people say on each channel."""

    town: Town
    rehearsed: Mapping[str, Rehearsed]

    def roads(
        self, port: int, pids: Callable[[], list[int]], name: str = "{}", path: str = "/{}", people: int = PEOPLE
    ) -> list[Road]:
        """The roads to the doors at a port, or with `path` to the floor's."""
        read = meter(self.town, pids)
        return [
            Road(name.format(one), one, port, path.format(one), self.rehearsed[one].scripts, read, pids, people)
            for one in CHANNELS
        ]

    def doors(self, name: str = "{}") -> list[Road]:
        """The roads to the town's own web process."""
        return self.roads(self.town.port, lambda: family(self.town.alive("web")), name)

    @contextmanager
    def more(self, workers: int, name: str) -> Iterator[list[Road]]:
        """The roads to one more web server with so many processes, and as many people for each of them."""
        with serving(self.town, workers) as server:
            yield self.roads(server.port, lambda: server.family, name, people=PEOPLE * workers)

    @contextmanager
    def floors(self, workers: int = 1) -> Iterator[list[Road]]:
        """The roads to a floor with so many processes, which is there until the block ends."""
        self.town.ask(floor.DROP)
        for statement in filter(str.strip, floor.TABLES.split(";")):
            self.town.ask(statement)
        sizes = {channel: found.sizes for channel, found in self.rehearsed.items()}
        with serving(self.town, workers, json.dumps(sizes)) as server:
            yield self.roads(server.port, lambda: server.family, "floor {}", "/floor/{}", PEOPLE * workers)
        self.town.ask(floor.DROP)


class Stage:
    """What a run has: its driver, a town that was empty when it began, and a full one once a part asks for it."""

    def __init__(self, size: Size, seed: int, lent: Town | None = None) -> None:
        self.size, self.seed, self.filled_in = size, seed, 0
        self._held = ExitStack()
        self.driver = self._held.enter_context(Driver())
        self.town = self._held.enter_context(running(lent))

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    @cached_property
    def under(self) -> Ground:
        """The first town's ground, its people rehearsed."""
        return Ground(self.town, {channel: rehearse(self.town, channel) for channel in CHANNELS})

    @cached_property
    def full(self) -> Ground:
        """Another town's, where years of reports are stored."""
        town, began = self._held.enter_context(running()), time.monotonic()
        bench_fill.fill(town, self.size.reports, self.seed)
        self.filled_in = round(time.monotonic() - began)
        return Ground(town, self.under.rehearsed)
