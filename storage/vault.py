"""Sealing, opening, pseudonyms: the only importer of cryptography."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Sealed(bytes):
    """Bytes that only the vault makes: the database's sealed columns take nothing else."""

    __slots__ = ()


class Pseudonym(bytes):
    """A versioned HMAC: finds a row without telling whose it is. 33 bytes: the key's version, then HMAC-SHA256."""

    __slots__ = ()


class Unopened(Exception):
    """A sealed value does not open: wrong key, wrong place, or changed."""


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
    """A public key of the desk and the queue it reads: "general" or "restricted"."""

    queue: str
    public: bytes

    @property
    def id(self) -> str:
        """First 16 hex digits of the SHA-256 of the public key."""
        raise NotImplementedError


class Vault:
    """What web and worker can seal and open. It holds no private key of the desk, so it cannot read a filed report."""

    def __init__(
        self, state: Sequence[tuple[str, bytes]], pseudonym: Sequence[tuple[int, bytes]], desk: Sequence[DeskKey]
    ) -> None:
        """The first of each seals and names; all open and find. Raises ValueError on a bad length, a repeated id, or equal keys."""

    def seal(self, room: str, row: bytes, plain: bytes) -> Sealed:
        """Seal under the state key; opens only for the same room (a table's name) and row (its primary key's bytes)."""
        raise NotImplementedError

    def open(self, room: str, row: bytes, sealed: bytes) -> bytes:
        """Raises `Unopened`."""
        raise NotImplementedError

    def pseudonyms(self, channel: str, kind: str, value: str) -> tuple[Pseudonym, ...]:
        """One for each pseudonym key, newest first: store the first, look for any."""
        raise NotImplementedError

    def mark(self, channel: str, delivery: str) -> Pseudonym:
        """The provider's delivery id, remembered without being kept."""
        raise NotImplementedError

    def seal_kept(self, delivery: str, address: str, plain: bytes) -> Sealed:
        """Seal an answer so that only the repeat of the delivery, which brings id and address again, opens it."""
        raise NotImplementedError

    def open_kept(self, delivery: str, address: str, sealed: bytes) -> bytes:
        """Raises `Unopened`."""
        raise NotImplementedError

    def secret_mark(self, reference: str, secret: str) -> Pseudonym:
        """What is stored of an anonymous report's secret code."""
        raise NotImplementedError

    def parcel(self, reference: str, queues: Sequence[str], parts: Mapping[str, bytes]) -> Parcel:
        """Seal parts under a fresh content key, wrapped to every desk key of the named queues. Raises ValueError if none reads them."""
        raise NotImplementedError
