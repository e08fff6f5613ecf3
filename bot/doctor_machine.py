"""What `iblagh doctor` says of the machine and of the database's server: clock, disk, settings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

from bot.combinations import is_embedded
from bot.finding import Finding
from bot.house import House, shelf_folder
from storage import server_settings
from storage.db import Transaction

APART = timedelta(seconds=2)  # due times are ours, queues are the database's
APART_FROM_TELEGRAM = timedelta(seconds=30)  # it tells whole seconds, after a journey
LEAST_FREE, LEAST_SHARE = 1 << 30, 0.05  # bytes, and of the disk
OF_A_WEB_PROCESS, OF_A_WORKER = 10, 24  # connections at most
PATIENCE = 10.0  # seconds


def server(tx: Transaction, house: House) -> Finding:
    """Our embedded server has all this by itself; an operator's own has to be told."""
    wanted = house.settings.web_workers * OF_A_WEB_PROCESS + OF_A_WORKER
    said = list(server_settings.lacking(tx, wanted))
    return Finding(
        not said, "server", "; ".join(said) or f"PostgreSQL keeps what it acknowledges, room for {wanted} connections"
    )


def database_clock(tx: Transaction) -> Finding:
    """Ours against the database's."""
    before = datetime.now(UTC)
    there = server_settings.clock(tx)
    here = before + (datetime.now(UTC) - before) / 2
    return _apart(here - there, APART, "the database's")


def telegram_clock(house: House) -> Finding:
    """Ours against what Telegram's server puts on any answer. Asks for no method, so that no token travels."""
    import httpx

    address = house.settings.telegram_api_base or "https://api.telegram.org"
    try:
        said = httpx.get(address, timeout=PATIENCE, follow_redirects=False).headers.get("Date", "")
        there = parsedate_to_datetime(said)
    except (httpx.HTTPError, httpx.InvalidURL):
        return Finding(False, "clock", "Telegram's cannot be read: its server is not reached")
    except ValueError:
        return Finding(True, "clock", "Telegram's server tells no time")
    return _apart(datetime.now(UTC) - there.astimezone(UTC), APART_FROM_TELEGRAM, "Telegram's")


def disks(house: House) -> Iterator[Finding]:
    """The folders that we write to. The room of a database that is elsewhere cannot be seen from here."""
    given = house.settings
    folders = {"EVIDENCE_URL": shelf_folder(given.evidence_url, given.var)}
    if is_embedded(given.database_url, given.var):
        folders["IBLAGH_VAR"] = given.var
    for name, folder in folders.items():
        yield _disk(name, folder)


def _disk(name: str, folder: Path) -> Finding:
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        room = shutil.disk_usage(there)
        may = os.access(there, os.W_OK | os.X_OK)
    except OSError as trouble:
        return Finding(False, "disk", f"the folder of {name} cannot be looked at ({type(trouble).__name__})")
    words = f"{room.free / 1e9:.1f} GB free for {name}"
    if not may:
        return Finding(False, "disk", f"the folder of {name} may not be written to by this user")
    return Finding(room.free >= max(LEAST_FREE, LEAST_SHARE * room.total), "disk", words)


def _apart(ours: timedelta, most: timedelta, whose: str) -> Finding:
    way = "ahead of" if ours > timedelta() else "behind"
    return Finding(abs(ours) <= most, "clock", f"{abs(ours).total_seconds():.1f} s {way} {whose}")
