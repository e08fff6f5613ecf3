"""The referral ladder: no state is out of reach, none is skipped, and every one has a neutral word for the reporter."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from conversations import cases
from conversations.cases import MOVES, TOLD, Refused, State, Told, is_news, is_open, may_move, move, told
from conversations.diagram import ladder


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
    rungs = [state for state in State if state not in (State.RETURNED, State.CLOSED)]
    for at, source in enumerate(rungs):
        for target in rungs[at + 2 :]:
            assert move(source, target, holds=True) is Refused.NO_SUCH_MOVE


def test_what_was_passed_on_may_come_back_and_go_again() -> None:
    back = {source for source in State if may_move(source, State.RETURNED)}
    assert back == {state for state in State if told(state) is Told.PASSED_ON}
    assert may_move(State.RETURNED, State.REFERRED) and told(State.RETURNED) is Told.LOOKED_AT


def test_reporters_hear_of_what_is_passed_on_and_closed_alone() -> None:
    news = {(source, target) for source, target, _, _ in MOVES if is_news(source, target)}
    assert {target for _, target in news} == {State.REFERRED, State.CLOSED}
    assert not any(is_news(state, state) for state in State)


def test_a_supervisor_may_release_and_no_more() -> None:
    every = [(source, target) for source in State for target in State]
    may = {pair for pair in every if isinstance(move(*pair, holds=False, supervises=True), State)}
    assert may == {(State.RECEIVED, State.ANALYSIS), (State.ANALYSIS, State.RECEIVED)}


def test_the_readme_has_todays_ladder() -> None:
    assert ladder() in (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def test_reporters_are_told_of_every_state_and_of_no_service() -> None:
    assert set(TOLD) == set(State) and set(TOLD.values()) == set(Told)
    assert {told(state) for state in ("referred", "prosecutor", "instructed")} == {Told.PASSED_ON}
    assert [is_open(state) for state in State] == [True] * 6 + [False]
    with pytest.raises(ValueError):
        told("nowhere")


def test_the_examples_hold() -> None:
    assert doctest.testmod(cases).failed == 0
