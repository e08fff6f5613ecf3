"""
Telling reporters that there is news: neutral words, in their language, in no hurry.

A notice says that a reference has news and nothing else. Where it cannot be sent (WhatsApp, a day after the last message,
without an approved template; a bot that was blocked), the news waits for the citizen's next message.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import App

from bot import templates
from bot.channel import Arrival, Button, SendFailed, Words
from bot.house import House
from bot.jobs import Patience
from bot.limits import WORKERS_SHARE
from bot.numbers import counted
from bot.queue import FILES, NOTICE, defer_notice
from bot.whatsapp import WhatsApp
from bot.wiping import said
from bot.wording import sentence
from conversations.texts import Text
from storage import db, notices, tables, tries
from storage.db import Transaction
from storage.notices import Notice, Stage

log = logging.getLogger(__name__)

OURS = 0.5  # of what the worker may call a second: cards and files have the other half
WINDOW_CLOSED = "window-closed"


def send_notice(house: House, id: UUID) -> None:
    """Send a notice if it is still owed and nobody else is at it; what does not leave is due again, or waits."""
    with tries.held_alone(house.engine, id) as ours:
        with db.begin(house.engine) as tx:
            owed = notices.begin(tx, house.vault, id, datetime.now(UTC)) if ours else None
        if owed is None:
            return
        try:
            stage = _send(house, id, owed)
        except SendFailed as failed:
            _not_sent(house, id, failed)
            return
        with db.begin(house.engine) as tx:
            notices.left(tx, id, stage, datetime.now(UTC)) if stage else notices.sent(tx, id)


def look_for_notices(house: House) -> None:
    """Defer a job for each notice that is due: so many, and so far apart, as the worker's share of the rate allows."""
    a_second = house.settings.telegram_rate * WORKERS_SHARE * OURS
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        for at, id in enumerate(tries.due(tx, tables.notices, now, max(1, int(60 * a_second)))):
            defer_notice(tx, id, now + timedelta(seconds=at / a_second))


def arrived(tx: Transaction, event: Arrival, now: datetime) -> None:
    """What became of a notice that left by WhatsApp."""
    if event.code:
        log.warning("a notice did not arrive: %s", event.code)
    notices.arrived(tx, UUID(hex=event.answer), event.code, now)


def register_notices(app: App, house: House) -> None:
    """Let the app's worker send notices. A task's name stands in the database: it keeps its meaning."""

    @app.task(name=NOTICE, queue=FILES, retry=Patience())
    def notice(row: str) -> None:
        send_notice(house, UUID(row))


@counted("notice")
def _send(house: House, id: UUID, owed: Notice) -> Stage:
    """Send it, and say whether the provider may still refuse it: `Stage.WAITING` where it may not."""
    channel = house.channels.get(owed.way.channel)
    if channel is None:
        raise SendFailed("channel-off", retry=False)
    if not isinstance(channel, WhatsApp):
        said(house, owed.way.mailbox, channel.send(owed.way.address, _words(owed.locale)))
        return Stage.WAITING
    if owed.stage is Stage.WAITING:
        try:
            channel.send_told(owed.way.address, _words(owed.locale), id.hex)
            return Stage.LEFT
        except SendFailed as failed:
            if failed.code != WINDOW_CLOSED:
                raise
    content = house.settings.twilio_templates.get(templates.notice_for(owed.locale))
    if content is None:
        raise SendFailed(WINDOW_CLOSED, retry=False)
    channel.send_content(owed.way.address, content, {}, id.hex)
    return Stage.TEMPLATE_LEFT


def _not_sent(house: House, id: UUID, failed: SendFailed) -> None:
    """Trying again later is its row's: it is due again by then."""
    log.warning("a notice did not leave: %s", failed.code)
    with db.begin(house.engine) as tx:
        if not failed.retry:
            notices.wait(tx, id, failed.code)
        elif failed.after:
            notices.later(tx, id, datetime.now(UTC) + timedelta(seconds=failed.after))


def _words(locale: str) -> Words:
    status, stop = (Button(sentence(locale, text), key) for text, key in ((Text.STATUS, "status"), (Text.HELP, "help")))
    return Words(sentence(locale, Text.NEWS), locale, commands=(status, stop))
