"""The main measurement: turns a second on each channel against the floor, in turn, with what they take of the processors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from benchmarks.bench_processes import family, memory
from benchmarks.bench_results import Result, at_least, at_most
from benchmarks.bench_rounds import Measured, middle, ratio, rounds
from benchmarks.bench_script import CHANNELS
from benchmarks.bench_stage import Stage
from benchmarks.processes import Town

LEAST = 0.8  # of the floor's turns a second
MOST_MEMORY = 120.0
SERVERS = ("web", "worker", "postgresql")


def measure_turns(stage: Stage) -> Result:
    """Every channel and its floor in turn."""
    result = Result("turns", "turns a second in a closed loop, whole reports, against a bare durable route")
    under = stage.under
    with under.floors() as floors:
        found = rounds(stage.driver, [*under.doors(), *floors], stage.size.times, stage.size.seconds)
        result.found["memory_mb"] = memories = {**_memory(under.town), "floor": _processes(floors[0].pids())}
    result.found["channels"] = {channel: _told(found[channel], found[f"floor {channel}"]) for channel in CHANNELS}
    for channel, told in result.found["channels"].items():
        result.targets.append(at_least(f"{channel}: turns a second, of the floor's", LEAST, told["ratio_to_floor"]))
        failed = {**told["turns"]["failed"], **told["floor"]["failed"]}
        result.failed += [f"{channel}: {name} {count}" for name, count in failed.items()]
    largest = max(one["resident"] for one in memories["web"].values())
    result.targets.append(at_most("memory of a web process, MB resident", MOST_MEMORY, largest))
    return result


def _memory(town: Town) -> dict[str, Any]:
    """Web and worker by process; PostgreSQL's in one, where the buffers that they share count once."""
    database = [memory(pid) for pid in family(town.postmaster)]
    shared = {"processes": len(database), "share": round(sum(one.share for one in database), 1)}
    parts = {part: _processes(family(town.alive(part))) for part in ("web", "worker")}
    return {**parts, "postgresql": shared}


def _processes(pids: Sequence[int]) -> dict[str, Any]:
    """Each process, the one that starts the others first."""
    return {
        f"process {at}": {name: round(megabytes, 1) for name, megabytes in memory(pid)._asdict().items()}
        for at, pid in enumerate(pids)
    }


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
