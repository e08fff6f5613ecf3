"""
The life of an incident: the referral ladder, who may move it, and what its reporters are told.

    received -> analysis -> referred -> prosecutor -> instructed -> closed

Every rung may be closed from and none is skipped on the way up. What was referred may come back (`returned`) and be
referred again; nothing else goes down but giving an incident up.
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
    RETURNED = "returned"  # sent back by whom it was referred to
    CLOSED = "closed"


class Told(StrEnum):
    """What whoever holds a reference is told: how far we are, never what was found nor which service has it."""

    RECEIVED = "received"
    LOOKED_AT = "looked_at"
    PASSED_ON = "passed_on"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What came of it, once it is closed: the reason that every closing has. Kept by name."""

    ACTED = "acted"
    REMOVED = "removed"
    LAWFUL = "lawful"
    INSUFFICIENT = "insufficient"
    PRIVATE_DISPUTE = "private_dispute"
    DUPLICATE = "duplicate"


class Who(StrEnum):
    """Who may make a move."""

    ANYONE = "anyone"  # every moderator of the incident's queue
    HOLDER = "holder"  # the moderator who has taken it
    HOLDER_OR_SUPERVISOR = "holder_or_supervisor"


class Move(NamedTuple):
    """One step on the ladder, and what it is called."""

    source: State
    target: State
    who: Who
    name: str


# fmt: off
MOVES = (
    Move(State.RECEIVED,   State.ANALYSIS,   Who.ANYONE, "take"),
    Move(State.ANALYSIS,   State.RECEIVED,   Who.HOLDER_OR_SUPERVISOR, "release"),
    Move(State.ANALYSIS,   State.REFERRED,   Who.HOLDER, "refer"),
    Move(State.REFERRED,   State.PROSECUTOR, Who.HOLDER, "prosecutor informed"),
    Move(State.PROSECUTOR, State.INSTRUCTED, Who.HOLDER, "instruction received"),
    Move(State.REFERRED,   State.RETURNED,   Who.HOLDER, "returned"),
    Move(State.PROSECUTOR, State.RETURNED,   Who.HOLDER, "returned"),
    Move(State.INSTRUCTED, State.RETURNED,   Who.HOLDER, "returned"),
    Move(State.RETURNED,   State.REFERRED,   Who.HOLDER, "refer"),
    Move(State.ANALYSIS,   State.CLOSED,     Who.HOLDER, "close"),
    Move(State.REFERRED,   State.CLOSED,     Who.HOLDER, "close"),
    Move(State.PROSECUTOR, State.CLOSED,     Who.HOLDER, "close"),
    Move(State.INSTRUCTED, State.CLOSED,     Who.HOLDER, "close"),
    Move(State.RETURNED,   State.CLOSED,     Who.HOLDER, "close"),
)

TOLD: Mapping[State, Told] = MappingProxyType({
    State.RECEIVED:   Told.RECEIVED,
    State.ANALYSIS:   Told.LOOKED_AT,
    State.REFERRED:   Told.PASSED_ON,
    State.PROSECUTOR: Told.PASSED_ON,
    State.INSTRUCTED: Told.PASSED_ON,
    State.RETURNED:   Told.LOOKED_AT,
    State.CLOSED:     Told.CLOSED,
})
# fmt: on


class Refused(StrEnum):
    """Why something is not done. A value: two people pressing at once is nobody's error."""

    NO_SUCH_MOVE = "no_such_move"
    NOT_THE_HOLDER = "not_the_holder"
    UNKNOWN = "unknown"  # there is no such incident
    NOT_ALLOWED = "not_allowed"  # not with this role, or not in this queue
    STALE = "stale"  # the card has changed since
    TOO_LATE = "too_late"  # to undo
    NOT_YOURS = "not_yours"  # to undo
    SECOND_PERSON = "second_person"  # whoever proposed a closing cannot confirm it
    NOBODY_TO_ASK = "nobody_to_ask"
    REOPENED = "reopened"  # a later report opened another incident meanwhile


def move(source: State, target: State, *, holds: bool, supervises: bool = False) -> State | Refused:
    """
    Where the incident stands after the move, or why it stays.

    >>> move(State.RECEIVED, State.ANALYSIS, holds=False)
    <State.ANALYSIS: 'analysis'>
    >>> move(State.ANALYSIS, State.CLOSED, holds=False)
    <Refused.NOT_THE_HOLDER: 'not_the_holder'>
    >>> move(State.ANALYSIS, State.RECEIVED, holds=False, supervises=True)
    <State.RECEIVED: 'received'>
    >>> move(State.CLOSED, State.RECEIVED, holds=True)
    <Refused.NO_SUCH_MOVE: 'no_such_move'>
    """
    for step in MOVES:
        if (step.source, step.target) == (source, target):
            may = holds or step.who is Who.ANYONE or (supervises and step.who is Who.HOLDER_OR_SUPERVISOR)
            return target if may else Refused.NOT_THE_HOLDER
    return Refused.NO_SUCH_MOVE


def may_move(source: str, target: State) -> bool:
    """Whether there is such a step, whoever takes it: what a card offers."""
    return isinstance(move(State(source), target, holds=True), State)


def told(state: str) -> Told:
    """What a reporter is told of a report's state. A state that nobody knows is a bug: ValueError."""
    return TOLD[State(state)]


def is_news(before: State, after: State) -> bool:
    """Whether reporters are owed a notice of it: passed on, or closed; not who has taken it or given it up."""
    return TOLD[before] is not TOLD[after] and TOLD[after] in (Told.PASSED_ON, Told.CLOSED)


def is_open(state: str) -> bool:
    """Whether work on the incident may go on."""
    return State(state) is not State.CLOSED
