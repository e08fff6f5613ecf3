"""The main measurement: turns a second on each channel against the floor, in turn, with what they take of the processors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from benchmarks import floor
from benchmarks.bench_processes import family, meter, serving
from benchmarks.bench_rounds import Driver, Measured, Road, middle, ratio, rounds
from benchmarks.bench_script import CHANNELS, Rehearsed, rehearse
from benchmarks.processes import Town

LEAST = 0.8  # of the floor's turns a second
SERVERS = ("web", "worker", "postgresql")


class Ground(NamedTuple):
    """A town, what its people say on each channel, and the roads to its doors."""

    town: Town
    rehearsed: Mapping[str, Rehearsed]

    def roads(self, port: int, pids: Any, name: str = "{}", path: str = "/{}") -> list[Road]:
        """The roads to the doors at a port, or with `path` to the floor's."""
        read = meter(self.town, pids)
        return [
            Road(name.format(channel), channel, port, path.format(channel), self.rehearsed[channel].scripts, read)
            for channel in CHANNELS
        ]

    def doors(self) -> list[Road]:
        """The roads to the town's own web process."""
        return self.roads(self.town.port, lambda: family(self.town.alive("web")))

    @contextmanager
    def floors(self, workers: int = 1) -> Iterator[list[Road]]:
        """The roads to a floor, which is there until the block ends."""
        self.town.ask(floor.DROP)
        for statement in floor.TABLES.split(";"):
            self.town.ask(statement) if statement.strip() else None
        sizes = {channel: found.sizes for channel, found in self.rehearsed.items()}
        with serving(self.town, workers, json.dumps(sizes)) as server:
            yield self.roads(server.port, lambda: server.family, "floor {}", "/floor/{}")
        self.town.ask(floor.DROP)


def ground(town: Town) -> Ground:
    """A town's, its people rehearsed."""
    return Ground(town, {channel: rehearse(town, channel) for channel in CHANNELS})


def turns(under: Ground, driver: Driver, times: int, seconds: float) -> dict[str, Any]:
    """Every channel and its floor in turn."""
    with under.floors() as floors:
        found = rounds(driver, [*under.doors(), *floors], times, seconds)
    return {channel: _told(found[channel], found[f"floor {channel}"]) for channel in CHANNELS}


def _told(doors: Sequence[Measured], floors: Sequence[Measured]) -> dict[str, Any]:
    """A channel's part of the result."""
    return {
        "ratio_to_floor": round(ratio(doors, floors, lambda one: one.rate), 3),
        "cpu_to_floor": round(ratio(doors, floors, server_cpu), 2),
        "turns": figures(middle(doors)),
        "floor": figures(middle(floors)),
        "rates": [round(one.rate, 1) for one in doors],
        "floor_rates": [round(one.rate, 1) for one in floors],
    }


def server_cpu(one: Measured) -> float:
    """Milliseconds a turn of web, worker and PostgreSQL together."""
    return sum(one.cpu[part] for part in SERVERS)


def figures(one: Measured) -> dict[str, Any]:
    """As they stand in a result."""
    return {
        "turns": one.turns, "reports": one.reports, "a_second": round(one.rate, 1),
        **{f"{name}_ms": round(took, 2) for name, took in zip(("p50", "p95", "p99"), one.took, strict=True)},
        "cpu_ms": {part: round(spent, 3) for part, spent in one.cpu.items()}, "failed": dict(one.failed),
    }  # fmt: skip
