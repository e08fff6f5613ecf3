"""Every screen in every language stays within its length, with the longest values that it can hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from bot import mint, operator
from bot.drafts import unchecked
from bot.whatsapp_layout import layout
from bot.wording import available, sentence, words
from conversations import engine, screens, territory, unfinished
from conversations.about import MOST_LISTED, About, Held, Holding
from conversations.categories import CATEGORIES
from conversations.codes import BITS, reference, secret
from conversations.commands import KEYS
from conversations.files import LARGEST_MB, MOST_FILES
from conversations.model import Draft, Given, Link, Media, Message, Place, Say, Session, Step
from conversations.path import ask
from conversations.say import asked, offered
from conversations.script import SCRIPT
from conversations.texts import Text

LANGUAGES = ("ar", "zgh", "fr", "en", "es")
LONGEST_FIRST_SCREEN = 700  # domain.md 17
LONGEST_SCREEN = 1024  # the body of a WhatsApp list or quick reply (platform.md C6)

every_locale = pytest.mark.parametrize("locale", available())
LINK = Link("https://" + "a" * 2000, "https://" + "a." * 19 + "b/" + "." * 30)
HUGE = (LARGEST_MB + 1) << 20
ANSWERS = (
    (Step.ACCOUNT, "A" * 500), (Step.LOSS, "L" * 500), (Step.DANGER, "yes"), (Step.ONGOING, "yes"), (Step.PLACE, "laayoune"),
)  # fmt: skip


def given(locale: str, channel: str) -> Given:
    facts = mint.facts(operator.read(), 30, 30)
    contact = "contact@observatoire-national.example.org"
    now = datetime(2026, 11, 22, tzinfo=UTC)
    waiting = unchecked(LANGUAGES)
    return Given(now, 2**BITS - 1, LANGUAGES, "O" * 40, contact, channel, facts, waiting, label=sentence)


def session(step: Step, locale: str, draft: Draft) -> Session:
    aside = Step.REVIEW if step not in SCRIPT else None
    return Session(step, locale, reference(2**50 - 1), secret(2**55 - 1), draft, aside=aside, trail=(Step.START,))


@every_locale
@pytest.mark.parametrize("channel", ["Telegram", "WhatsApp"])
@pytest.mark.parametrize("help_first", [None, *screens.HELP_FIRST.values()])
def test_the_first_screen_is_short(locale: str, channel: str, help_first: Text | None) -> None:
    real = given(locale, channel)
    for facts, most in ((replace(real, unchecked=()), LONGEST_FIRST_SCREEN), (real, LONGEST_SCREEN)):
        begun = session(Step.START, locale, Draft(details="…"))
        lines = screens.welcome(begun, facts)
        assert Text.KEPT_FIRST in [line.text for line in lines]
        if help_first:
            lines = (screens.line(help_first, facts), *lines[1:])
        shown = words(asked(begun, lines, facts))
        assert len(layout(shown) if most is LONGEST_FIRST_SCREEN else shown.text) < most


def drafts(category: str) -> Iterator[Draft]:
    """The longest of each sort: with links and without, with files, anonymous and with a name."""
    most = 0 if CATEGORIES[category].refuses_media else MOST_FILES
    media = tuple(Media("photo", f"handle {number}") for number in range(most))
    linked = Draft((LINK,) * 10, category, "W" * 3999, name="N" * 80, contact="x" * 64 + "@" + "y" * 100 + ".example")
    linked = replace(linked, answers=ANSWERS, media=media)
    yield linked
    yield replace(linked, links=(), answers=((Step.SEEN, "S" * 500), *ANSWERS))
    yield replace(linked, disclosure="identified")


def longest_sessions(locale: str) -> Iterator[Session]:
    for step, category in product(Step, ("sextortion", "scam")):
        yield session(step, locale, next(drafts(category)))
    yield replace(session(Step.ENOUGH, locale, next(drafts("sextortion"))), unfinished=True)
    for region in territory.REGIONS:
        yield session(Step.PROVINCE, locale, Draft(answers=((Step.PLACE, region),)))


def other_kinds(locale: str) -> Iterator[Session]:
    for step, category in product(Step, ("sextortion", "scam")):
        yield from (session(step, locale, draft) for draft in drafts(category))
    for step, category in product((Step.ENOUGH, Step.DETAILS, Step.REVIEW), CATEGORIES):
        yield from (session(step, locale, draft) for draft in drafts(category))


def one_refusal(begun: Session, facts: Given) -> Iterator[Say]:
    """What a step asks, and what it says again after words and a press that it does not know."""
    yield ask(begun, facts).say
    for message in (Message(text="?"), Message(choice="gone")):
        yield engine.advance(begun, message, facts).say


SAID = (
    *(Message(text=said) for said in (*KEYS, "?", "w" * 3000, "@" + "h" * 39, "AB123456", "IB-0000-0000-001", "", "Sidi")),
    Message(choice="gone"), Message(media=(Media("photo", "handle"),)), Message(media=(Media("video", "handle", HUGE),)),
    Message(place=Place(52.0, 13.0)), Message(text="?", edited=True, number="1"),
    Message(text="zgh: ira ad iyi inɣ"), Message(text="https://bit.ly/3abc"), Message(text="https://www.tiktok.com/@name"),
)  # fmt: skip


def turns(begun: Session, facts: Given) -> Iterator[Say]:
    yield ask(begun, facts).say
    pressed = (Message(choice=choice.key) for choice in offered(begun, facts))
    for message in (*SAID, *pressed):
        yield engine.advance(begun, message, facts).say
    sought = engine.advance(begun, Message(text=reference(0)), facts)
    for state in (None, "received", "closed"):
        yield engine.told(sought, state, facts).say


def rights(locale: str, facts: Given) -> list[Say]:
    """What is held, at its longest, and the questions about a report that was passed on."""
    about = About(facts.reference, "referred", "hate", "identified", "2026-11-22 09:00", referred=True)
    known = tuple(replace(about, reference=reference(number)) for number in range(MOST_LISTED))
    held = Held(
        facts.reference, "2027-11-22", named=True, files=10, additions=99, way=True, news=9, asked_until="2026-12-22"
    )
    said = []
    for step, draft in ((Step.SENT, Draft()), (Step.LINK, Draft((LINK,)))):
        asked = engine.advance(session(step, locale, draft), Message(text="/mydata"), facts)
        said.append(engine.told(asked, Holding(known, way=True, written=True, tries=True), facts).say)
    for one in (about, replace(about, disclosure="anonymous"), replace(about, referred=False)):
        begun = replace(session(Step.FOLLOW, locale, Draft()), about=one, aside=None)
        said.append(engine.told(engine.advance(begun, Message(text="/mydata"), facts), held, facts).say)
        asks = engine.advance(begun, Message(text="/delete"), facts)
        said.append(asks.say)
        said += [engine.advance(asks.session, Message(choice=choice.key), facts).say for choice in asks.say.choices]
    return said


@every_locale
def test_every_screen_is_short_with_the_longest_values(locale: str) -> None:
    facts = given(locale, "WhatsApp")
    said = [say for begun in longest_sessions(locale) for say in turns(begun, facts)]
    said += [say for begun in other_kinds(locale) for say in one_refusal(begun, facts)]
    sent = ask(session(Step.SENT, locale, Draft()), facts)
    said.append(unfinished.learnt(sent, facts.reference, facts.secret, facts).say)
    said += rights(locale, facts)
    for say in set(said):
        shown = words(say)
        assert len(shown.text) <= LONGEST_SCREEN, [line.text.name for line in say.lines]
        assert layout(shown)  # raises where the numbered form is longer than WhatsApp takes
