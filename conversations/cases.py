"""
The life of an incident: the referral ladder, who may move it, and what its reporters are told.

    received -> analysis -> referred -> prosecutor -> instructed -> closed

Every rung may be closed from, none is skipped on the way up, and none is gone back but to give an incident up.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class State(StrEnum):
    """Where an incident stands. Kept by name: a name that ever shipped is never used for something else."""

    RECEIVED = "received"
    ANALYSIS = "analysis"  # under technical analysis: a moderator has taken it
    REFERRED = "referred"  # to the territorially competent judicial police
    PROSECUTOR = "prosecutor"  # public prosecutor informed
    INSTRUCTED = "instructed"
    CLOSED = "closed"


class Told(StrEnum):
    """What whoever holds a reference is told: how far we are, never what was found nor which service has it."""

    RECEIVED = "received"
    LOOKED_AT = "looked_at"
    PASSED_ON = "passed_on"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What came of it, once it is closed. Kept by name."""

    LAWFUL = "lawful"
    INSUFFICIENT = "insufficient"
    PRIVATE_DISPUTE = "private_dispute"
    ACTED = "acted"


class Who(StrEnum):
    """Who may make a move."""

    ANYONE = "anyone"  # every moderator of the incident's queue
    HOLDER = "holder"  # the moderator who has taken it


class Move(NamedTuple):
    """One step on the ladder."""

    source: State
    target: State
    who: Who


# fmt: off
MOVES = (
    Move(State.RECEIVED,   State.ANALYSIS,   Who.ANYONE),   # take
    Move(State.ANALYSIS,   State.RECEIVED,   Who.HOLDER),   # give up
    Move(State.ANALYSIS,   State.REFERRED,   Who.HOLDER),
    Move(State.REFERRED,   State.PROSECUTOR, Who.HOLDER),
    Move(State.PROSECUTOR, State.INSTRUCTED, Who.HOLDER),
    Move(State.ANALYSIS,   State.CLOSED,     Who.HOLDER),
    Move(State.REFERRED,   State.CLOSED,     Who.HOLDER),
    Move(State.PROSECUTOR, State.CLOSED,     Who.HOLDER),
    Move(State.INSTRUCTED, State.CLOSED,     Who.HOLDER),
)

TOLD: Mapping[State, Told] = MappingProxyType({
    State.RECEIVED:   Told.RECEIVED,
    State.ANALYSIS:   Told.LOOKED_AT,
    State.REFERRED:   Told.PASSED_ON,
    State.PROSECUTOR: Told.PASSED_ON,
    State.INSTRUCTED: Told.PASSED_ON,
    State.CLOSED:     Told.CLOSED,
})
# fmt: on


class Refused(StrEnum):
    """Why a move is not made. A value: two people pressing at once is nobody's error."""

    NO_SUCH_MOVE = "no_such_move"
    NOT_THE_HOLDER = "not_the_holder"


def move(source: State, target: State, *, holds: bool) -> State | Refused:
    """
    Where the incident stands after the move, or why it stays.

    >>> move(State.RECEIVED, State.ANALYSIS, holds=False)
    <State.ANALYSIS: 'analysis'>
    >>> move(State.ANALYSIS, State.CLOSED, holds=False)
    <Refused.NOT_THE_HOLDER: 'not_the_holder'>
    >>> move(State.CLOSED, State.RECEIVED, holds=True)
    <Refused.NO_SUCH_MOVE: 'no_such_move'>
    """
    for step in MOVES:
        if (step.source, step.target) == (source, target):
            return target if holds or step.who is Who.ANYONE else Refused.NOT_THE_HOLDER
    return Refused.NO_SUCH_MOVE


def told(state: str) -> Told:
    """What a reporter is told of a report's state. A state that nobody knows is a bug: ValueError."""
    return TOLD[State(state)]


def is_open(state: str) -> bool:
    """Whether work on the incident may go on."""
    return State(state) is not State.CLOSED
