"""What comes round by itself: looking for stale cards, forgetting what has had its time, blurring who wrote what."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from procrastinate import App

from bot.digest import give_digests, watch
from bot.evidence import release_expired
from bot.expiry import erase_due, forget_tombstones, remove_files, shred, sweep_shelf
from bot.fetching import look_for_files, withdraw_files
from bot.house import House
from bot.moderators import settle
from bot.notices import look_for_notices
from bot.presses import LET_STAND, let_stand
from bot.purge import purge_conversations, purge_log
from bot.queue import defer_card, drop_old, is_idle
from bot.reconcile import catch_up
from bot.unfinished import file_abandoned, nudge
from bot.wiping import look_for_wipes
from storage import alerts, catching_up, db, retention, upkeep
from storage.db import Away, Busy, Store

log = logging.getLogger(__name__)

KEPT_DAYS = 30  # how long `doctor` shows a job that failed


class Chore(NamedTuple):
    """`when` is a cron line. The name stands in the database: one that ever shipped keeps its meaning."""

    name: str
    when: str
    run: Callable[[House], None]


def look_for_stale(house: House) -> None:
    """Defer a job for each group that is owed something and has none on its way: the net under every other wake-up."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        settle(tx, house)
        alerts.forget_rings(tx, now)
        for group in alerts.groups_with_news(tx, now):
            if is_idle(tx, group):
                defer_card(tx, group)


def follow(house: House) -> None:
    """Let reports that joined an incident some hours ago be as far as it is."""
    more = True
    while more:
        with db.begin(house.engine) as tx:
            more = catching_up.catch_up(tx, datetime.now(UTC)) > 0


def forget(house: House) -> None:
    """Forget what has had its time, in batches; cards that lost their link are owed an edit."""
    more = True
    while more:
        with db.begin(house.engine) as tx:
            released = release_expired(tx, house, datetime.now(UTC))
            gone = retention.forget(tx, datetime.now(UTC))
            for group in gone.groups:
                defer_card(tx, group)
        more = released + gone.rows > 0


def blur(house: House, now: datetime | None = None) -> None:
    """
    Part what people wrote from who they are, in the rows and in the files.

    Rows are rewritten once an hour, however often it comes round: what is rewritten together is the crowd that a person
    stands in. Old versions are swept out of the files each time.
    """
    now, store = now or datetime.now(UTC), Store(house.engine)
    with db.begin(house.engine) as tx:
        last = upkeep.last(tx, upkeep.BLUR).done_at
    if last is None or db.hour(last) < db.hour(now):
        retention.blur(store)
        with db.begin(house.engine) as tx:
            upkeep.done(tx, upkeep.BLUR, now)
    left = retention.sweep(store)
    if left:
        log.info("not swept this time: %d", len(left))


def tidy(house: House) -> None:
    """Drop the jobs that failed long ago."""
    with db.begin(house.engine) as tx:
        drop_old(tx, KEPT_DAYS)


# Blurring is done within 20 minutes of the hour even if it once finds the database busy.
CHORES = (
    Chore("look_for_stale", "* * * * *", look_for_stale),
    Chore("look_for_files", "* * * * *", look_for_files),
    Chore("withdraw_files", "25 * * * *", withdraw_files),
    Chore("file_abandoned", "* * * * *", file_abandoned),
    Chore("nudge", "* * * * *", nudge),
    Chore("follow", "*/10 * * * *", follow),
    Chore("look_for_notices", "* * * * *", look_for_notices),
    Chore("watch", "* * * * *", watch),
    Chore("give_digests", "*/5 * * * *", give_digests),
    Chore(LET_STAND, "* * * * *", let_stand),
    Chore("look_for_wipes", "* * * * *", look_for_wipes),
    Chore("forget", "*/5 * * * *", forget),
    Chore("blur", "*/10 * * * *", blur),
    Chore("catch_up", "* * * * *", catch_up),
    Chore("remove_files", "* * * * *", remove_files),
    Chore("purge_conversations", "* * * * *", purge_conversations),
    Chore("purge_log", "5-59/10 * * * *", purge_log),
    Chore("erase_due", "40 * * * *", erase_due),
    Chore("forget_tombstones", "50 3 * * *", forget_tombstones),
    Chore("shred", "11 0-5 * * *", shred),
    Chore("sweep_shelf", "55 3 * * *", sweep_shelf),
    Chore("tidy", "17 3 * * *", tidy),
)


def register_chores(app: App, house: House) -> None:
    """Let the app's worker keep house. A chore's lock keeps one that takes long from running twice."""
    for chore in CHORES:
        task = app.task(name=chore.name, lock=chore.name)(_runs(chore, house))
        app.periodic(cron=chore.when)(task)


def _runs(chore: Chore, house: House) -> Callable[[int], None]:
    """A database that is busy or away is no failure to be kept: the chore comes round again."""

    def run(timestamp: int) -> None:
        try:
            chore.run(house)
        except (Away, Busy) as trouble:
            log.warning("%s comes round again: %s", chore.name, type(trouble).__name__)

    return run
