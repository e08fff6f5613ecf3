"""
The second script: a sent report is opened by its own reporter, who adds to it, answers, changes who they are, hears.

Who opens one proves it: by having written it where they can be reached, or by the secret code of an anonymous one. Every
addition is stored with the message that brought it. Nothing of this happens in the middle of a report being written.
"""

from __future__ import annotations

from conversations import codes, files, follow_screens, identity_number, opening, screens
from conversations.about import About, Addition, Change, Found, Query, Seek, TooMany
from conversations.answers import (
    EXAMPLE_REFERENCE,
    LONGEST_DETAILS,
    misfit,
    read_contact,
    read_name,
    unreadable,
)
from conversations.categories import handled_as
from conversations.changed import changed
from conversations.files import Brought
from conversations.fold import clean
from conversations.follow_screens import EXAMPLE_SECRET, followed
from conversations.links import find_links
from conversations.model import Draft, Given, Line, Ltr, Message, Refusal, Session, Turn
from conversations.path import ask, refused
from conversations.say import again
from conversations.screens import line
from conversations.steps import FOLLOWING, RIGHTS, Step
from conversations.texts import Text

MOST_WORDS = 16  # a reference and a code, however they are spaced
EMPTY = Draft()
BEFORE = {Step.CALLED: Step.CHANGING, Step.REACHED: Step.CALLED}


def enter(session: Session, chosen: str, given: Given) -> Turn:
    """To the reports of who writes, or to the one that a code opens; not while another is being written."""
    base = session.aside or session.step
    session = changed(session, step=base, aside=None)
    written = base not in FOLLOWING and base is not Step.SENT and (base is not Step.START or session.draft != EMPTY)
    if written:
        return Turn(session, again(session, (line(Text.FINISH_FIRST, given),), given))
    session = at_rest(session) if base in FOLLOWING else changed(session, about=None, listed=(), before=None)
    if chosen == "code":
        return ask(changed(session, step=Step.CODE), given)
    session = changed(session, step=Step.STATUS, aside=session.step)  # where there is none, a code can be given
    return Turn(session, again(session, (), given), seeks=Query(Seek.MINE))


def chosen(session: Session, key: str, given: Given) -> Turn:
    """What a press leads to."""
    if session.step is Step.MINE and key == "code":
        return ask(changed(session, step=Step.CODE, listed=()), given)
    if session.step is Step.MINE and key != "done":
        return Turn(session, again(session, (), given), seeks=Query(Seek.OWN, key))
    if session.about is None:
        return leave(session, given)
    if session.step is Step.CHANGING:
        return _changing(session, key, given)
    if session.step is Step.FOLLOW and key == "done":
        return leave(session, given)
    if key in ("notify", "quiet"):
        return _notices(session, session.about, key == "notify", given)
    steps = {"add": Step.ADDING, "answer": Step.ANSWERING, "edit_identity": Step.CHANGING}
    return ask(changed(session, step=steps.get(key, Step.FOLLOW), draft=EMPTY), given)


def said(session: Session, message: Message, given: Given) -> Turn:
    """What words, links and files lead to."""
    if session.step is Step.CODE:
        return _code(session, message, given)
    if session.step in (Step.ADDING, Step.ANSWERING) and session.about:
        return _added(session, session.about, message, given)
    if session.step is Step.CALLED:
        named = read_name(message, session.draft)
        return _next(session, named, given)
    if session.step is Step.REACHED:
        reached = read_contact(message, session.draft)
        return _next(session, reached, given)
    return refused(session, misfit(message), given)


def told(session: Session, query: Query, found: Found, given: Given) -> Turn:
    """What the store found: a list, a report that opens, or nothing. Wrong and unknown are told alike."""
    if isinstance(found, About):
        opened = changed(session, step=Step.FOLLOW, about=found, listed=(), draft=EMPTY)
        return ask(opened, given)
    if query.seeks is Seek.MINE and isinstance(found, tuple) and (found or session.wants):
        session = changed(session, step=Step.MINE, aside=None, listed=tuple(one.reference for one in found))
        listing = follow_screens.listing(found, given) if found else (line(Text.NOTHING_MINE, given),)
        return Turn(session, again(session, listing, given))
    texts = {Seek.MINE: Text.NOTHING_MINE, Seek.OWN: Text.STATUS_UNKNOWN}
    why = Text.CODE_TOO_MANY if isinstance(found, TooMany) else texts.get(query.seeks, Text.CODE_WRONG)
    session = changed(session, listed=() if query.seeks is Seek.CODE else session.listed)
    return Turn(session, again(session, (line(why, given),), given))


def refreshed(session: Session, found: About | None) -> Session:
    """The session with its report as it is now; closed, where the report answers to somebody else."""
    return changed(session, about=found) if found or session.step not in FOLLOWING else at_rest(session)


def back(session: Session, given: Given) -> Turn:
    """One step back: to the report, or out of it."""
    if session.step in BEFORE:
        return ask(changed(session, step=BEFORE[session.step]), given)
    if session.step in (Step.ADDING, Step.ANSWERING, Step.CHANGING, *RIGHTS):
        return ask(changed(session, step=Step.FOLLOW, wants=""), given)
    return leave(session, given)


def leave(session: Session, given: Given) -> Turn:
    """Out of the report; nothing is remembered of it."""
    session = at_rest(session)
    return Turn(session, again(session, (line(Text.LEFT_REPORT, given),), given))


def at_rest(session: Session) -> Session:
    """Where the citizen was before: at the beginning, or after sending."""
    if not session.reference:
        return opening.sent(session)
    return changed(session, step=Step.START, about=None, listed=(), wants="", draft=EMPTY, before=None, aside=None)


def just_sent(session: Session) -> About:
    """The report that this session is sending, as its writer follows it."""
    draft = session.draft
    return About(session.reference, follow_screens.NONE.state, handled_as(draft).key, draft.disclosure)


def announced(turn: Turn, references: list[str], given: Given) -> Turn:
    """The turn with the news in front that waited for this person to write."""
    if not references:
        return turn
    lines = screens.block([line(Text.NEWS_OF, given, reference=Ltr(one)) for one in references])
    return changed(turn, say=changed(turn.say, lines=(*lines, *turn.say.lines)))


def _code(session: Session, message: Message, given: Given) -> Turn:
    """Reference and code, in one message or one after the other."""
    reference, secret = read_pair(clean(message.text))
    if not reference and not secret:
        examples = (("example", EXAMPLE_REFERENCE), ("secret", EXAMPLE_SECRET))
        return refused(session, unreadable(message) or Refusal(Text.REFUSE_CODE, examples), given)
    reference = reference or next(iter(session.listed), "")
    session = changed(session, listed=(reference,) if reference else ())
    if not secret or not reference:
        return ask(session, given)
    return Turn(session, again(session, (), given), seeks=Query(Seek.CODE, reference, secret))


def read_pair(said: str) -> tuple[str, str]:
    """
    The reference and the secret code in some words, in either order; "" for what is not there.

    >>> read_pair("sc oooo oooo oo12, IB-0000-0000-000")
    ('IB-0000-0000-000', 'SC-0000-0000-0012')
    """
    words = said.replace(",", " ").replace("،", " ").split()[:MOST_WORDS]
    for at in range(len(words) + 1):
        first, last = " ".join(words[:at]), " ".join(words[at:])
        for one, other in ((first, last), (last, first)):
            if (reference := codes.read_reference(one)) and (secret := codes.read_secret(other)):
                return reference, secret
    whole = " ".join(words)
    return codes.read_reference(whole), codes.read_secret(whole)


def _added(session: Session, about: About, message: Message, given: Given) -> Turn:
    """Stored with this message; files only where the kind of content takes them."""
    asked = about.question if session.step is Step.ANSWERING else ""
    addition, brought = read_addition(about, message)
    if isinstance(addition, Refusal):
        return changed(refused(session, addition, given), discards=brought.discards)
    if session.step is Step.ANSWERING:
        session = changed(session, step=Step.FOLLOW, about=changed(about, question=""))
    lines = (line(Text.ANSWERED if asked else Text.ADDED, given), *not_taken(brought, given))
    addition = changed(addition, question=asked)
    return Turn(session, again(session, lines, given), adds=addition, discards=brought.discards)


def read_addition(about: About, message: Message) -> tuple[Addition | Refusal, Brought]:
    """What a message adds to a report, or why nothing; and what became of its files."""
    text, links = identity_number.blanked(clean(message.text)), find_links(message.text, message.links)
    brought = files.bring(Draft(category=about.category), message) if message.media else Brought(EMPTY)
    if len(text) > LONGEST_DETAILS:
        return Refusal(Text.REFUSE_LONG, (("most", LONGEST_DETAILS),)), brought
    if not (text or links or brought.draft.media):
        return brought.refusal or unreadable(message) or Refusal(Text.REFUSE_EMPTY), brought
    return Addition(about.reference, text, links, brought.draft.media), brought


def not_taken(brought: Brought, given: Given) -> tuple[Line, ...]:
    """Why a message's files were not taken, where they were not."""
    why = brought.refusal
    return (line(why.why, given, **dict(why.values)),) if why else ()


def _changing(session: Session, disclosure: str, given: Given) -> Turn:
    if disclosure == "identified" and followed(session).may_change:
        return ask(changed(session, step=Step.CALLED, draft=changed(EMPTY, disclosure=disclosure)), given)
    return _changed(session, followed(session), changed(EMPTY, disclosure=disclosure), given)


def _next(session: Session, read: Draft | Refusal, given: Given) -> Turn:
    if isinstance(read, Refusal):
        return refused(session, read, given)
    if session.step is Step.CALLED:
        return ask(changed(session, step=Step.REACHED, draft=read), given)
    return _changed(session, followed(session), read, given)


def _changed(session: Session, about: About, draft: Draft, given: Given) -> Turn:
    """Somebody else from now on, as long as nobody outside holds a copy."""
    session = changed(session, step=Step.FOLLOW, draft=EMPTY)
    if not about.may_change:
        return Turn(session, again(session, (line(Text.CHANGE_TOO_LATE, given),), given))
    anonymous = draft.disclosure == "anonymous"
    change = Change(about.reference, draft.disclosure, draft.name, draft.contact, given.secret if anonymous else "")
    session = changed(session, about=changed(about, disclosure=draft.disclosure, notify=about.notify and not anonymous))
    lines: list[Line] = [line(Text.CHANGED, given, disclosure=screens.DISCLOSURES[draft.disclosure])]
    if anonymous:
        lines += [line(Text.RECEIPT_SECRET, given, secret=Ltr(given.secret)), line(Text.KEEP_SECRET, given)]
    return Turn(session, again(session, tuple(lines), given), changes=change)


def _notices(session: Session, about: About, wanted: bool, given: Given) -> Turn:
    session = changed(session, about=changed(about, notify=wanted))
    said = line(Text.NOTIFY_ON if wanted else Text.NOTIFY_OFF, given)
    return Turn(session, again(session, (said,), given), changes=Change(about.reference, notify=wanted))
