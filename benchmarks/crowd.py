"""Many citizens at once on both channels, each in a thread, reporting until it is enough."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from benchmarks.carriers import Post, Telegram, Twilio
from benchmarks.citizens import PHONES, Citizen, Plan, Told, plan
from benchmarks.processes import Town
from conversations.texts import Text

FIRST_PERSON = 7_129_385_000  # Telegram ids
LANGUAGES = ("ar", "fr", "en", "")
LEAVES = (Text.ASK_CATEGORY, Text.ASK_ENOUGH, Text.ASK_IDENTITY, Text.ASK_REVIEW)


class Crowd:
    """The citizens, each in a thread of their own, reporting again and again until told that it is enough."""

    def __init__(
        self,
        post: Post,
        telegram: int,
        whatsapp: int,
        seed: int,
        thinks: float = 0.1,
        plans: Callable[[random.Random], Plan] | None = None,
    ) -> None:
        self.post, self._plans = post, plans or _plan
        self.enough = threading.Event()
        self.told: list[Told] = []
        self.bugs: list[BaseException] = []
        dice = random.Random(seed)
        self.citizens = [
            Citizen(
                Telegram(self.post, FIRST_PERSON + at, dice.choice(LANGUAGES), random.Random(dice.random())),
                random.Random(dice.random()),
                thinks,
            )
            for at in range(telegram)
        ] + [
            Citizen(
                Twilio(self.post, f"{PHONES}{at:04}", random.Random(dice.random())),
                random.Random(dice.random()),
                thinks,
            )
            for at in range(whatsapp)
        ]
        self._threads = [threading.Thread(target=self._live, args=(one,), daemon=True) for one in self.citizens]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def finish(self, town: Town, seconds: float) -> bool:
        """Let everybody end the conversation they are in; whether they all did in time."""
        self.enough.set()
        deadline = time.monotonic() + seconds
        while any(thread.is_alive() for thread in self._threads) and time.monotonic() < deadline:
            town.tend()
            time.sleep(0.1)
        self.post.over.set()
        for thread in self._threads:
            thread.join(30)
        return not self.bugs and time.monotonic() < deadline

    def _live(self, citizen: Citizen) -> None:
        try:
            while not self.enough.is_set():
                self.told.append(citizen.reports(self._plans(citizen.dice)))
        except BaseException as bug:  # noqa: BLE001 - told to the main thread, where it fails the proof
            self.bugs.append(bug)


def _plan(dice: random.Random) -> Plan:
    """One in five puts the phone away before the end."""
    made = plan(dice, "chaos" + "".join(dice.choices("abcdefghij", k=6)))
    if dice.random() < 0.8:
        return made
    return made._replace(leaves=dice.choice(LEAVES), stops=dice.random() < 0.5)
