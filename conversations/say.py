"""
Putting one message together: what has just happened, then the question, its choices, and what works at any step.
"""

from __future__ import annotations

from conversations import screens
from conversations.model import Choice, Given, Line, Say, Session
from conversations.script import COMMANDS, LANGUAGES, question

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
    row = question(session.step)
    if last:
        return Say(session.locale, lines, last=True)
    choices = offered(row.choices, given)
    shown = tuple(command for command in commands if command.key != "back" or session.trail or session.aside)
    return Say(session.locale, lines, choices, shown, open=row.open, placeholder=row.placeholder)


def again(session: Session, lines: tuple[Line, ...], given: Given, *, commands: tuple[Choice, ...] = _ALWAYS) -> Say:
    """These sentences, then the question once more in its short form."""
    row = question(session.step)
    repeated = (screens.line(row.again, given),) if row.again else row.ask(session, given)
    return asked(session, (*lines, *repeated), given, commands=commands)


def offered(choices: tuple[Choice, ...], given: Given) -> tuple[Choice, ...]:
    """Those of the choices that exist here: a language if the operator offers it, sharing where the channel can share."""
    return tuple(choice for choice in choices if _is_offered(choice, given))


def _is_offered(choice: Choice, given: Given) -> bool:
    if choice.key in _LANGUAGES:
        return choice.key in given.languages
    return not choice.asks or given.channel == "Telegram"
