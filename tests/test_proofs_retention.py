"""The long proof about retention, small: the same code as `make retention`."""

from __future__ import annotations

import pytest

from benchmarks import retention

pytestmark = [pytest.mark.usefixtures("forked_towns"), pytest.mark.timeout(240)]


def test_what_has_had_its_time_goes_however_it_is_killed() -> None:
    proof = retention.prove(7, small=True)
    assert proof.holds, proof.failures
    assert proof.counts["kills of erasing"] and proof.counts["kills of dropping files"]
