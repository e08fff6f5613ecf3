"""
After an outage: Twilio repeats nothing by itself, so what it received meanwhile is read from its list and answered.

Messages go through the same doors as a webhook's; one that was answered before is left alone.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.channel import Inbound, SendFailed, Words
from bot.doors import Doors, Later, OurFault
from bot.house import House
from bot.settings import Refused
from conversations.links import find_links
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
    answered = failed = known = 0
    for inbound in house.whatsapp.messages_since(datetime.now(UTC) - timedelta(hours=hours)):
        if _is_known(house, inbound) or not _tells(inbound):
            known += 1
        elif _answer(house, doors, inbound):
            answered += 1
        else:
            failed += 1
    return Reconciled(answered, failed, known)


def _tells(inbound: Inbound) -> bool:
    """
    Whether an old message tells something by itself. A bare "1", "send" or "stop" answered a question of its own time:
    fed into today's it could file or forget what nobody meant.
    """
    message = inbound.message
    return (
        bool(message.links or message.media or message.contact or find_links(message.text))
        or len(message.text.split()) > FEW
    )


def _is_known(house: House, inbound: Inbound) -> bool:
    told = (house.vault, inbound.channel, inbound.delivery)
    with db.begin(house.engine) as tx:
        return deliveries.kept(tx, *told, inbound.address) is not None or deliveries.is_parked(tx, *told)


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
