"""People who report: each reads what was asked and answers it, whatever got lost on the way before."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple, Protocol

from bot.wording import available, sentence
from conversations.categories import CATEGORIES
from conversations.codes import read_reference
from conversations.texts import Text

REFERENCE = re.compile(r"IB-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3}")
SECRET = re.compile(r"SC-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
MOST_MESSAGES = 60  # answered ones in one conversation: who needs more is stuck
PHONES = "+21269385"  # what every made-up phone begins with
DISCLOSURES = ("anonymous", "confidential", "identified")

# What a screen asks, the first that stands on it: what went wrong first, then what is over, then the questions.
ASKS = (
    Text.OVERLOADED, Text.TOO_FAST, Text.OUR_FAULT, Text.RECEIVED, Text.STOPPED, Text.SENT_BEFORE, Text.ASK_REVIEW,
    Text.ASK_SENDING, Text.ASK_ENOUGH, Text.ASK_CATEGORY, Text.DETAILS_NOTED, Text.ASK_DETAILS, Text.ASK_IDENTITY,
    Text.ASK_NAME, Text.ASK_CONTACT, Text.ASK_LINK, Text.WHO_WE_ARE, Text.ASK_START, Text.HELP_HOW,
)  # fmt: skip
AGAIN = (Text.OVERLOADED, Text.TOO_FAST)
UNANSWERED = 1.0  # seconds after which a person writes again
UNKNOWN = ("skip", "1")  # what to say in turn to a question that is not in `ASKS`


class Voice(Protocol):
    """Whatever carries words: a chat on Telegram, a number on WhatsApp, doors in process."""

    @property
    def channel(self) -> str: ...

    def say(self, text: str) -> str:
        """The words of the answer, "" where none came."""


class Plan(NamedTuple):
    """What somebody is going to tell, and at which question they put the phone away ("" for none)."""

    link: str
    category: str
    details: str = ""  # empty: sent at once
    disclosure: str = "anonymous"
    name: str = ""
    contact: str = ""
    leaves: Text | None = None
    stops: bool = False  # leaves with "stop" rather than without a word


@dataclass
class Told:
    """How a conversation ended. `reference` and `secret`: those on the last screen that showed them."""

    plan: Plan
    channel: str
    reference: str = ""
    secret: str = field(default="", repr=False)
    end: str = ""  # "receipt", "filed" (its receipt was lost), "left", "stopped", "stuck"
    messages: int = 0  # those that were answered
    last: str = field(default="", repr=False)


@dataclass
class Citizen:
    """One person on one channel."""

    voice: Voice
    dice: random.Random
    thinks: float = 0.0  # seconds between two messages, on average

    def reports(self, plan: Plan) -> Told:
        """One conversation from the first word to its end."""
        told, sending = Told(plan, self.voice.channel), False
        says = plan.link if self.dice.random() < 0.5 else "hello"
        while told.messages < MOST_MESSAGES:
            heard = self._say(says, told)
            asked = asks(heard)
            if asked is Text.RECEIVED or (asked is Text.SENT_BEFORE and sending):
                told.end = "receipt" if asked is Text.RECEIVED else "filed"
                return told
            if asked and asked is plan.leaves:
                return self._leaves(told)
            if heard and asked not in AGAIN:
                says = answer(asked, plan) if asked else UNKNOWN[told.messages % 2]
            sending = sending or says == "send"
        told.end, told.last = "stuck", heard
        return told

    def can_talk(self) -> bool:
        """Whether they are still answered: nobody's session is stuck."""
        return any(holds(self.voice.say("help"), Text.HELP_HOW) for _ in range(3))

    def _say(self, says: str, told: Told) -> str:
        time.sleep(self.dice.random() * 2 * self.thinks)
        heard = self.voice.say(says)
        if heard:
            told.messages += 1
        else:
            time.sleep(UNANSWERED)
        if found := REFERENCE.search(heard):
            told.reference = read_reference(found[0])
        if found := SECRET.search(heard):
            told.secret = found[0]
        return heard

    def _leaves(self, told: Told) -> Told:
        told.end = "left"
        while told.plan.stops and asks(self._say("stop", told)) not in (Text.STOPPED, Text.WHO_WE_ARE):
            if told.messages > MOST_MESSAGES:
                told.end = "stuck"
                return told
        told.end = "stopped" if told.plan.stops else "left"
        return told


def answer(asked: Text, plan: Plan) -> str:
    """What a person with this plan says to a question."""
    said: Mapping[Text, str] = {
        Text.WHO_WE_ARE: "continue",
        Text.ASK_START: "continue",
        Text.SENT_BEFORE: "another",
        Text.ASK_LINK: plan.link,
        Text.ASK_CATEGORY: str(list(CATEGORIES).index(plan.category) + 1),
        Text.ASK_ENOUGH: "details" if plan.details else "send",
        Text.ASK_DETAILS: plan.details or "done",
        Text.DETAILS_NOTED: "done",
        Text.ASK_IDENTITY: str(DISCLOSURES.index(plan.disclosure) + 1),
        Text.ASK_NAME: plan.name or "Zahra Needle",  # an earlier conversation, left and taken up, may ask for more
        Text.ASK_CONTACT: plan.contact or f"{PHONES}0000",
        Text.ASK_REVIEW: "send",
        Text.ASK_SENDING: "send",
    }
    return said.get(asked, "hello")


def asks(heard: str) -> Text | None:
    """Which of `ASKS` a screen says, in whatever language."""
    return next((text for text, pieces in _pieces() if any(piece in heard for piece in pieces)), None)


def holds(heard: str, text: Text) -> bool:
    """Whether a screen says this one of `ASKS`."""
    return any(piece in heard for piece in dict(_pieces())[text])


@cache
def _pieces() -> tuple[tuple[Text, tuple[str, ...]], ...]:
    """Each sentence by its longest stretch without a value, in every language."""
    return tuple(
        (text, tuple({max(re.split(r"\{\w+\}", sentence(locale, text)), key=len).strip() for locale in available()}))
        for text in ASKS
    )


def plan(dice: random.Random, mark: str, link: str = "") -> Plan:
    """A made-up report, every word of which holds `mark`; one in four adds no details."""
    category = dice.choice(list(CATEGORIES))
    link = link or f"https://{dice.choice(('www.', ''))}{mark}.example.org/post/{mark}?id={dice.randrange(10**6)}"
    if dice.random() < 0.25:
        return Plan(link, category)
    disclosure = dice.choice(DISCLOSURES)
    details = f"They wrote {mark}story to my sister, {'and ' * dice.randrange(30)}every day."
    if disclosure != "identified":
        return Plan(link, category, details, disclosure)
    contact = f"{PHONES}{dice.randrange(10**4):04}" if dice.random() < 0.5 else f"{mark}@mail.example.org"
    return Plan(link, category, details, disclosure, f"Zahra {mark}name Needle", contact)
