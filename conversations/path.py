"""
Walking the script: to the next question that has no answer, to a named one, or staying with a reason.
"""

from __future__ import annotations

from dataclasses import replace

from conversations import screens
from conversations.model import Draft, Given, Refusal, Session, Step, Turn
from conversations.say import again, asked
from conversations.script import SCRIPT, following, question


def proceed(session: Session, given: Given) -> Turn:
    """The step at hand is answered: ask the next question without an answer."""
    dependent = {step for step, row in SCRIPT.items() if row.when.on is session.step}
    answered = (session.answered | {session.step}) - dependent
    if session.step is Step.START:
        answered |= _told_already(session.draft)
    session = replace(session, answered=answered)
    return go(session, following(session), given)


def go(session: Session, step: Step, given: Given) -> Turn:
    """Ask the question of a step; *back* returns from it."""
    session = replace(session, step=step, trail=(*session.trail, session.step))
    return ask(session, given)


def aside(session: Session, step: Step, given: Given) -> Turn:
    """Ask something beside the path; the question at hand waits."""
    return ask(replace(session, step=step, aside=session.aside or session.step), given)


def ask(session: Session, given: Given) -> Turn:
    """Ask the question of the step at hand in full."""
    session = replace(session, welcomed=session.welcomed or session.step is Step.START)
    return Turn(session, asked(session, question(session.step).ask(session, given), given))


def refused(session: Session, refusal: Refusal, given: Given) -> Turn:
    """The reason, the question again, and nothing changed."""
    return Turn(session, again(session, (screens.line(refusal.why, given, **dict(refusal.values)),), given))


def _told_already(draft: Draft) -> frozenset[Step]:
    told = {Step.LINK: bool(draft.links), Step.CATEGORY: bool(draft.category)}
    return frozenset(step for step, known in told.items() if known)
