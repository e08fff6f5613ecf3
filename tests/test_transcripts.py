"""Every transcript is what the conversation does today, and together they show what was asked to be seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from conversations.categories import CATEGORIES
from conversations.model import Step
from tests.conversing import TRANSCRIPTS, Talk, replay, settings_of

FILES = sorted(TRANSCRIPTS.glob("*.txt"))
LANGUAGES = ("ar", "zgh", "fr", "en", "es")
CHANNELS = ("Telegram", "WhatsApp")
LEAST_LANGUAGES = 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path) -> None:
    now = replay(path)
    if os.environ.get("UPDATE"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


class Filed(NamedTuple):
    """What was filed by a transcript, and whether it passed every question from the greeting to the review."""

    transcript: str
    category: str
    locale: str
    channel: str
    whole: bool


@cache
def filed() -> tuple[Filed, ...]:
    return tuple(one for path in FILES for one in _filed(path))


def _filed(path: Path) -> Iterator[Filed]:
    lines, spoken = path.read_text(encoding="utf-8").splitlines(), Talk()
    passed = set[Step]()
    for line in lines:
        if line.startswith("@ "):
            spoken = settings_of(line)
        if line.startswith("> "):
            passed |= {spoken.session.step} if spoken.session else set()
            turn = spoken.say(line[2:])
            if turn.files:
                whole = {Step.START, Step.LINK, Step.PLACE, Step.DETAILS, Step.IDENTITY, Step.REVIEW} <= passed
                yield Filed(path.stem, turn.files.draft.category, turn.files.locale, spoken.channel, whole)


@pytest.mark.parametrize("category", CATEGORIES)
def test_each_branch_is_shown_to_its_end_in_two_languages(category: str) -> None:
    shown = {one.locale for one in filed() if one.category == category and one.transcript.startswith("branch_")}
    assert len(shown) >= LEAST_LANGUAGES, shown


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("locale", LANGUAGES)
def test_each_language_is_shown_from_end_to_end_on_both_channels(locale: str, channel: str) -> None:
    assert any((one.locale, one.channel, one.whole) == (locale, channel, True) for one in filed())


def test_whatever_is_called_a_branch_or_whole_is_filed() -> None:
    """A label that changed would else leave a conversation standing at a refusal, as golden as any other."""
    named = {path.stem for path in FILES if path.stem.startswith(("branch_", "whole_"))}
    assert named == {one.transcript for one in filed() if one.transcript in named}


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 80
