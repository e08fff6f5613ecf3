"""
Telegram's command menus: for citizens what works at any step, named in each language; in a group what moderators may ask.

Command names are Latin in all languages.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from bot import group_commands
from bot.channel import SendFailed
from bot.house import House
from bot.moderators import configured, locale
from bot.telegram import Telegram
from bot.wording import sentence
from conversations.script import COMMANDS, RIGHTS

log = logging.getLogger(__name__)

Menu = list[tuple[str, str]]


def set_menus(telegram: Telegram, house: House) -> None:
    """Set them all. Raises `SendFailed`; a group that the bot is not in yet has no menu, and that is no failure."""
    telegram.set_commands(menus(house.settings.languages))
    for id in configured(house).values():
        _set_in_group(telegram, id, group_commands.menu(locale(house)))


def menus(languages: Sequence[str]) -> dict[str, Menu]:
    """The menu of each offered language, and under "" what all other clients see: English where it is offered."""
    found = {language: _menu(language) for language in languages}
    return found | {"": found.get("en", found[languages[0]])}


def _menu(language: str) -> Menu:
    return [(command.key, sentence(language, command.label)) for command in (*COMMANDS, *RIGHTS)]


def _set_in_group(telegram: Telegram, group: str, menu: Menu) -> None:
    try:
        telegram.set_group_menu(group, menu)
    except SendFailed as failed:
        if failed.retry:
            raise
        if failed.moved_to:
            _set_in_group(telegram, failed.moved_to, menu)
            return
        log.warning("a group's command menu was not set: %s", failed.code)
