"""
What has had its time: reports whose day has come, their files on the shelf, tombstones that no backup needs any more.

Each batch is a transaction of its own, and what it leaves to be done stands in the database: dying at any moment
loses nothing, and the next run goes on.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from bot.house import House
from storage import db, erasing, keeping, orphans, referrals, shredding, tombstones, upkeep
from storage.orphans import NotOurs

log = logging.getLogger(__name__)

DATED = 2_000  # reports whose day is reckoned in one transaction
FOUND = 2_000  # due ones that are looked for at once
ERASED = 50  # their incidents are locked together, so that a moderator waits for some milliseconds
FILES = 200
TOMBSTONES = 5_000
ONE_NIGHT = timedelta(hours=12)
MARGIN = timedelta(days=7)  # a backup is deleted some time after it has expired


def erase_due(house: House) -> None:
    """Erase the reports whose day has come, once each has its day; where they went to goes with an incident's last."""
    now = datetime.now(UTC)
    gone = erased(house, now)
    with db.begin(house.engine) as tx:
        referrals.forget(tx)
    if gone:
        log.info("reports erased because their time was over: %d", gone)


def erased(house: House, now: datetime) -> int:
    """How many reports went whose day had come at that moment."""
    today, gone = now.date(), 0
    while _dated(house, now):
        pass
    while True:
        with db.begin(house.engine) as tx:
            due = keeping.due(tx, today, FOUND)
        went = 0
        for at in range(0, len(due), ERASED):
            with db.begin(house.engine) as tx:
                went += keeping.erase_if_due(tx, house.vault, due[at : at + ERASED], now)
        gone += went
        if not went:
            return gone


def remove_files(house: House) -> None:
    """Take the files of erased reports from the shelf. One that cannot go now is tried again."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        files = erasing.to_remove(tx, now, FILES)
    try:
        for file in files:
            house.shelf.drop(file)
    except OSError as trouble:
        log.error("files of erased reports stay on the shelf for now: %s", type(trouble).__name__)
        return
    if files:
        with db.begin(house.engine) as tx:
            erasing.removed(tx, files)


def sweep_shelf(house: House) -> None:
    """Remove the files that no row knows, as a restored backup leaves them."""
    now = datetime.now(UTC)
    try:
        with db.begin(house.engine) as tx:
            gone = orphans.sweep(tx, house.shelf, now)
            upkeep.done(tx, upkeep.SHELF, now)
    except NotOurs as reason:
        log.warning("the shelf was not swept: %s", reason)
        with db.begin(house.engine) as tx:
            upkeep.failed(tx, upkeep.SHELF, type(reason).__name__)
        return
    if gone:
        log.warning("files of no report removed from the shelf: %d", gone)


def forget_tombstones(house: House) -> None:
    """Forget erasures that no backup is old enough to undo."""
    before = datetime.now(UTC).date() - timedelta(days=house.settings.backup_days) - MARGIN
    gone = TOMBSTONES
    while gone == TOMBSTONES:
        with db.begin(house.engine) as tx:
            gone = tombstones.forget(tx, before, TOMBSTONES)


def shred(house: House) -> None:
    """Take out of the database's files what was deleted since last night; what cannot be done now is tried in an hour."""
    began = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        last = upkeep.last(tx, upkeep.SHRED).done_at
    if last and began - last < ONE_NIGHT:
        return
    left = shredding.shred(db.Store(house.engine))
    with db.begin(house.engine) as tx:
        if left:
            upkeep.failed(tx, upkeep.SHRED, " ".join(left))
        else:
            upkeep.done(tx, upkeep.SHRED, began)
    if left:
        log.warning("what was deleted is not out of all files: %s", ", ".join(left))


def _dated(house: House, now: datetime) -> bool:
    """Whether some reports had no day, or another than they should."""
    with db.begin(house.engine) as tx:
        return keeping.date_anew(tx, house.operator.periods, now.date(), DATED) > 0
