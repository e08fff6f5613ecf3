"""
Having Twilio forget: its log keeps the text of every message, both ways, until it is told to delete it.

Two ways: all that is older than WHATSAPP_LOG_HOURS, always; and one citizen's conversation at once, where they ask for
it. Nothing is remembered of what was deleted: dying at any moment leaves the rest to be listed again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from bot.channel import SendFailed
from bot.house import House
from bot.whatsapp import WhatsApp
from bot.whatsapp_log import Logged
from storage import db, purges, tries, upkeep
from storage.purges import Purge
from storage.tables import purges as purge_rows

log = logging.getLogger(__name__)

LISTED = 500  # messages deleted before the log is looked at again
CONVERSATIONS = 20  # a minute: more wait their turn
BUDGET = 120.0  # seconds of one round: other chores want their turn
NEVER_FINISHED = timedelta(days=15)  # Twilio finishes nearly all within a minute, the rest within 14 days
NOT_FINISHED = "not-finished"
AT_ONCE = ("slow-down", "token")  # whatever is asked for next fares no better
IN_A_ROW = 3  # so many calls that failed are no trouble of single messages


def purge_log(house: House) -> None:
    """Delete what is older than WHATSAPP_LOG_HOURS from our sender's log, as much as one round has time for."""
    if not house.whatsapp:
        return
    whatsapp, began, end = house.whatsapp, datetime.now(UTC), time.monotonic() + BUDGET
    before = began - timedelta(hours=house.settings.whatsapp_log_hours)
    try:
        through = _both(lambda heard: _deleted(whatsapp, before, end, heard=heard))
    except SendFailed as failed:
        log.warning("Twilio's log was not purged: %s", failed.code)
        with db.begin(house.engine) as tx:
            upkeep.failed(tx, upkeep.PURGE, failed.code)
        return
    if through:
        with db.begin(house.engine) as tx:
            upkeep.done(tx, upkeep.PURGE, began)


def purge_conversations(house: House) -> None:
    """Delete the conversations whose next try is due, and leave to `purge_log` what had all its time."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        due = tries.due(tx, purge_rows, now, CONVERSATIONS)
        if left := purges.forget(tx, now, CONVERSATIONS):
            log.error("conversations not deleted at the provider in all the time there was: %d", left)
    for id in due:
        purge_conversation(house, id)


def purge_conversation(house: House, id: UUID) -> None:
    """Delete one conversation at the provider. What does not work is due again after a pause."""
    with tries.held_alone(house.engine, id) as ours:
        with db.begin(house.engine) as tx:
            purge = purges.begin(tx, house.vault, id, datetime.now(UTC)) if ours else None
        if purge is None:
            return
        try:
            gone = _is_gone(house, purge)
        except SendFailed as failed:
            log.warning("a conversation was not deleted at the provider: %s, try %d", failed.code, purge.attempts)
            return
        if gone:
            with db.begin(house.engine) as tx:
                purges.done(tx, id)


def _is_gone(house: House, purge: Purge) -> bool:
    """Whether nothing of it is left. Only Twilio keeps a log: elsewhere there is nothing to delete."""
    if purge.channel not in house.channels:
        raise SendFailed("channel-off", retry=True)
    if not house.whatsapp or purge.channel != house.whatsapp.name:
        return True
    whatsapp, end, before = house.whatsapp, time.monotonic() + BUDGET, {True: purge.heard, False: purge.said}
    return _both(lambda heard: _deleted(whatsapp, before[heard], end, heard=heard, address=purge.address))


def _both(delete: Callable[[bool], bool]) -> bool:
    """What was heard and what was said, though one of them does not go. Raises `SendFailed` for the first that did not."""
    done: list[bool] = []
    troubles: list[SendFailed] = []
    for heard in (True, False):
        try:
            done.append(delete(heard))
        except SendFailed as failed:
            troubles.append(failed)
            if failed.code in AT_ONCE:
                break
    if troubles:
        raise troubles[0]
    return all(done)


def _deleted(whatsapp: WhatsApp, before: datetime, end: float, *, heard: bool, address: str = "") -> bool:
    """Delete what was heard or said before a moment; whether all is gone, or without an address all that may go."""
    settled = before - NEVER_FINISHED

    def ripe(one: Logged) -> bool:
        return bool(address) or one.finished or one.sent < settled

    while True:
        found = whatsapp.logged(before, LISTED, ripe, heard=heard, address=address)
        left = _delete(whatsapp, found, end)
        if time.monotonic() >= end or (left and left == len(found) == LISTED):
            return False
        if len(found) < LISTED:
            return not (left and address)


def _delete(whatsapp: WhatsApp, found: Iterable[Logged], end: float) -> int:
    """
    Delete until the time is up; how many Twilio holds on to for now.

    One that it refuses hides none behind it. Raises `SendFailed` for the first of those, once the others have gone.
    """
    left, troubles, again = 0, list[SendFailed](), 0
    for one in found:
        if time.monotonic() >= end:
            break
        try:
            whatsapp.delete_message(one.sid)
            again = 0
        except SendFailed as failed:
            if failed.code == NOT_FINISHED:
                left += 1
                continue
            troubles.append(failed)
            again += failed.retry
            if failed.code in AT_ONCE or again == IN_A_ROW:
                break
    if troubles:
        raise troubles[0]
    return left
