"""Very many people who report within minutes, in a queue before so many of the providers' connections."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.carriers import TELEGRAM_SECONDS, GaveUp, Line, Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan, Told
from benchmarks.lending import quantile

# What the line does to deliveries, in shares of them.
REPEATS, LOSSES = 0.05, 0.04  # brought again at once though answered; our answer lost on the way
LATE = 0.05  # brought a second time after the next one: out of order
HASTY = 0.2  # two messages at the same time: either may be first (WhatsApp alone, platform.md C4)


class Restless:
    """
    A voice on a bad line: what it says comes twice, late, or together with something else; and how long answers took.

    `unlike` counts repeats whose answer was another.
    """

    def __init__(self, voice: Telegram | Twilio, dice: random.Random, took: list[float]) -> None:
        self._voice, self._dice, self._took = voice, dice, took
        self._before: tuple[Callable[[], str], str] | None = None
        self.channel = voice.channel
        self.unlike = 0

    def say(self, text: str) -> str:
        hasty = self._in_haste() if isinstance(self._voice, Twilio) and self._dice.random() < HASTY else None
        began, bring = time.monotonic(), self._brings(text)
        heard = bring()
        self._took.append(time.monotonic() - began)
        if hasty:
            hasty.join()
        if self._before:
            self._voice.post.add("brought again after the next")
            again, answered = self._before
            self.unlike += again() != answered
        self._before = (bring, heard) if heard and self._dice.random() < LATE else None
        return heard

    def _brings(self, text: str) -> Callable[[], str]:
        """One delivery, which may be brought again: the words of its answer."""
        if isinstance(self._voice, Telegram):
            telegram, update = self._voice, self._voice.update(text)
            return lambda: telegram.words(telegram.bring(update))
        twilio, form = self._voice, self._voice.form(text)
        return lambda: twilio.words(twilio.bring(form))

    def _in_haste(self) -> threading.Thread:
        """A cry for help on its way at the same time, on a line of its own: it changes nothing but the order."""
        assert isinstance(self._voice, Twilio)
        other = Twilio(self._voice.post, self._voice.phone, random.Random(self._dice.random()))

        def ask() -> None:
            try:
                other.say("help")
            except GaveUp:
                return
            finally:
                other.close()

        self._voice.post.add("sent together with another")
        thread = threading.Thread(target=ask, daemon=True)
        thread.start()
        return thread


Voices = Callable[[random.Random, Line], Telegram | Twilio]  # a new person's, each time


class Rush:
    """The reporters, each with a voice and a plan of their own."""

    def __init__(
        self, post: Post, people: int, connections: int, seed: int, voice: Voices, plan: Callable[[random.Random], Plan]
    ) -> None:  # fmt: skip
        self.post, self._connections, self._seed = post, connections, seed
        self._voice, self._plan = voice, plan
        self.told: list[Told] = []
        self.took: list[float] = []
        self.gave_up = self.unlike = 0
        self._people: Iterator[int] = iter(range(people))
        self._lock = threading.Lock()

    def run(self, seconds: float) -> float:
        """Everybody reports; how many seconds it took. Who has not come by then gives up."""
        began = time.monotonic()
        threads = [threading.Thread(target=self._carry, daemon=True) for _ in range(self._connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, began + seconds - time.monotonic()))
        took = time.monotonic() - began
        self.post.over.set()
        for thread in threads:
            thread.join(TELEGRAM_SECONDS)
        return took

    def facts(self, seconds: float) -> dict[str, Any]:
        """What the run was like, as counts of a proof."""
        took = sorted(self.took)
        return {
            "seconds until the last receipt": round(seconds, 1),
            "reports a second": round(len(self.told) / seconds, 1),
            "turns": len(took),
            "turns a second": round(len(took) / seconds, 1),
            "milliseconds to an answer, median": round(1000 * quantile(took, 0.5), 1),
            "milliseconds to an answer, p99": round(1000 * quantile(took, 0.99), 1),
            "milliseconds to an answer, longest": round(1000 * max(took, default=0), 1),
            **{f"deliveries: {name}": count for name, count in sorted(self.post.counts.items())},
        }

    def _carry(self) -> None:
        line = Line(self.post.port, TELEGRAM_SECONDS)
        while (at := self._next()) is not None:
            dice = random.Random(f"{self._seed} {at}")
            voice = Restless(self._voice(dice, line), dice, self.took)
            try:
                self.told.append(Citizen(voice, dice).reports(self._plan(dice)))
            except GaveUp:
                self.gave_up += 1
            self.unlike += voice.unlike
        line.close()

    def _next(self) -> int | None:
        with self._lock:
            return None if self.post.over.is_set() else next(self._people, None)
