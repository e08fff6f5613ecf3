"""
What each step says: its sentences in order, with their values. The words are in `texts.py`.

Every screen stays under 1,024 characters in every language, so no screen quotes a whole link or a whole story.
"""

from __future__ import annotations

from conversations.alarms import alarm
from conversations.answers import EXAMPLE_REFERENCE
from conversations.categories import CATEGORIES
from conversations.defang import short_form
from conversations.model import Given, Line, Link, Ltr, Own, Session, Value
from conversations.texts import Text

QUOTED = 160  # characters of the citizen's own words that the review repeats

HELP_FIRST = {
    "danger": Text.HELP_DANGER, "suicide": Text.HELP_SUICIDE, "blackmail": Text.HELP_BLACKMAIL, "money": Text.HELP_MONEY,
}  # fmt: skip
DISCLOSURES = {"anonymous": Text.ANONYMOUS, "confidential": Text.CONFIDENTIAL, "identified": Text.IDENTIFIED}


def line(text: Text, given: Given, **values: Value) -> Line:
    """A sentence with the values it names: those given here, else the operator's facts."""
    known: dict[str, Value] = {
        "operator": Own(given.operator), "contact": Own(given.operator_contact), "channel": Ltr(given.channel),
        **{name: Ltr(value) for name, value in given.facts},
        **values,
    }  # fmt: skip
    return Line(text, tuple((name, known[name]) for name in sorted(known) if "{" + name + "}" in text))


def welcome(session: Session, given: Given) -> tuple[Line, ...]:
    """Who we are and what the citizen must know first; help comes before it where the first words ask for it."""
    help_first = HELP_FIRST.get(alarm(session.draft.details))
    notice = [line(text, given) for text in (Text.NOTICE_SHORT, Text.PLATFORM_KNOWS, Text.NOTICE_MORE)]
    lines = [
        line(help_first or Text.IN_DANGER, given),
        line(Text.WHO_WE_ARE, given),
        line(Text.NOT_EMERGENCY, given),
        *block(notice),
    ]
    if session.draft.links or session.draft.details:
        lines.append(line(Text.KEPT_FIRST, given))
    return tuple(lines)


def link(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_LINK, given),)


def category(session: Session, given: Given) -> tuple[Line, ...]:
    return (kept(session.draft.links, given, Text.LINK_KEPT, Text.LINKS_KEPT), line(Text.ASK_CATEGORY, given))


def enough(session: Session, given: Given) -> tuple[Line, ...]:
    door = CATEGORIES[session.draft.category].door
    return (
        *((line(door, given),) if door else ()),
        line(Text.CODES_READY, given, reference=Ltr(session.reference), secret=Ltr(session.secret)),
        line(Text.HONEST, given),
        line(Text.ASK_ENOUGH, given),
    )


def details(session: Session, given: Given) -> tuple[Line, ...]:
    kept_first = (line(Text.DETAILS_KEPT_FIRST, given),) if session.draft.details else ()
    return (line(Text.ASK_DETAILS, given), *kept_first)


def identity(session: Session, given: Given) -> tuple[Line, ...]:
    return line(Text.ASK_IDENTITY, given), line(Text.IDENTITY_MEANS, given), line(Text.PLATFORM_KNOWS, given)


def name(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_NAME, given),)


def contact(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_CONTACT, given),)


def review(session: Session, given: Given) -> tuple[Line, ...]:
    """Everything that will be sent, and the codes already: a lost receipt then loses nothing."""
    draft = session.draft
    items = [
        kept(draft.links, given, Text.REVIEW_LINK, Text.REVIEW_LINKS),
        line(Text.REVIEW_CATEGORY, given, category=CATEGORIES[draft.category].label),
        _quoted(draft.details, given),
        line(Text.REVIEW_IDENTITY, given, disclosure=DISCLOSURES[draft.disclosure]),
    ]
    if draft.disclosure == "identified":
        items.append(line(Text.REVIEW_NAME, given, name=Own(draft.name), contact=Ltr(draft.contact)))
    codes = [line(Text.REVIEW_REFERENCE, given, reference=Ltr(session.reference))]
    if draft.disclosure == "anonymous":
        codes.append(line(Text.REVIEW_SECRET, given, secret=Ltr(session.secret)))
    return line(Text.ASK_REVIEW, given), *block(items), *block(codes), line(Text.HONEST, given)


def receipt(session: Session, given: Given) -> tuple[Line, ...]:
    """The reference, the code where there is one, and what happens next."""
    anonymous = session.draft.disclosure == "anonymous"
    codes = [line(Text.RECEIPT_REFERENCE, given, reference=Ltr(session.reference))]
    if anonymous:
        codes += [line(Text.RECEIPT_SECRET, given, secret=Ltr(session.secret)), line(Text.KEEP_SECRET, given)]
    then = Text.NEXT_ANONYMOUS if anonymous else Text.NEXT_REACHABLE
    return line(Text.RECEIVED, given), *block(codes), line(then, given), line(Text.NEVER_ASKED, given)


def language(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_LANGUAGE, given),)


def reference(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_REFERENCE, given, example=EXAMPLE_REFERENCE),)


def after(session: Session, given: Given) -> tuple[Line, ...]:
    return line(Text.SENT_BEFORE, given), line(Text.ASK_AFTER, given)


def guidance(session: Session, given: Given) -> tuple[Line, ...]:
    """What *help* says."""
    lines = [line(text, given) for text in (Text.HELP_HOW, Text.HELP_WORDS, Text.HELP_STOP)]
    return line(Text.HELP_NUMBERS, given), *block(lines), line(Text.HELP_CONTACT, given)


def privacy(session: Session, given: Given) -> tuple[Line, ...]:
    """The notice of Law 09-08 behind the two lines of the first screen."""
    texts = (Text.PRIVACY_WHO, Text.PRIVACY_SEALED, Text.PRIVACY_DRAFT, Text.PRIVACY_WHERE, Text.PRIVACY_RIGHTS)
    return tuple(line(text, given) for text in texts)


def block(lines: list[Line]) -> tuple[Line, ...]:
    """Lines that stand right under each other."""
    return (*lines[:1], *(each._replace(close=True) for each in lines[1:]))


def kept(links: tuple[Link, ...], given: Given, one: Text, several: Text) -> Line:
    """Which links are kept, the last by its host and end only."""
    shown = Ltr(short_form(links[-1]))
    return line(one, given, link=shown) if len(links) == 1 else line(several, given, count=len(links), link=shown)


def _quoted(said: str, given: Given) -> Line:
    if not said:
        return line(Text.REVIEW_NO_DETAILS, given)
    if len(said) <= QUOTED:
        return line(Text.REVIEW_DETAILS, given, details=Own(said))
    return line(Text.REVIEW_DETAILS_CUT, given, details=Own(said[:QUOTED].rstrip() + "…"), count=len(said))
