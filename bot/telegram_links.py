"""
Where a Telegram message holds links: its origin, its quotes, its entities, its buttons (platform.md A6, A7).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bot.telegram_values import Part, listed, part, parts, text_of, whole, whole_part

MOST_LINKS = 50  # far above what one report takes; a message of 4,096 characters could mark hundreds


def links(message: Part, rich: Iterable[str]) -> tuple[str, ...]:
    """Where it came from first: who forwards a post reports that post."""
    found = [
        *_origin(part(message, "forward_origin")),
        *_quoted(message),
        *_story(part(message, "story")),
        *_marked(text_of(message.get("text")), parts(message, "entities")),
        *_marked(text_of(message.get("caption")), parts(message, "caption_entities")),
        *rich,
        *_buttons(part(message, "reply_markup")),
    ]
    if preview := part(message, "link_preview_options"):
        found.append(text_of(preview.get("url")))
    return tuple(dict.fromkeys(link for link in found if link))[:MOST_LINKS]


def _origin(origin: Part | None) -> Iterator[str]:
    if origin is not None and origin.get("type") == "channel":
        yield _post(whole_part(origin["chat"]), origin["message_id"])


def _post(chat: Part, number: object) -> str:
    """A private channel's address opens for its members only; it still names the post."""
    room = text_of(chat.get("username")) or f"c/{str(whole(chat['id'])).removeprefix('-100')}"
    return f"https://t.me/{room}/{whole(number)}"


def _quoted(message: Part) -> Iterator[str]:
    """Answering the bot with a post of another chat is a way to report it."""
    reply, quote = part(message, "external_reply"), part(message, "quote")
    if reply is not None:
        yield from _origin(part(reply, "origin"))
        if quote is not None:
            yield from _marked(text_of(quote.get("text")), parts(quote, "entities"))


def _story(story: Part | None) -> Iterator[str]:
    if story is not None and (room := text_of(whole_part(story["chat"]).get("username"))):
        yield f"https://t.me/{room}/s/{whole(story['id'])}"


def _buttons(keyboard: Part | None) -> Iterator[str]:
    for row in listed(keyboard.get("inline_keyboard")) if keyboard is not None else ():
        yield from (text_of(whole_part(button).get("url")) for button in listed(row))


def _marked(text: str, entities: Sequence[Part]) -> Iterator[str]:
    """Offsets count UTF-16 units; a lone surrogate in the text must not stop the reading."""
    units = text.encode("utf-16-le", "surrogatepass") if entities else b""
    for entity in entities:
        if entity.get("type") == "text_link":
            yield text_of(entity.get("url"))
        elif entity.get("type") == "url":
            start, end = 2 * whole(entity["offset"]), 2 * (whole(entity["offset"]) + whole(entity["length"]))
            yield units[max(start, 0) : max(end, 0)].decode("utf-16-le", "replace")
