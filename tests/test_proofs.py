"""The long proofs, small: the same code that `make chaos soak fuzz storm drain seizure` and `make bench` run for minutes."""

from __future__ import annotations

import pytest

from benchmarks import bench, chaos, drain, fuzz, seizure, soak, storm, week
from benchmarks.citizens import ASKS, asks, holds
from benchmarks.lending import running
from benchmarks.needles import blind, forms, search
from benchmarks.proof import Proof
from bot.wording import available, sentence

SEED = 1

pytestmark = [
    pytest.mark.timeout(240),  # processes that start on a machine with other work to do
    pytest.mark.usefixtures("forked_towns"),
]


def proved(proof: Proof) -> None:
    assert proof.holds, "\n".join(proof.failures)


def test_chaos() -> None:
    proved(chaos.prove(SEED, True))


def test_seizure() -> None:
    proved(seizure.prove(SEED, True))


def test_fuzz(database_url: str) -> None:
    proved(fuzz.prove(SEED, True, database_url))


def test_week(database_url: str) -> None:
    proved(week.prove(SEED, True, database_url))


def test_storm_soak_and_bench() -> None:
    """One after the other on the same processes."""
    with running() as town:
        proved(storm.prove(SEED, True, town))
        proved(soak.prove(SEED, True, town))
        proved(bench.prove(SEED, True, town))
        proved(drain.prove(SEED, True, town))


def test_a_proof_that_expects_nothing_does_not_hold() -> None:
    proof = Proof("nothing", "nothing is expected", SEED)
    assert not proof.holds
    proof.expect(True, "never said")
    assert proof.holds
    proof.expect(False, "said")
    assert not proof.holds and proof.report()["first_failures"] == ["said"]


def test_the_search_sees_every_form_at_every_alignment() -> None:
    assert blind("needleword") == []
    assert search([("here", b"needlewor")], {"a": forms("needleword")}, {}) == (set(), 9)


def test_citizens_tell_every_question_apart_in_every_language() -> None:
    for text in ASKS:
        for locale in available():
            heard = sentence(locale, text)
            assert holds(heard, text) and asks(heard) is text
