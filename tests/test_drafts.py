"""A language that no native reader has checked says so, and says the gravest sentences twice until one has signed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import mint, talk
from bot.drafts import unchecked, waits
from bot.ledger import Ledger
from bot.wording import LOCALES, sentence, translate, words
from conversations.categories import CATEGORIES
from conversations.grave import CONSENT, DANGER, GRAVE, NOTICE
from conversations.model import Given, Line, Ltr, Say, Session, Value
from conversations.rights_texts import RightsText
from conversations.screens import HELP_FIRST
from conversations.texts import Sentence, Text
from tests.conversing import FACTS, given
from tests.test_screens import LONGEST_SCREEN

OFFERED = ("zgh", "ar", "fr")
ARABIC = re.compile("[\u0600-\u06ff]{3}")


def catalogues(folder: Path, by: str, on: str) -> Path:
    """A copy of the Tamazight catalogue whose header is signed like this."""
    copy = folder / "zgh" / "LC_MESSAGES" / "iblagh.po"
    copy.parent.mkdir(parents=True)
    text = (LOCALES / "zgh" / "LC_MESSAGES" / "iblagh.po").read_text(encoding="utf-8")
    place = re.compile("^# Reviewed-By:.*\n# Review-Date:.*$", re.MULTILINE)
    assert len(place.findall(text)) == 1
    copy.write_text(place.sub(f"# Reviewed-By:{by}\n# Review-Date:{on}", text), encoding="utf-8")
    return folder


@pytest.fixture
def draft(tmp_path: Path) -> Given:
    """What a turn is given while nobody has signed."""
    return replace(given(languages=OFFERED), unchecked=unchecked(OFFERED, catalogues(tmp_path, "", "")))


@pytest.fixture
def reviewed(tmp_path: Path) -> Given:
    """What a turn is given once a reader has."""
    signed = catalogues(tmp_path, " A. Reader", " 2027-01-31")
    return replace(given(languages=OFFERED), unchecked=unchecked(OFFERED, signed))


def screens(facts: Given, *said: str) -> Iterator[tuple[set[Sentence], str]]:
    """The sentences and the words of each answer to these messages."""
    session: Session | None = None
    ledger = Ledger()
    for message in said:
        turn = talk.answer(session, replace(talk.read(message), language="zgh"), facts, ledger)
        session = turn.session
        yield {line.text for line in turn.say.lines}, words(turn.say).text


@pytest.mark.parametrize(
    ("by", "on", "still"),
    [
        ("", "", True), (" ", " ", True), (" A. Reader", "", True), ("", " 2027-01-31", True), (" A. Reader", " soon", True),
        (" A. Reader", " 2027-01-31", False),
    ],
)  # fmt: skip
def test_a_catalogue_waits_until_its_header_has_a_name_and_a_date(
    tmp_path: Path, by: str, on: str, still: bool
) -> None:
    assert waits("zgh", catalogues(tmp_path, by, on)) is still


def test_grave_words_repeat_in_arabic_or_in_french_where_it_is_not_offered(tmp_path: Path) -> None:
    folder = catalogues(tmp_path, "", "")
    assert unchecked(("fr", "zgh", "ar"), folder) == (("zgh", "ar"),)
    assert unchecked(("en", "zgh"), folder) == (("zgh", "fr"),)
    assert unchecked(("ar", "fr", "en", "es")) == ()


def test_every_turn_is_given_what_waits() -> None:
    voice = mint.Voice(OFFERED, "Example", "desk@example.org", FACTS)
    assert mint.given(voice, "telegram", datetime.now(UTC)).unchecked == unchecked(OFFERED)


def test_all_help_is_grave() -> None:
    doors = {row.door for row in CATEGORIES.values() if row.door}
    assert doors | set(HELP_FIRST.values()) <= DANGER <= GRAVE


@pytest.mark.parametrize("beside", ["ar", "fr"])
@pytest.mark.parametrize("text", [*Text, *RightsText])
def test_a_grave_sentence_stands_right_above_the_same_in_the_second_language(text: Sentence, beside: str) -> None:
    values: dict[str, Value] = {name: Ltr("19") for name in re.findall(r"\{(\w+)\}", text)}
    line = Line(text, tuple(values.items()))
    said = words(Say("zgh", (line,), beside=beside)).text
    first, second = (translate(locale, text, **values) for locale in ("zgh", beside))
    assert said == (f"{first}\n{second}" if text in GRAVE else first)
    assert words(Say("zgh", (line,))).text == first


ALL_OF_IT = (
    "ⴰⵣⵓⵍ", "{press privacy}", "{press more}", "{press help}", "{press continue}", "{press language}", "{press zgh}", "https://example.org/1",
    "{press sextortion}", "ira ad iyi inɣ", "{press later}", "{press forget}", "{press victim}", "@a on TikTok", "{press no}", "{press no}", "{press skip}",
    "{press done}", "{press anonymous}", "{press send}", "{press another}", "https://example.org/2", "{press violence}", "{press victim}",
    "{press no}", "{press skip}", "{press done}", "{press confidential}", "{press send}", "{press notify}", "{press status}", "{press mine}",
    "1", "{press edit_identity}",
)  # fmt: skip


def test_an_unread_language_says_so_where_it_begins_and_repeats_what_is_grave(draft: Given) -> None:
    said = list(screens(draft, *ALL_OF_IT))
    everything = set[Text]().union(*(texts for texts, _ in said))
    danger = {Text.HELP_DANGER, Text.IN_DANGER, Text.ASK_DANGER, Text.DOOR_SEXTORTION}
    assert everything >= NOTICE | CONSENT | danger | {Text.RECEIVED}
    assert max(len(shown) for _, shown in said) <= LONGEST_SCREEN
    assert [Text.DRAFT_LANGUAGE in texts for texts, _ in said[:8]] == [
        True,
        True,
        False,
        True,
        False,
        False,
        True,
        False,
    ]
    for texts, shown in said:
        assert bool(ARABIC.search(shown.replace("النيابة العامة", ""))) is bool(texts & GRAVE)
    assert f"{sentence('zgh', Text.NOTICE_SHORT)}\n{sentence('ar', Text.NOTICE_SHORT)}\n" in said[0][1]


def test_the_notice_comes_in_two_parts_and_the_word_for_more_means_nothing_else(draft: Given) -> None:
    first, second = list(screens(draft, "{press privacy}", "ⵓⴳⴳⴰⵔ"))
    assert {Text.PRIVACY_WHO, Text.PRIVACY_SEALED, Text.PRIVACY_GOES_ON} <= first[0]
    assert {Text.PRIVACY_DRAFT, Text.PRIVACY_WHERE, Text.PRIVACY_RIGHTS} == second[0]
    read = replace(draft, unchecked=())
    whole, other = list(screens(read, "{press privacy}", "{press more}"))
    assert {Text.PRIVACY_WHO, Text.PRIVACY_RIGHTS} <= whole[0]
    assert Text.REFUSE_BUTTON in other[0]


def test_once_read_it_speaks_for_itself(reviewed: Given) -> None:
    for texts, shown in screens(reviewed, *ALL_OF_IT):
        assert Text.DRAFT_LANGUAGE not in texts
        assert not ARABIC.search(shown.replace("النيابة العامة", ""))
