"""
What holds for every turn, whatever led to it.

Help comes first where words tell of danger, once each. Files are given up the moment the draft may no longer hold them.
"""

from __future__ import annotations

from dataclasses import replace

from conversations import files, screens
from conversations.alarms import alarm
from conversations.model import Given, Line, Message, Turn
from conversations.path import ask
from conversations.texts import Text


def keep(turn: Turn, message: Message, given: Given) -> Turn:
    """The turn with the laws applied to it."""
    return _warn(_give_up(turn, given), message, given)


def _give_up(turn: Turn, given: Given) -> Turn:
    """What was sent as a picture of a child or of intimacy is deleted unread, however late we learn what it is."""
    if turn.session is None:
        return turn
    draft, gone = files.given_up(turn.session.draft)
    if not gone:
        return turn
    before = turn.session.before and replace(turn.session.before, draft=replace(turn.session.before.draft, media=()))
    asked = ask(replace(turn.session, draft=draft, before=before), given)  # the screen must not count them any more
    return first(replace(asked, discards=(*turn.discards, *gone)), screens.line(Text.FILES_DROPPED, given))


def _warn(turn: Turn, message: Message, given: Given) -> Turn:
    """The numbers to call, before anything else, once for each alarm of a conversation."""
    session, told = turn.session, alarm(message.text)
    if session is None or not told or told in session.warned:
        return turn
    session = replace(session, warned=session.warned | {told})
    return first(replace(turn, session=session), screens.line(screens.HELP_FIRST[told], given))


def first(turn: Turn, line: Line) -> Turn:
    """The turn with a sentence before all others."""
    return replace(turn, say=replace(turn.say, lines=(line, *turn.say.lines)))
