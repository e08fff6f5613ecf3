"""Words of danger bring help; everyday words, labels and addresses bring none."""

from __future__ import annotations

import re
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.wording import available, sentence
from conversations import alarms
from conversations.alarm_lists import HARMLESS, LISTS
from conversations.alarm_words import SIGNS
from conversations.alarms import alarm, beginnings, expression, lines
from conversations.fold import clean, fold
from conversations.labels import pressable

CORPUS = Path(__file__).parent / "alarms"
STRENGTH = ["suicide", "danger", "blackmail", "money"]
LONGEST_MESSAGE = 5000
SOON = 1.0  # seconds of computing; the worst message of that length takes a fifth of it


def corpus() -> list[tuple[str, str]]:
    rows = [line for path in sorted(CORPUS.glob("*.txt")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row.partition("\t")[0], row.partition("\t")[2]) for row in rows]


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.txt")), ids=lambda path: path.stem)
def test_the_corpus_is_told_apart(path: Path) -> None:
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    heard = [f"{alarm(said) or 'none'}\t{said}" for _, said in rows]
    assert heard == ["\t".join(row) for row in rows]


def test_the_corpus_is_large_and_a_third_of_it_is_harmless() -> None:
    expected = [name for name, _ in corpus()]
    assert len(expected) >= 250 and expected.count("none") * 3 >= len(expected)
    assert set(expected) == {*STRENGTH, "none"}


@pytest.mark.parametrize("locale", available())
def test_what_can_be_pressed_is_no_alarm(locale: str) -> None:
    said = [sentence(locale, text) for choice in pressable() for text in (choice.label, choice.hint) if text]
    assert {text: alarm(text) for text in said if alarm(text)} == {}


def test_the_strongest_comes_first() -> None:
    assert list(SIGNS) == STRENGTH
    told = {name: next(said for expected, said in corpus() if expected == name) for name in STRENGTH}
    assert [alarm(". ".join(told[name] for name in STRENGTH[place:])) for place in range(4)] == STRENGTH


@pytest.mark.parametrize(("expected", "said"), [row for row in corpus() if row[0] != "none"][::9])
def test_case_marks_and_invisible_signs_change_nothing(expected: str, said: str) -> None:
    assert alarm(said.upper()) == alarm(f"\u202e{said}\u2069 !!!") == alarm(said.replace(" ", " \n ")) == expected


@pytest.mark.parametrize("said", [
    "https://example.org/il-va-me-tuer", "hxxps://example[.]org/i want", "example.com/suicide?q=je-veux-mourir",
    "www.kill-me.example", "t.me/he_will_kill_me", "voir https://example.org/he/will/kill/me svp", "@he_will_kill_me ment",
])  # fmt: skip
def test_words_inside_an_address_or_a_name_do_not_count(said: str) -> None:
    assert alarm(said) == ""


def test_a_link_beside_the_words_hides_none_of_them() -> None:
    assert alarm("https://example.org/a il va me tuer https://example.org/b") == "danger"
    assert alarm("سيقتلنيhttps://example.org/a") == "danger"


@pytest.mark.parametrize(("alarming", "neighbour"), [
    ("انتحار ابني", "انتحال ابني"), ("je suis victime de viol", "je suis victime de vol"), ("yo quiero matarme", "yo quiero mater"),
    ("i was raped", "i was raps"), ("هناك قنبلة", "هناك قبلة"), ("rani ghadi nta7er", "rani ghadi nta7rek"),
    ("rani f khatar", "rani f khater"),
])  # fmt: skip
def test_one_letter_apart_is_another_word(alarming: str, neighbour: str) -> None:
    assert alarm(alarming) and not alarm(neighbour)


@given(st.text(max_size=400))
def test_any_text_is_answered(said: str) -> None:
    assert alarm(said) in ("", *STRENGTH)


@given(st.lists(st.sampled_from([word for _, said in corpus() for word in said.split()]), max_size=40))
def test_any_words_are_answered(said: list[str]) -> None:
    assert alarm(" ".join(said)) in ("", *STRENGTH)


def told_slowly(said: str) -> str:
    """`alarm` without its shortcuts: every phrase looked for everywhere."""
    typed = alarms._AS_TYPED.sub(alarms._typed, clean(said))
    chunks = [alarms._without_address(chunk) for chunk in typed.split()]
    found = alarms._WORD.findall(fold(" ".join(chunks)))
    spaced = " " + " ".join("." if word[0] in ".!?؟;؛" else word for word in found) + " "
    words = alarms._harmless().sub(" .", spaced)
    firsts = {name: alarms._pattern("|".join(map(alarms._first, lines(text)))) for name, text in SIGNS.items()}
    begun = (name for name, phrases in firsts.items() if phrases.search(words))
    return next((name for name in begun if alarms._told(name, words)), "")


WORDS = [word for _, said in corpus() for word in said.split()]
TABLE = sorted({word for text in (*SIGNS.values(), HARMLESS) for word in re.findall(r"[^\s()|?<>#]+", text)})
ODD = [
    "\u00a0",
    "\n",
    "\u202e",
    "و",
    "ف",
    "\ud800",
    "...",
    "@x",
    "https://a.b/c",
    "¨",
    "½",
    "😂",
    "www.x.y",
    "\u0301",
    "ﬁ",
    "İ",
]


@given(
    st.lists(st.sampled_from(WORDS) | st.sampled_from(TABLE) | st.sampled_from(ODD), max_size=14),
    st.sampled_from([" ", ""]),
)
def test_the_shortcuts_change_no_answer(said: list[str], between: str) -> None:
    assert alarm(between.join(said)) == told_slowly(between.join(said))


@given(st.sampled_from([said for _, said in corpus()]), st.sampled_from(TABLE), st.integers(0, 12))
def test_the_shortcuts_change_no_answer_to_a_sentence(said: str, word: str, place: int) -> None:
    words = said.split()
    words.insert(place, word)
    assert alarm(" ".join(words)) == told_slowly(" ".join(words))


def test_a_phrase_begins_with_the_words_that_it_can_begin_with() -> None:
    assert beginnings(expression("(ما ?بغيتش|ma (la )?b|x? y) ... z")) == {"ما", "مابغيتش", "ma", "x", ""}
    assert all("" not in beginnings(expression(re.split(r" \+ | unless ", row)[0])) for row in ROWS)


@pytest.mark.parametrize("piece", [
    "a", "1", ". ", "a.", "[.]", "www", "http:/", "me ", "je ne ", "i sent ", "menace photo ", "fille danger ", "و", "ⵉ", "\u064b", "😂", "\ud800",
])  # fmt: skip
def test_a_long_message_takes_no_longer_than_its_length(piece: str) -> None:
    alarm("")  # the patterns are made once
    begun = time.process_time()
    alarm((piece * LONGEST_MESSAGE)[:LONGEST_MESSAGE])
    assert time.process_time() - begun < SOON


ROWS = [row for text in (*SIGNS.values(), *LISTS.values(), HARMLESS) for row in lines(text)]


def test_the_table_is_written_in_its_notation() -> None:
    for row in ROWS:
        for phrase in re.split(r" \+ | unless ", row):
            plain = re.sub(r"<(\w+)>", lambda name: "x" if name[1] in LISTS else "?!", phrase).replace(" ... ", " ")
            assert not re.search(r"[^\w\s()|?😂🤣]|\d\?(?=\w)|\|\||\(\||\|\)(?!\?)|^\||\|$", plain), phrase
            assert not re.search(r" \((?:[^()]|\([^()]*\))*\)\?(?=$|\||\))", plain), (
                f"asks for a blank that may not be there: {phrase}"
            )
            re.compile(expression(phrase))


def test_no_row_is_found_in_everything() -> None:
    for row in ROWS:
        assert all(not re.fullmatch(expression(phrase), "") for phrase in re.split(r" \+ | unless ", row)), row


def test_every_list_is_used() -> None:
    named = set(re.findall(r"<(\w+)>", "\n".join(ROWS)))
    assert named == set(LISTS)


def test_words_of_the_corpus_cover_every_alarm_in_every_language() -> None:
    for path in CORPUS.glob("*.txt"):
        heard = {line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines()}
        assert heard == {*STRENGTH, "none"}, path.stem
    assert len(list(islice(CORPUS.glob("*.txt"), 7))) == 7
