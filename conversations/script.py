"""
The reporting script, top to bottom as the citizen meets it. Read this first.

A row is a question. A row whose condition does not hold for the draft is passed over. After an answer comes the first row not
yet answered, unless the choice itself leads elsewhere (`goes`). The diagram in the README is drawn from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from conversations import answers, categories, screens
from conversations.model import Choice, Draft, Given, Line, Link, Message, Refusal, Session, Step
from conversations.texts import Text

Answer = str | tuple[Link, ...]
Reader = Callable[[Message, Draft], Answer | Refusal]
Screen = Callable[[Session, Given], tuple[Line, ...]]


class Condition(NamedTuple):
    """When a row applies; the name stands on the diagram's arrow."""

    name: str
    holds: Callable[[Draft], bool]


ALWAYS = Condition("", lambda draft: True)
IDENTIFIED = Condition("with name", lambda draft: draft.disclosure == "identified")


@dataclass(frozen=True, slots=True)
class Question:
    """
    One row: what is asked, how an answer is read, where it is kept.

    With `reads` the question is open: digits are content and choices are pressed or named, unless it is `numbered` all the
    same. `gathers`: answers add up until a choice is made. `again` is the short form after help or a refusal.
    """

    ask: Screen
    keeps: str = ""
    reads: Reader | None = None
    choices: tuple[Choice, ...] = ()
    goes: Mapping[str, Step] = field(default_factory=dict)
    when: Condition = ALWAYS
    gathers: bool = False
    numbered: bool = False
    again: Text | None = None
    placeholder: Text | None = None

    @property
    def open(self) -> bool:
        """Whether digits are content here."""
        return self.reads is not None and not self.numbered


LANGUAGES = tuple(
    Choice(key, label)
    for key, label in (
        ("ar", Text.ARABIC), ("zgh", Text.TAMAZIGHT), ("fr", Text.FRENCH), ("en", Text.ENGLISH), ("es", Text.SPANISH),
    )
)  # fmt: skip

# fmt: off
SCRIPT: Mapping[Step, Question] = MappingProxyType({
    Step.START:    Question(screens.welcome, reads=answers.read_links, keeps="links", choices=(Choice("continue", Text.CONTINUE), *LANGUAGES), numbered=True, again=Text.ASK_START),
    Step.LINK:     Question(screens.link, reads=answers.read_links, keeps="links", placeholder=Text.PLACE_LINK),
    Step.CATEGORY: Question(screens.category, keeps="category", choices=categories.CHOICES, again=Text.ASK_CATEGORY),
    Step.ENOUGH:   Question(screens.enough, choices=(Choice("send", Text.SEND_NOW), Choice("details", Text.ADD_DETAILS)), goes=MappingProxyType({"send": Step.SENT}), again=Text.ASK_ENOUGH),
    Step.DETAILS:  Question(screens.details, reads=answers.read_details, keeps="details", choices=(Choice("done", Text.DONE),), gathers=True, placeholder=Text.PLACE_DETAILS),
    Step.IDENTITY: Question(screens.identity, keeps="disclosure", choices=(Choice("anonymous", Text.ANONYMOUS), Choice("confidential", Text.CONFIDENTIAL), Choice("identified", Text.IDENTIFIED)), again=Text.ASK_IDENTITY),
    Step.NAME:     Question(screens.name, reads=answers.read_name, keeps="name", when=IDENTIFIED),
    Step.CONTACT:  Question(screens.contact, reads=answers.read_contact, keeps="contact", choices=(Choice("share", Text.SHARE_CONTACT, asks="contact"),), when=IDENTIFIED),
    Step.REVIEW:   Question(screens.review, choices=(Choice("send", Text.SEND), Choice("edit_link", Text.EDIT_LINK), Choice("edit_category", Text.EDIT_CATEGORY), Choice("edit_details", Text.EDIT_DETAILS), Choice("edit_identity", Text.EDIT_IDENTITY)),
                            goes=MappingProxyType({"send": Step.SENT, "edit_link": Step.LINK, "edit_category": Step.CATEGORY, "edit_details": Step.DETAILS, "edit_identity": Step.IDENTITY}), again=Text.ASK_SENDING),
})

# Beside the path: reached by a command from any step, or after sending; they lead back to where the citizen was.
ASIDES: Mapping[Step, Question] = MappingProxyType({
    Step.LANGUAGE: Question(screens.language, choices=LANGUAGES),
    Step.STATUS:   Question(screens.reference, reads=answers.read_reference, placeholder=Text.PLACE_REFERENCE),
    Step.SENT:     Question(screens.after, choices=(Choice("another", Text.ANOTHER), Choice("status", Text.STATUS)), again=Text.ASK_AFTER),
})
# fmt: on


# What works at any step, by command, button or word. The first three stand on every keyboard, all on the help screen.
COMMANDS = (
    Choice("back", Text.BACK), Choice("help", Text.HELP), Choice("stop", Text.STOP),
    Choice("language", Text.LANGUAGE), Choice("privacy", Text.PRIVACY), Choice("status", Text.STATUS), Choice("restart", Text.RESTART),
)  # fmt: skip


def question(step: Step) -> Question:
    """The row of a step."""
    return SCRIPT[step] if step in SCRIPT else ASIDES[step]


def following(session: Session) -> Step:
    """The first question that applies and has no answer yet; the review is never answered, so there always is one."""
    return next(step for step, row in SCRIPT.items() if row.when.holds(session.draft) and step not in session.answered)
