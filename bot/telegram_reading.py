"""
What a Telegram update says, in no channel's words.

Every value that leaves here has the type that it claims: what a request brought in another shape raises, and the caller
calls it unreadable. The order in `_files` and the sources of links are facts of the Bot API (platform.md A6, A7).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from telegram import (
    CallbackQuery,
    ChatMemberUpdated,
    Message,
    PhotoSize,
    Update,
    User,
)
from telegram.constants import ChatMemberStatus, ChatType, MessageAttachmentType, MessageType

from bot.channel import Alias, Blocked, Event, Inbound, Moved, Press, Stranger
from bot.telegram_links import links
from bot.telegram_rich import rich_words
from bot.telegram_values import degrees, text_of, whole
from conversations import model

NAME = "telegram"

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP, ChatType.CHANNEL)
PRESENT = (ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.RESTRICTED)
FILES = ("animation", "live_photo", "audio", "document", "sticker", "video", "video_note", "voice")
OTHERS = ("dice", "game", "poll", "invoice", "paid_media", "story", "passport_data", "giveaway", "checklist")
SERVICE = {kind.value for kind in MessageType} - {kind.value for kind in MessageAttachmentType} - {"text", *OTHERS}
COMMAND = re.compile(r"(/\w{1,32})@\w{1,64}(?=\s|\Z)", re.ASCII)


def event(update: Update, ours: Collection[str]) -> Event | None:
    """What this update means to us; None for what needs no answer. `ours` are the configured groups."""
    delivery = str(whole(update.update_id))
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
    group = str(whole(chat.id)) if chat is not None else ""
    known = group in ours
    if chat is not None and chat.type in GROUPS and not known:
        return Stranger(NAME, delivery, group)
    subject, _, key = text_of(query.data).rpartition(":") if known else ("", "", "")
    return Press(NAME, delivery, text_of(query.id), str(whole(query.from_user.id)), group, key, subject)


def _membership(change: ChatMemberUpdated, delivery: str, ours: Collection[str]) -> Event | None:
    status, chat = change.new_chat_member.status, change.chat
    if chat.type == ChatType.PRIVATE:
        return Blocked(NAME, delivery, _aliases(change.from_user)) if status == ChatMemberStatus.BANNED else None
    if status not in PRESENT or str(whole(chat.id)) in ours:
        return None
    if chat.type == ChatType.SUPERGROUP and any(_basic(group) for group in ours):
        return None  # it may be our own group that has just become one: its first message will tell
    return Stranger(NAME, delivery, str(chat.id))


def _in_group(message: Message, delivery: str, ours: Collection[str]) -> Event | None:
    """
    The old chat and the new one both tell of a move, in either order: either tells the same.

    The words of a group are not read: people there speak to each other.
    """
    here, to, origin = str(whole(message.chat.id)), message.migrate_to_chat_id, message.migrate_from_chat_id
    if to is not None:
        new = str(whole(to))
        return Moved(NAME, delivery, here, new) if here in ours else Stranger(NAME, delivery, new)
    if origin is not None and str(whole(origin)) in ours:
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
    return Inbound(NAME, delivery, _aliases(sender), str(whole(message.chat.id)), said)


def _message(message: Message, sender: User, *, edited: bool) -> model.Message | None:
    """None for a service message. What we cannot read becomes a medium without a handle, to be declined politely."""
    rich = rich_words(message.api_kwargs.get("rich_message"))
    text = COMMAND.sub(r"\1", text_of(message.text), count=1) or text_of(message.caption) or rich.text
    found, contact, place, media = (
        links(message, rich.links),
        _contact(message, sender),
        _place(message),
        _media(message),
    )
    if not (text or found or contact or place or media):
        if any(getattr(message, name, None) for name in SERVICE):
            return None
        media = (model.Media("unknown", ""),)
    return model.Message(
        text=text,
        links=found,
        contact=contact,
        place=place,
        media=media,
        album=text_of(message.media_group_id),
        forwarded=message.forward_origin is not None,
        number=str(whole(message.message_id)),
        edited=edited,
        language=text_of(sender.language_code),
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
    size = whole(file.file_size or 0)
    return model.Media(kind, text_of(file.file_id), max(size, 0), text_of(getattr(file, "mime_type", None)))


def _area(photo: PhotoSize) -> int:
    return whole(photo.width) * whole(photo.height)


def _contact(message: Message, sender: User) -> model.Contact | None:
    shared = message.contact
    if shared is None:
        return None
    name = f"{text_of(shared.first_name)} {text_of(shared.last_name)}".strip()
    return model.Contact(text_of(shared.phone_number), name, shared.user_id == sender.id)


def _place(message: Message) -> model.Place | None:
    where = message.location or (message.venue.location if message.venue is not None else None)
    return model.Place(degrees(where.latitude), degrees(where.longitude)) if where is not None else None


def _aliases(person: User) -> tuple[Alias, ...]:
    return (Alias("id", str(whole(person.id))),)


def _basic(group: str) -> bool:
    """A group that may still become a supergroup."""
    return group.startswith("-") and not group.startswith("-100")
