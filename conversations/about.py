"""
The nouns of following a report that was sent: what is asked of the store, what it tells, what is added and changed, and
what its reporter has a right to.

A turn asks by a `Query` and is completed with the answer; what it adds and changes leaves as values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from conversations.cases import State

if TYPE_CHECKING:
    from conversations.model import Link, Media

MOST_LISTED = 5  # reports: a small screen
BEFORE_REFERRAL = (State.RECEIVED, State.ANALYSIS)  # afterwards others hold a copy of who wrote


class Seek(StrEnum):
    """What a query asks for."""

    STATE = "state"  # of a reference, whoever holds it
    CODE = "code"  # the report that a reference and its secret code open
    MINE = "mine"  # the reports of who writes, as far as they may be written to
    OWN = "own"  # one of these
    HOLDING = "holding"  # what is held because somebody writes, and their reports
    HELD = "held"  # what is held of the report that has been opened


class Query(NamedTuple):
    """What a turn must know before it can be said."""

    seeks: Seek
    reference: str = ""
    secret: str = ""


@dataclass(frozen=True)
class About:
    """A sent report as its own reporter finds it, and what a session remembers while they follow it."""

    reference: str
    state: str
    category: str
    disclosure: str
    hour: str = ""  # in which it came, UTC: "2026-11-22 09:00"
    question: str = ""  # the template of the oldest question without an answer
    outcome: str = ""
    notify: bool = False
    referred: bool = False  # was passed on once: the law keeps it
    lost: int = 0  # files that did not arrive and will not

    @property
    def may_change(self) -> bool:
        """Whether who wrote it can still be told otherwise."""
        return self.state in BEFORE_REFERRAL


@dataclass(frozen=True, slots=True)
class TooMany:
    """The tries for secret codes are used up for now, whatever was typed."""


class Right(StrEnum):
    """What a reporter may ask for. Kept by name where a person at the desk owes an answer."""

    ACCESS = "access"
    CORRECTION = "correction"
    OBJECTION = "objection"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Claim:
    """A right that a turn makes use of. `referred` is what its reporter was told when they decided."""

    right: Right
    reference: str
    referred: bool = False


@dataclass(frozen=True, slots=True)
class Holding:
    """What is held because somebody writes: beside the session, which the conversation knows."""

    reports: tuple[About, ...] = ()
    way: bool = False
    written: bool = False  # numbers of what they wrote
    tries: bool = False  # secret codes that did not fit


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one report, in kinds and counts; days as "2026-11-22", "" where none is set."""

    reference: str
    until: str = ""
    named: bool = False
    files: int = 0
    additions: int = 0
    way: bool = False
    news: int = 0
    asked_until: str = ""  # by when a person at the desk gives access, where that was asked before


# A state by its name for STATE, None where there is none; one report for CODE and OWN; all of them for MINE.
Found = str | About | tuple[About, ...] | TooMany | Holding | Held | None


@dataclass(frozen=True)
class Addition:
    """
    What a reporter adds to a sent report: their words, links and files; `question` is the template it answers.

    `part` is what the desk reads it as: "content", "correction", "objection".
    """

    reference: str
    text: str = field(default="", repr=False)
    links: tuple[Link, ...] = field(default=(), repr=False)
    media: tuple[Media, ...] = field(default=(), repr=False)
    question: str = ""
    part: str = "content"


@dataclass(frozen=True, slots=True)
class Change:
    """
    Another disclosure for a sent report, or, where that is empty, whether its reporter wants notices.

    `secret` opens the report from now on if it becomes anonymous.
    """

    reference: str
    disclosure: str = ""
    name: str = field(default="", repr=False)
    contact: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    notify: bool = False
