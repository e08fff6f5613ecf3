"""
Orphans: sealed files on the shelf that no row knows, as a restored backup leaves them. They open for nobody, and go.

One wrong setting must not empty a folder that belongs to another database: each shelf bears the id of its own, and
only that database sweeps it. A restored database has an id of its own and takes the shelf over when it is told to.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, union_all

from storage import upkeep
from storage.db import Transaction
from storage.shelf import UNFINISHED, Shelf
from storage.tables import evidence, fetches, removals

OLD = timedelta(days=1)  # no try to fetch a file takes so long
MARK = "database"
NAME = re.compile(rf"[0-9a-f]{{32}}({re.escape(UNFINISHED)})?")


class NotOurs(Exception):
    """The shelf bears another database's mark, or none and files that this one does not know. One line that says so."""


def sweep(tx: Transaction, shelf: Shelf, now: datetime) -> int:
    """Remove the files older than a day that no row knows; how many. Raises `NotOurs`, having removed nothing."""
    lying = _old(shelf, now - OLD)  # before the rows are read: what is written later has its row by then
    unknown = lying - _known(tx)
    _claim(tx, shelf, unknown)
    for name in unknown:
        shelf.drop(name)
    return len(unknown)


def adopt(tx: Transaction, shelf: Shelf) -> None:
    """Let the shelf be this database's from now on, whoever's it was."""
    shelf.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    place = shelf.folder / MARK
    fresh = place.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(upkeep.identity(tx).hex)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(place)


def _claim(tx: Transaction, shelf: Shelf, unknown: frozenset[UUID]) -> None:
    try:
        owner = (shelf.folder / MARK).read_text().strip()
    except FileNotFoundError:
        owner = ""
    if owner == upkeep.identity(tx).hex or not shelf.folder.is_dir():
        return
    if owner:
        raise NotOurs("the folder of EVIDENCE_URL belongs to another database: `iblagh shelf adopt` takes it over")
    if unknown:
        words = "files of no report lie in the folder of EVIDENCE_URL"
        raise NotOurs(f"{len(unknown)} {words}: `iblagh shelf adopt` has them removed")
    adopt(tx, shelf)


def _old(shelf: Shelf, before: datetime) -> frozenset[UUID]:
    """What has lain there since before that moment: files under names of ours, finished or not."""
    found = set()
    for path in shelf.folder.iterdir() if shelf.folder.is_dir() else ():
        if NAME.fullmatch(path.name) and _touched(path) < before.timestamp():
            found.add(UUID(path.name.removesuffix(UNFINISHED)))
    return frozenset(found)


def _touched(path: Path) -> float:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime
    return float("inf")


def _known(tx: Transaction) -> frozenset[UUID]:
    begun = select(fetches.c.file).where(fetches.c.file.is_not(None))
    return frozenset(tx.execute(union_all(select(evidence.c.file), begun, select(removals.c.file))).scalars())
