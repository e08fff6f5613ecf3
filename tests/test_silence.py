"""What silence means: nothing, unless it was chosen; and what is said into it tells a stranger nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from bot.wording import available, sentence, words
from conversations import unfinished
from conversations.categories import CATEGORIES
from conversations.commands import KEYS
from conversations.model import Draft, Message, Session, Step
from conversations.texts import Text
from conversations.words import meant
from tests.conversing import Talk, given

ENOUGH = ("https://example.org/a", "continue", "scam")
every_locale = pytest.mark.parametrize("locale", available())


def talked(*said: str) -> Talk:
    talk = Talk()
    for one in said:
        talk.say(one)
    return talk


def chosen(**changes: Any) -> Session:
    session = talked(*ENOUGH, "later").session
    assert session and unfinished.waits(session)
    return replace(session, **changes)


def test_silence_files_nothing_by_default_at_any_step() -> None:
    talk = Talk()
    for said in (*ENOUGH, "victim", "skip", "skip", "skip", "done", "confidential"):
        talk.say(said)
        assert talk.session and not talk.session.unfinished and not unfinished.waits(talk.session)
        turn = unfinished.abandoned(talk.session, given())
        assert turn.files is None and turn.session is None


def test_what_is_no_report_is_forgotten_all_the_same() -> None:
    for draft in (Draft(), Draft(category="hate"), Draft(links=chosen().draft.links)):
        turn = unfinished.abandoned(chosen(draft=draft), given())
        assert turn.files is None and turn.session is None


def test_what_is_remembered_after_it_was_sent_names_no_report() -> None:
    turn = unfinished.abandoned(chosen(), given())
    assert turn.files and turn.session and unfinished.learns(turn.session) and not unfinished.waits(turn.session)
    left = turn.session
    assert (left.step, left.reference, left.secret, left.draft) == (Step.SENT, "", "", Draft())
    again = unfinished.abandoned(left, given())
    assert again.files is None


def test_no_name_goes_by_silence_however_far_they_came() -> None:
    named = replace(chosen().draft, disclosure="identified", name="Amina", contact="+212612345678")
    for answered in (frozenset[Step](), frozenset({Step.NAME}), frozenset({Step.NAME, Step.CONTACT})):
        filed = unfinished.abandoned(chosen(draft=named, answered=answered), given()).files
        assert filed and (filed.draft.disclosure, filed.draft.name, filed.draft.contact) == ("anonymous", "", "")
        assert filed.secret


def test_restart_another_and_an_edit_take_the_choice_back() -> None:
    for said in ("restart", "{edit 4} it happened to me"):
        talk = talked(*ENOUGH, "later", said)
        assert talk.session and not talk.session.unfinished
    talk = talked(*ENOUGH, "later", "send", "another")
    assert talk.session and not talk.session.unfinished


def test_it_is_heard_once_with_or_without_the_codes() -> None:
    sent = unfinished.abandoned(chosen(), given()).session
    assert sent
    for codes, news in (
        (("", ""), [Text.SENT_MEANWHILE]),
        (("IB", ""), [Text.SENT_MEANWHILE, Text.RECEIPT_REFERENCE]),
        (
            ("IB", "SC"),
            [Text.SENT_MEANWHILE, Text.RECEIPT_REFERENCE, Text.RECEIPT_SECRET, Text.KEEP_SECRET],
        ),
    ):
        talk = Talk(session=sent)
        turn = unfinished.learnt(talk.say(Message(choice="help")), *codes, given())
        assert [line.text for line in turn.say.lines][: len(news)] == news
        assert turn.session and not unfinished.learns(turn.session)


@every_locale
def test_the_nudge_is_neutral_and_names_the_ways_on_and_out(locale: str) -> None:
    said = words(unfinished.nudge(chosen(locale=locale), given()))
    quoted = re.findall('[«"]([^»"]+)[»"]', said.text)
    assert [meant(word, KEYS, locale) for word in quoted] == ["help", "stop"]
    assert [button.key for button in said.commands] == ["help", "stop"] and not said.choices
    told = [sentence(locale, row.label) for row in CATEGORIES.values()] + ["example", "IB-", "SC-"]
    assert not [word for word in told if word in said.text]


@every_locale
def test_sentences_about_silence_name_what_is_pressed_or_written(locale: str) -> None:
    offer = re.findall('[«"]([^»"]+)[»"]', sentence(locale, Text.IF_SILENT))
    assert offer[0].strip() == sentence(locale, Text.SEND_IF_SILENT) and meant(offer[1], KEYS, locale) == "stop"
    (out,) = re.findall('[«"]([^»"]+)[»"]', sentence(locale, Text.SILENCE_SENDS))
    assert meant(out, KEYS, locale) == "stop"
