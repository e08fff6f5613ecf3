"""
What a draft becomes when it is sent: exactly what its writer reviewed, and nothing they took back.
"""

from __future__ import annotations

from conversations.changed import changed
from conversations.model import Draft, Filing, Session
from conversations.script import SCRIPT


def filing(session: Session) -> Filing:
    """The finished report of this session."""
    secret = session.secret if session.draft.disclosure == "anonymous" else ""
    return Filing(session.reference, secret, session.locale, _told_only(session.draft), session.notice)


def without_name(session: Session) -> Session:
    """What is sent before the question of identity, or by silence, is anonymous, as the screen said."""
    return changed(session, draft=changed(session.draft, disclosure="anonymous", name="", contact=""))


def _told_only(draft: Draft) -> Draft:
    """Not sent: a name given before choosing to stay without one, and answers to questions that no longer apply."""
    told = {row.keeps or step for step, row in SCRIPT.items() if row.when.holds(draft)}
    draft = changed(draft, answers=tuple(pair for pair in draft.answers if pair[0] in told))
    return draft if draft.disclosure == "identified" else changed(draft, name="", contact="")
