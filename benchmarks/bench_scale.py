"""Whether a turn costs the same in a full house as in an empty one, and with two web processes as with one."""

from __future__ import annotations

import statistics
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.bench_processes import serving
from benchmarks.bench_results import Result, at_least, at_most
from benchmarks.bench_rounds import Measured, Road, middle, ratio, rounds
from benchmarks.bench_script import CHANNELS
from benchmarks.bench_stage import Stage
from benchmarks.bench_turns import LEAST, figures, server_cpu

READY_SECONDS = 2.0
USUAL = 353  # turns a second of a bot without a database: python-telegram-bot's ConversationHandler, on two such cores
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
    """One web process and two, with as many people for each of them; and the floor with two."""
    result, under = Result("two", "two web processes against one, and against a floor of two"), stage.under
    with under.more(1, "one {}") as one, under.more(2, "two {}") as two, under.floors(2) as floors:
        found = _compare(stage, result, (one, two), "one", "two", floors)
    for channel in CHANNELS:
        told, floor = result.found[channel], found[f"floor {channel}"]
        told["ratio_to_floor"] = round(ratio(found[f"two {channel}"], floor, lambda one: one.rate), 3)
        told["floor"] = figures(middle(floor))
        fast = told["two"]["a_second"]
        result.targets += [
            at_least(f"{channel}: turns a second with two, of the floor's", LEAST, told["ratio_to_floor"]),
            at_least(f"{channel}: turns a second with two, twice what a usual bot does", 2 * USUAL, fast),
        ]
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
    _compare(stage, result, (stage.under.doors("empty {}"), full.doors("full {}")), "empty", "full")
    for channel in CHANNELS:
        result.targets.append(
            at_least(f"{channel}: turns a second, of an empty house's", LEAST_FULL, result.found[channel]["rate"])
        )
    return result


def _compare(
    stage: Stage,
    result: Result,
    pair: tuple[list[Road], list[Road]],
    first: str,
    second: str,
    more: Sequence[Road] = (),
) -> Mapping[str, list[Measured]]:
    """Measure both, and what else there is, in turn; aim at the same processor time a turn. What was found by road."""
    found = rounds(stage.driver, [*pair[0], *pair[1], *more], stage.size.times, stage.size.seconds * 0.75)
    for channel in CHANNELS:
        before, after = found[f"{first} {channel}"], found[f"{second} {channel}"]
        result.found[channel] = told = _pair(before, after, first, second)
        result.targets.append(at_most(f"{channel}: CPU a turn, {second} to {first}", FLAT, told["cpu"]))
    failed = sum((one.failed for road in found.values() for one in road), Counter[str]())
    result.failed += [f"{name} {count}" for name, count in failed.items()]
    return found


def _pair(before: Sequence[Measured], after: Sequence[Measured], first: str, second: str) -> dict[str, Any]:
    return {
        "rate": round(ratio(after, before, lambda one: one.rate), 3),
        "cpu": round(ratio(after, before, server_cpu), 3),
        first: figures(middle(before)),
        second: figures(middle(after)),
    }
