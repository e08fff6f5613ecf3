"""Statements of many values, each called by its name and kind where it stands: `CAST(:name AS kind)` in place of $1, $2 …"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from storage import wire
from storage.wire import Said, Statement

PLACE = re.compile(r"CAST\(:([a-z_]+) AS ([a-z]+(?:\[\])?)\)")
TEXT = 25  # the number of the type, the same everywhere

Plain = bool | int | str | bytes | UUID | datetime | Sequence[str] | Sequence[bytes] | None

WRITTEN: Mapping[str, Callable[[Any], bytes]] = MappingProxyType(
    {
        "bigint": wire.whole,
        "boolean": lambda said: bytes([said]),
        "bytea": bytes,
        "text": str.encode,
        "timestamptz": wire.moment,
        "uuid": lambda id: id.bytes,
        "bytea[]": lambda items: wire.array(wire.BYTES, items),
        "text[]": lambda words: wire.array(TEXT, [word.encode() for word in words]),
    }
)


class Named:
    """A statement whose values have names."""

    __slots__ = ("_kinds", "statement")

    def __init__(self, name: str, sql: str) -> None:
        """
        >>> Named("echo", "SELECT CAST(:said AS text), CAST(:times AS bigint), CAST(:said AS text)").statement.sql
        'SELECT CAST($1 AS text), CAST($2 AS bigint), CAST($1 AS text)'
        """
        self._kinds = {name: WRITTEN[kind] for name, kind in PLACE.findall(sql)}
        places = {name: f"${at}" for at, name in enumerate(self._kinds, start=1)}
        self.statement = Statement(name, PLACE.sub(lambda found: f"CAST({places[found[1]]} AS {found[2]})", sql))

    def said(self, values: Mapping[str, Plain]) -> Said:
        """With these values; what it does not name is left out. Raises KeyError for one that is missing."""
        written = ((writes, values[name]) for name, writes in self._kinds.items())
        return Said(self.statement, [None if value is None else writes(value) for writes, value in written])


def number(value: bytes) -> int:
    """
    A whole number of any size, as the database writes it.

    >>> number(wire.whole(-5)), number(bytes([0, 7]))
    (-5, 7)
    """
    return int.from_bytes(value, "big", signed=True)
