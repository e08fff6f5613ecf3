"""
What comes of silence, for who chose it: one neutral nudge after an hour, the report after a day, and the news of it later.

Everybody else's silence is forgotten (domain.md 17). Each person is a transaction of their own, so that dying at any moment
files nothing twice and loses nothing.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot import filing, mint
from bot.answering import PERHAPS_LEFT
from bot.channel import Inbound, SendFailed
from bot.evidence import owe_releases
from bot.house import House
from bot.wiping import TELEGRAM, said
from bot.wording import words
from conversations import memory, unfinished
from conversations.model import Given, Message, Session, Turn
from storage import db
from storage import unfinished as waiting
from storage.db import Transaction
from storage.unfinished import Silent

log = logging.getLogger(__name__)

AT_ONCE = 500  # a minute: more wait for the next
NUDGES_AT_ONCE = 100
AGAIN = timedelta(minutes=5)  # before the next try of a nudge that did not leave


def file_abandoned(house: House, now: datetime | None = None) -> None:
    """File what has been silent for a day, where that was chosen. What is in use is passed over until the next time."""
    now = now or datetime.now(UTC)
    with db.begin(house.engine) as tx:
        due = waiting.to_file(tx, now, AT_ONCE)
    for person in due:
        with db.begin(house.engine) as tx:
            silent = waiting.take_to_file(tx, house.vault, person, now)
            if silent:
                _file(tx, house, person, silent, now)


def _file(tx: Transaction, house: House, person: UUID, silent: Silent, now: datetime) -> None:
    session, inbound = memory.recall(silent.plain), _from(silent)
    turn = unfinished.abandoned(session, _given(house, silent, now)) if session else None
    if turn and turn.files:
        filing.file(tx, house, turn.files, person, inbound, now)
        receipt = json.dumps([turn.files.reference, turn.files.secret]).encode()
        waiting.keep_receipt(tx, house.vault, inbound.channel, inbound.address, receipt, now)
    owe_releases(tx, house, inbound.channel, turn.releases if turn else (), now)
    filing.save(tx, house, person, turn.session if turn else None, inbound, now)


def nudge(house: House, now: datetime | None = None) -> None:
    """Remind once, after an hour, who chose that silence sends. At most once: a nudge that may have left is not repeated."""
    now = now or datetime.now(UTC)
    with db.begin(house.engine) as tx:
        due = waiting.to_nudge(tx, now, NUDGES_AT_ONCE)
    for person in due:
        with db.begin(house.engine) as tx:
            silent = waiting.take_nudge(tx, house.vault, person, now)
        session = memory.recall(silent.plain) if silent else None
        if silent and session and not _nudged(house, person, silent, session, now):
            with db.begin(house.engine) as tx:
                waiting.nudge_again(tx, person, now + AGAIN)


def _nudged(house: House, person: UUID, silent: Silent, session: Session, now: datetime) -> bool:
    """Whether the nudge left, or never will."""
    channel = house.channels.get(silent.then.channel)
    if channel is None:
        return True
    try:
        number = channel.send(silent.then.address, words(unfinished.nudge(session, _given(house, silent, now))))
    except SendFailed as failed:
        log.warning("a nudge did not leave: %s", failed.code)
        return not failed.retry or failed.code in PERHAPS_LEFT
    if silent.then.channel == TELEGRAM:
        said(house, person, number)
    return True


def news(tx: Transaction, house: House, inbound: Inbound, turn: Turn, given: Given) -> Turn:
    """The turn of someone who has not heard yet that silence has sent their report, with that in front."""
    kept = waiting.take_receipt(tx, house.vault, inbound.channel, inbound.address)
    reference, secret = json.loads(kept) if kept else ("", "")
    return unfinished.learnt(turn, reference, secret, given)


def _from(silent: Silent) -> Inbound:
    """What stands for the message that nobody wrote."""
    return Inbound(silent.then.channel, "", (), silent.then.address, Message())


def _given(house: House, silent: Silent, now: datetime) -> Given:
    return mint.given(house.voice, silent.then.channel, now)
