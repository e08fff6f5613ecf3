"""The referral ladder: no state is out of reach, none is skipped, and every one has a neutral word for the reporter."""

from __future__ import annotations

import doctest

import pytest

from conversations import cases
from conversations.cases import MOVES, TOLD, Refused, State, Told, is_open, move, told


def reached(moves: set[tuple[State, State]], start: State) -> set[State]:
    found = {start}
    while more := {target for source, target in moves if source in found} - found:
        found |= more
    return found


def test_every_state_is_reached_and_leads_to_the_end() -> None:
    steps = {(step.source, step.target) for step in MOVES}
    assert reached(steps, State.RECEIVED) == set(State)
    for state in State:
        assert State.CLOSED in reached(steps, state)


def test_only_taking_is_anyones_and_the_end_is_the_end() -> None:
    free = {
        (source, target) for source in State for target in State if isinstance(move(source, target, holds=False), State)
    }
    assert free == {(State.RECEIVED, State.ANALYSIS)}
    assert all(move(State.CLOSED, target, holds=True) is Refused.NO_SUCH_MOVE for target in State)


def test_no_rung_is_skipped() -> None:
    ladder = list(State)
    for at, source in enumerate(ladder):
        for target in ladder[at + 2 : -1]:
            assert move(source, target, holds=True) is Refused.NO_SUCH_MOVE


def test_reporters_are_told_of_every_state_and_of_no_service() -> None:
    assert set(TOLD) == set(State) and set(TOLD.values()) == set(Told)
    assert {told(state) for state in ("referred", "prosecutor", "instructed")} == {Told.PASSED_ON}
    assert [is_open(state) for state in State] == [True] * 5 + [False]
    with pytest.raises(ValueError):
        told("nowhere")


def test_the_examples_hold() -> None:
    assert doctest.testmod(cases).failed == 0
