"""
Putting one message together: what has just happened, then the question, its choices, and what works at any step.
"""

from __future__ import annotations

from conversations import screens
from conversations.changed import changed
from conversations.model import Choice, Given, Line, Say, Session
from conversations.script import COMMANDS, LANGUAGES, question
from conversations.steps import FOLLOWING

_LANGUAGES = frozenset(choice.key for choice in LANGUAGES)
_ALWAYS = COMMANDS[:3]


def asked(
    session: Session,
    lines: tuple[Line, ...],
    given: Given,
    *,
    commands: tuple[Choice, ...] = _ALWAYS,
    last: bool = False,
) -> Say:
    """These sentences, over the choices of the step that the session is at."""
    row, beside = question(session.step), dict(given.unchecked).get(session.locale, "")
    if last:
        return Say(session.locale, lines, last=True, beside=beside)
    choices = offered(session, given)
    shown = commands if has_before(session) else tuple([command for command in commands if command.key != "back"])
    return Say(session.locale, lines, choices, shown, open=row.open, placeholder=row.placeholder, beside=beside)


def has_before(session: Session) -> bool:
    """Whether *back* leads anywhere from here."""
    return bool(session.trail or session.aside) or session.step in FOLLOWING


def again(session: Session, lines: tuple[Line, ...], given: Given, *, commands: tuple[Choice, ...] = _ALWAYS) -> Say:
    """These sentences, then the question once more in its short form, its choices without their explanations."""
    row = question(session.step)
    repeated = (screens.line(row.again, given),) if row.again else row.ask(session, given)
    return over(session, (*lines, *repeated), given, commands=commands)


def over(session: Session, lines: tuple[Line, ...], given: Given, *, commands: tuple[Choice, ...] = _ALWAYS) -> Say:
    """These sentences alone, where no more have room, over the choices of the question at hand."""
    say = asked(session, lines, given, commands=commands)
    return changed(
        say, choices=tuple([choice._replace(hint=None) if choice.hint else choice for choice in say.choices])
    )


def offered(session: Session, given: Given) -> tuple[Choice, ...]:
    """The choices that exist here: a language if the operator offers it, sharing where the channel can share."""
    without = _LANGUAGES.difference(given.languages)
    shares = given.channel == "Telegram"
    pressable = question(session.step).pressable(session)
    return tuple([choice for choice in pressable if choice.key not in without and (shares or not choice.asks)])
