"""
The benchmark: turns a second and what they take, on both channels, against a floor measured in the same run.

Everything runs as an operator runs it: PostgreSQL, `iblagh web`, `iblagh worker`, and a stand-in for the providers. A
process of its own writes for everybody. A turn counts when the person has the answer. PARTS names what to measure, all by
default; SHARE shortens it. A missed target is told and is no failure; what could not be measured is.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from benchmarks.bench_results import Result, at_least, machine
from benchmarks.bench_rounds import Driver
from benchmarks.bench_turns import LEAST, Ground, ground, turns
from benchmarks.lending import running
from benchmarks.processes import Town
from benchmarks.proof import Proof

PROMISE = "every part of the benchmark can be measured, and every turn in it is answered as the script says"


class Size(NamedTuple):
    """How often each road is measured, and for how many seconds."""

    times: int
    seconds: float


SMALL, LONG = Size(1, 0.5), Size(5, 6.0)
Part = Callable[[Ground, Driver, Size], Result]


def measure_turns(under: Ground, driver: Driver, size: Size) -> Result:
    """The main part."""
    result = Result("turns", "turns a second in a closed loop, whole reports, against a bare durable route")
    result.found = {"channels": turns(under, driver, size.times, size.seconds)}
    for channel, told in result.found["channels"].items():
        result.targets.append(at_least(f"{channel}: turns a second, of the floor's", LEAST, told["ratio_to_floor"]))
        failed = {**told["turns"]["failed"], **told["floor"]["failed"]}
        result.failed += [f"{channel}: {name} {count}" for name, count in failed.items()]
    return result


PARTS: Mapping[str, Part] = {"turns": measure_turns}
IN_TESTS = ("turns",)


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """A small run of some parts, as `make test` does it; nothing of it is kept."""
    proof = Proof("bench", PROMISE, seed)
    for result in _run(IN_TESTS, SMALL if small else _shared(share), lent):
        proof.counts[result.part] = str(result.found)
        proof.expect(bool(result.found) and not result.failed, f"{result.part}: {result.failed}")
    return proof


def _shared(share: float) -> Size:
    return Size(LONG.times, LONG.seconds * share)


def _run(parts: Sequence[str], size: Size, lent: Town | None = None, keep: float = 0.0) -> list[Result]:
    results = []
    with running(lent) as town, Driver() as driver:
        here = machine(town)
        if keep:
            print("\n".join(f"{name}: {value}" for name, value in here.items()), flush=True)
        under = ground(town)
        for part in parts:
            results.append(PARTS[part](under, driver, size))
            if keep:
                print(results[-1].tell(), flush=True)
                results[-1].write(here, keep)
    return results


def main() -> None:
    """Measure, print and keep. Exits 1 where something could not be measured."""
    parser = argparse.ArgumentParser(description="Measures and keeps benchmarks/results/*.json.")
    chosen = os.environ.get("PARTS") or ",".join(PARTS)
    parser.add_argument("--parts", default=chosen, help=f"some of {', '.join(PARTS)}, with commas")
    parser.add_argument("--share", type=float, default=float(os.environ.get("SHARE") or 1), help="of the whole length")
    said = parser.parse_args()
    parts = [part.strip() for part in said.parts.split(",")]
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    results = _run(parts, _shared(said.share), keep=said.share)
    missed = [target for result in results for target in result.targets if not target.met]
    print(f"bench: {sum(len(result.targets) for result in results)} targets, {len(missed)} not met")
    sys.exit(1 if any(result.failed for result in results) else 0)


if __name__ == "__main__":
    main()
