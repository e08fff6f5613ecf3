"""Whether a turn costs the same in a full house as in an empty one, and with two web processes as with one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from typing import Any

from benchmarks.bench_processes import serving
from benchmarks.bench_results import Result, at_least, at_most
from benchmarks.bench_rounds import Measured, Road, middle, ratio, rounds
from benchmarks.bench_script import CHANNELS
from benchmarks.bench_stage import Stage
from benchmarks.bench_turns import figures, server_cpu

READY_SECONDS = 2.0
LEAST_FULL = 0.9  # of an empty house's turns a second
FLAT = 1.1  # times the processor time: the same, but for what two measurements differ by


def measure_start(stage: Stage) -> Result:
    """Start a web server again and again beside the town's own."""
    result = Result("start", "from the start of `iblagh web` until it is ready")
    took = []
    for _ in range(stage.size.times):
        began = time.perf_counter()
        with serving(stage.town):
            took.append(time.perf_counter() - began)
    result.found = {"seconds": [round(one, 2) for one in took]}
    result.targets = [at_most("seconds to ready", READY_SECONDS, round(statistics.median(took), 2))]
    return result


def measure_two(stage: Stage) -> Result:
    """One web process and two, with as many people for each of them."""
    result = Result("two", "two web processes against one")
    with stage.under.more(1, "one {}") as one, stage.under.more(2, "two {}") as two:
        _compare(stage, result, one, two, "one", "two")
    return result


def measure_full(stage: Stage) -> Result:
    """A full house and an empty one in turn."""
    stored = {"reports": "reports", "sessions": "sessions WHERE expires_at > now()"}
    full, result = stage.full, Result("full", "a house with years of reports against an empty one")
    result.found["stored"] = {
        name: full.town.ask(f"SELECT count(*) FROM {rows}")[0][0] for name, rows in stored.items()
    }
    size = full.town.ask("SELECT pg_database_size(current_database()) / 1000000")[0][0]
    result.found["stored"] |= {"megabytes": size, "seconds_to_fill": stage.filled_in}
    _compare(stage, result, stage.under.doors("empty {}"), full.doors("full {}"), "empty", "full")
    for channel in CHANNELS:
        result.targets.append(
            at_least(f"{channel}: turns a second, of an empty house's", LEAST_FULL, result.found[channel]["rate"])
        )
    return result


def _compare(
    stage: Stage, result: Result, before: Sequence[Road], after: Sequence[Road], first: str, second: str
) -> None:
    """Measure both in turn, and aim at the same processor time a turn."""
    found = rounds(stage.driver, [*before, *after], stage.size.times, stage.size.seconds * 0.75)
    for channel in CHANNELS:
        pair = found[f"{first} {channel}"], found[f"{second} {channel}"]
        result.found[channel] = told = _pair(*pair, first, second)
        result.targets.append(at_most(f"{channel}: CPU a turn, {second} to {first}", FLAT, told["cpu"]))
        failed = middle(pair[0]).failed + middle(pair[1]).failed
        result.failed += [f"{channel}: {name} {count}" for name, count in failed.items()]


def _pair(before: Sequence[Measured], after: Sequence[Measured], first: str, second: str) -> dict[str, Any]:
    return {
        "rate": round(ratio(after, before, lambda one: one.rate), 3),
        "cpu": round(ratio(after, before, server_cpu), 3),
        first: figures(middle(before)),
        second: figures(middle(after)),
    }
