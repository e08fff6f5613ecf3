"""
Where a Telegram message holds links: its origin, its quotes, its entities, its buttons (platform.md A6, A7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from telegram import Chat, InlineKeyboardMarkup, Message, MessageEntity, MessageOrigin, MessageOriginChannel

from bot.telegram_values import text_of, whole

MOST_LINKS = 50  # far above what one report takes; a message of 4,096 characters could mark hundreds


def links(message: Message, rich: Iterable[str]) -> tuple[str, ...]:
    """Where it came from first: who forwards a post reports that post."""
    found = [
        *_origin(message.forward_origin),
        *_quoted(message),
        *_story(message),
        *_marked(text_of(message.text), message.entities),
        *_marked(text_of(message.caption), message.caption_entities),
        *rich,
        *_buttons(message.reply_markup),
    ]
    if message.link_preview_options is not None:
        found.append(text_of(message.link_preview_options.url))
    return tuple(dict.fromkeys(link for link in found if link))[:MOST_LINKS]


def _origin(origin: MessageOrigin | None) -> Iterator[str]:
    if isinstance(origin, MessageOriginChannel):
        yield _post(origin.chat, origin.message_id)


def _post(chat: Chat, number: int) -> str:
    """A private channel's address opens for its members only; it still names the post."""
    room = text_of(chat.username) or f"c/{str(whole(chat.id)).removeprefix('-100')}"
    return f"https://t.me/{room}/{whole(number)}"


def _quoted(message: Message) -> Iterator[str]:
    """Answering the bot with a post of another chat is a way to report it."""
    if message.external_reply is not None:
        yield from _origin(message.external_reply.origin)
        if message.quote is not None:
            yield from _marked(text_of(message.quote.text), message.quote.entities or ())


def _story(message: Message) -> Iterator[str]:
    if message.story is not None and message.story.chat.username:
        yield f"https://t.me/{text_of(message.story.chat.username)}/s/{whole(message.story.id)}"


def _buttons(keyboard: InlineKeyboardMarkup | None) -> Iterator[str]:
    for row in keyboard.inline_keyboard if keyboard is not None else ():
        yield from (text_of(button.url) for button in row)


def _marked(text: str, entities: Sequence[MessageEntity]) -> Iterator[str]:
    """Offsets count UTF-16 units; a lone surrogate in the text must not stop the reading."""
    units = text.encode("utf-16-le", "surrogatepass") if entities else b""
    for entity in entities:
        if entity.type == MessageEntity.TEXT_LINK:
            yield text_of(entity.url)
        elif entity.type == MessageEntity.URL:
            start, end = 2 * whole(entity.offset), 2 * (whole(entity.offset) + whole(entity.length))
            yield units[max(start, 0) : max(end, 0)].decode("utf-16-le", "replace")
