"""
Deleting a conversation where it took place: what the citizen wrote on Telegram by the bot, Twilio's copies at Twilio.

A Telegram bot may delete what was written to it within 48 hours. Its own answers rode back on the webhook's response and
have no number that we know, so they stay: the citizen is told how to delete them (docs/adr/0015-rights.md).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import App

from bot.channel import Inbound, SendFailed
from bot.house import House
from bot.queue import FILES, WIPE, defer_file
from conversations.model import Turn
from storage import chats, db, purges, tries
from storage.db import Away, Busy, Transaction
from storage.tables import wipes

log = logging.getLogger(__name__)

TELEGRAM, WHATSAPP = "telegram", "whatsapp"
CALLS = 30  # a minute, of a hundred messages each: cards and files have the rest of the worker's share
OURS = ("token", "conflict")  # what an operator can put right; any other refusal stays
TOO_OLD = "too-old"


def heard(tx: Transaction, house: House, person: UUID, turn: Turn, inbound: Inbound, now: datetime) -> str:
    """What a message means for the chat that it came in: all numbers are owed deletion, or the one to be remembered is told."""
    number = inbound.message.number
    if turn.wipes:
        _wipe(tx, house, person, inbound, now)
        return ""
    return number if inbound.channel == TELEGRAM and not inbound.message.edited and turn.session else ""


def said(house: House, whose: UUID, number: str) -> None:
    """Remember the number of what the worker has written on Telegram, to a person by their id or their mailbox."""
    with suppress(Away, Busy), db.begin(house.engine) as tx:  # else that message stays: better than a second one
        chats.said(tx, house.vault, whose, number, datetime.now(UTC))


def wipe(house: House, id: UUID) -> None:
    """Delete up to a hundred messages of one chat. Dying at any moment leaves a row that is due again."""
    with tries.held_alone(house.engine, id) as ours:
        with db.begin(house.engine) as tx:
            owed = chats.begin(tx, house.vault, id, datetime.now(UTC)) if ours else None
        if owed is None or house.telegram is None:
            return
        try:
            house.telegram.delete_all(owed.address, owed.numbers)
        except SendFailed as failed:
            log.warning("a chat was not cleared: %s, try %d", failed.code, owed.attempts)
            if failed.retry or failed.code in OURS:
                _later(house, id, failed.after)
                return
            halves = _halves(owed.numbers) if failed.code == TOO_OLD else ()
        else:
            halves = ()
        with db.begin(house.engine) as tx:
            chats.done(tx, id)
            for numbers in halves:
                _owe(tx, house, owed.address, numbers, datetime.now(UTC))


def look_for_wipes(house: House) -> None:
    """Defer jobs for what is due again, and end what has had its time."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        for id in tries.due(tx, wipes, now, CALLS):
            defer_file(tx, WIPE, id)
        if left := chats.forget(tx, now, CALLS):
            log.error("chats not cleared in all the time there was: %d", left)


def register_wipes(app: App, house: House) -> None:
    """Let the app's worker clear chats. A task's name stands in the database: it keeps its meaning."""

    @app.task(name=WIPE, queue=FILES)
    def clear(row: str) -> None:
        try:
            wipe(house, UUID(row))
        except (Away, Busy) as trouble:  # the row is due again by itself
            log.warning("a chat waits for the database: %s", type(trouble).__name__)


def _wipe(tx: Transaction, house: House, person: UUID, inbound: Inbound, now: datetime) -> None:
    numbers = {*chats.take(tx, house.vault, person, now), inbound.message.number} - {""}
    if inbound.channel == TELEGRAM:
        _owe(tx, house, inbound.address, sorted(numbers), now)
    elif inbound.channel == WHATSAPP:
        purges.owe(tx, house.vault, WHATSAPP, inbound.address, now)


def _owe(tx: Transaction, house: House, address: str, numbers: Sequence[str], now: datetime) -> None:
    for id in chats.owe(tx, house.vault, TELEGRAM, address, numbers, now):
        defer_file(tx, WIPE, id)


def _halves(numbers: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """One message that is too old makes Telegram refuse them all: halved until only it is left."""
    middle = len(numbers) // 2
    return (numbers[:middle], numbers[middle:]) if middle else ()


def _later(house: House, id: UUID, seconds: float) -> None:
    if seconds:
        with db.begin(house.engine) as tx:
            chats.later(tx, id, datetime.now(UTC) + timedelta(seconds=seconds))
