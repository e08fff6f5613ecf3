"""
One transcript a language in full words, for translators: `tests/transcripts/full/<language>.txt`, written by `UPDATE=1`.

Every sentence stands in it: said in a conversation where one leads to it, listed at the end where none does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache

import pytest

from bot.card_texts import CardText, PressText
from bot.channel import Button
from bot.group_texts import GroupText
from bot.wording import available, sentence, words
from conversations import territory
from conversations.labels import pressable
from conversations.model import Turn
from conversations.rights_texts import RightsText
from conversations.texts import Text
from tests.conversing import TRANSCRIPTS, Talk, desk
from tests.full_words import SAID

FULL = TRANSCRIPTS / "full"
LANGUAGES = ("ar", "zgh", "fr", "en", "es")
GREETINGS = {"ar": "السلام عليكم", "en": "Hello", "es": "Hola", "fr": "Bonjour", "zgh": "ⴰⵣⵓⵍ"}
STORIES = {
    "ar": "اشتريت هاتفا ولم يصلني شيء", "en": "I bought a phone and nothing came", "es": "Compré un teléfono y no llegó nada",
    "fr": "J’ai acheté un téléphone et rien n’est arrivé", "zgh": "ⵙⵖⵉⵖ ⵜⵜⵉⵍⵉⴼⵓⵏ, ⵓⵔ ⵉⵍⴽⵉⵎ",
}  # fmt: skip
MOST_LISTED = 39  # sentences that no conversation here leads to; if this grows, lead one there


@pytest.mark.parametrize("locale", available())
def test_translators_read_what_citizens_read(locale: str) -> None:
    now = "\n".join([*_conversations(locale), *_unsaid(locale), *_to_moderators(locale)]) + "\n"
    path = FULL / f"{locale}.txt"
    if os.environ.get("UPDATE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_conversations_lead_to_most_sentences() -> None:
    assert len(list(_unsaid("en"))) <= MOST_LISTED


def _conversations(locale: str) -> Iterator[str]:
    for said, turn in _turns(locale):
        if turn is None:
            yield f"{said}\n"
        else:
            shown = words(turn.say)
            parts = (f"> {said}\n", shown.text, _below(shown.choices), _below(shown.commands))
            yield "\n".join(part for part in parts if part) + "\n"


def _below(buttons: tuple[Button, ...]) -> str:
    """What can be pressed: in one line, or under each other where each is explained."""
    return ("\n" if any(button.hint for button in buttons) else " ").join(f"[{button}]" for button in buttons)


def _unsaid(locale: str) -> Iterator[str]:
    """What is said on other occasions, in the order of the texts."""
    turns = [turn for _, turn in _turns(locale) if turn]
    lines = [line for turn in turns for line in turn.say.lines]
    heard: set[object] = {value for line in lines for value in (line.text, *dict(line.values).values())}
    for choice in (choice for turn in turns for choice in (*turn.say.choices, *turn.say.commands)):
        heard |= {choice.label, choice.hint}
    yield "# Said on other occasions\n"
    yield from (sentence(locale, text) for text in (*Text, *RightsText) if text not in heard)


def _to_moderators(locale: str) -> Iterator[str]:
    """What the group reads: its conversations are in transcripts of their own."""
    yield "\n# Said to moderators\n"
    yield from (sentence(locale, text) for text in (*CardText, *PressText, *GroupText))


@cache
def _turns(locale: str) -> tuple[tuple[str, Turn | None], ...]:
    """What the citizen does, as it is read, and the answer; None where a conversation begins."""
    spoken, turns = Talk(), list[tuple[str, Turn | None]]()
    for line in SAID:
        if line.startswith("#"):
            spoken = Talk(language=locale, languages=LANGUAGES)
            turns.append((line, None))
        elif line.startswith("! "):
            desk(spoken.ledger, *line[2:].split())
        else:
            said = _said(line, locale, spoken)
            turns.append((_shown(said, locale), spoken.say(said)))
    return tuple(turns)


def _said(line: str, locale: str, spoken: Talk) -> str:
    """The line with its words in this language; a cry for help is the first sample of its kind."""
    samples = (TRANSCRIPTS.parent / "alarms" / f"{locale}.txt").read_text(encoding="utf-8").splitlines()
    known = dict(reversed([sample.split("\t", 1) for sample in samples if "\t" in sample]))
    known |= {"locale": locale, "greeting": GREETINGS[locale], "story": STORIES[locale]}
    known |= {"long": f"{STORIES[locale]}. " * 9, "reference": "".join([*spoken.ledger.reports][:1])}
    return re.sub("<(.+)>", lambda found: known[found[1]], line)


def _shown(said: str, locale: str) -> str:
    """A press by its label, as the citizen sees it; a very long text by its length."""
    pressed = re.fullmatch(r"\{press (.+)\}", said)
    if pressed is None:
        return said if len(said) < 500 else f"({len(said)})"
    labels = {key: territory.name(place, locale) for key, place in territory.PROVINCES.items()}
    labels |= {key: territory.name(place, locale) for key, place in territory.REGIONS.items()}
    labels |= {choice.key: sentence(locale, choice.label) for choice in pressable()}
    return f"[{labels.get(pressed[1], pressed[1])}]"
