"""
A file's seal: one key for the file and for what is known of it, made for this file alone.

The vault makes one and forgets it when the file lies on the shelf; the desk makes the same one from what was wrapped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from storage.sealed import Format, Key, Sealed
from storage.sealing import LARGE_FLOOR, joined, seal, unseal
from storage.stream import seal_stream, unseal_stream

FACTS = bytes([Format.PART])


class Exhibit:
    """The seal of one file of one report. Everything is bound to the reference and the file's number in the report."""

    __slots__ = ("_facts", "_file", "_key")

    def __init__(self, key: Key, reference: str, number: int) -> None:
        self._key = key
        self._file = joined("iblagh exhibit 1", reference, str(number), "file")
        self._facts = joined("iblagh exhibit 1", reference, str(number), "facts")

    def seal_file(self, plain: Iterable[bytes]) -> Iterator[bytes]:
        """The sealed file, some pieces in memory at a time. Once only: the same key must not seal another file."""
        return seal_stream(self._key, self._file, plain)

    def open_file(self, sealed: BinaryIO) -> Iterator[bytes]:
        """Raises `Unopened` on the way if it was cut or changed."""
        return unseal_stream(self._key, self._file, sealed)

    def seal_facts(self, plain: bytes) -> Sealed:
        return seal(self._key, self._facts, FACTS, plain, LARGE_FLOOR)

    def open_facts(self, sealed: bytes) -> bytes:
        """Raises `Unopened`."""
        return unseal(self._key, self._facts, FACTS, sealed)


def exhibit_info(reference: str, number: int) -> bytes:
    """What a file's wrapped key is bound to, at the vault and at the desk."""
    return joined("iblagh exhibit wrap 1", reference, str(number))
