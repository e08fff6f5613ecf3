"""
Drain: two thousand people write all they have to say at once to a bot at the rate that Telegram grants unpaid.

The last part of the storm by itself: it drains late, each chat in its order, and loses nothing; how long it takes is printed.
"""

from __future__ import annotations

import os

from benchmarks.lending import running
from benchmarks.processes import Town
from benchmarks.proof import Proof, main
from benchmarks.storm import LONG, SMALL, drain

PROMISE = "at Telegram's unpaid rate a rush drains late and in order, and nothing of it is lost"


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """Let them write and wait until everybody has a receipt. Leaves the town at the unpaid rate."""
    proof = Proof("drain", PROMISE, seed)
    size = SMALL if small else LONG._replace(unpaid=round(LONG.unpaid * share))
    with running(lent, WEB_WORKERS=str(os.cpu_count() or 1)) as town:
        drain(proof, town, size, seed)
    return proof


if __name__ == "__main__":
    main(prove)
