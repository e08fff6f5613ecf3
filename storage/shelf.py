"""
The shelf: the folder where sealed files lie, under random names. It takes what is sealed and nothing else.

A file comes whole or not at all: it is written beside its place, reaches the disk, and is put in its place by one
renaming. What it says of time is the hour.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from storage.db import hour

UNFINISHED = ".part"


@dataclass(frozen=True, slots=True)
class Shelf:
    """One folder (0700), made when it is first written to. Raises OSError like any file."""

    folder: Path = field(repr=False)

    def put(self, name: UUID, sealed: Iterable[bytes]) -> bytes:
        """
        Write a file that is there to the last byte once this returns: its SHA-256. Whatever `sealed` raises leaves
        nothing behind.

        FileNotFoundError where somebody has dropped it meanwhile.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished, digest = self._unfinished(name), hashlib.sha256()
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
                for piece in sealed:
                    file.write(piece)
                    digest.update(piece)
                file.flush()
                os.fsync(file.fileno())
            to_the_hour(unfinished)
            unfinished.rename(self._place(name))
            self._reach_the_disk()
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return digest.digest()

    def drop(self, name: UUID) -> None:
        """Delete a file, finished or not. Nothing happens where there is none."""
        for path in (self._unfinished(name), self._place(name)):
            with suppress(FileNotFoundError):
                path.unlink()

    def names(self) -> frozenset[str]:
        """The names of what lies there, in hex; of none where there is no folder."""
        return frozenset(os.listdir(self.folder)) if self.folder.is_dir() else frozenset()

    def open(self, name: UUID) -> BinaryIO:
        """The sealed file. Raises FileNotFoundError."""
        return self._place(name).open("rb")

    def _place(self, name: UUID) -> Path:
        return self.folder / name.hex

    def _unfinished(self, name: UUID) -> Path:
        return self.folder / (name.hex + UNFINISHED)

    def _reach_the_disk(self) -> None:
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def to_the_hour(path: Path) -> None:
    """A file's own times would tell the second in which a report came."""
    moment = hour(datetime.now(UTC)).timestamp()
    os.utime(path, (moment, moment))
