"""
The second script: what can be asked about a report that was sent. A reference tells its state in neutral words, no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from conversations import cases, codes, screens
from conversations.cases import Told
from conversations.model import Given, Ltr, Message, Session, Turn
from conversations.say import again
from conversations.texts import Text
from conversations.words import meant

STATES: Mapping[Told, Text] = MappingProxyType({
    Told.RECEIVED: Text.STATE_RECEIVED, Told.LOOKED_AT: Text.STATE_LOOKED_AT,
    Told.PASSED_ON: Text.STATE_PASSED_ON, Told.CLOSED: Text.STATE_CLOSED,
})  # fmt: skip


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
    session = replace(session, step=session.aside or session.step, aside=None)
    return Turn(session, again(session, (), given), seeks=reference)


def told(turn: Turn, state: str | None, given: Given) -> Turn:
    """The state in neutral words, or that no report has this reference; then the question they were at."""
    if turn.session is None:
        return turn
    if state is None:
        found = screens.line(Text.STATUS_UNKNOWN, given)
    else:
        found = screens.line(Text.STATUS_OF, given, reference=Ltr(turn.seeks), state=STATES[cases.told(state)])
    return replace(turn, say=again(turn.session, (found,), given), seeks="")
