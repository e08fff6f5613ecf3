"""Telegram's command menu: what works at any step, named in each language. Command names are Latin in all of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.wording import sentence
from conversations.script import COMMANDS

Menu = list[tuple[str, str]]


def menus(languages: Sequence[str]) -> dict[str, Menu]:
    """The menu of each offered language, and under "" what all other clients see: English where it is offered."""
    found = {language: _menu(language) for language in languages}
    return found | {"": found.get("en", found[languages[0]])}


def _menu(language: str) -> Menu:
    return [(command.key, sentence(language, command.label)) for command in COMMANDS]
