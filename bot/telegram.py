"""
Telegram's dialect: check, read, reply, send; and what only Telegram has, the moderators' cards among it.

Nothing here uses a parse mode, and every message has its link preview off: a preview would fetch and show illegal content.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import re
import warnings
from collections.abc import Callable, Collection, Coroutine, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from bot import loop
from bot.channel import Event, Forged, Inbound, Press, SendFailed, Stranger, Unreadable, Words
from bot.exchange import Delivered, Reply
from bot.telegram_groups import InGroups, riding
from bot.telegram_layout import LONGEST_NOTICE, NO_PREVIEW, keyboard, no_preview, sendable, spoken
from bot.telegram_reading import NAME, event

if TYPE_CHECKING:  # the library is large: only who calls Telegram brings it in, and the doors do not
    from telegram import Bot

PROOF = "X-Telegram-Bot-Api-Secret-Token"
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # what setWebhook accepts
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")

# What a request may hold that is no JSON (a deep nesting recurses), or no update (platform.md B1).
MALFORMED = (LookupError, TypeError, ValueError, RecursionError)

Result = TypeVar("Result")


class Telegram(InGroups):
    """A bot's two directions. `groups` are the ids of our own groups; everything else that is not private is strange."""

    name, keeps_files = NAME, False

    def __init__(
        self,
        token: str,
        webhook_secret: str,
        *,
        api_base: str = "",
        groups: Collection[str] | Callable[[], Collection[str]] = frozenset(),
        timeout: float = 10.0,
    ) -> None:
        if not SECRET.fullmatch(webhook_secret):
            raise ValueError("the webhook secret is 1 to 256 characters of A-Z a-z 0-9 _ -")
        self._token, self._secret, self._groups, self._timeout = token, webhook_secret, groups, timeout
        self._base = api_base.rstrip("/") or "https://api.telegram.org"
        self._home: asyncio.AbstractEventLoop | None = None
        self._bot: Bot | None = None
        quiet()

    def check(self, delivered: Delivered) -> None:
        given = delivered.header(PROOF)
        if given is None or not hmac.compare_digest(given.encode(), self._secret.encode()):
            raise Forged(self.name)

    def read(self, delivered: Delivered) -> Event | None:
        return self.read_json(delivered.body)

    def read_json(self, body: bytes | str) -> Event | None:
        """The same for an update that came by polling. Raises `Unreadable`."""
        ours = self._groups() if callable(self._groups) else self._groups
        try:
            return event(orjson.loads(body), ours)
        except MALFORMED:  # perhaps half a pair of UTF-16, or a number of more than 64 bits: `json` reads those too
            return self._read_by_all_means(body, ours)

    def _read_by_all_means(self, body: bytes | str, ours: Collection[str]) -> Event | None:
        try:
            return event(json.loads(body), ours)
        except MALFORMED as trouble:
            raise Unreadable(type(trouble).__name__) from None

    def reply(self, event: Inbound, words: Words) -> Reply:
        said = {"text": spoken(words), "link_preview_options": NO_PREVIEW}
        return riding("sendMessage", chat_id=int(event.address), **said, reply_markup=keyboard(words))

    def acknowledge(self, press: Press, text: str = "") -> Reply:
        """Answer a press; until then its button spins. Raises ValueError over 200 characters."""
        said = {"text": sendable(text, LONGEST_NOTICE)} if text else {}
        return riding("answerCallbackQuery", callback_query_id=press.callback, **said)

    def leave(self, event: Stranger) -> Reply:
        """Leave without a word."""
        return riding("leaveChat", chat_id=int(event.group))

    def nothing(self) -> Reply:
        """Taken, and nothing to answer."""
        return Reply()

    def send(self, address: str, words: Words) -> str:
        """The keyboard stays as it is: what we send by ourselves comes in the middle of somebody's conversation."""
        text, chat = spoken(words), int(address)
        sent = self._call(lambda bot: bot.send_message(chat, text, link_preview_options=no_preview()))
        return str(sent.message_id)

    def delete(self, address: str, number: str) -> None:
        """Delete a message, a citizen's own in a private chat among them. Telegram refuses after 48 hours: "too-old"."""
        try:
            self._call(lambda bot: bot.delete_message(int(address), int(number)))
        except SendFailed as failed:
            if failed.code != "message-gone":
                raise

    def delete_all(self, address: str, numbers: Sequence[str]) -> None:
        """Delete up to a hundred messages of one chat. Those that are gone are passed over; one too old refuses all."""
        self._call(lambda bot: bot.delete_messages(int(address), [int(number) for number in numbers]))

    def download(self, handle: str, most_bytes: int) -> Iterator[bytes]:
        """The file's address holds the token: it is used here, once, and nowhere kept (platform.md A9)."""
        from bot.downloads import download

        file = self._call(lambda bot: bot.get_file(handle))
        if (file.file_size or 0) > most_bytes:
            raise SendFailed("too-large", retry=False)
        yield from download(file.file_path or "", most_bytes, size=file.file_size or 0, timeout=self._timeout)

    def discard(self, address: str, handle: str, number: str) -> None:
        if number:
            self.delete(address, number)

    def me(self) -> dict[str, Any]:
        """Who the bot is: `id`, `username`, `first_name` …"""
        return self._call(lambda bot: bot.get_me()).to_dict()

    def set_webhook(self, url: str, max_connections: int = 40) -> None:
        """Name every parameter: Telegram clears a secret and keeps an old list that are left out (platform.md A2)."""
        self._call(
            lambda bot: bot.set_webhook(
                url,
                secret_token=self._secret,
                allowed_updates=ALLOWED_UPDATES,
                max_connections=max_connections,
                drop_pending_updates=False,
            )
        )

    def webhook_info(self) -> dict[str, Any]:
        """`url` (empty while none is set), `pending_update_count`, `last_error_message`, `allowed_updates` …"""
        return self._call(lambda bot: bot.get_webhook_info()).to_dict()

    def drop_webhook(self) -> None:
        """Stop deliveries to it; what waits is kept."""
        self._call(lambda bot: bot.delete_webhook(drop_pending_updates=False))

    def updates(self, offset: int, timeout: int) -> list[dict[str, Any]]:
        """Poll for at most `timeout` seconds: raw updates from `offset` on. SendFailed("conflict") while a webhook is set."""
        # Its typed sister get_updates would stop for ever at the first update that the library cannot read.
        asked = {"offset": offset, "timeout": timeout, "allowed_updates": list(ALLOWED_UPDATES)}
        patience = timeout + self._timeout
        found: list[dict[str, Any]] = self._call(
            lambda bot: bot.do_api_request("getUpdates", api_kwargs=asked, read_timeout=patience), patience
        )
        return found

    def set_commands(self, menus: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """
        Set the command menu of private chats: (name, description) pairs by language, "" for all other languages.

        Telegram knows languages of two letters only: others (zgh) are passed over.
        """
        for language in (language for language in menus if len(language) in (0, 2)):
            self._set_menu(language, menus[language])

    def _set_menu(self, language: str, menu: Sequence[tuple[str, str]]) -> None:
        from telegram import BotCommandScopeAllPrivateChats

        scope = BotCommandScopeAllPrivateChats()
        self._call(lambda bot: bot.set_my_commands(list(menu), scope=scope, language_code=language or None))

    def close(self) -> None:
        """Close the connections that are kept open."""
        if self._bot is not None:
            self._call(lambda bot: bot.shutdown())

    def _call(self, ask: Callable[[Bot], Coroutine[Any, Any, Result]], patience: float | None = None) -> Result:
        """Whoever waits out the loop's timeout cannot know whether the message left."""
        from bot.telegram_client import told_apart

        try:
            with told_apart():
                return loop.run(self._ask(ask), (patience or self._timeout) + 10)
        except TimeoutError:
            raise SendFailed("timeout", retry=True) from None

    async def _ask(self, ask: Callable[[Bot], Coroutine[Any, Any, Result]]) -> Result:
        """Connections belong to the loop they were opened on, so a new loop (a forked child's) gets a new client."""
        from bot.telegram_client import client

        here = asyncio.get_running_loop()
        if self._bot is None or self._home is not here:
            self._home, self._bot = here, client(self._token, self._base, self._timeout)
        return await ask(self._bot)


def quiet() -> None:
    """httpx logs every address, token included, at INFO; telegram logs what it sends at DEBUG."""
    for name in ("httpx", "httpcore", "telegram"):
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, logging.WARNING))
    # Raw calls are made where the typed ones cannot read or carry everything; the library advises against each.
    warnings.filterwarnings("ignore", message="Please use 'Bot\\.")
