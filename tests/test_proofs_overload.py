"""`make overload` and `make outage`, small."""

from __future__ import annotations

import pytest

from benchmarks import outage, overload
from benchmarks.proof import Proof

SEED = 1

pytestmark = pytest.mark.timeout(240)


def proved(proof: Proof) -> None:
    assert proof.holds, "\n".join([*proof.failures, *(f"{name}: {count}" for name, count in proof.counts.items())])


def test_overload() -> None:
    proved(overload.prove(SEED, True))


def test_outage() -> None:
    proved(outage.prove(SEED, True))
