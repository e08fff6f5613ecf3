"""
The methods of the Bot API that the bot may call, and the fields it may send with each.

Derived from Bot API 10.1. The cloud ignores a field that it does not know; the stand-in refuses it, so that a slip
of the pen is seen here and not after months. `!` marks what is required; kinds are int, str, bool, chat, object, array.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Field(NamedTuple):
    """One field of a method."""

    kind: str
    required: bool


_LOOKS = "parse_mode:str entities:array link_preview_options:object"
_LANGUAGE = "language_code:str"

# fmt: off
_TABLE = {
    "getMe":                   "",
    "getChat":                 "chat_id:chat!",
    "getChatMember":           "chat_id:chat! user_id:int!",
    "getFile":                 "file_id:str!",
    "getUpdates":              "offset:int limit:int timeout:int allowed_updates:array",
    "getWebhookInfo":          "",
    "setWebhook":              "url:str! ip_address:str max_connections:int allowed_updates:array "
                               "drop_pending_updates:bool secret_token:str",
    "deleteWebhook":           "drop_pending_updates:bool",
    "sendMessage":             "chat_id:chat! message_thread_id:int text:str! disable_notification:bool "
                               "protect_content:bool reply_parameters:object reply_markup:object " + _LOOKS,
    "sendChatAction":          "chat_id:chat! message_thread_id:int action:str!",
    "editMessageText":         "chat_id:chat! message_id:int! text:str! reply_markup:object " + _LOOKS,
    "editMessageReplyMarkup":  "chat_id:chat! message_id:int! reply_markup:object",
    "deleteMessage":           "chat_id:chat! message_id:int!",
    "deleteMessages":          "chat_id:chat! message_ids:array!",
    "answerCallbackQuery":     "callback_query_id:str! text:str show_alert:bool cache_time:int",
    "leaveChat":               "chat_id:chat!",
    "getMyCommands":           "scope:object " + _LANGUAGE,
    "setMyCommands":           "commands:array! scope:object " + _LANGUAGE,
    "deleteMyCommands":        "scope:object " + _LANGUAGE,
    "getMyName":               _LANGUAGE,
    "setMyName":               "name:str " + _LANGUAGE,
    "getMyDescription":        _LANGUAGE,
    "setMyDescription":        "description:str " + _LANGUAGE,
    "getMyShortDescription":   _LANGUAGE,
    "setMyShortDescription":   "short_description:str " + _LANGUAGE,
}
# fmt: on


def _fields(row: str) -> Mapping[str, Field]:
    pairs = ([*word.rstrip("!").split(":"), word] for word in row.split())
    return MappingProxyType({name: Field(kind, word.endswith("!")) for name, kind, word in pairs})


METHODS: Mapping[str, Mapping[str, Field]] = MappingProxyType({name: _fields(row) for name, row in _TABLE.items()})

# fmt: off
MARKUPS: Mapping[str, frozenset[str]] = MappingProxyType({
    "inline_keyboard": frozenset({"inline_keyboard"}),
    "keyboard":        frozenset({"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard",
                                  "input_field_placeholder", "selective"}),
    "remove_keyboard": frozenset({"remove_keyboard", "selective"}),
    "force_reply":     frozenset({"force_reply", "input_field_placeholder", "selective"}),
})
BUTTON = frozenset({"text", "style", "request_contact", "request_location"})
INLINE_BUTTON = frozenset({"text", "style", "callback_data", "url", "copy_text"})
ENTITIES = frozenset({
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline",
    "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention",
    "date_time",
})
# fmt: on
