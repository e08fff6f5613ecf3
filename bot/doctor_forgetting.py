"""What `iblagh doctor` says of forgetting: what should be gone and is not, and what did not come round when it should."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bot.house import House
from storage import erasing, keeping, shredding, tombstones, tries, upkeep
from storage.db import Transaction
from storage.tables import purges

LATE = timedelta(days=1)
NIGHTS = timedelta(days=2)
TRIED_IN_VAIN = 7  # for some hours
MANY = 10_000


class State(NamedTuple):
    """One thing that was looked at: whether all is well, and in what words it is said."""

    about: str
    well: bool
    words: str


def forgetting(tx: Transaction, house: House, now: datetime | None = None) -> Iterator[State]:
    """Everything of it that an operator can put right."""
    at = now or datetime.now(UTC)
    yield _retention(tx, at)
    yield _shredding(tx, at)
    yield _shelf(tx)
    yield _backups(tx, at)
    if house.whatsapp:
        yield _log_at_twilio(tx, at)


def _retention(tx: Transaction, now: datetime) -> State:
    late = keeping.overdue(tx, (now - LATE).date())
    files = len(erasing.to_remove(tx, now - LATE, MANY))
    said = [f"{late} reports should have been erased a day ago"] if late else []
    said += [f"{files} files of erased reports are still on the shelf"] if files else []
    return State("retention", not said, "; ".join(said) or "nothing is overdue")


def _shredding(tx: Transaction, now: datetime) -> State:
    """A server with archived logs or standbys is an operator's choice; a setting that was forgotten is not."""
    last, first = upkeep.last(tx, upkeep.SHRED), tombstones.oldest(tx)
    never = last.done_at is None and first is not None and first < (now - NIGHTS).date()
    late = never or (last.done_at is not None and last.done_at < now - NIGHTS)
    why = f" (not done: {last.fault})" if last.fault else ""
    said = [f"what was deleted has not left the database's files for two nights{why}"] if late else []
    lacking, chosen = shredding.lacking(tx), shredding.copies(tx)
    return State("shredding", not said and not lacking, "; ".join([*said, *lacking, *chosen]) or "done each night")


def _shelf(tx: Transaction) -> State:
    last = upkeep.last(tx, upkeep.SHELF)
    words = "the folder of EVIDENCE_URL bears another database's mark, or unknown files: `iblagh shelf adopt`"
    return State("shelf", not last.failures, words if last.failures else "swept")


def _backups(tx: Transaction, now: datetime) -> State:
    """Whoever backs up by other means has no date here, and that is well."""
    made = upkeep.last(tx, upkeep.BACKUP).done_at
    return State("backup", True, f"last made {(now - made).days} days ago" if made else "none made by `iblagh backup`")


def _log_at_twilio(tx: Transaction, now: datetime) -> State:
    last, waiting = upkeep.last(tx, upkeep.PURGE), tries.waiting(tx, purges, tried=TRIED_IN_VAIN)
    late = last.failures > 0 and (last.done_at is None or last.done_at < now - LATE)
    said = [f"not purged for a day, {last.failures} failures, the last: {last.fault}"] if late else []
    said += [f"{waiting} conversations tried in vain"] if waiting else []
    return State("Twilio's log", not said, "; ".join(said) or "purged")
