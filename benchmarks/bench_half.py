"""How long the slowest wait at half load, where messages come by chance and not one after the other's answer."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any, NamedTuple

from benchmarks.bench_results import Result, at_most
from benchmarks.bench_rounds import Driver, Measured, Road
from benchmarks.bench_script import CHANNELS
from benchmarks.bench_stage import Stage

MOST = 2.0  # times the floor's p99
PEOPLE = 64  # of whom one is always free to write
CLOSED, PACED = 0.25, 0.8  # of a round's seconds


class Halves(NamedTuple):
    """One round of a channel: at half of its own rate, its floor at half of its own, and at the channel's rate."""

    door: Measured
    floor: Measured
    floor_as_slow: Measured


def measure_half(stage: Stage) -> Result:
    """Each at half of what it did in a closed loop just before."""
    result = Result("half", "at half load: messages by chance, an answer's time from when its message was due")
    with stage.under.floors() as floors:
        for channel, door, floor in zip(CHANNELS, stage.under.doors(), floors, strict=True):
            found = [_round(stage.driver, door, floor, stage.size.seconds) for _ in range(stage.size.times)]
            result.found[channel] = told = _told(found)
            result.targets.append(at_most(f"{channel}: p99, of the floor's", MOST, told["p99_to_floor"]))
            failed = sum((one.failed for halves in found for one in halves), start=found[0].door.failed.copy())
            result.failed += [f"{channel}: {name} {count}" for name, count in failed.items()]
    return result


def _round(driver: Driver, door: Road, floor: Road, seconds: float) -> Halves:
    own, least = (driver.measure(road, seconds * CLOSED).rate / 2 for road in (door, floor))
    rates = ((door, own), (floor, least), (floor, own))
    return Halves(*(driver.measure(road, seconds * PACED, rate, PEOPLE) for road, rate in rates))


def _told(found: Sequence[Halves]) -> dict[str, Any]:
    def of_floor(kept: str) -> float:
        ratios = [one.door.took[-1] / getattr(one, kept).took[-1] for one in found]
        return float(round(statistics.median(ratios), 2))

    return {
        "p99_to_floor": of_floor("floor"),
        "p99_to_floor_at_the_same_rate": of_floor("floor_as_slow"),
        **{name: _middle([getattr(one, name) for one in found]) for name in Halves._fields},
    }


def _middle(found: Sequence[Measured]) -> dict[str, float]:
    names = ("p50_ms", "p95_ms", "p99_ms")
    took = {name: round(statistics.median(one.took[at] for one in found), 2) for at, name in enumerate(names)}
    return {"a_second": round(statistics.median(one.rate for one in found), 1), **took}
