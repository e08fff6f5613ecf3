"""
What the second script says: the reports of who asks, one of them with its state, outcome and question, and what to do.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

from conversations import cases, codes
from conversations.about import About
from conversations.answers import EXAMPLE_REFERENCE
from conversations.cases import Outcome, Told
from conversations.categories import refuses_media
from conversations.model import Choice, Draft, Given, Line, Ltr, Session
from conversations.questions import QUESTIONS
from conversations.screens import FILES, block, line
from conversations.texts import Text

STATES: Mapping[Told, Text] = MappingProxyType({
    Told.RECEIVED: Text.STATE_RECEIVED, Told.LOOKED_AT: Text.STATE_LOOKED_AT,
    Told.PASSED_ON: Text.STATE_PASSED_ON, Told.CLOSED: Text.STATE_CLOSED,
})  # fmt: skip
OUTCOMES: Mapping[str, Text] = MappingProxyType({
    Outcome.LAWFUL: Text.OUTCOME_LAWFUL, Outcome.INSUFFICIENT: Text.OUTCOME_INSUFFICIENT,
    Outcome.PRIVATE_DISPUTE: Text.OUTCOME_PRIVATE, Outcome.ACTED: Text.OUTCOME_ACTED,
    Outcome.REMOVED: Text.OUTCOME_REMOVED,
    Outcome.DUPLICATE: Text.OUTCOME_DEALT_WITH,  # that others reported it too is not for telling (domain.md 9)
})  # fmt: skip
ASK_FILES = (Text.ASK_DETAILS_FILES,)

EXAMPLE_SECRET = Ltr(codes.secret(0x2C59A2B47D0F1))
NONE = About("", cases.State.RECEIVED, "other", "anonymous")


def followed(session: Session) -> About:
    """The report that is being followed."""
    return session.about or NONE


def mine(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_MINE, given),)


def listed(session: Session) -> tuple[Choice, ...]:
    """The references themselves are the choices."""
    return tuple(Choice(reference, reference) for reference in session.listed)


def listing(found: tuple[About, ...], given: Given) -> tuple[Line, ...]:
    """Each report on a line of its own: reference, hour, neutral state."""
    return block([
        line(
            Text.MINE_LINE, given, reference=Ltr(one.reference), hour=Ltr(one.hour), state=STATES[cases.told(one.state)]
        )
        for one in found
    ])  # fmt: skip


def code(session: Session, given: Given) -> tuple[Line, ...]:
    if session.listed:
        return (line(Text.ASK_SECRET, given, secret=EXAMPLE_SECRET),)
    return (line(Text.ASK_CODE, given, example=EXAMPLE_REFERENCE, secret=EXAMPLE_SECRET),)


def follow(session: Session, given: Given) -> tuple[Line, ...]:
    """How far it is, what came of it where that is known, what did not arrive, what the desk asks."""
    about = followed(session)
    lines = [line(Text.STATUS_OF, given, reference=Ltr(about.reference), state=STATES[cases.told(about.state)])]
    if about.outcome in OUTCOMES:
        lines.append(line(OUTCOMES[about.outcome], given))
    if about.lost:
        lines.append(line(Text.FILES_LOST, given, count=about.lost))
    return (*lines, *question(session, given), line(Text.ASK_FOLLOW, given))


def question(session: Session, given: Given) -> tuple[Line, ...]:
    asked = QUESTIONS.get(followed(session).question)
    return (line(Text.QUESTION_ASKED, given, question=asked),) if asked else ()


def adding(session: Session, given: Given) -> tuple[Line, ...]:
    files = () if refuses_media(Draft(category=followed(session).category)) else ASK_FILES
    return (line(Text.ASK_ADDING, given), *(line(text, given, **FILES) for text in files))


def answering(session: Session, given: Given) -> tuple[Line, ...]:
    return *question(session, given), line(Text.ASK_ANSWERING, given)


def changing(session: Session, given: Given) -> tuple[Line, ...]:
    return line(Text.ASK_IDENTITY, given), line(Text.IDENTITY_MEANS, given), line(Text.CHANGING_MEANS, given)


def idle(session: Session) -> Collection[str]:
    """After sending, notices are offered to who can be reached and has not said so yet."""
    about = session.about
    return () if about and about.disclosure != "anonymous" and not about.notify else ("notify",)


def useless(session: Session) -> Collection[str]:
    """What cannot be done with the report at hand."""
    about = followed(session)
    reachable = about.disclosure != "anonymous"
    given = {
        "answer": about.question in QUESTIONS,
        "edit_identity": about.may_change,
        "notify": reachable and not about.notify,
        "quiet": reachable and about.notify,
    }
    return [key for key, useful in given.items() if not useful]


def disclosed(session: Session) -> Collection[str]:
    """It is that already; but another name may be given."""
    return () if followed(session).disclosure == "identified" else (followed(session).disclosure,)
