"""
The nouns of following a report that was sent: what is asked of the store, what it tells, what is added and changed.

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


class Query(NamedTuple):
    """What a turn must know before it can be said."""

    seeks: Seek
    reference: str = ""
    secret: str = ""


@dataclass(frozen=True, slots=True)
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

    @property
    def may_change(self) -> bool:
        """Whether who wrote it can still be told otherwise."""
        return self.state in BEFORE_REFERRAL


@dataclass(frozen=True, slots=True)
class TooMany:
    """The tries for secret codes are used up for now, whatever was typed."""


# A state by its name for STATE, None where there is none; one report for CODE and OWN; all of them for MINE.
Found = str | About | tuple[About, ...] | TooMany | None


@dataclass(frozen=True, slots=True)
class Addition:
    """What a reporter adds to a sent report: their words, links and files; `question` is the template it answers."""

    reference: str
    text: str = field(default="", repr=False)
    links: tuple[Link, ...] = field(default=(), repr=False)
    media: tuple[Media, ...] = field(default=(), repr=False)
    question: str = ""


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
