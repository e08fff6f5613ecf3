"""
After an outage: Twilio repeats nothing by itself, so what it received meanwhile is read from its list and answered.

The worker looks every minute, so that nobody has to think of it. Messages go through the same doors as a webhook's; one
that was answered before is left alone. The answer is owed from the moment that the message is taken (bot/answering.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from bot.answering import send_next
from bot.channel import Inbound, SendFailed
from bot.doors import Doors, Later, OurFault, Parked
from bot.house import House
from bot.missed import missed
from bot.queue import defer_answer
from bot.settings import Refused
from bot.wording import to_json
from conversations.texts import Text
from storage import answers, db, deliveries, upkeep

log = logging.getLogger(__name__)

LONGEST = 40  # hours: what was answered is remembered for 48, and an older message would be taken for a new one
SETTLED = timedelta(seconds=60)  # Twilio's own tries, the fallback's among them, take half of it
AGAIN = timedelta(minutes=5)  # looked at once more each time: the list may show a message late
BUDGET = 45.0  # seconds of one round of the worker's; the next begins with whoever waits longest
TRIES = 3


class Reconciled(NamedTuple):
    """How many messages were missed and are answered now, how many could not be, and how many need no answer any more."""

    answered: int
    failed: int
    known: int


class Round(NamedTuple):
    """What one look at the list led to; `through` where nobody was left for the next."""

    done: Reconciled
    through: bool


class Afterwards(Doors):
    """Doors at which nobody waits: what they answer is owed by the transaction that takes the message."""

    def take(self, inbound: Inbound) -> UUID | None:
        """The mailbox in which its answer waits, if it has one. Raises `Later`, `OurFault` or `Parked`."""
        return self._guarded(inbound, repr(inbound.message).encode(), lambda: self._taken(inbound))

    def _taken(self, inbound: Inbound) -> UUID | None:
        with db.begin(self.house.engine) as tx:
            now, vault = datetime.now(UTC), self.house.vault
            if deliveries.known(tx, vault, inbound.channel, inbound.delivery):
                return None  # its webhook was later still
            said = self._receiver.receive(tx, inbound, now)
            if said is None:
                return None
            whom = (inbound.channel, inbound.delivery, inbound.address)
            mailbox = answers.put(tx, vault, *whom, to_json(said), now)
            defer_answer(tx, mailbox)
            return mailbox


def reconcile(house: House, hours: int) -> Reconciled:
    """Answer what citizens wrote within the last hours and we never heard. Raises `Refused` or `SendFailed`."""
    if not house.whatsapp:
        raise Refused("TWILIO_ACCOUNT_SID is missing: WhatsApp is off")
    now = datetime.now(UTC)
    return _look(house, now - timedelta(hours=hours), now + SETTLED, float("inf")).done


def catch_up(house: House) -> None:
    """
    Answer what was missed since everything was last answered: the worker's chore.

    Who begins with us has no past: the first time only notes when that was.
    """
    if not house.whatsapp:
        return
    began = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        last = upkeep.last(tx, upkeep.MISSED).done_at
        if last is None:
            upkeep.done(tx, upkeep.MISSED, began)
            return
    try:
        found = _look(house, max(last - AGAIN, began - timedelta(hours=LONGEST)), began - SETTLED, BUDGET)
    except SendFailed as failed:
        log.warning("Twilio's list was not read: %s", failed.code)
        with db.begin(house.engine) as tx:
            upkeep.failed(tx, upkeep.MISSED, failed.code)
        return
    if found.done.answered or found.done.failed:
        log.warning("messages that were missed: %d answered, %d not", found.done.answered, found.done.failed)
    if found.through:
        with db.begin(house.engine) as tx:
            upkeep.done(tx, upkeep.MISSED, began)


def _look(house: House, since: datetime, before: datetime, budget: float) -> Round:
    """Read the list, and answer what is owed of the time before a moment: person by person, until the time is up."""
    assert house.whatsapp
    channel, known, end = house.whatsapp.name, set[str](), time.monotonic() + budget

    def heard(sids: list[str]) -> set[str]:
        with db.begin(house.engine) as tx:
            known.update(deliveries.heard(tx, house.vault, channel, sids))
        return known

    listed = house.whatsapp.messages_since(since, heard)
    settled = [one for one in listed if one.delivery in known or (one.sent and one.sent < before)]
    doors, answered, failed, through = Afterwards(house), 0, 0, True
    for person in missed(settled, known, house.operator.limits.messages_a_minute):
        if time.monotonic() > end:
            through = False
            break
        left = sum(_answer(house, doors, inbound) for inbound in person.owed)
        _pass_over(house, person.over)
        answered, failed = answered + left, failed + len(person.owed) - left
    return Round(Reconciled(answered, failed, len(listed) - answered - failed), through and not failed)


def _pass_over(house: House, over: Iterable[Inbound]) -> None:
    """They count as heard from now on: another run must not take one of them for the first that was missed."""
    with db.begin(house.engine) as tx:
        for inbound in over:
            deliveries.first(tx, house.vault, inbound.channel, inbound.delivery, datetime.now(UTC))


def _answer(house: House, doors: Afterwards, inbound: Inbound) -> bool:
    """Whether it was taken and its answer has left; one that has not is the worker's to send."""
    for _ in range(TRIES):
        try:
            mailbox = doors.take(inbound)
            return mailbox is None or _left(house, mailbox)
        except Later as later:
            time.sleep(later.seconds)
        except OurFault:
            continue  # counted; the third one parks it
        except Parked:
            return _sorry(house, doors, inbound)
    return False


def _left(house: House, mailbox: UUID) -> bool:
    try:
        send_next(house, mailbox)
    except SendFailed:
        return False
    return True


def _sorry(house: House, doors: Afterwards, inbound: Inbound) -> bool:
    try:
        house.channels[inbound.channel].send(inbound.address, doors.say(inbound, Text.OUR_FAULT))
    except SendFailed as failed:
        log.warning("an answer did not leave: %s", failed.code)
        return False
    return True
