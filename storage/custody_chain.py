"""
The chain of custody as it is computed, with the standard library alone: what an entry says and how it is hashed.

An entry's hash is SHA-256 over a JSON array of nine strings and numbers in ASCII, without a space: format, incident,
position, time, actor, act, digest, detail, previous hash. Whoever reads one can compute it with any tool.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime

FORMAT = "iblagh custody 1"
HASH_BYTES = 32
BEGINNING = bytes(HASH_BYTES)  # what the first entry of a chain names as the one before it

ACTOR = re.compile(r"([a-z]{1,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?")
DETAIL = re.compile(r"([a-z][a-z0-9_-]{0,31}|[0-9]{1,8})?")  # neither a link, a reference nor a telephone's number fits


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One entry of an incident's chain. Raises ValueError, which quotes nothing, for what an entry may not say.

    `actor` is a moderator's random id, or a word for who acts at the machine itself; "" for a citizen and for what
    happens by itself, of which the hour alone is told.
    """

    number: int  # the incident's
    position: int  # from 1
    at: datetime
    actor: str
    act: str
    digest: bytes
    detail: str
    previous: bytes

    def __post_init__(self) -> None:
        if not ACTOR.fullmatch(self.actor):
            raise ValueError("an actor is a random id or a short word")
        if not DETAIL.fullmatch(self.detail):
            raise ValueError("a detail is a fixed word or a small number")
        if len(self.digest) not in (0, HASH_BYTES) or len(self.previous) != HASH_BYTES:
            raise ValueError("a digest or hash is not 32 bytes long")

    @property
    def hash(self) -> bytes:
        """What the next entry names as the one before it."""
        said = (self.number, self.position, moment(self.at), self.actor, self.act, self.digest.hex(), self.detail)
        return hashlib.sha256(json.dumps([FORMAT, *said, self.previous.hex()], separators=(",", ":")).encode()).digest()


def moment(at: datetime) -> str:
    """
    A time as entries write it.

    >>> moment(datetime(2026, 11, 22, 2, 33, 9, tzinfo=UTC))
    '2026-11-22T02:33:09Z'
    """
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
