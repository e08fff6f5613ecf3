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

from bot.alerts import Piece, next_piece
from bot.channel import SendFailed
from bot.house import House
from bot.moderators import locale
from bot.numbers import counted
from bot.queue import absorb, defer_card
from storage import alerts, db, groups
from storage.db import Away, Busy
from storage.waking import CARD

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
    Show the group what it is owed next, if it may be called now: mostly a card that is not as it should be.

    The call stands between two transactions: dying before the second shows that piece twice, and loses none. Raises
    `SendFailed` where trying later could help.
    """
    if house.telegram is None:
        return
    with db.begin(house.engine) as tx:
        absorb(tx, group)
        now = datetime.now(UTC)
        piece = next_piece(tx, house, group, now)
        if piece is None:
            return
        turn = groups.turn(tx, group, now)
        if turn.wait:
            defer_card(tx, group, at=now + timedelta(seconds=turn.wait))
            return
    try:
        with counted("card"):
            message = piece.show(house.telegram, turn.chat, locale(house))
    except SendFailed as failed:
        _not_shown(house, group, turn.chat, piece, failed, last=attempts >= len(WAITS))
    else:
        _shown(house, group, piece, message)


def _shown(house: House, group: str, piece: Piece, message: str) -> None:
    now = datetime.now(UTC)
    try:
        with db.begin(house.engine) as tx:
            piece.shown(tx, message, now)
            if alerts.has_news(tx, group, now):
                defer_card(tx, group)
    except (Away, Busy):
        log.warning("%s shown and not recorded, it will be shown again", piece.about)
        raise


def _not_shown(house: House, group: str, chat: str, piece: Piece, failed: SendFailed, *, last: bool) -> None:
    """Record what the provider's refusal means and leave a job for what is to be done about it, or raise it again."""
    log.warning("%s not shown: %s", piece.about, failed.code)
    for_now = failed.moved_to or failed.after or failed.code == GONE
    if not (for_now or last) and (failed.retry or failed.code in NOT_THE_CARD):
        raise failed
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        if failed.moved_to:
            groups.moved(tx, chat, failed.moved_to)
        elif failed.after:
            groups.hold(tx, group, now + timedelta(seconds=failed.after))
        elif failed.code == GONE:
            piece.lost(tx)
        else:
            piece.failed(tx, failed.code, now)
        defer_card(tx, group)


def register_cards(app: App, house: House) -> None:
    """Let the app's worker show cards. Names of tasks stand in the database: one that ever shipped keeps its meaning."""

    @app.task(name=CARD, retry=Patience(), pass_context=True)
    def show(context: JobContext, group: str) -> None:
        show_next_card(house, group, context.job.attempts)
