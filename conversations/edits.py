"""
Edits: what a session remembers so that an edit of the message just answered can be answered anew.

Telegram also reports edits that nobody made and nobody sees (a preview that has loaded). Those are told by the content,
of which a short digest is kept in the session, and met with silence.
"""

from __future__ import annotations

import hashlib

from conversations.changed import changed
from conversations.model import Before, Draft, Message, Session, Turn

EMPTY = Draft()


def remember(before: Session | None, message: Message, turn: Turn) -> Turn:
    """The turn that remembers the message it answers. What changed nothing is not remembered: a refusal, a question aside."""
    session = turn.session
    if session is None or turn.files or not message.number or (session == before and not turn.adds):
        return turn
    then = before or session
    draft = before.draft if before else EMPTY
    kept = Before(message.number, then.step, draft, then.answered, then.trail, then.unfinished, digest(message))
    return changed(turn, session=changed(session, before=kept))


def restored(session: Session, before: Before) -> Session:
    """The session as it was when it heard the message that was edited now."""
    return changed(
        session,
        step=before.step,
        draft=before.draft,
        answered=before.answered,
        trail=before.trail,
        aside=None,
        before=None,
        unfinished=before.unfinished,
    )


def digest(message: Message) -> str:
    """What a message holds, in few letters; whether and when it was edited is not part of it."""
    held = (message.text, message.choice, message.links, message.contact, message.place, message.media)
    return hashlib.blake2b(repr(held).encode(errors="backslashreplace"), digest_size=8).hexdigest()


def later(number: str, other: str) -> bool:
    """Telegram numbers the messages of a chat upwards."""
    return number.isdecimal() and other.isdecimal() and int(number) > int(other)
