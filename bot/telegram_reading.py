"""
What a Telegram update says, in no channel's words.

Every value that leaves here has the type that it claims: what a request brought in another shape raises, and the caller
calls it unreadable. The order in `_files` and the sources of links are facts of the Bot API (platform.md A6, A7).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from telegram import (
    CallbackQuery,
    Chat,
    ChatMemberUpdated,
    InlineKeyboardMarkup,
    Message,
    MessageEntity,
    MessageOrigin,
    MessageOriginChannel,
    PhotoSize,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType, MessageType

from bot.channel import Alias, Blocked, Event, Inbound, Moved, Press, Stranger
from bot.telegram_rich import rich_words
from conversations import model

NAME = "telegram"
MOST_LINKS = 50  # far above what one report takes; a message of 4,096 characters could mark hundreds

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL)
PRESENT = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED)
FILES = ("animation", "live_photo", "audio", "document", "sticker", "video", "video_note", "voice")
OTHERS = ("dice", "game", "poll", "invoice", "paid_media", "story", "passport_data", "giveaway", "checklist")
SERVICE = {kind.value for kind in MessageType} - {kind.value for kind in MessageAttachmentType} - {"text", *OTHERS}
COMMAND = re.compile(r"(/\w{1,32})@\w{1,64}(?=\s|\Z)", re.ASCII)


def event(update: Update, ours: Collection[str]) -> Event | None:
    """What this update means to us; None for what needs no answer. `ours` are the configured groups."""
    delivery = str(_whole(update.update_id))
    if update.callback_query is not None:
        return _press(update.callback_query, delivery, ours)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member, delivery, ours)
    message = update.message or update.edited_message
    post = message or update.channel_post or update.edited_channel_post
    if post is not None and post.chat.type in GROUPS:
        return _in_group(post, delivery, ours)
    if message is not None and message.chat.type == ChatType.PRIVATE:
        return _in_private(message, delivery, edited=update.message is None)
    return None


def _press(query: CallbackQuery, delivery: str, ours: Collection[str]) -> Event | None:
    """A press outside our groups carries no key, so that nothing but an acknowledgement can come of it."""
    chat = query.message.chat if query.message is not None else None
    group = str(_whole(chat.id)) if chat is not None else ""
    known = group in ours
    if chat is not None and chat.type in GROUPS and not known:
        return Stranger(NAME, delivery, group)
    subject, _, key = _text(query.data).rpartition(":") if known else ("", "", "")
    return Press(NAME, delivery, _text(query.id), str(_whole(query.from_user.id)), group, key, subject)


def _membership(change: ChatMemberUpdated, delivery: str, ours: Collection[str]) -> Event | None:
    status, chat = change.new_chat_member.status, change.chat
    if chat.type == ChatType.PRIVATE:
        return Blocked(NAME, delivery, _aliases(change.from_user)) if status == ChatMemberStatus.BANNED else None
    if status not in PRESENT or str(_whole(chat.id)) in ours:
        return None
    if chat.type == ChatType.SUPERGROUP and any(_basic(group) for group in ours):
        return None  # it may be our own group that has just become one: its first message will tell
    return Stranger(NAME, delivery, str(chat.id))


def _in_group(message: Message, delivery: str, ours: Collection[str]) -> Event | None:
    """
    The old chat and the new one both tell of a move, in either order: either tells the same.

    The words of a group are not read: people there speak to each other.
    """
    here, to, origin = str(_whole(message.chat.id)), message.migrate_to_chat_id, message.migrate_from_chat_id
    if to is not None:
        new = str(_whole(to))
        return Moved(NAME, delivery, here, new) if here in ours else Stranger(NAME, delivery, new)
    if origin is not None and str(_whole(origin)) in ours:
        return Moved(NAME, delivery, str(origin), here)
    return None if here in ours else Stranger(NAME, delivery, here)


def _in_private(message: Message, delivery: str, *, edited: bool) -> Inbound | None:
    sender = message.from_user
    if sender is None:
        raise ValueError("a private message without a sender")
    if sender.is_bot or (edited and message.location is not None):  # a live location edits itself every few seconds
        return None
    said = _message(message, sender, edited=edited)
    if said is None:
        return None
    return Inbound(NAME, delivery, _aliases(sender), str(_whole(message.chat.id)), said)


def _message(message: Message, sender: User, *, edited: bool) -> model.Message | None:
    """None for a service message. What we cannot read becomes a medium without a handle, to be declined politely."""
    rich = rich_words(message.api_kwargs.get("rich_message"))
    text = COMMAND.sub(r"\1", _text(message.text), count=1) or _text(message.caption) or rich.text
    links, contact, place, media = (
        _links(message, rich.links),
        _contact(message, sender),
        _place(message),
        _media(message),
    )
    if not (text or links or contact or place or media):
        if any(getattr(message, name, None) for name in SERVICE):
            return None
        media = (model.Media("unknown", ""),)
    return model.Message(
        text=text,
        links=links,
        contact=contact,
        place=place,
        media=media,
        album=_text(message.media_group_id),
        forwarded=message.forward_origin is not None,
        number=str(_whole(message.message_id)),
        edited=edited,
        language=_text(sender.language_code),
    )


def _media(message: Message) -> tuple[model.Media, ...]:
    """An animation also comes as a document and a live photo as a photo, for older readers: the first kind counts."""
    for kind in FILES:
        file = getattr(message, kind)
        if file is not None:
            return (_medium(kind, file),)
    if message.photo:
        return (_medium("photo", max(message.photo, key=_area)),)
    return tuple(model.Media(kind, "") for kind in OTHERS if getattr(message, kind) is not None)[:1]


def _medium(kind: str, file: Any) -> model.Media:
    size = _whole(file.file_size or 0)
    return model.Media(kind, _text(file.file_id), max(size, 0), _text(getattr(file, "mime_type", None)))


def _area(photo: PhotoSize) -> int:
    return _whole(photo.width) * _whole(photo.height)


def _contact(message: Message, sender: User) -> model.Contact | None:
    shared = message.contact
    if shared is None:
        return None
    name = f"{_text(shared.first_name)} {_text(shared.last_name)}".strip()
    return model.Contact(_text(shared.phone_number), name, shared.user_id == sender.id)


def _place(message: Message) -> model.Place | None:
    where = message.location or (message.venue.location if message.venue is not None else None)
    return model.Place(_degrees(where.latitude), _degrees(where.longitude)) if where is not None else None


def _links(message: Message, rich: Iterable[str]) -> tuple[str, ...]:
    """Where it came from first: who forwards a post reports that post."""
    found = [
        *_origin(message.forward_origin),
        *_quoted(message),
        *_story(message),
        *_marked(_text(message.text), message.entities),
        *_marked(_text(message.caption), message.caption_entities),
        *rich,
        *_buttons(message.reply_markup),
    ]
    if message.link_preview_options is not None:
        found.append(_text(message.link_preview_options.url))
    return tuple(dict.fromkeys(link for link in found if link))[:MOST_LINKS]


def _origin(origin: MessageOrigin | None) -> Iterator[str]:
    if isinstance(origin, MessageOriginChannel):
        yield _post(origin.chat, origin.message_id)


def _post(chat: Chat, number: int) -> str:
    """A private channel's address opens for its members only; it still names the post."""
    room = _text(chat.username) or f"c/{str(_whole(chat.id)).removeprefix('-100')}"
    return f"https://t.me/{room}/{_whole(number)}"


def _quoted(message: Message) -> Iterator[str]:
    """Answering the bot with a post of another chat is a way to report it."""
    if message.external_reply is not None:
        yield from _origin(message.external_reply.origin)
        if message.quote is not None:
            yield from _marked(_text(message.quote.text), message.quote.entities or ())


def _story(message: Message) -> Iterator[str]:
    if message.story is not None and message.story.chat.username:
        yield f"https://t.me/{_text(message.story.chat.username)}/s/{_whole(message.story.id)}"


def _buttons(keyboard: InlineKeyboardMarkup | None) -> Iterator[str]:
    for row in keyboard.inline_keyboard if keyboard is not None else ():
        yield from (_text(button.url) for button in row)


def _marked(text: str, entities: Sequence[MessageEntity]) -> Iterator[str]:
    """Offsets count UTF-16 units; a lone surrogate in the text must not stop the reading."""
    units = text.encode("utf-16-le", "surrogatepass") if entities else b""
    for entity in entities:
        if entity.type == MessageEntity.TEXT_LINK:
            yield _text(entity.url)
        elif entity.type == MessageEntity.URL:
            start, end = 2 * _whole(entity.offset), 2 * (_whole(entity.offset) + _whole(entity.length))
            yield units[max(start, 0) : max(end, 0)].decode("utf-16-le", "replace")


def _aliases(person: User) -> tuple[Alias, ...]:
    return (Alias("id", str(_whole(person.id))),)


def _basic(group: str) -> bool:
    """A group that may still become a supergroup."""
    return group.startswith("-") and not group.startswith("-100")


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError("not a whole number")
    return value


def _degrees(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not an angle")
    return float(value)
