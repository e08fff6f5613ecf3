"""
The citizen's rights: what is held, a correction, an objection, erasing a report, and erasing this conversation.

A report answers to who wrote it where they can be reached, to its secret code where it is anonymous; a reference alone
opens nothing. A right that needs a report opens one first (`wants`), unless one is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations import following, rights_screens
from conversations.about import About, Claim, Found, Held, Holding, Query, Right, Seek
from conversations.changed import changed
from conversations.follow_screens import followed
from conversations.model import Draft, Given, Line, Ltr, Message, Refusal, Say, Session, Turn
from conversations.path import ask, refused
from conversations.rights_texts import RightsText
from conversations.say import again
from conversations.screens import line
from conversations.steps import FOLLOWING, Step

STEPS: Mapping[str, Step] = MappingProxyType({
    "correct": Step.CORRECTING, "object": Step.OBJECTING, "delete": Step.DELETING,
})  # fmt: skip
KEYS = ("mydata", *STEPS)
KEEPS = "keeps"  # what was asked at DELETING: to erase what the law does not keep
# What is sealed for the desk: as which part of the report, by when it is answered, what its writer is told.
PARTS: Mapping[Step, tuple[Right, str, RightsText]] = MappingProxyType({
    Step.CORRECTING: (Right.CORRECTION, "correction_days", RightsText.CORRECTED),
    Step.OBJECTING: (Right.OBJECTION, "objection_days", RightsText.OBJECTED),
})  # fmt: skip


def begin(session: Session, key: str, given: Given) -> Turn:
    """What a command leads to: with the report that is open, else with one that is opened for it."""
    base = session.aside or session.step
    if session.about and (base in FOLLOWING or key != "mydata"):
        return use(session, key, given)
    if key == "mydata":
        return Turn(session, again(session, (), given), seeks=Query(Seek.HOLDING))
    turn = following.enter(session, "mine", given)
    return changed(turn, session=turn.session and changed(turn.session, wants=key)) if turn.seeks else turn


def use(session: Session, key: str, given: Given) -> Turn:
    """Make use of a right over the report that is open."""
    about = followed(session)
    session = changed(session, step=Step.FOLLOW, aside=None, wants="", draft=Draft())
    if key == "mydata":
        return Turn(session, again(session, (), given), seeks=Query(Seek.HELD, about.reference))
    if key == "delete" and about.referred and about.disclosure == "anonymous":
        return Turn(session, again(session, (_of(RightsText.HELD_ANONYMOUS, about, given),), given))
    told = KEEPS if key == "delete" and about.referred else ""
    return ask(changed(session, step=STEPS[key], wants=told), given)


def chosen(session: Session, key: str, given: Given) -> Turn:
    """What a press leads to at one of these steps."""
    if key in KEYS:
        return use(session, key, given)
    if key != "erase_yes" or session.about is None:
        return ask(changed(session, step=Step.FOLLOW, wants=""), given)
    if (session.wants == KEEPS) is not session.about.referred:  # it was passed on while they decided
        return use(session, "delete", given)
    return _erased(session, session.about, given)


def said(session: Session, message: Message, given: Given) -> Turn:
    """What is wrong, or objected to: an addition that the desk reads as such, and owes an answer to."""
    right, days, told = PARTS[session.step]
    addition, brought = following.read_addition(followed(session), message)
    if isinstance(addition, Refusal):
        return changed(refused(session, addition, given), discards=brought.discards)
    session = changed(session, step=Step.FOLLOW)
    lines = (line(told, given, until=rights_screens.by(given, days)), *following.not_taken(brought, given))
    addition, claim = changed(addition, part=right.value), Claim(right, addition.reference)
    say = again(session, lines, given)
    return Turn(session, say, adds=addition, claims=claim, discards=brought.discards)


def found(session: Session, what: Found, given: Given) -> Turn:
    """What the store holds, by kinds."""
    if isinstance(what, Held):
        session = changed(session, step=Step.HELD)
        claim = Claim(Right.ACCESS, what.reference)
        return Turn(session, again(session, rights_screens.kept(session, what, given), given), claims=claim)
    holding = what if isinstance(what, Holding) else Holding()
    lines = rights_screens.holding(session, holding, given)
    if not rights_screens.writing(session):
        session = changed(following.at_rest(session), step=Step.MINE, wants="mydata")
        session = changed(session, listed=tuple(about.reference for about in holding.reports))
    return Turn(session, again(session, lines, given))


def erase_chat(session: Session, given: Given) -> Turn:
    """Forget what was not sent, and have the chat itself deleted as far as its channel lets us."""
    say = Say(session.locale, rights_screens.chat(given), last=True)
    return Turn(None, say, wipes=True, discards=session.draft.media)


def _erased(session: Session, about: About, given: Given) -> Turn:
    """Erased, or, where the law keeps it, parted from who wrote it. Either way nobody here opens it any more."""
    session = following.at_rest(session)
    told = _of(RightsText.ERASED_HELD if about.referred else RightsText.ERASED, about, given)
    claim = Claim(Right.ERASURE, about.reference, about.referred)
    return Turn(session, again(session, (told,), given), claims=claim)


def _of(text: RightsText, about: About, given: Given) -> Line:
    return line(text, given, reference=Ltr(about.reference))
