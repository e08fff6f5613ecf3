"""Rounds: the same roads measured again and again in turn, so that what else the machine does falls on all of them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from benchmarks.bench_script import Script
from benchmarks.lending import quantile

PEOPLE = 16  # who write at the same time, twice as many as a web process has threads
QUANTILES = (0.5, 0.95, 0.99)

Meter = Callable[[], Mapping[str, float]]


class Road(NamedTuple):
    """Where people write to: a channel's door or the floor's; which processes serve it, and how many people write."""

    name: str
    channel: str
    port: int
    path: str
    scripts: Sequence[Script]
    meter: Meter
    pids: Callable[[], list[int]]
    people: int


class Measured(NamedTuple):
    """One round. Quantiles in milliseconds; `cpu` are milliseconds a turn by part, the driver's own among them."""

    turns: int
    reports: int
    rate: float
    took: tuple[float, float, float]
    cpu: Mapping[str, float]
    failed: Counter[str]


class Driver:
    """The process that writes for all people. A context manager."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bench_driver"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parent.parent,
        )  # fmt: skip

    def __enter__(self) -> Driver:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()

    def measure(self, road: Road, seconds: float, rate: float = 0.0, people: int = 0) -> Measured:
        """
        Let people write for so long, and say what it was like: as fast as they are answered, or so many messages a second.

        Raises ValueError where nobody was answered.
        """
        job = {
            "name": f"{road.name} {road.port}", "channel": road.channel, "port": road.port, "path": road.path,
            "scripts": [list(map(list, script)) for script in road.scripts], "seconds": seconds, "rate": rate,
            "people": people or road.people,
        }  # fmt: skip
        self._tell(json.dumps(job))
        self._hear()
        before = road.meter()
        self._tell("go")
        told = json.loads(self._hear())
        after, turns = road.meter(), told["turns"]
        if not turns:
            raise ValueError(f"{road.name}: nobody was answered, {told['failed']}")
        cpu = {name: 1000 * (after[name] - before[name]) / turns for name in before}
        return _measured(told, cpu | {"driver": 1000 * told["cpu"] / turns})

    def _tell(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


def _measured(told: Mapping[str, Any], cpu: Mapping[str, float]) -> Measured:
    p50, p95, p99 = (quantile(told["took"], share) for share in QUANTILES)
    rate = told["turns"] / told["seconds"]
    return Measured(told["turns"], told["reports"], rate, (p50, p95, p99), cpu, Counter(told["failed"]))


def rounds(driver: Driver, roads: Sequence[Road], times: int, seconds: float) -> Mapping[str, list[Measured]]:
    """Each road so often, in turn, every second time in the opposite order; a short run before that counts nothing."""
    found: dict[str, list[Measured]] = {road.name: [] for road in roads}
    for road in roads:
        driver.measure(road, min(2.0, seconds))
    for at in range(times):
        for road in roads if at % 2 == 0 else reversed(roads):
            found[road.name].append(driver.measure(road, seconds))
    return found


def middle(found: Sequence[Measured]) -> Measured:
    """Each figure's median over the rounds; counts are sums."""
    p50, p95, p99 = (statistics.median(one.took[at] for one in found) for at in range(len(QUANTILES)))
    return Measured(
        sum(one.turns for one in found),
        sum(one.reports for one in found),
        statistics.median(one.rate for one in found),
        (p50, p95, p99),
        {name: statistics.median(one.cpu[name] for one in found) for name in found[0].cpu},
        sum((one.failed for one in found), Counter[str]()),
    )


def ratio(found: Sequence[Measured], floor: Sequence[Measured], of: Callable[[Measured], float]) -> float:
    """The median of what a figure is in proportion to the floor's of the same round."""
    return statistics.median(of(one) / of(under) for one, under in zip(found, floor, strict=True))
