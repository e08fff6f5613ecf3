"""
Which form an answer takes on WhatsApp: one rule, read in `fitted`.

Up to 3 choices with labels of at most 20 characters are buttons, up to 10 of at most 24 a list; everything else is text
with numbers. Nothing is ever cut to fit. Limits: platform.md C6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot import templates
from bot.channel import Button, Words
from bot.whatsapp_layout import commands, length, sendable
from bot.wording import sentence
from conversations.texts import Text

LONGEST_BODY = 1024
LONGEST_TITLE = 20  # of a quick-reply button, and of the button that opens a list
LONGEST_ROW, LONGEST_HINT = 24, 72
LONGEST_KEY = 200


class Native(NamedTuple):
    """A template's name and what fills it: the body first, and in a list its button; then label, key and explanation."""

    template: str
    variables: dict[str, str]


def fitted(words: Words, known: Mapping[str, str]) -> Native | None:
    """The native form of an answer by the templates that are known, or None where it goes as text."""
    if words.open or words.last or words.earlier or not _fit(words.choices):
        return None
    native = _buttons(words) if len(words.choices) <= templates.MOST_BUTTONS else None
    native = native or _list(words)
    fits = native and native.template in known and length(native.variables["1"]) <= LONGEST_BODY
    return native if fits else None


def _fit(choices: tuple[Button, ...]) -> bool:
    """What any native form needs: WhatsApp refuses two equal labels or keys, and a press that shares is not its own."""
    labels, keys = {choice.label for choice in choices}, {choice.key for choice in choices}
    return (
        0 < len(choices) == len(labels) == len(keys)
        and len(choices) <= templates.MOST_ROWS
        and all(0 < len(key) <= LONGEST_KEY for key in keys)
        and not any(choice.asks for choice in choices)
    )


def _buttons(words: Words) -> Native | None:
    """Explanations stand in the body: a button has no room for one."""
    if any(len(choice.label) > LONGEST_TITLE for choice in words.choices):
        return None
    hints = "\n".join(f"• {choice}" for choice in words.choices if choice.hint)
    pressed = (part for choice in words.choices for part in (choice.label, choice.key))
    return _filled(templates.buttons(len(words.choices)), [_body(words, hints), *pressed])


def _list(words: Words) -> Native | None:
    if any(len(choice.label) > LONGEST_ROW or len(choice.hint) > LONGEST_HINT for choice in words.choices):
        return None
    opens = sentence(words.locale, Text.CHOOSE)
    return _filled(templates.rows(len(words.choices)), [_body(words), opens, *_rows(words.choices)])


def _rows(choices: Iterable[Button]) -> Iterator[str]:
    """A row without an explanation shows its number, which can be typed: no variable may be empty (platform.md C6)."""
    for number, choice in enumerate(choices, 1):
        yield from (choice.label, choice.key, choice.hint or str(number))


def _body(words: Words, *more: str) -> str:
    return "\n\n".join(part for part in (words.text, *more, commands(words)) if part)


def _filled(template: str, values: Iterable[str]) -> Native:
    return Native(template, templates.variables([sendable(value) for value in values]))
