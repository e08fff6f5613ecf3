"""
The composition root: settings become an engine, a vault and channels. The only place that wires.

Everything is built when it is first asked for, so that a command pays for no more than it uses.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from bot import operator, settings
from bot.operator import Operator
from bot.our_groups import OurGroups
from bot.settings import Refused, Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.channel import Channel
    from bot.mint import Voice
    from bot.tally import Tally
    from bot.telegram import Telegram
    from bot.whatsapp import WhatsApp
    from storage.shelf import Shelf
    from storage.vault import Vault

Bot = TypeVar("Bot", bound="Telegram")


@dataclass(frozen=True)
class House:
    """What a running service has. Its parts are made once, on first use, and are safe to share between threads."""

    settings: Settings = field(repr=False)
    operator: Operator = field(repr=False)
    serves: bool = False  # it stands behind the doors: every message asks for a few rows by their keys

    @cached_property
    def url(self) -> str:
        """The database's address. Raises `NoDatabase` where it is the embedded one and nobody runs it."""
        return database_url(self.settings.database_url, self.settings.var)

    @cached_property
    def engine(self) -> Engine:
        """The database. Raises `NoDatabase` where it is the embedded one and nobody runs it."""
        from storage.db import connect

        return connect(self.url, by_key=self.serves)

    @cached_property
    def vault(self) -> Vault:
        """The keys at work. Raises `Refused` where they do not go together."""
        from storage.vault import Vault

        given = self.settings
        try:
            return Vault(given.state_key, given.pseudonym_key, given.desk_public_keys)
        except ValueError as odd:
            raise Refused(f"the keys do not go together: {odd}") from None

    @cached_property
    def voice(self) -> Voice:
        """Who speaks: the operator, the languages, the facts that sentences name."""
        from bot.mint import voice

        return voice(self.settings, self.operator)

    @cached_property
    def shelf(self) -> Shelf:
        """Where sealed files lie."""
        from storage.shelf import Shelf

        return Shelf(shelf_folder(self.settings.evidence_url, self.settings.var))

    @cached_property
    def telegram(self) -> Telegram | None:
        """The bot, or None where Telegram is off."""
        from bot.telegram import Telegram

        return self.telegram_as(Telegram) if self.settings.telegram_token else None

    def telegram_as(self, kind: type[Bot]) -> Bot:
        """The bot as one of this kind; only where Telegram is on."""
        given = self.settings
        return kind(
            given.telegram_token,
            given.telegram_webhook_secret,
            api_base=given.telegram_api_base,
            groups=self.groups,
        )

    @cached_property
    def whatsapp(self) -> WhatsApp | None:
        """The WhatsApp sender, or None where WhatsApp is off."""
        from bot.whatsapp import WhatsApp

        given = self.settings
        if not given.twilio_account_sid:
            return None
        return WhatsApp(
            given.twilio_account_sid,
            given.twilio_auth_token,
            given.twilio_whatsapp_from,
            given.public_url,
            api_base=given.twilio_api_base,
        )

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """The channels that are on, by name."""
        return {channel.name: channel for channel in (self.telegram, self.whatsapp) if channel}

    @cached_property
    def groups(self) -> OurGroups:
        """The moderators' groups, wherever they have moved to."""
        given = self.settings
        ids = (given.telegram_moderators_chat_id, given.telegram_restricted_chat_id)
        return OurGroups([str(id) for id in ids if id is not None], self._is_named)

    @cached_property
    def settled(self) -> list[bool]:
        """Something, once this process has seen to it that the groups are there."""
        return []

    @cached_property
    def tally(self) -> Tally:
        """How many incidents there were when this process last counted."""
        from bot.tally import Tally

        return Tally()

    def _is_named(self, chat: str) -> bool:
        from storage import db, groups

        with db.begin(self.engine) as tx:
            return groups.named(tx, chat) is not None


def open_house(environ: Mapping[str, str] = os.environ, *, serves: bool = False) -> House:
    """A house by the environment. Raises `Refused` with every problem of settings and operator file at once."""
    problems: list[str] = []
    decided = None
    try:
        given = settings.read(environ)
    except Refused as refused:
        problems += refused.problems
    try:
        decided = operator.read(settings.one("IBLAGH_OPERATOR", environ))
    except Refused as refused:
        problems += (problem for problem in refused.problems if problem not in problems)
    if problems or not decided:
        raise Refused(*problems)
    return House(given, decided, serves)


def database(environ: Mapping[str, str] = os.environ) -> str:
    """The database's address for commands that need nothing else. Raises `Refused` or `NoDatabase`."""
    return database_url(settings.one("DATABASE_URL", environ), settings.one("IBLAGH_VAR", environ))


def shelf(environ: Mapping[str, str] = os.environ) -> Shelf:
    """Where sealed files lie, for commands that need nothing else. Raises `Refused`."""
    from storage.shelf import Shelf

    return Shelf(shelf_folder(settings.one("EVIDENCE_URL", environ), settings.one("IBLAGH_VAR", environ)))


def shelf_folder(said: Path | None, var: Path) -> Path:
    """What was said, else a folder under `IBLAGH_VAR`."""
    return said or var / "evidence"


def database_url(said: str, var: Path) -> str:
    """What was said, else where the embedded database answers."""
    from storage.embedded import address

    return said or address(var)
