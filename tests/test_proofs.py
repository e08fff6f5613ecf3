"""The long proofs, small: the same code that `make chaos seizure fuzz storm soak bench` runs for minutes."""

from __future__ import annotations

import pytest

from benchmarks import chaos
from benchmarks.proof import Proof

SEED = 1


def holds(proof: Proof) -> None:
    assert proof.holds, "\n".join(proof.failures)


@pytest.mark.timeout(180)
def test_chaos() -> None:
    holds(chaos.prove(SEED, True))
