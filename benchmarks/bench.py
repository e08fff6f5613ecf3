"""
The benchmark: turns a second and what they take, on both channels, against a floor measured in the same run.

Everything runs as an operator runs it: PostgreSQL, `iblagh web`, `iblagh worker`, and a stand-in for the providers. A
process of its own writes for everybody. A turn counts when the person has the answer. PARTS names what to measure, all by
default; SHARE shortens it. A missed target is told and is no failure; what could not be measured is.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

from benchmarks import bench_page
from benchmarks.bench_cards import measure_due, measure_idle
from benchmarks.bench_half import measure_half
from benchmarks.bench_results import Result, machine
from benchmarks.bench_scale import measure_full, measure_start, measure_two
from benchmarks.bench_stage import Size, Stage
from benchmarks.bench_turns import measure_turns
from benchmarks.processes import Town
from benchmarks.proof import Proof

PROMISE = "the benchmark measures, and every turn in it is answered as its script says"

SMALL, LONG = Size(1, 0.25, 100, 4), Size(5, 6.0, 1_000_000, 150)
FEWEST = 2_000  # reports in a full house, however short the run

# In this order: what wants a house without a backlog first.
PARTS: Mapping[str, Callable[[Stage], Result]] = {
    "idle": measure_idle, "turns": measure_turns, "half": measure_half, "start": measure_start, "two": measure_two,
    "due": measure_due, "full": measure_full,
}  # fmt: skip
IN_TESTS = ("turns",)


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """The main part, small, as `make test` does it; nothing of it is kept."""
    proof = Proof("bench", PROMISE, seed)
    with Stage(SMALL if small else _shared(share), seed, lent) as stage:
        for result in _results(stage, IN_TESTS):
            proof.counts[result.part] = str(result.found)
            proof.expect(bool(result.found) and not result.failed, f"{result.part}: {result.failed}")
    return proof


def _shared(share: float) -> Size:
    return Size(
        LONG.times, LONG.seconds * share, max(FEWEST, round(LONG.reports * share)), max(20, round(LONG.cards * share))
    )


def _results(stage: Stage, parts: Sequence[str]) -> Iterator[Result]:
    for part, measure in PARTS.items():
        if part in parts:
            yield measure(stage)


def main() -> None:
    """Measure, print and keep. Exits 1 where something could not be measured."""
    said = _said()
    with Stage(_shared(said.share), said.seed) as stage:
        here = machine(stage.town)
        print("\n".join(f"{name}: {value}" for name, value in here.items()), flush=True)
        results = []
        for result in _results(stage, said.parts):
            print(result.tell(), flush=True)
            result.write(here, said.share)
            results.append(result)
    missed = [target for result in results for target in result.targets if not target.met]
    print(f"bench: {sum(len(result.targets) for result in results)} targets, {len(missed)} not met")
    bench_page.write()
    sys.exit(1 if any(result.failed for result in results) else 0)


def _said() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measures, keeps benchmarks/results/*.json and draws docs/bench.svg.")
    chosen = os.environ.get("PARTS") or ",".join(PARTS)
    parser.add_argument("--parts", default=chosen, help=f"some of {', '.join(PARTS)}, with commas")
    parser.add_argument("--share", type=float, default=float(os.environ.get("SHARE") or 1), help="of the whole length")
    parser.add_argument(
        "--seed", type=int, default=int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    )
    said = parser.parse_args()
    said.parts = [part.strip() for part in said.parts.split(",")]
    if unknown := set(said.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return said


if __name__ == "__main__":
    main()
