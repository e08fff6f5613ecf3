"""
Behind the doors: what an event leads to, whose fault it is when it fails, and when it may come again.

Somebody else's fault is `Later`: the provider repeats. Our own is counted; the third time the delivery is parked sealed and
answered with a sentence, because a message that is never accepted holds up its chat for a day (platform.md A2).
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bot import answering, group_commands, mint, moderators, notices, presses
from bot.channel import Arrival, Asked, Blocked, Button, Event, Inbound, Moved, Press, Stranger, Words
from bot.group_commands import Answered
from bot.house import House
from bot.limits import WORKERS_SHARE, Bucket, Persons, Room
from bot.receive import Receiver
from bot.wording import sentence
from conversations.locale import guess
from conversations.texts import Text
from storage import db, deliveries
from storage.db import Away, Busy, Rejected
from storage.embedded import NoDatabase

if TYPE_CHECKING:
    from bot.exchange import Reply
    from bot.telegram import Telegram

log = logging.getLogger(__name__)
Result = TypeVar("Result")

TROUBLE = (Busy, Away, NoDatabase)  # the database's, not ours: it passes
FULL = 2  # seconds after which somebody who found no room may try again
SAVED_UP = 2.0  # seconds' worth of answers that may go out at once


class Later(Exception):
    """Not now: the provider should bring it again after `seconds`. `why` is one word."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.why, self.seconds = why, seconds


class OurFault(Exception):
    """A bug of ours, counted and undone: the provider should bring it again."""


class Parked(Exception):
    """It failed three times: it is kept sealed, and the chat goes on."""


class Answer(NamedTuple):
    """The words for a citizen, and the response on which they ride back."""

    words: Words
    reply: Reply


class Doors:
    """What an event leads to. One for each web process."""

    def __init__(self, house: House) -> None:
        self.house = house
        rate = house.settings.telegram_rate * (1 - WORKERS_SHARE) / house.settings.web_workers
        self._answers = Bucket(rate, max(1.0, rate * SAVED_UP))
        self._persons = Persons(house.operator.limits.messages_a_minute)
        self._room = Room()
        self._receiver = Receiver(house)

    def admit(self) -> None:
        """Before any work: raises `Later` while this process is full, or has given out its share of Telegram's rate."""
        if self._room.full:
            raise Later("full", FULL)
        if wait := self._answers.take():
            raise Later("rate", wait)

    def answer(self, inbound: Inbound, raw: bytes) -> Answer | None:
        """What answers a citizen's message. Raises `Later` or `OurFault`."""
        with self._persons.under_way(inbound.address) as allowed:
            if not allowed:
                raise Later("crowd", 1)
            if self._persons.take(inbound.address):
                return self._laid_out(inbound, self.say(inbound, Text.TOO_FAST))
            return self._answered(inbound, raw)

    def lead(self, telegram: Telegram, event: Event, raw: bytes) -> Reply:
        """What goes back to Telegram for anything it brings. Raises `Later`, `OurFault` or `Parked`."""
        if isinstance(event, Inbound):
            answer = self.answer(event, raw)
            return answer.reply if answer else telegram.nothing()
        if isinstance(event, Press):
            return telegram.acknowledge(event, self.pressed(event, raw))
        if isinstance(event, Asked):
            told = self.asked(event, raw)
            return telegram.answer(event, told.text, told.under) if told else telegram.nothing()
        if isinstance(event, Stranger):
            return telegram.leave(event) if self.strange(event, raw) else telegram.nothing()
        self.noted(event, raw)
        return telegram.nothing()

    def pressed(self, press: Press, raw: bytes) -> str:
        """The words for who pressed a button in a group. Raises `Later`, `OurFault` or `Parked`."""
        return self._guarded(press, raw, lambda: presses.pressed(self.house, press))

    def asked(self, event: Asked, raw: bytes) -> Answered | None:
        """What a command in a group is answered, None for silence. Raises `Later`, `OurFault` or `Parked`."""
        return self._guarded(event, raw, lambda: group_commands.answer(self.house, event))

    def noted(self, event: Moved | Blocked | Arrival, raw: bytes) -> None:
        """Something to remember and not to answer. Raises `Later` or `OurFault`."""
        self._guarded(event, raw, lambda: self._note(event))

    def strange(self, event: Stranger, raw: bytes) -> bool:
        """Whether to leave a group that is not ours. Raises `Later` or `OurFault`."""
        return self._guarded(event, raw, lambda: moderators.stranger(self.house, event))

    def say(self, inbound: Inbound, text: Text) -> Words:
        """One sentence that needs no database, in the language that the message itself suggests."""
        given = mint.given(self.house.voice, inbound.channel, datetime.now(UTC))
        locale = guess(inbound.message, given)
        return Words(sentence(locale, text), locale, commands=(Button(sentence(locale, Text.HELP), "help"),))

    def _answered(self, inbound: Inbound, raw: bytes) -> Answer | None:
        try:
            return self._guarded(inbound, raw, lambda: self._received(inbound))
        except Parked:
            return self._laid_out(inbound, self.say(inbound, Text.OUR_FAULT))

    def _received(self, inbound: Inbound) -> Answer | None:
        """What cannot be laid out must fail before anything is kept."""
        with db.begin(self.house.engine) as tx:
            said = self._receiver.receive(tx, inbound, datetime.now(UTC))
            return self._laid_out(inbound, said) if said else None

    def _laid_out(self, inbound: Inbound, said: Words) -> Answer:
        return Answer(said, self.house.channels[inbound.channel].reply(inbound, said))

    def _note(self, event: Moved | Blocked | Arrival) -> None:
        if isinstance(event, Moved):
            moderators.moved(self.house, event)
            return
        with db.begin(self.house.engine) as tx:
            if isinstance(event, Arrival):
                (notices if event.of_notice else answering).arrived(tx, event, datetime.now(UTC))
            else:
                self._receiver.blocked(tx, event)

    def _guarded(self, event: Event, raw: bytes, work: Callable[[], Result]) -> Result:
        """Once more after a deadlock or a long wait; `Later` while full or without database; our own bugs counted."""
        with self._room.place() as ours:
            if not ours:
                raise Later("full", FULL)
            return self._worked(event, raw, work)

    def _worked(self, event: Event, raw: bytes, work: Callable[[], Result]) -> Result:
        try:
            try:
                return work()
            except Busy:
                return work()
        except TROUBLE as trouble:
            raise Later(type(trouble).__name__.lower(), 2) from None
        except Exception as bug:  # noqa: BLE001 - whatever it is, it is undone, counted and brought again
            raise self._failed(event, raw, bug) from None

    def _failed(self, event: Event, raw: bytes, bug: Exception) -> Exception:
        """Log where it broke and nothing of what was said; count it; park it the third time."""
        where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in _frames(bug))
        log.error("a delivery failed: %s at %s", type(bug).__name__, where)
        try:
            with db.begin(self.house.engine) as tx:
                known = (tx, self.house.vault, event.channel, event.delivery, type(bug).__name__, raw)
                attempts = deliveries.failed(*known, datetime.now(UTC))
        except (*TROUBLE, Rejected):
            return OurFault()
        return Parked() if attempts >= deliveries.TRIES else OurFault()


def _frames(bug: Exception) -> list[traceback.FrameSummary]:
    """The innermost places of ours, which quote nothing: the exception's own text might."""
    return traceback.extract_tb(bug.__traceback__, limit=-4)[::-1]
