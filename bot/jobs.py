"""
Showing a group its next card: the job that a filed report owes.

Folding is state, not queue: a job names a group and not a card. It shows the incident that most needs it as it is now,
so that a late job shows the latest and ten thousand reports of one link are a handful of edits.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from procrastinate import App, BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.jobs import Job

from bot.cards import card
from bot.channel import SendFailed
from bot.house import House
from bot.moderators import locale
from bot.queue import CARD, absorb, defer_card
from bot.telegram import Telegram
from storage import db, groups, incidents
from storage.db import Away, Busy
from storage.incidents import Stale
from storage.standing import Standing, standing

log = logging.getLogger(__name__)

# Seconds before each further try. Telegram has been away for hours, and a small machine's line for a night: after a day
# in all the card is given up, the provider's code is kept, and the next incident has its turn.
WAITS = (1, 2, 5, 15, 60, *([300] * 288))

# Refusals that concern the bot or the group and no single card: when an operator has put them right, every card leaves.
NOT_THE_CARD = ("blocked", "chat-not-found", "conflict", "token")

GONE = "message-gone"


class Patience(BaseRetryStrategy):
    """Whatever went wrong in a job, it is tried again after the next of `WAITS`, and at last kept as failed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(WAITS):
            return None
        return RetryDecision(retry_in={"seconds": WAITS[job.attempts]})


def show_next_card(house: House, group: str, attempts: int = 0) -> None:
    """
    Show the group the most severe incident whose card is not as it should be, if the group may be called now.

    The call stands between two transactions: dying before the second shows that card twice, and loses none. Raises
    `SendFailed` where trying later could help.
    """
    if house.telegram is None:
        return
    with db.begin(house.engine) as tx:
        absorb(tx, group)
        stale = incidents.stale_next(tx, house.vault, group)
        if stale is None:
            return
        now = datetime.now(UTC)
        work = standing(tx, house.vault, stale.incident.id, now)
        turn = groups.turn(tx, group, now)
        if turn.wait:
            defer_card(tx, group, at=now + timedelta(seconds=turn.wait))
            return
    try:
        message = _show(house.telegram, turn.chat, stale, work, locale(house))
    except SendFailed as failed:
        _not_shown(house, group, turn.chat, stale, failed, last=attempts >= len(WAITS))
    else:
        _shown(house, group, stale, message)


def _show(telegram: Telegram, chat: str, stale: Stale, work: Standing, locale: str) -> str:
    """Send the card, or edit the one that is there; the number of its message."""
    text, buttons, quiet = card(stale.incident, locale, work)
    return telegram.show_card(chat, text, buttons, stale.message or None, quiet=quiet)


def _shown(house: House, group: str, stale: Stale, message: str) -> None:
    try:
        with db.begin(house.engine) as tx:
            if incidents.shown(tx, stale, message):
                defer_card(tx, group)
    except (Away, Busy):
        log.warning("incident %d: card shown and not recorded, it will be shown again", stale.incident.number)
        raise


def _not_shown(house: House, group: str, chat: str, stale: Stale, failed: SendFailed, *, last: bool) -> None:
    """Record what the provider's refusal means and leave a job for what is to be done about it, or raise it again."""
    log.warning("incident %d: card not shown: %s", stale.incident.number, failed.code)
    for_now = failed.moved_to or failed.after or failed.code == GONE
    if not (for_now or last) and (failed.retry or failed.code in NOT_THE_CARD):
        raise failed
    with db.begin(house.engine) as tx:
        if failed.moved_to:
            groups.moved(tx, chat, failed.moved_to)
        elif failed.after:
            groups.hold(tx, group, datetime.now(UTC) + timedelta(seconds=failed.after))
        elif failed.code == GONE:
            incidents.card_lost(tx, stale)
        else:
            incidents.card_failed(tx, stale, failed.code)
        defer_card(tx, group)


def register_cards(app: App, house: House) -> None:
    """Let the app's worker show cards. Names of tasks stand in the database: one that ever shipped keeps its meaning."""

    @app.task(name=CARD, retry=Patience(), pass_context=True)
    def show(context: JobContext, group: str) -> None:
        show_next_card(house, group, context.job.attempts)
