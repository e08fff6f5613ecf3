"""What a proof says in the end: its seed, what it counted, and whether the promise held."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

PROOFS = Path(__file__).resolve().parent.parent / "docs" / "proofs"
MOST_NAMED = 20  # failures that are spelt out; more are counted

Count = int | float | str


@dataclass
class Proof:
    """One run. `expect` is how it fails; a proof that expected nothing does not hold."""

    name: str
    promise: str
    seed: int
    counts: dict[str, Count] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    expected: int = 0
    began: float = field(default_factory=time.monotonic)

    def expect(self, holds: bool, otherwise: str) -> bool:
        """Note that something had to hold, and whether it did; `otherwise` says what was seen instead."""
        self.expected += 1
        if not holds:
            self.failures.append(otherwise)
        return holds

    @property
    def holds(self) -> bool:
        return self.expected > 0 and not self.failures

    def report(self) -> dict[str, object]:
        """What stands in docs/proofs."""
        return {
            "proof": self.name,
            "promise": self.promise,
            "verdict": "holds" if self.holds else "fails",
            "seed": self.seed,
            "checks": self.expected,
            "counts": self.counts,
            "failures": len(self.failures),
            "first_failures": self.failures[:MOST_NAMED],
            "seconds": round(time.monotonic() - self.began, 1),
            "commit": commit(),
            "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
            "on": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        }

    def tell(self) -> None:
        """Print seed, counts and verdict."""
        print(f"{self.name}: {self.promise}")
        print(f"  seed {self.seed}, {time.monotonic() - self.began:.0f} s")
        for name, count in self.counts.items():
            print(f"  {name}: {count}")
        for failure in self.failures[:MOST_NAMED]:
            print(f"  FAILED: {failure}")
        print(f"verdict: {self.name} {'holds' if self.holds else 'FAILS'} ({self.expected} checks)", flush=True)

    def write(self) -> None:
        """Keep the run under docs/proofs, over the one before."""
        PROOFS.mkdir(parents=True, exist_ok=True)
        (PROOFS / f"{self.name}.json").write_text(json.dumps(self.report(), indent=1) + "\n", encoding="utf-8")


def commit() -> str:
    """The revision of this tree that runs, with a "+" where its files were changed since; "" outside a repository."""

    def git(*words: str) -> str:
        said = subprocess.run(["git", *words], cwd=PROOFS, capture_output=True, text=True, check=False)
        return said.stdout.strip() if said.returncode == 0 else ""

    results = (":!/docs/proofs", ":!/docs/bench.*", ":!/benchmarks/results")
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":/", *results)
    return git("rev-parse", "--short=12", "HEAD") + ("+" if changed else "")


class Prove(Protocol):
    """A proof's function: a seed, `make test`'s size or a share of the long one."""

    def __call__(self, seed: int, small: bool, *, share: float) -> Proof: ...


def main(prove: Prove) -> None:
    """
    Run a proof as a command: long and kept, or `--small` and only printed. Exits 1 when it does not hold.

    The environment's SEED and SHARE stand for the options, so that `make storm SHARE=0.1` works.
    """
    parser = argparse.ArgumentParser(description="Prints seed, counts and verdict.")
    parser.add_argument(
        "--seed", type=int, default=int(os.environ.get("SEED") or random.SystemRandom().randrange(10**6))
    )
    parser.add_argument("--small", action="store_true", help="as `make test` runs it; keeps no result")
    parser.add_argument("--share", type=float, default=float(os.environ.get("SHARE") or 1), help="of the long size")
    said = parser.parse_args()
    proof = prove(said.seed, said.small, share=said.share)
    proof.counts["share of the long size"] = 0 if said.small else said.share
    proof.tell()
    if not said.small:
        proof.write()
    sys.exit(0 if proof.holds else 1)
