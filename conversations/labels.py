"""
The labels of everything that can be pressed, in every offered language, and which of the choices at hand a message is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from conversations.answers import read_choice
from conversations.fold import fold
from conversations.model import Choice, Given, Message, Session
from conversations.say import offered
from conversations.screens import CLEAR, DONE, MORE
from conversations.script import ASIDES, COMMANDS, RIGHTS, SCRIPT, question


def pressable() -> tuple[Choice, ...]:
    """Every choice of every step, and the commands."""
    return (
        *(choice for row in (*SCRIPT.values(), *ASIDES.values()) for choice in row.choices),
        DONE,
        CLEAR,
        MORE,
        *COMMANDS,
        *RIGHTS,
    )


def chosen(session: Session, message: Message, given: Given) -> str:
    """The key of the choice that was pressed, numbered or named at the question at hand, or ""."""
    numbered = not question(session.step).open
    return read_choice(message, offered(session, given), session.locale, labels(given), numbered)


def labels(given: Given) -> dict[str, str]:
    """Folded label to key. A citizen who has just changed the language may still press the old keyboard."""
    return _labels(given.languages, given.label)


@lru_cache(maxsize=16)
def _labels(languages: tuple[str, ...], label: Callable[[str, str], str]) -> dict[str, str]:
    return {fold(label(language, choice.label)): choice.key for language in languages for choice in pressable()}
