"""
After an outage: Twilio repeats nothing by itself, so what it received meanwhile is read from its list and answered.

Messages go through the same doors as a webhook's; one that was answered before is left alone.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.channel import Inbound, SendFailed, Words
from bot.doors import Doors, Later, OurFault
from bot.house import House
from bot.settings import Refused
from conversations.links import find_links
from conversations.words import meant
from storage import db, deliveries

log = logging.getLogger(__name__)

LONGEST = 40  # hours: what was answered is remembered for 48, and an older message would be taken for a new one
TRIES = 3
PAUSE = 2.0
FEW = 2  # words: so few answer a question and tell nothing by themselves
ANY_NUMBER = 1_000_000  # a backlog is no flood


class Reconciled(NamedTuple):
    """How many messages were missed and are answered now, how many could not be, and how many need no answer any more."""

    answered: int
    failed: int
    known: int


def reconcile(house: House, hours: int) -> Reconciled:
    """Answer what citizens wrote within the last hours and we never heard. Raises `Refused` or `SendFailed`."""
    if not house.whatsapp:
        raise Refused("TWILIO_ACCOUNT_SID is missing: WhatsApp is off")
    patient = house.operator.limits._replace(messages_a_minute=ANY_NUMBER)
    doors = Doors(replace(house, operator=replace(house.operator, limits=patient)))
    listed = house.whatsapp.messages_since(datetime.now(UTC) - timedelta(hours=hours))
    known = {inbound.delivery for inbound in listed if _is_known(house, inbound)}
    owed = _owed(listed, known)
    for inbound in listed:
        if inbound.delivery not in known and inbound not in owed:
            _pass_over(house, inbound)
    answered = sum(_answer(house, doors, inbound) for inbound in owed)
    return Reconciled(answered, len(owed) - answered, len(listed) - len(owed))


def _owed(listed: Sequence[Inbound], known: Collection[str]) -> list[Inbound]:
    """
    What is to be answered, oldest first: all that tells something by itself, and what answered the question that stands.

    A bare "2" or "send" belongs to the question that its writer saw. It still stands where nothing of theirs was answered
    since, and for the first such message alone: what they wrote after it, unheard, would meet a question they never saw.
    """
    owed = []
    heard_last = {inbound.address: at for at, inbound in enumerate(listed) if inbound.delivery in known}
    unheard = set[str]()
    for at, inbound in enumerate(listed):
        if inbound.delivery in known:
            continue
        stands = heard_last.get(inbound.address, -1) < at
        if _tells(inbound) or (stands and (inbound.address not in unheard or _ends(inbound))):
            owed.append(inbound)
        if stands:
            unheard.add(inbound.address)
    return owed


def _pass_over(house: House, inbound: Inbound) -> None:
    """It counts as heard from now on: another run must not take it for the first that was missed."""
    with db.begin(house.engine) as tx:
        deliveries.first(tx, house.vault, inbound.channel, inbound.delivery, datetime.now(UTC))


def _ends(inbound: Inbound) -> bool:
    """Whoever wrote "stop" and nothing since wants it forgotten, whatever they saw."""
    return meant(inbound.message.text, ("stop",), "") == "stop"


def _tells(inbound: Inbound) -> bool:
    """Whether a message tells something by itself, whatever was asked."""
    message = inbound.message
    return (
        bool(message.links or message.media or message.contact or find_links(message.text))
        or len(message.text.split()) > FEW
    )


def _is_known(house: House, inbound: Inbound) -> bool:
    told = (house.vault, inbound.channel, inbound.delivery)
    with db.begin(house.engine) as tx:
        return deliveries.known(tx, *told) or deliveries.is_parked(tx, *told)


def _answer(house: House, doors: Doors, inbound: Inbound) -> bool:
    """Whether it was taken and its answer has left."""
    for _ in range(TRIES):
        try:
            answer = doors.answer(inbound, repr(inbound.message).encode())
            return answer is None or _sent(house, inbound, answer.words)
        except Later as later:
            time.sleep(later.seconds)
        except OurFault:
            continue  # counted; the third one parks it
    return False


def _sent(house: House, inbound: Inbound, words: Words) -> bool:
    for attempt in range(TRIES):
        try:
            house.channels[inbound.channel].send(inbound.address, words)
            return True
        except SendFailed as failed:
            if not failed.retry or attempt == TRIES - 1:
                log.warning("an answer did not leave: %s", failed.code)
                return False
            time.sleep(failed.after or PAUSE)
    return False
