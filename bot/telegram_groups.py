"""What a bot does in the moderators' groups: cards, news of them, answers to commands, their menu."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from bot.channel import Asked, SendFailed
from bot.exchange import JSON, Reply
from bot.telegram_layout import NO_PREVIEW, card_buttons, no_preview, sendable

if TYPE_CHECKING:
    from telegram import Bot, InlineKeyboardMarkup

Result = TypeVar("Result")


class InGroups(ABC):
    """The part of `Telegram` that no citizen ever sees."""

    @abstractmethod
    def _call(self, ask: Callable[[Bot], Coroutine[Any, Any, Result]], patience: float | None = None) -> Result:
        """Make a call; only a whole `Telegram` can."""

    def show_card(
        self,
        group: str,
        text: str,
        buttons: Sequence[Sequence[tuple[str, str]]] = (),
        message_id: str | None = None,
        *,
        quiet: bool = False,
    ) -> str:
        """
        Send a card, or edit the one that `message_id` names; its id. `buttons` are rows of (label, callback data).

        Raises `SendFailed("message-gone")` when there is nothing left to edit: send it anew.
        """
        text, markup, chat = sendable(text), card_buttons(buttons), int(group)
        if message_id is None:
            return self._tell(chat, text, markup, quiet=quiet)
        return self._edit(chat, int(message_id), text, markup)

    def tell(self, group: str, text: str, reply_to: str = "", *, quiet: bool = False) -> str:
        """Send a message of its own, as a reply to a card that may be gone by now; its id."""
        return self._tell(int(group), sendable(text), None, reply_to, quiet=quiet)

    def answer(self, asked: Asked, text: str, reply_to: str = "") -> Reply:
        """What a command in a group is answered: under a card where it is about one, else under the command."""
        said = {"text": sendable(text), "link_preview_options": NO_PREVIEW, "protect_content": True}
        to = {"message_id": int(reply_to or asked.number), "allow_sending_without_reply": True}
        return riding("sendMessage", chat_id=int(asked.group), **said, reply_parameters=to, disable_notification=True)

    def set_group_menu(self, group: str, menu: Sequence[tuple[str, str]]) -> None:
        """Set the command menu of one group: (name, description) pairs."""
        from telegram import BotCommandScopeChat

        scope = BotCommandScopeChat(int(group))
        self._call(lambda bot: bot.set_my_commands(list(menu), scope=scope))

    def seen_in(self, group: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A group as the bot sees it, and what the bot is there: Telegram's `ChatFullInfo` and `ChatMember`."""
        me = int(self._call(lambda bot: bot.get_me()).id)
        chat = self._call(lambda bot: bot.get_chat(int(group)))
        return chat.to_dict(), self._call(lambda bot: bot.get_chat_member(int(group), me)).to_dict()

    def _tell(
        self, chat: int, text: str, markup: InlineKeyboardMarkup | None, reply_to: str = "", *, quiet: bool
    ) -> str:
        from telegram import ReplyParameters

        to = ReplyParameters(int(reply_to), allow_sending_without_reply=True) if reply_to else None
        sent = self._call(
            lambda bot: bot.send_message(
                chat,
                text,
                reply_markup=markup,
                reply_parameters=to,
                link_preview_options=no_preview(),
                protect_content=True,
                disable_notification=quiet,
            )
        )
        return str(sent.message_id)

    def _edit(self, chat: int, message: int, text: str, markup: InlineKeyboardMarkup | None) -> str:
        """An edit without preview options would bring the preview back."""
        try:
            self._call(
                lambda bot: bot.edit_message_text(
                    text, chat, message, reply_markup=markup, link_preview_options=no_preview()
                )
            )
        except SendFailed as failed:
            if failed.code != "unchanged":
                raise
        return str(message)


def riding(method: str, **parameters: object) -> Reply:
    """
    A response that makes one call; its result and its error are both lost (platform.md A2).

    An id that an update escaped as one half of a pair of UTF-16 cannot come back: no text of UTF-8 holds it.
    """
    call = {"method": method, **parameters}
    try:
        body = orjson.dumps(call)
    except TypeError:
        body = json.dumps(call, ensure_ascii=False).encode(errors="replace")
    return Reply(body=body, kind=JSON)
