"""
What holds for every turn, whatever led to it.

Help comes first where words tell of danger, once each. Files are given up the moment the draft may no longer hold them,
and no file of a message is left lying at a provider that keeps it: it is taken, or it is let go.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversations import files, screens
from conversations.alarms import alarm
from conversations.categories import refuses_media
from conversations.changed import changed
from conversations.model import Draft, Given, Line, Media, Message, Session, Turn
from conversations.path import ask
from conversations.texts import Text


def keep(turn: Turn, message: Message, given: Given) -> Turn:
    """The turn with the laws applied to it."""
    return _let_go(_warn(_give_up(turn, given), message, given), message)


def _let_go(turn: Turn, message: Message) -> Turn:
    """What this turn did not take: too large, too many, of no use, or beside a command. Of a child it is deleted unread."""
    if not message.media:
        return turn
    taken = {item.handle for item in _taken(turn)}
    left = tuple(item for item in files.unread(message) if item.handle not in taken)
    if left and turn.session and _refuses(turn.session):
        return changed(turn, discards=(*turn.discards, *left))
    return changed(turn, releases=(*turn.releases, *left)) if left else turn


def _taken(turn: Turn) -> Iterator[Media]:
    yield from turn.session.draft.media if turn.session else ()
    yield from turn.files.draft.media if turn.files else ()
    yield from turn.adds.media if turn.adds else ()
    yield from turn.discards


def _refuses(session: Session) -> bool:
    """Whether the report at hand, written or followed, takes no files at all."""
    draft = Draft(category=session.about.category) if session.about else session.draft
    return refuses_media(draft) is not None


def _give_up(turn: Turn, given: Given) -> Turn:
    """What was sent as a picture of a child or of intimacy is deleted unread, however late we learn what it is."""
    if turn.session is None:
        return turn
    draft, gone = files.given_up(turn.session.draft)
    if not gone:
        return turn
    before = turn.session.before and changed(turn.session.before, draft=changed(turn.session.before.draft, media=()))
    asked = ask(changed(turn.session, draft=draft, before=before), given)  # the screen must not count them any more
    return first(changed(asked, discards=(*turn.discards, *gone)), screens.line(Text.FILES_DROPPED, given))


def _warn(turn: Turn, message: Message, given: Given) -> Turn:
    """The numbers to call, before anything else, once for each alarm of a conversation."""
    session, told = turn.session, alarm(message.text)
    if session is None or not told or told in session.warned:
        return turn
    session = changed(session, warned=session.warned | {told})
    return first(changed(turn, session=session), screens.line(screens.HELP_FIRST[told], given))


def first(turn: Turn, line: Line) -> Turn:
    """The turn with a sentence before all others."""
    return changed(turn, say=changed(turn.say, lines=(line, *turn.say.lines)))
