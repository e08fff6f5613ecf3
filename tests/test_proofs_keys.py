"""The long proof about keys, small: the same code as `make rotation`."""

from __future__ import annotations

import pytest

from benchmarks import rotation

pytestmark = pytest.mark.usefixtures("forked_towns")


def test_rotation_loses_nothing_however_it_is_killed() -> None:
    proof = rotation.prove(7, small=True)
    assert proof.holds, proof.failures
    assert proof.counts["reports that open with the new keys"] == rotation.SMALL.reports
