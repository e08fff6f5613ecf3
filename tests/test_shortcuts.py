"""What is passed over because it can change nothing does change nothing: each shortcut against the way without it."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot import wording
from bot.wording import words
from conversations import handles, identity_number
from conversations.model import Choice, Line, Say
from conversations.spotting import clean, plain
from conversations.texts import Text
from tests.test_links_properties import texts

HARD = [
    "²",
    "ﬁ",
    "１",
    "Ａ",
    "٣",
    "٤٥٦٧٨",
    "\u0301",
    "e\u0301",
    "한",
    "\u1112\u1161",
    "AB",
    "12345",
    " ",
    "\ud800",
    "ⵣ",
    "ſ",
    "½",
    "𝟙",
]


def plainly(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    if len(plain) != 1:
        return sign
    return str(unicodedata.digit(plain)) if plain.isdecimal() else plain


@given(st.lists(st.sampled_from(HARD) | st.characters(), max_size=12).map("".join))
def test_an_identity_number_is_looked_for_in_the_same_letters(said: str) -> None:
    assert identity_number._plain(said) == "".join(map(plainly, said))


@given(st.lists(st.sampled_from(HARD), max_size=12).map("".join))
def test_where_no_digit_is_no_identity_number_is(said: str) -> None:
    assert identity_number.holds(said) <= any(sign.isdecimal() for sign in identity_number._plain(said))


NAMED = [
    "@ali",
    "@name_1",
    "insta",
    "tiktok",
    "تيكتوك",
    "ف",
    "sur",
    "compte",
    "حساب",
    "x",
    "X",
    "fb",
    ":",
    "=",
    " ",
    " ",
    ".",
    "name_1",
    "whatsapp",
]


@given(st.lists(st.sampled_from(NAMED), max_size=9).map("".join) | texts)
def test_where_no_platform_is_named_no_account_is(said: str) -> None:
    readable = clean(said)
    typed = plain(readable)
    slowly = [*handles._beside_a_word(readable, typed), *handles._whatsapp_numbers(readable, typed)]
    assert list(handles.named_accounts(readable)) == slowly


@given(texts)
def test_what_can_be_printed_holds_nothing_unseen(said: str) -> None:
    assert not said.isprintable() or not {unicodedata.category(sign) for sign in said} & {"Cf", "Cc", "Cs"}


def test_what_is_a_citizens_is_not_kept_with_the_sentences() -> None:
    choices = (Choice("IB-0000-0000-000", "IB-0000-0000-000"), Choice("continue", Text.CONTINUE))
    say = Say("fr", (Line(Text.ASK_LINK),), choices)
    words(say)
    kept = wording._our_button.cache_info().currsize, wording._ours.cache_info().currsize
    first, second = Choice("IB-0000-0000-001", "IB-0000-0000-001"), Choice("continue", Text.CONTINUE)
    said = words(Say("fr", (Line(Text.ASK_LINK),), (first, second)))
    assert (wording._our_button.cache_info().currsize, wording._ours.cache_info().currsize) == kept
    assert [button.key for button in said.choices] == ["IB-0000-0000-001", "continue"]
