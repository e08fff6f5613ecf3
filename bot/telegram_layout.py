"""Words laid out for Telegram: a text within its limits, and the keyboards below it (platform.md A4)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from bot.channel import Button, Words

if TYPE_CHECKING:  # the library is large: only who calls Telegram brings it in, and the doors do not
    from telegram import InlineKeyboardMarkup, LinkPreviewOptions

NO_PREVIEW = {"is_disabled": True}

LONGEST_TEXT = 4096  # code points, as are all that follow
LONGEST_NOTICE = 200  # the text of a callback answer
LONGEST_PLACEHOLDER = 64
LONGEST_DATA = 64  # callback data, in bytes
WIDEST_LABEL = 18  # more does not fit half the width of a small phone
COMMANDS_IN_A_ROW = 3
SHARED = ("contact", "location")  # what a button may share of its presser
LABELS = 2048  # kept laid out: all of ours in every language; and some references, which alone tell nothing

UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # UTF-8 carries no lone surrogate


def sendable(text: str, longest: int = LONGEST_TEXT) -> str:
    """The text without what no message may hold. Raises ValueError when it is empty or too long: that is our bug."""
    clean = UNSENDABLE.sub("", text)
    if not clean.strip() or len(clean) > longest:
        raise ValueError(f"a text of {len(clean)} characters where 1 to {longest} fit")
    return clean


def spoken(words: Words) -> str:
    """The text, and what the choices mean where a label alone does not tell: a keyboard shows labels only."""
    if not any(choice.hint for choice in words.choices):
        return sendable(words.text)
    return sendable("\n".join([words.text, "", *words.explained()]))


def keyboard(words: Words) -> dict[str, Any]:
    """The buttons under the input field, for thumbs: two columns, wide labels alone, commands last. As it goes on the line."""
    rows = [*_columns(words.choices), *_commands(words.commands)]
    if words.last or not rows:
        return {"remove_keyboard": True}
    hint = {"input_field_placeholder": sendable(words.placeholder, LONGEST_PLACEHOLDER)} if words.placeholder else {}
    keys = [[_key(button.label, button.asks) for button in row] for row in rows]
    return hint | {"is_persistent": False, "keyboard": keys, "one_time_keyboard": False, "resize_keyboard": True}


def card_buttons(rows: Sequence[Sequence[tuple[str, str]]]) -> InlineKeyboardMarkup | None:
    """Rows of (label, callback data) under a card. Raises ValueError on data that Telegram would refuse."""
    for _, data in (button for row in rows for button in row):
        if not 1 <= len(data.encode()) <= LONGEST_DATA:
            raise ValueError(f"callback data of {len(data.encode())} bytes where 1 to {LONGEST_DATA} fit")
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup

    keys = [[InlineKeyboardButton(sendable(label), callback_data=data) for label, data in row] for row in rows]
    return InlineKeyboardMarkup(keys) if keys else None


@cache
def no_preview() -> LinkPreviewOptions:
    """`NO_PREVIEW` as the library has it."""
    from telegram import LinkPreviewOptions

    return LinkPreviewOptions(is_disabled=True)


@lru_cache(LABELS)
def width(label: str) -> int:
    """
    How many columns a label takes on a screen: marks and isolates none, wide signs two.

    >>> width("تعديل"), width("e\\u0301t\\u2068e\\u2069"), width("🇲🇦")
    (5, 3, 4)
    """
    return sum(0 if unicodedata.category(sign) in ("Mn", "Me", "Cf") else _columns_of(sign) for sign in label)


def _columns_of(sign: str) -> int:
    return 2 if unicodedata.east_asian_width(sign) in "WF" or "\U0001f1e6" <= sign <= "\U0001f1ff" else 1


def _columns(choices: Sequence[Button]) -> Iterator[list[Button]]:
    row: list[Button] = []
    for choice in choices:
        wide = width(choice.label) > WIDEST_LABEL
        if row and (wide or len(row) == 2):
            yield row
            row = []
        row.append(choice)
        if wide:
            yield row
            row = []
    if row:
        yield row


def _commands(commands: Sequence[Button]) -> Iterator[Sequence[Button]]:
    for start in range(0, len(commands), COMMANDS_IN_A_ROW):
        yield commands[start : start + COMMANDS_IN_A_ROW]


@lru_cache(LABELS)
def _key(label: str, asks: str) -> dict[str, str | bool]:
    shared: dict[str, str | bool] = {f"request_{asks}": True} if asks in SHARED else {}
    return shared | {"text": sendable(label)}
