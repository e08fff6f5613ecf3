"""
Walking the script: to the next question that has no answer, to a named one, or staying with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations import screens
from conversations.changed import changed
from conversations.model import Draft, Given, Refusal, Session, Step, Turn
from conversations.say import again, asked
from conversations.script import SCRIPT, following, question

DEPENDENT: Mapping[Step, frozenset[Step]] = MappingProxyType({
    step: frozenset(other for other, row in SCRIPT.items() if row.when.on is step) for step in Step
})  # fmt: skip


def proceed(session: Session, given: Given) -> Turn:
    """The step at hand is answered: ask the next question without an answer."""
    answered = (session.answered | {session.step}) - DEPENDENT[session.step]
    if session.step is Step.START:
        answered |= _told_already(session.draft)
    step = following(session.draft, answered)
    return ask(changed(session, answered=answered, step=step, trail=(*session.trail, session.step)), given)


def go(session: Session, step: Step, given: Given) -> Turn:
    """Ask the question of a step; *back* returns from it."""
    session = changed(session, step=step, trail=(*session.trail, session.step))
    return ask(session, given)


def aside(session: Session, step: Step, given: Given) -> Turn:
    """Ask something beside the path; the question at hand waits."""
    return ask(changed(session, step=step, aside=session.aside or session.step), given)


def ask(session: Session, given: Given) -> Turn:
    """Ask the question of the step at hand in full."""
    if session.step is Step.START and not session.welcomed:
        session = changed(session, welcomed=True)
    return Turn(session, asked(session, question(session.step).ask(session, given), given))


def refused(session: Session, refusal: Refusal, given: Given) -> Turn:
    """The reason, the question again, and nothing changed."""
    return Turn(session, again(session, (screens.line(refusal.why, given, **dict(refusal.values)),), given))


def _told_already(draft: Draft) -> frozenset[Step]:
    told = {Step.LINK: bool(draft.links), Step.CATEGORY: bool(draft.category)}
    return frozenset(step for step, known in told.items() if known)
