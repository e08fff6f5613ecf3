"""Moderators who work from their group: they see messages and press what stands under them, in office hours."""

from __future__ import annotations

import itertools
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.errands import Errands
from benchmarks.provider import BotApi, Sent

BEGINS, ENDS = 8, 20  # UTC; somebody is there on every day
STUDIES = timedelta(hours=5)  # from taking a case to the next step, on average
ASKS, REFERS, CLIMBS = 0.15, 0.4, 0.5  # shares of cases
OUTCOMES = ("acted", "lawful", "insufficient", "private_dispute")
UPDATES = itertools.count(970_000_000)


@dataclass
class Moderator:
    """One of them. `groups` are the chats that they may work; what they hold is in `cases`, with what they will do."""

    id: int
    name: str
    groups: tuple[int, ...]
    dice: random.Random
    cases: dict[int, list[str]] = field(default_factory=dict)


class Staff:
    """All of them, at work. `pressed` counts presses by what they asked for."""

    def __init__(
        self, api: BotApi, errands: Errands, deliver: Callable[[dict[str, Any]], str], looks: timedelta
    ) -> None:
        self._api, self._errands, self._deliver = api, errands, deliver
        self._looks_every = looks
        self.pressed: Counter[str] = Counter()

    def hire(self, moderator: Moderator, until: datetime) -> None:
        """They look at the group every `looks`, on average, in every day's office hours, and step by step end their cases."""
        at = self._errands.timepiece.now
        while at < until:
            at += self._looks_every * moderator.dice.expovariate(1.0)
            if BEGINS <= at.hour < ENDS:
                self._errands.plan(at, lambda: self._looks(moderator))

    def _looks(self, moderator: Moderator) -> None:
        """First what needs a second person, then the gravest that nobody has: as its card's sign says."""
        for key in ("confirm", "take"):
            offered = [sent for sent in self._offering(f":{key}") if sent.chat in moderator.groups]
            if key == "confirm":
                offered = [sent for sent in offered if self._number(sent) not in moderator.cases]
            if offered:
                sent = min(offered, key=self._rank)
                number = self._number(sent)
                self._press(moderator, sent, key)
                if key == "take":
                    self._plans(moderator, number, sent)
                return

    def _offering(self, end: str) -> list[Sent]:
        """The messages that have this button; those of closed cases have none."""
        return [sent for sent, buttons in self._api.buttons.items() if any(data.endswith(end) for data in buttons)]

    def _plans(self, moderator: Moderator, number: int, sent: Sent) -> None:
        """What becomes of the case, and when: the desk reads it meanwhile."""
        dice = moderator.dice
        steps = ["ask"] if dice.random() < ASKS else []
        if dice.random() < REFERS:
            steps += ["refer", *(["informed", "instructed"] if dice.random() < CLIMBS else [])]
        moderator.cases[number] = [*steps, "close"]
        self._later(moderator, number, sent)

    def _later(self, moderator: Moderator, number: int, sent: Sent) -> None:
        at = self._errands.timepiece.now + STUDIES * moderator.dice.expovariate(1.0)
        while not BEGINS <= at.hour < ENDS:
            at += timedelta(hours=1)
        self._errands.plan(at, lambda: self._steps(moderator, number, sent))

    def _steps(self, moderator: Moderator, number: int, sent: Sent) -> None:
        """The next step of a case, in the menu where there is one."""
        steps = moderator.cases[number]
        step = steps.pop(0)
        if self._offered(sent, step):
            self._press(moderator, sent, step)
            choices = [key for key in self._keys(sent) if key.startswith(f"{step}-")]
            chosen = [key for key in choices if key.removeprefix("close-") in OUTCOMES] or choices
            if chosen:
                self._press(moderator, sent, moderator.dice.choice(chosen))
        if steps:
            self._later(moderator, number, sent)

    def _press(self, moderator: Moderator, sent: Sent, key: str) -> None:
        """Press one of a message's buttons, and wait until the card shows what came of it."""
        data = next(data for data in self._api.buttons[sent] if data.endswith(f":{key}"))
        before = self._api.buttons[sent]
        who = {"id": moderator.id, "is_bot": False, "first_name": moderator.name}
        place = {"id": sent.chat, "type": "supergroup", "title": "Desk"}
        message = {
            "message_id": sent.message,
            "date": int(self._errands.timepiece.seconds()),
            "chat": place,
            "text": "-",
        }
        query = {"id": str(next(UPDATES)), "from": who, "message": message, "chat_instance": "1", "data": data}
        self._deliver({"update_id": next(UPDATES), "callback_query": query})
        self.pressed[key.partition("-")[0]] += 1
        for _ in range(20):
            if self._api.buttons.get(sent) is not before:
                return
            self._errands.jobs(self._errands.timepiece.now + timedelta(seconds=5))

    def _keys(self, sent: Sent) -> list[str]:
        return [data.rpartition(":")[2] for data in self._api.buttons.get(sent, ())]

    def _offered(self, sent: Sent, key: str) -> bool:
        return key in self._keys(sent)

    def _number(self, sent: Sent) -> int:
        found = re.match(r"\d+:(\d+):", next(iter(self._api.buttons[sent]), ""))
        return int(found[1]) if found else 0

    def _rank(self, sent: Sent) -> tuple[int, int]:
        """The gravest first, then the oldest."""
        text = self._api.texts[sent]
        return next((at for at, sign in enumerate("●◐○") if sign in text), 3), sent.message
