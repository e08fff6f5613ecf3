"""What a conversation leaves behind: how its session stands in the end, and which answers were given on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

from bot import mint, operator
from bot.wording import sentence, to_json, words
from conversations import codes, memory
from conversations.engine import advance
from conversations.model import Given, Message, Session

LOCALES = ("ar", "fr", "en", "es", "zgh")
SAID = (
    Message("hello"), Message(choice="continue"), Message("https://example.org/post"), Message(choice="scam"),
    Message(choice="send"),
)  # fmt: skip
OPEN = len(SAID) - 1  # messages of a conversation in which *send* was not said


class Talk(NamedTuple):
    """One conversation: its session as it is kept, and each answer as it is kept for the delivery's repeat."""

    session: bytes
    answers: tuple[bytes, ...]


@cache
def talk(locale: str, channel: str, messages: int) -> Talk:
    """So many messages of it, by the engine itself. Everybody's is the same: who reads it sealed cannot tell."""
    session, answers = None, list[bytes]()
    for number, message in enumerate(SAID[:messages], 1):
        turn = advance(session, replace(message, language=locale, number=str(number)), _given(locale, channel))
        session = turn.session
        answers.append(to_json(words(turn.say)))
    assert isinstance(session, Session), "the conversation has another order now: let SAID follow it"
    return Talk(memory.remember(session), tuple(answers))


def _given(locale: str, channel: str) -> Given:
    facts = mint.facts(operator.read(), 30, 30)
    return Given(
        now=datetime.now(UTC),
        drawn=1 << codes.SECRET_BITS | 1,
        languages=(locale,),
        operator="Example",
        operator_contact="desk@example.org",
        channel=mint.PLATFORMS[channel],
        facts=facts,
        label=sentence,
    )
