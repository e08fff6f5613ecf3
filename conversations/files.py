"""
Files that a citizen sends: kept as references until the report is sent, never where the kind of content forbids them.

The rule is of domain.md 1 and 4: for abuse of a child and for intimate blackmail the link and words are all we need. It holds at
every turn: whatever an answer or an edit makes of the draft, files that it no longer takes are given up for deletion.
"""

from __future__ import annotations

from typing import NamedTuple

from conversations.categories import refuses_media
from conversations.changed import changed
from conversations.model import Draft, Media, Message, Refusal
from conversations.texts import Text

MOST_FILES = 10
LARGEST_MB = 20  # what a bot may download from Telegram (platform.md A9)
EVIDENCE = ("photo", "live_photo", "document", "audio", "voice", "video", "video_note", "animation")


class Brought(NamedTuple):
    """What became of a message's files: the draft with them, or why not, and those to be deleted unread."""

    draft: Draft
    refusal: Refusal | None = None
    discards: tuple[Media, ...] = ()


def bring(draft: Draft, message: Message) -> Brought:
    """Keep the references of a message's files, as far as the draft takes them."""
    if why := refuses_media(draft):
        return Brought(draft, Refusal(why), unread(message))
    files = tuple(item for item in unread(message) if item.kind in EVIDENCE)
    if not files:
        return Brought(draft, Refusal(Text.REFUSE_MEDIA))
    if any(item.size > LARGEST_MB * 1_000_000 for item in files):
        return Brought(draft, Refusal(Text.REFUSE_FILE_LARGE, (("megabytes", LARGEST_MB),)))
    known = {item.handle for item in draft.media}
    together = (*draft.media, *(item for item in files if item.handle not in known))
    if len(together) > MOST_FILES:
        return Brought(draft, Refusal(Text.REFUSE_FILES_MANY, (("most", MOST_FILES),)))
    return Brought(changed(draft, media=together))


def unread(message: Message) -> tuple[Media, ...]:
    """The files of a message that nobody is to look at, as their channel finds them."""
    return tuple(item._replace(number=message.number) for item in message.media if item.handle)


def given_up(draft: Draft) -> tuple[Draft, tuple[Media, ...]]:
    """The draft without files that it may not hold, and those files."""
    if not draft.media or not refuses_media(draft):
        return draft, ()
    return changed(draft, media=()), draft.media
