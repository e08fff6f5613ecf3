"""
What can be asked about a report that was sent. A reference tells its state in neutral words, no more; the rest is in
`following.py`.
"""

from __future__ import annotations

from conversations import cases, codes, follow_screens, following, rights, screens
from conversations.about import About, Found, Query, Seek
from conversations.changed import changed
from conversations.model import Given, Line, Ltr, Message, Session, Turn
from conversations.say import again
from conversations.texts import Text
from conversations.words import meant


def sought(message: Message, session: Session) -> str:
    """
    The reference that a whole message asks about, at any step: alone, or behind the word for *status*.

    What carries a native button's key asks about nothing.
    """
    if message.choice:
        return ""
    word, _, rest = message.text.strip().partition(" ")
    asked = rest if rest and meant(word, ("status",), session.locale) else message.text
    return codes.read_reference(asked, prefix=True)


def seek(session: Session, reference: str, given: Given) -> Turn:
    """Ask the store for the state of this reference; the citizen returns to where they were."""
    session = changed(session, step=session.aside or session.step, aside=None)
    return Turn(session, again(session, (), given), seeks=Query(Seek.STATE, reference))


def told(turn: Turn, found: Found, given: Given) -> Turn:
    """The turn with what was found, or that nothing was; then the question at hand."""
    query, turn = turn.seeks, changed(turn, seeks=None)
    if query is None or turn.session is None:
        return turn
    if query.seeks is not Seek.STATE:
        told = _opened(turn.session, query, found, given)
        return changed(told, discards=turn.discards, releases=turn.releases)
    return changed(turn, say=again(turn.session, (_state(query, found, given),), given))


def _opened(session: Session, query: Query, found: Found, given: Given) -> Turn:
    """What was found of reports; one that was opened for a right goes on to that."""
    if query.seeks in (Seek.HOLDING, Seek.HELD):
        return rights.found(session, found, given)
    told = following.told(session, query, found, given)
    if isinstance(found, About) and told.session and session.wants:
        return rights.use(told.session, session.wants, given)
    return told


def _state(query: Query, found: Found, given: Given) -> Line:
    """The state in neutral words, or that no report has this reference."""
    if not isinstance(found, str):
        return screens.line(Text.STATUS_UNKNOWN, given)
    state = follow_screens.STATES[cases.told(found)]
    return screens.line(Text.STATUS_OF, given, reference=Ltr(query.reference), state=state)
