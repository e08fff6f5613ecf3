"""
What each step says: its sentences in order, with their values. The words are in `texts.py`.

Every screen stays under 1,024 characters in every language, so no screen quotes a whole link or a whole story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from string import Formatter
from types import MappingProxyType

from conversations import territory
from conversations.answers import EXAMPLE_REFERENCE
from conversations.categories import CATEGORIES, refuses_media
from conversations.defang import short_form
from conversations.files import LARGEST_MB, MOST_FILES
from conversations.links import less_telling
from conversations.model import Choice, Draft, Given, Line, Link, Ltr, Own, Session, Step, Value
from conversations.rights_texts import RightsText
from conversations.texts import Sentence, Text

FILES: Mapping[str, Value] = MappingProxyType({"most": MOST_FILES, "megabytes": LARGEST_MB})
DONE, CLEAR = Choice("done", Text.DONE), Choice("clear", Text.CLEAR)
MORE = Choice("more", Text.MORE)  # works wherever the notice is said in two parts
QUOTED = 160  # characters of the citizen's own words that the review repeats

HELP_FIRST = {  # the most pressing first
    "suicide": Text.HELP_SUICIDE, "danger": Text.HELP_DANGER, "blackmail": Text.HELP_BLACKMAIL, "money": Text.HELP_MONEY,
}  # fmt: skip
COPYING: Mapping[str, tuple[Text, Text]] = MappingProxyType({
    "facebook": (Text.FACEBOOK, Text.COPY_FACEBOOK), "instagram": (Text.INSTAGRAM, Text.COPY_INSTAGRAM),
    "tiktok": (Text.TIKTOK, Text.COPY_TIKTOK), "youtube": (Text.YOUTUBE, Text.COPY_YOUTUBE), "x": (Text.X, Text.COPY_X),
    "telegram": (Text.TELEGRAM, Text.COPY_TELEGRAM), "whatsapp": (Text.WHATSAPP, Text.COPY_WHATSAPP),
    "snapchat": (Text.SNAPCHAT, Text.COPY_SNAPCHAT), "web": (Text.WEBSITE, Text.COPY_WEB),
})  # fmt: skip
BETTER_LINKS = {"short": Text.LINK_SHORT, "profile": Text.LINK_PROFILE}
DISCLOSURES = {"anonymous": Text.ANONYMOUS, "confidential": Text.CONFIDENTIAL, "identified": Text.IDENTIFIED}


def line(text: Sentence, given: Given, **values: Value) -> Line:
    """A sentence with the values it names: those given here, else the operator's facts."""
    if "{" not in text:
        return Line(text, ())
    names = _named(text)
    if not values.keys() >= {*names}:
        values = {
            "operator": Own(given.operator), "contact": Own(given.operator_contact), "channel": Ltr(given.channel),
            **{name: Ltr(value) for name, value in given.facts if name in names},
            **values,
        }  # fmt: skip
    return Line(text, tuple([(name, values[name]) for name in names if name in values]))


@lru_cache(maxsize=1024)  # sentences are few
def _named(text: str) -> tuple[str, ...]:
    """What stands in a sentence's braces."""
    return tuple(sorted({name for _, name, _, _ in Formatter().parse(text) if name}))


def only(text: Sentence) -> Callable[[Session, Given], tuple[Line, ...]]:
    """A screen of one sentence."""
    return lambda session, given: (line(text, given),)


link, seen, copying = only(Text.ASK_LINK), only(Text.ASK_SEEN), only(Text.ASK_COPYING)
danger, loss, ongoing, minor = only(Text.ASK_DANGER), only(Text.ASK_LOSS), only(Text.ASK_ONGOING), only(Text.ASK_MINOR)
place, province, language = only(Text.ASK_PLACE), only(Text.ASK_PROVINCE), only(Text.ASK_LANGUAGE)
name, contact = only(Text.ASK_NAME), only(Text.ASK_CONTACT)


def welcome(session: Session, given: Given) -> tuple[Line, ...]:
    """Who we are and what the citizen must know first; help comes before it where the first words ask for it."""
    help_first = next((text for key, text in HELP_FIRST.items() if key in session.warned), None)
    notice = [line(text, given) for text in (Text.NOTICE_SHORT, Text.PLATFORM_KNOWS, Text.NOTICE_MORE)]
    lines = [
        line(help_first or Text.IN_DANGER, given),
        line(Text.WHO_WE_ARE, given),
        line(Text.NOT_EMERGENCY, given),
        *block(notice),
        *unchecked(session, given),
    ]
    if session.draft.links or session.draft.details or session.draft.media:
        lines.append(line(Text.KEPT_FIRST, given))
    return tuple(lines)


def unchecked(session: Session, given: Given) -> tuple[Line, ...]:
    """That no native reader has checked this language yet, where it is so."""
    return (line(Text.DRAFT_LANGUAGE, given),) if session.locale in dict(given.unchecked) else ()


def category(session: Session, given: Given) -> tuple[Line, ...]:
    """What was kept, what link would help more, and the question."""
    links = session.draft.links
    if not links:
        return (line(Text.ASK_CATEGORY, given),)
    better = BETTER_LINKS.get(less_telling(links[-1]))
    advice = (line(better, given),) if better else ()
    return kept(links, given, Text.LINK_KEPT, Text.LINKS_KEPT), *advice, line(Text.ASK_CATEGORY, given)


def enough(session: Session, given: Given) -> tuple[Line, ...]:
    door = CATEGORIES[session.draft.category].door
    return (
        *((line(door, given),) if door else ()),
        line(Text.CODES_READY, given, reference=Ltr(session.reference), secret=Ltr(session.secret)),
        line(Text.HONEST, given),
        line(Text.SILENCE_SENDS if session.unfinished else Text.IF_SILENT, given),
        line(Text.ASK_ENOUGH, given),
    )


def account(session: Session, given: Given) -> tuple[Line, ...]:
    text = CATEGORIES[session.draft.category].account
    return (line(text, given),) if text else ()


def regions(session: Session) -> tuple[Choice, ...]:
    """The twelve regions, in the citizen's language."""
    return _regions(session.locale)


@lru_cache(maxsize=16)
def _regions(locale: str) -> tuple[Choice, ...]:
    return tuple(Choice(key, territory.name(region, locale)) for key, region in territory.REGIONS.items())


def provinces(session: Session) -> tuple[Choice, ...]:
    """The prefectures and provinces of the region that was chosen."""
    inside = territory.of_region(session.draft.answer(Step.PLACE))
    return tuple(Choice(province.key, territory.name(province, session.locale)) for province in inside)


def details(session: Session, given: Given) -> tuple[Line, ...]:
    kept_first = (line(Text.DETAILS_KEPT_FIRST, given),) if session.draft.details else ()
    files = () if refuses_media(session.draft) else (line(Text.ASK_DETAILS_FILES, given, **FILES),)
    return (line(Text.ASK_DETAILS, given), *files, *kept_first)


def finishing(session: Session) -> tuple[Choice, ...]:
    """Done; and what was written or sent can be taken back, once there is something."""
    return (DONE, CLEAR) if session.draft.details or session.draft.media else (DONE,)


def identity(session: Session, given: Given) -> tuple[Line, ...]:
    return line(Text.ASK_IDENTITY, given), line(Text.IDENTITY_MEANS, given), line(Text.PLATFORM_KNOWS, given)


def review(session: Session, given: Given) -> tuple[Line, ...]:
    """Everything that will be sent, and the codes already: a lost receipt then loses nothing."""
    draft = session.draft
    items = [
        _what(draft, given),
        line(Text.REVIEW_CATEGORY, given, category=CATEGORIES[draft.category].label),
        _quoted(draft.details, given),
        *_besides(draft, session.locale, given),
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


def reference(session: Session, given: Given) -> tuple[Line, ...]:
    return (line(Text.ASK_REFERENCE, given, example=EXAMPLE_REFERENCE),)


def after(session: Session, given: Given) -> tuple[Line, ...]:
    return line(Text.SENT_BEFORE, given), line(Text.ASK_AFTER, given)


def guidance(session: Session, given: Given) -> tuple[Line, ...]:
    """What *help* says."""
    lines = [line(text, given) for text in (Text.HELP_HOW, Text.HELP_WORDS, Text.HELP_STOP, RightsText.HELP_ERASE)]
    return line(Text.HELP_NUMBERS, given), *block(lines), line(Text.HELP_CONTACT, given), *unchecked(session, given)


def privacy(session: Session, given: Given) -> tuple[Line, ...]:
    """The notice of Law 09-08 behind the two lines of the first screen."""
    return (*notice_begins(session, given), *notice_ends(given))


def notice_begins(session: Session, given: Given) -> tuple[Line, ...]:
    """Its first part: who is responsible, and what is readable where."""
    return (
        *unchecked(session, given),
        *(line(text, given) for text in (Text.PRIVACY_WHO, Text.PRIVACY_SEALED)),
    )


def notice_ends(given: Given) -> tuple[Line, ...]:
    """Its second part: how long, who else, and the citizen's rights."""
    return tuple(line(text, given) for text in (Text.PRIVACY_DRAFT, Text.PRIVACY_WHERE, Text.PRIVACY_RIGHTS))


def block(lines: list[Line]) -> tuple[Line, ...]:
    """Lines that stand right under each other."""
    return (*lines[:1], *(each._replace(close=True) for each in lines[1:]))


def kept(links: tuple[Link, ...], given: Given, one: Text, several: Text) -> Line:
    """Which links are kept, the last by its host and end only."""
    shown = Ltr(short_form(links[-1]))
    return line(one, given, link=shown) if len(links) == 1 else line(several, given, count=len(links), link=shown)


def _what(draft: Draft, given: Given) -> Line:
    if draft.links:
        return kept(draft.links, given, Text.REVIEW_LINK, Text.REVIEW_LINKS)
    return line(Text.REVIEW_SEEN, given, seen=Own(_cut(draft.answer(Step.SEEN))))


def _besides(draft: Draft, locale: str, given: Given) -> list[Line]:
    """What else was answered: the place by its name, the rest by count, for the screen is small."""
    where = draft.answer(Step.PLACE)
    others = [key for key, _ in draft.answers if key not in (Step.SEEN, Step.PLACE)]
    lines = [line(Text.REVIEW_ANSWERS, given, count=len(others))] if others else []
    if where:
        known = territory.PROVINCES.get(where) or territory.REGIONS.get(where)
        lines.append(line(Text.REVIEW_PLACE, given, place=Own(territory.name(known, locale)) if known else Text.ABROAD))
    return [*lines, *([line(Text.REVIEW_FILES, given, count=len(draft.media))] if draft.media else [])]


def _cut(said: str) -> str:
    return said if len(said) <= QUOTED else said[:QUOTED].rstrip() + "…"


def _quoted(said: str, given: Given) -> Line:
    if not said:
        return line(Text.REVIEW_NO_DETAILS, given)
    if len(said) <= QUOTED:
        return line(Text.REVIEW_DETAILS, given, details=Own(said))
    return line(Text.REVIEW_DETAILS_CUT, given, details=Own(_cut(said)), count=len(said))
