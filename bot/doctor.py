"""What `iblagh doctor` looks at. Every finding is true or false; none shows a citizen's word or a key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from bot import doctor_forgetting, doctor_keys, doctor_machine, doctor_providers, doctor_staff
from bot.finding import Finding as Finding
from bot.house import House, open_house
from bot.settings import Refused
from storage import db, deliveries, evidence, gauges, incidents, notices, rights, tries, upkeep
from storage.db import Transaction
from storage.embedded import NoDatabase
from storage.tables import discards, fetches

FULL = 1_000  # jobs that wait: more means that no worker keeps up
LATE = 600  # seconds that one may be due


def findings() -> Iterator[Finding]:
    """Look from the ground up; what stands on something that is wrong is not looked at."""
    try:
        house = open_house()
        _ = house.vault
    except Refused as refused:
        yield from (Finding(False, "settings", problem) for problem in refused.problems)
        return
    yield Finding(True, "settings", "complete")
    yield Finding(True, "keys", "fit together")
    yield _channels(house)
    yield from _of_database(house)
    yield from doctor_machine.disks(house)
    yield from doctor_providers.of_telegram(house)
    yield from doctor_providers.of_twilio(house)


def _channels(house: House) -> Finding:
    names = ", ".join(house.channels)
    return Finding(bool(names), "channels", names or "none is on: set TELEGRAM_TOKEN or TWILIO_ACCOUNT_SID")


def _of_database(house: House) -> Iterator[Finding]:
    from storage.schema import Incompatible, compatible

    try:
        compatible(house.engine)
        yield Finding(True, "database", "reachable, its schema is this version's")
        with db.begin(house.engine) as tx:
            yield doctor_machine.server(tx, house)
            yield doctor_machine.database_clock(tx)
            yield from (look(tx) for look in LOOKS)
            yield _shelf(house, tx)
            if house.whatsapp:
                yield _missed(tx)
            staffed = doctor_staff.four_eyes(tx, house)
            yield Finding(staffed.well, "moderators", staffed.words)
            yield from (Finding(one.well, one.about, one.words) for one in doctor_forgetting.forgetting(tx, house))
            keys = doctor_keys.desk_keys(tx, house)
            yield Finding(keys.well, "desk keys", keys.words)
    except (NoDatabase, db.Away, db.Busy, db.Rejected, Incompatible) as trouble:
        yield Finding(False, "database", str(trouble))


def _jobs(tx: Transaction) -> Finding:
    """A job that is due and not begun is late after a while, however few they are."""
    waiting, failed = gauges.queues(tx), Counter(gauges.failed(tx))
    words = ", ".join(f"{one.due} {one.task} (up to {one.seconds:.0f} s)" for one in waiting) or "none"
    well = not failed and sum(one.due for one in waiting) < FULL and all(one.seconds < LATE for one in waiting)
    return Finding(well, "jobs", f"waiting: {words}; failed: {_counted(failed)}")


def _worker(tx: Transaction) -> Finding:
    from bot.queue import worker_silent

    silent = worker_silent(tx, 30)
    return Finding(not silent, "worker", "has given no sign of life for 30 s" if silent else "at work")


def _parked(tx: Transaction) -> Finding:
    count = deliveries.parked_count(tx)
    return Finding(
        not count, "parked deliveries", f"{count}" + (" failed three times by our own fault" if count else "")
    )


def _cards(tx: Transaction) -> Finding:
    faults = incidents.faults(tx)
    words = ", ".join(f"incident {number} ({code})" for number, code in faults[:10])
    return Finding(
        not faults, "cards", f"{len(faults)} could not be shown: {words}" if faults else "all shown or on their way"
    )


def _notices(tx: Transaction) -> Finding:
    """Hours of them are no trouble; tried four times in vain is."""
    owed = notices.owed(tx)
    until = f", the last at {owed.until:%Y-%m-%d %H:%M} UTC" if owed.until else ""
    words = f"to be sent: {owed.to_send}{until}; waiting for the reporter's next message: {owed.told_later}"
    return Finding(not owed.held_up, "notices", f"{words}; held up: {owed.held_up}" if owed.held_up else words)


def _files(tx: Transaction) -> Finding:
    """Tried in vain for a quarter of an hour, or for a whole day: a provider, a token or a disk that needs somebody."""
    given_up = Counter(evidence.given_up_since(tx, datetime.now(UTC) - timedelta(days=7)))
    held_up = {name: tries.waiting(tx, table, tried=4) for name, table in (("fetch", fetches), ("delete", discards))}
    words = ", ".join(f"{count} to {name}" for name, count in held_up.items() if count) or "none"
    well = not any(held_up.values()) and not given_up["late"]
    return Finding(well, "citizens' files", f"held up: {words}; given up in 7 days: {_counted(given_up)}")


def _shelf(house: House, tx: Transaction) -> Finding:
    try:
        missing = evidence.missing(tx, house.shelf)
    except OSError as trouble:
        return Finding(False, "evidence", f"the folder cannot be read ({type(trouble).__name__})")
    words = f"{missing} files are not where EVIDENCE_URL says" if missing else "every file is there"
    return Finding(not missing, "evidence", words)


def _missed(tx: Transaction) -> Finding:
    """The worker looks each minute: for what Twilio could not bring, nobody else does."""
    last = upkeep.last(tx, upkeep.MISSED)
    late = last.done_at is None or last.done_at < datetime.now(UTC) - timedelta(seconds=LATE)
    words = f"not looked for since {last.done_at:%Y-%m-%d %H:%M} UTC" if last.done_at else "not yet looked for"
    why = f" ({last.failures} failures, the last: {last.fault})" if last.failures else ""
    return Finding(not late, "missed messages", words + why if late else "all that Twilio holds are answered")


def _counted(found: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in found.items()) or "none"


def _requests(tx: Transaction) -> Finding:
    waiting, late = rights.overdue(tx, datetime.now(UTC))
    asked = f"{waiting} of citizens wait for the desk"
    return Finding(not late, "requests", f"{asked}, {late} beyond their day: `iblagh requests list`" if late else asked)


LOOKS: tuple[Callable[[Transaction], Finding], ...] = (_jobs, _worker, _parked, _cards, _notices, _files, _requests)
