"""The nouns of sealing: a sealed value, a pseudonym, a key, a parcel. Nothing here can seal or open."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

KEY_BYTES = 32  # every symmetric key: AES-256, HMAC-SHA256
RECOVERY = "recovery"  # the desk key that every report is wrapped to, besides those of its queues
PSEUDONYM_BYTES = 33  # the key's version, then HMAC-SHA256


class Format(IntEnum):
    """
    The first byte of every sealed value. A number that was ever written keeps its meaning for good.

    None of them occurs in UTF-8, so words in clear are never taken for something sealed.
    """

    STATE = 0xF8
    KEPT = 0xF9
    PART = 0xFA
    WRAP = 0xFB
    STREAM = 0xFC
    LOCKED = 0xFD


FORMATS = frozenset(map(int, Format))


class Sealed(bytes):
    """Bytes that only the vault makes: the database's sealed columns take nothing else. Raises ValueError on others."""

    __slots__ = ()

    def __new__(cls, value: bytes) -> Sealed:
        if not value or value[0] not in FORMATS:
            raise ValueError("these bytes were not sealed by the vault")
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return f"Sealed({len(self)} bytes)"


class Pseudonym(bytes):
    """A versioned HMAC: finds a row without telling whose it is. 33 bytes: the key's version, then HMAC-SHA256."""

    __slots__ = ()

    def __new__(cls, value: bytes) -> Pseudonym:
        if len(value) != PSEUDONYM_BYTES or not value[0]:
            raise ValueError("these bytes are no pseudonym of the vault")
        return super().__new__(cls, value)

    def __repr__(self) -> str:
        return "Pseudonym(…)"


class Key(bytes):
    """A secret key. It does everything bytes do but show itself."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Key(…)"

    def __str__(self) -> str:
        return repr(self)


class Unopened(Exception):
    """A sealed value does not open: wrong key, wrong place, or changed."""


class ForAnotherKey(Unopened):
    """Nothing is damaged: the report was sealed to other desk keys than these."""


class Wrap(NamedTuple):
    """A report's content key, wrapped to one desk key."""

    desk_key: str  # id of the desk's public key
    wrapped: Sealed


@dataclass(frozen=True, slots=True)
class Parcel:
    """A report sealed to the desk: its parts ("content", "identity", …) and one wrapped key for each desk key."""

    parts: Mapping[str, Sealed] = field(repr=False)
    wraps: tuple[Wrap, ...] = field(repr=False)


class DeskKey(NamedTuple):
    """A public key of the desk and the queue it reads: "general", "restricted", or "recovery" for all."""

    queue: str
    public: bytes

    @property
    def id(self) -> str:
        """First 16 hex digits of the SHA-256 of the public key."""
        return hashlib.sha256(self.public).hexdigest()[:16]
