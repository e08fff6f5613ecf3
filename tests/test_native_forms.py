"""One rule chooses the form of an answer, and nothing native ever leaves WhatsApp's limits, in any language."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import templates
from bot.channel import Button, Words
from bot.native import Native, fitted
from bot.whatsapp_layout import LONGEST_TEXT, layout, length, messages, twiml
from bot.wording import available, from_json, sentence, to_json
from conversations.script import ASIDES, COMMANDS, SCRIPT
from simulator.twilio_content import Misfit, create, rendered
from simulator.twiml import follow

ALL = {name: f"HX{number:032d}" for number, name in enumerate(templates.NAMES)}


def words(*labels: str, text: str = "Which?", hint: str = "", **more: Any) -> Words:
    choices = tuple(Button(label, f"key_{at}", hint=hint) for at, label in enumerate(labels))
    return Words(text, "en", choices, (Button("Back", "back"), Button("Help", "help")), **more)


def form(said: Words) -> str:
    native = fitted(said, ALL)
    return native.template if native else "numbers"


# fmt: off
FORMS = (
    (words("Yes"), "quick_reply_1"),
    (words("Yes", "No", "x" * 20), "quick_reply_3"),
    (words("Yes", "No", "x" * 21), "list_3"),
    (words("Yes", "No", "x" * 24), "list_3"),
    (words("Yes", "No", "x" * 25), "numbers"),
    (words(*"abcd"), "list_4"),
    (words(*"abcdefghij"), "list_10"),
    (words(*"abcdefghijk"), "numbers"),
    (words(), "numbers"),
    (words("ⵜⴰⵎⴰⵣⵉⵖⵜ", "العربية"), "quick_reply_2"),
    (words("Yes", "No", open=True), "numbers"),
    (words("Yes", "No", last=True), "numbers"),
    (words("Yes", "No", earlier=("Before.",)), "numbers"),
    (words("Yes", "Yes"), "numbers"),
    (words(*"abcd", hint="x" * 72), "list_4"),
    (words(*"abcd", hint="x" * 73), "numbers"),
    (words("Yes", "No", text="x" * 1011), "quick_reply_2"),
    (words("Yes", "No", text="x" * 1012), "numbers"),
    (Words("Which?", "en", (Button("Share", "share", asks="contact"),)), "numbers"),
)
# fmt: on


@pytest.mark.parametrize(("said", "expected"), FORMS)
def test_the_rule(said: Words, expected: str) -> None:
    assert form(said) == expected


def test_the_longest_body_is_exactly_what_whatsapp_takes() -> None:
    native = fitted(words("Yes", "No", text="x" * 1011), ALL)
    assert native and length(native.variables["1"]) == 1024


def test_a_template_that_is_not_there_means_numbers() -> None:
    assert fitted(words("Yes", "No"), {}) is None
    assert fitted(words("Yes", "No"), {"list_2": "HX"}) is None


def test_buttons_explain_in_the_body_and_rows_beside_the_label() -> None:
    two, four = fitted(words("Yes", "No", hint="as it is"), ALL), fitted(words(*"abcd", hint="as it is"), ALL)
    assert two == Native(
        "quick_reply_2",
        {
            "1": "Which?\n\n• Yes – as it is\n• No – as it is\n\nBack · Help",
            "2": "Yes",
            "3": "key_0",
            "4": "No",
            "5": "key_1",
        },
    )
    assert four and four.variables["1"] == "Which?\n\nBack · Help"
    assert [four.variables[str(at)] for at in (2, 3, 4, 5)] == ["Choose", "a", "key_0", "as it is"]


def test_a_row_without_explanation_shows_its_number() -> None:
    native = fitted(words(*"abcd"), ALL)
    assert native and [native.variables[str(at)] for at in (5, 8, 11, 14)] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("locale", available())
def test_every_question_with_up_to_ten_choices_is_native_in_every_language(locale: str) -> None:
    for row in (*SCRIPT.values(), *ASIDES.values()):
        choices = [choice for choice in row.choices if not choice.asks]
        if not choices or row.open or len(choices) > 10:
            continue
        buttons = tuple(
            Button(sentence(locale, c.label), c.key, "", sentence(locale, c.hint) if c.hint else "") for c in choices
        )
        shown = show(Words("?", locale, buttons, tuple(Button(sentence(locale, c.label), c.key) for c in COMMANDS)))
        assert [row["id"] for row in shown] == [choice.key for choice in choices]


def show(said: Words) -> list[dict[str, str]]:
    """The buttons or rows that a phone shows, after Twilio's own checks."""
    native = fitted(said, ALL)
    assert native is not None
    kinds, sample = templates.content(native.template)
    made = create({"friendly_name": "x", "language": "en", "types": kinds, "variables": sample}, "AC", 0.0)
    _, shown = rendered(made, json.dumps(native.variables))
    return list(shown["buttons"] if "buttons" in shown else shown["list"]["items"])


LABELS = st.text(max_size=26)
CHOICES = st.lists(st.builds(Button, LABELS, LABELS, hint=st.text(max_size=75)), max_size=12).map(tuple)


@given(st.builds(Words, st.text(max_size=1100), st.sampled_from(available()), CHOICES, st.just(())))
def test_whatever_is_said_twilio_takes_what_is_native(said: Words) -> None:
    try:
        native = fitted(said, ALL)
    except ValueError:
        return  # empty, or longer than any message of ours: refused as a bug before it could be sent
    if native is not None:
        assert all(native.variables.values())
        try:
            assert len(show(said)) == len(said.choices)
        except Misfit as misfit:
            pytest.fail(f"refused: {misfit.code}")


@pytest.mark.parametrize("name", templates.NAMES)
def test_a_templates_sample_fills_every_place_in_it(name: str) -> None:
    kinds, sample = templates.content(name)
    assert set(kinds) <= {"twilio/list-picker", "twilio/quick-reply", "twilio/text"}
    assert set(re.findall(r"\{\{(\d+)}}", str(kinds))) == set(sample)
    assert all(sample.values())


def test_the_setting_survives_being_printed_and_read() -> None:
    name, _, said = templates.line(ALL).partition("=")
    assert name == "TWILIO_TEMPLATES" and dict(templates.read(said)) == ALL
    assert dict(templates.read("")) == {}
    for odd in ("list_2", "list_11:HX" + "0" * 32, "list_2:HX1", "list_2:HX" + "0" * 32 + ",", ",".join([said] * 2)):
        with pytest.raises(ValueError, match="templates create"):
            templates.read(odd)


def test_what_was_owed_rides_in_front_and_survives_being_kept() -> None:
    said = words("Yes", "No", earlier=("First.", "Second."))
    assert messages(said) == [f"First.\n\nSecond.\n\n{layout(words('Yes', 'No'))}"]
    assert from_json(to_json(said)) == said
    long = words("Yes", "No", earlier=("a" * 1000, "b" * 500, "c" * 200))
    assert [text[0] for text in messages(long)] == ["a", "c"]
    assert all(len(text) <= LONGEST_TEXT for text in messages(long))
    answer = follow(twiml(*messages(long)).encode(), "text/xml")
    assert not answer.errors and len(answer.messages) == 2


def test_answers_kept_by_the_version_before_are_still_read() -> None:
    old = to_json(words("Yes")).replace(b',"earlier":[]', b"")
    assert b"earlier" not in old and from_json(old) == words("Yes")
