"""
Backups as files: written beside their place and put there whole, sealed files beside them, expired ones removed.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from uuid import UUID

from bot.settings import Refused
from storage import backup, restoring, tombstones, upkeep
from storage.backup import Made, NotWhole, Reader
from storage.db import begin
from storage.restoring import AnotherVersion, NotEmpty, Replayed
from storage.shelf import UNFINISHED, Shelf
from storage.tombstones import NotTombstones, Tombstone

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from storage.db import Transaction
    from storage.vault import Vault

BESIDE = ".evidence"
PIECE = 1 << 20


class Restored(NamedTuple):
    """What is in the database now, what was erased again, and how many sealed files are missing."""

    rows: int
    erased: Replayed
    missing: int


def back_up(engine: Engine, shelf: Shelf | None, path: Path, days: int) -> tuple[Made, int]:
    """
    Write a backup and, where there is a shelf, into the folder PATH.evidence its files; how many are not there.

    The file is there whole or not at all, readable by us alone. Raises OSError, FileExistsError where it is there.
    """
    if path.exists():
        raise FileExistsError(17, "already there", str(path))
    now, part = datetime.now(UTC), path.with_name(path.name + UNFINISHED)
    part.unlink(missing_ok=True)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        made = backup.write(engine, file, now, days)
        file.flush()
        os.fsync(file.fileno())
    missing = _carry(made.files, shelf, beside(path)) if shelf else []
    part.rename(path)
    with begin(engine) as tx:
        upkeep.done(tx, upkeep.BACKUP, now)
        gone = set(made.files) - set(restoring.files(tx))  # erased while we copied
    return made, len(set(missing) - gone)


def restore(
    engine: Engine, vault: Vault, shelf: Shelf, path: Path, stones: Sequence[Tombstone], *, expired: bool
) -> Restored:
    """
    Put a backup into an empty database, without what was erased since: all of it or nothing.

    Raises `Refused` where that is not to be done.
    """
    now = datetime.now(UTC)
    with path.open("rb") as file:
        try:
            reader = Reader(file)
            if reader.header.expires <= now and not expired:
                raise Refused(
                    f"this backup expired on {reader.header.expires:%Y-%m-%d}: what it holds was promised to be gone"
                )
            with begin(engine) as tx:
                rows = restoring.load(tx, reader)
                erased = restoring.replay(tx, vault, stones, now)
                restoring.log_it(tx, now)
                files = restoring.files(tx)
        except (NotWhole, NotEmpty, AnotherVersion) as why:
            raise Refused(str(why)) from None
    lying = shelf.names()
    return Restored(rows, erased, len(_carry([one for one in files if one.hex not in lying], beside(path), shelf)))


def replay(engine: Engine, vault: Vault, stones: Sequence[Tombstone]) -> Replayed:
    """Erase in a database that was restored by other means what these tombstones name, and drop its jobs."""
    with begin(engine) as tx:
        restoring.drop_jobs(tx)
        return restoring.replay(tx, vault, stones, datetime.now(UTC))


def export_tombstones(tx: Transaction, file: BinaryIO) -> int:
    """Write the tombstones of the live database, to be kept apart from its backups; how many."""
    return tombstones.write(tx, file)


def read_tombstones(paths: Sequence[Path]) -> list[Tombstone]:
    """Those of all these files. Raises `Refused`."""
    found: list[Tombstone] = []
    for path in paths:
        with path.open("rb") as file:
            try:
                found += tombstones.read(file)
            except NotTombstones as why:
                raise Refused(str(why)) from None
    return found


def beside(path: Path) -> Shelf:
    """Where the sealed files of a backup lie."""
    return Shelf(path.with_name(path.name + BESIDE))


def prune(folder: Path, now: datetime) -> list[Path]:
    """Remove the backups in this folder that have expired, unfinished ones too, their sealed files first; which."""
    gone = [path for path in sorted(folder.iterdir()) if path.is_file() and _expired(path, now)]
    for path in gone:
        whole = path.with_name(path.name.removesuffix(UNFINISHED))
        if beside(whole).folder.is_dir() and (whole == path or not whole.exists()):
            shutil.rmtree(beside(whole).folder)
        path.unlink()
    return gone


def _expired(path: Path, now: datetime) -> bool:
    """Only what begins as a backup of ours is ever removed."""
    with path.open("rb") as file:
        try:
            return Reader(file).header.expires <= now
        except NotWhole:
            return False


def _carry(files: Sequence[UUID], shelf: Shelf, to: Shelf) -> list[UUID]:
    """Copy sealed files as they are; those that are not there."""
    missing = []
    for name in files:
        try:
            with shelf.open(name) as sealed:
                to.drop(name)  # what a try that died has left of it
                to.put(name, _pieces(sealed))
        except FileNotFoundError:
            missing.append(name)
    return missing


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
