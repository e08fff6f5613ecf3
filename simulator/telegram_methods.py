"""What each method of the Bot API does to the chats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from simulator.telegram_chats import Chat, Chats, Json, Post
from simulator.telegram_checks import ApiError, Rates, bad, markup, visible

CALLBACK_SECONDS = 150  # a press that nobody acknowledged by then is too old
DELETABLE_SECONDS = 48 * 3600
LARGEST_FILE = 20 << 20
ACTIONS = frozenset({"typing", "upload_photo", "upload_document", "find_location", "choose_sticker"})


class Methods:
    """The methods that touch chats. Each takes checked arguments and gives the result, or raises `ApiError`."""

    def __init__(self, chats: Chats, rates: Rates) -> None:
        self.chats, self.rates = chats, rates

    def get_me(self, _given: Json) -> Json:
        """The bot itself."""
        rights = {"can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        return self.chats.bot | rights

    def get_chat(self, given: Json) -> Json:
        """A chat that the bot knows."""
        return self._chat(given).shown() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": _GIFTS,
        }

    def get_chat_member(self, given: Json) -> Json:
        """A person in a chat, or the bot itself."""
        chat = self._chat(given)
        if given["user_id"] == self.chats.bot["id"]:
            return {"status": "member" if chat.member else "left", "user": self.chats.bot}
        person = self.chats.people.get(given["user_id"])
        if not person:
            raise bad("user not found")
        return {"status": "member", "user": person.user()}

    def send_message(self, given: Json) -> Json:
        """Send text, and change the reply keyboard."""
        chat = self._writable(given)
        content, keyboard = visible(given), markup(given, chat.kind == "private")
        self.rates.count(chat.id, chat.kind != "private")
        if keyboard and "inline_keyboard" in keyboard:
            content["reply_markup"] = keyboard
        post = self.chats.post(chat, self.chats.bot, content, mine=True)
        self._style(post, given)
        if keyboard and "inline_keyboard" not in keyboard:
            chat.keyboard = None if "remove_keyboard" in keyboard else keyboard
        return post.message

    def edit_message_text(self, given: Json) -> Json:
        """Change text and inline keyboard of one of the bot's own messages."""
        chat, post = self._own(given)
        content, keyboard = visible(given), _inline(given)
        wanted = content | ({"reply_markup": keyboard} if keyboard else {})
        return self._change(chat, post, wanted, given, ("text", "entities", "reply_markup"))

    def edit_message_reply_markup(self, given: Json) -> Json:
        """Change or take away the inline keyboard of one of the bot's own messages."""
        chat, post = self._own(given)
        keyboard = _inline(given)
        return self._change(chat, post, {"reply_markup": keyboard} if keyboard else {}, {}, ("reply_markup",))

    def delete_message(self, given: Json) -> bool:
        """Delete a message: the bot's own, or in a private chat the citizen's, while it is younger than 48 hours."""
        chat = self._chat(given)
        post = chat.posts.get(given["message_id"])
        if not post:
            raise bad("message to delete not found")
        if not (post.mine or chat.kind == "private") or self._age(post) > DELETABLE_SECONDS:
            raise bad("message can't be deleted")
        del chat.posts[given["message_id"]]
        self.chats.changed()
        return True

    def delete_messages(self, given: Json) -> bool:
        """Delete up to 100 messages; what can't be found or deleted is skipped."""
        chat, ids = self._chat(given), given["message_ids"]
        if not 1 <= len(ids) <= 100:
            raise bad("too few or too many messages to delete")
        for number in ids:
            post = chat.posts.get(int(number))
            if post and (post.mine or chat.kind == "private") and self._age(post) <= DELETABLE_SECONDS:
                del chat.posts[int(number)]
        self.chats.changed()
        return True

    def answer_callback_query(self, given: Json) -> bool:
        """Acknowledge a press, once and in time."""
        press = self.chats.presses.get(given["callback_query_id"])
        if len(given.get("text", "")) > 200:
            raise bad("MESSAGE_TOO_LONG")
        if not press or press.answer is not None or self.chats.clock.now() - press.at > CALLBACK_SECONDS:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        press.answer, press.alert = given.get("text", ""), given.get("show_alert", False)
        self.chats.changed()
        return True

    def get_file(self, given: Json) -> Json:
        """Where a file can be fetched."""
        stored = self.chats.files.get(given["file_id"])
        if not stored:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if stored["known"]["file_size"] > LARGEST_FILE:
            raise bad("file is too big")
        return {**stored["known"], "file_path": stored["path"]}

    def send_chat_action(self, given: Json) -> bool:
        """Say that an answer is being written."""
        self._writable(given)
        if given["action"] not in ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def leave_chat(self, given: Json) -> bool:
        """Leave a group."""
        chat = self._writable(given)
        if chat.kind == "private":
            raise bad("chat member status can't be changed in private chats")
        chat.member = False
        self.chats.changed()
        return True

    def _chat(self, given: Json) -> Chat:
        chat = self.chats.chats.get(given["chat_id"])
        if not chat:
            raise bad("chat not found")
        return chat

    def _writable(self, given: Json) -> Chat:
        chat, person = self._chat(given), self.chats.people.get(given["chat_id"])
        if person and person.blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        if person and not person.started:
            raise ApiError(403, "Forbidden: bot can't initiate conversation with a user")
        if not chat.member:
            raise ApiError(403, f"Forbidden: bot is not a member of the {chat.kind} chat")
        return chat

    def _own(self, given: Json) -> tuple[Chat, Post]:
        chat = self._writable(given)
        post = chat.posts.get(given["message_id"])
        if not post:
            raise bad("message to edit not found")
        if not post.mine:
            raise bad("message can't be edited")
        return chat, post

    def _change(self, chat: Chat, post: Post, wanted: Json, given: Json, parts: tuple[str, ...]) -> Json:
        if all(wanted.get(part) == post.message.get(part) for part in parts):
            raise bad(
                "message is not modified: specified new message content and reply markup are exactly the same as a "
                "current content and reply markup of the message"
            )
        self.rates.count(chat.id, chat.kind != "private")
        kept = {name: value for name, value in post.message.items() if name not in parts}
        post.message = kept | wanted | {"edit_date": int(self.chats.clock.now())}
        if given:
            post.preview = not given.get("link_preview_options", {}).get("is_disabled", False)
        self.chats.touch(post)
        return post.message

    def _style(self, post: Post, given: Json) -> None:
        post.protected, post.silent = given.get("protect_content", False), given.get("disable_notification", False)
        post.preview = not given.get("link_preview_options", {}).get("is_disabled", False)
        if post.protected:
            post.message["has_protected_content"] = True

    def _age(self, post: Post) -> float:
        return self.chats.clock.now() - float(post.message["date"])


_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def _inline(given: Json) -> Json | None:
    keyboard = markup(given, private=True)
    if keyboard and "inline_keyboard" not in keyboard:
        raise bad("inline keyboard expected")
    return keyboard if keyboard and keyboard["inline_keyboard"] else None


# fmt: off
CALLS: Mapping[str, Callable[[Methods, Json], Any]] = MappingProxyType({
    "getMe":                   Methods.get_me,
    "getChat":                 Methods.get_chat,
    "getChatMember":           Methods.get_chat_member,
    "getFile":                 Methods.get_file,
    "sendMessage":             Methods.send_message,
    "sendChatAction":          Methods.send_chat_action,
    "editMessageText":         Methods.edit_message_text,
    "editMessageReplyMarkup":  Methods.edit_message_reply_markup,
    "deleteMessage":           Methods.delete_message,
    "deleteMessages":          Methods.delete_messages,
    "answerCallbackQuery":     Methods.answer_callback_query,
    "leaveChat":               Methods.leave_chat,
})
# fmt: on
