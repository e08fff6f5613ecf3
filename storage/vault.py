"""
Sealing, opening, pseudonyms: what web and worker can do with what citizens say.

The vault's room is this file with `sealed.py` (the nouns), `sealing.py` (one value under one key), `stream.py` (a file
while it passes), `exhibits.py` (a file's seal), `hybrid.py` (keys wrapped to the desk), `keys.py` (keys as text),
`passphrase.py` (the desk's keys, locked) and `opening.py` (the desk's side). Of all the project only `sealing.py`,
`stream.py`, `hybrid.py` and `passphrase.py` import `cryptography`.
Reasons: docs/adr/0003-sealing.md, docs/adr/0008-evidence.md.
"""

from __future__ import annotations

import hmac
import os
import re
from collections.abc import Mapping, Sequence

from storage.exhibits import Exhibit, exhibit_info
from storage.hybrid import Recipient
from storage.sealed import (
    KEY_BYTES,
    RECOVERY,
    DeskKey,
    ForAnotherKey,
    Format,
    Key,
    Parcel,
    Pseudonym,
    Sealed,
    Unopened,
    Wrap,
)
from storage.sealing import LARGE_FLOOR, SMALL_FLOOR, joined, keyed, mac, seal, unseal

__all__ = ["DeskKey", "ForAnotherKey", "Parcel", "Pseudonym", "Sealed", "Unopened", "Vault", "Wrap", "sealed_by"]

STATE_KEY_ID = re.compile(r"[a-z0-9]{1,16}", re.ASCII)


class Vault:
    """What web and worker can seal and open. It holds no private key of the desk, so it cannot read a filed report."""

    __slots__ = ("_desk", "_pseudonym", "_state")

    def __init__(
        self, state: Sequence[tuple[str, bytes]], pseudonym: Sequence[tuple[int, bytes]], desk: Sequence[DeskKey]
    ) -> None:
        """
        The first of each seals and names; all open and find.

        Raises ValueError, which quotes no key, on a bad length, a repeated id, or equal keys.
        """
        _check_names("state", [id for id, _ in state], [bool(STATE_KEY_ID.fullmatch(id)) for id, _ in state])
        _check_names(
            "pseudonym", [version for version, _ in pseudonym], [0 < version < 256 for version, _ in pseudonym]
        )
        _check_names("desk", [key.id for key in desk], [bool(key.queue) for key in desk])
        _check_secrets([*(key for _, key in state), *(key for _, key in pseudonym)])
        self._state = {id: keyed(key) for id, key in state}
        self._pseudonym = {version: keyed(key) for version, key in pseudonym}
        self._desk = tuple((key.queue, key.id, Recipient(key.public)) for key in desk)

    def seal(self, room: str, row: bytes, plain: bytes) -> Sealed:
        """Seal under the state key; opens only for the same room (a table's name) and row (its primary key's bytes)."""
        return self._seal(Format.STATE, joined("iblagh state 1", room, row), plain)

    def open(self, room: str, row: bytes, sealed: bytes) -> bytes:
        """Raises `Unopened`."""
        return self._open(Format.STATE, joined("iblagh state 1", room, row), sealed)

    def pseudonyms(self, channel: str, kind: str, value: str) -> tuple[Pseudonym, ...]:
        """One for each pseudonym key, newest first: store the first, look for any."""
        return self._pseudonyms(joined("iblagh alias 1", channel, kind, value))

    def mark(self, channel: str, delivery: str) -> Pseudonym:
        """The provider's delivery id, remembered without being kept."""
        return self.marks(channel, delivery)[0]

    def marks(self, channel: str, delivery: str) -> tuple[Pseudonym, ...]:
        """One for each pseudonym key, newest first: what was remembered before a rotation is found under the others."""
        return self._pseudonyms(joined("iblagh delivery 1", channel, delivery))

    @property
    def sealing(self) -> bytes:
        """How every value begins that is sealed under the state key at work: what begins otherwise needs another."""
        return _header(Format.STATE, next(iter(self._state)))

    @property
    def state_ids(self) -> tuple[str, ...]:
        """The names of the state keys that open, the one at work first."""
        return tuple(self._state)

    @property
    def versions(self) -> tuple[int, ...]:
        """The versions of the pseudonym keys that find, the one at work first."""
        return tuple(self._pseudonym)

    @property
    def desk_keys(self) -> Mapping[str, str]:
        """The ids of the desk keys to which reports are sealed, each with its queue."""
        return {id: queue for queue, id, _ in self._desk}

    def fingerprints(self, said: str) -> tuple[Pseudonym, ...]:
        """What recognises copies of a link or account: one for each pseudonym key, newest first."""
        return self._pseudonyms(joined("iblagh fingerprint 1", said))

    def tombstones(self, reference: str) -> tuple[Pseudonym, ...]:
        """What is remembered of an erased reference: one for each pseudonym key, newest first."""
        return self._pseudonyms(joined("iblagh tombstone 1", reference))

    def seal_kept(self, delivery: str, address: str, plain: bytes) -> Sealed:
        """Seal an answer so that only the repeat of the delivery, which brings id and address again, opens it."""
        return self._seal(Format.KEPT, joined("iblagh kept 1", delivery, address), plain)

    def open_kept(self, delivery: str, address: str, sealed: bytes) -> bytes:
        """Raises `Unopened`."""
        return self._open(Format.KEPT, joined("iblagh kept 1", delivery, address), sealed)

    def secret_mark(self, reference: str, secret: str) -> Pseudonym:
        """What is stored of an anonymous report's secret code."""
        return self._secret_marks(reference, secret)[0]

    def is_secret(self, reference: str, secret: str, stored: bytes) -> bool:
        """Whether `stored` is a mark of this code, under any pseudonym key; in constant time for each."""
        matches = [hmac.compare_digest(mark, stored) for mark in self._secret_marks(reference, secret)]
        return any(matches)

    def parcel(self, reference: str, queues: Sequence[str], parts: Mapping[str, bytes]) -> Parcel:
        """
        Seal parts under a fresh content key, wrapped to every desk key of the named queues, and to recovery's.

        Raises ValueError if a named queue has no reader. The content key is forgotten: nothing here opens it again.
        """
        key = Key(os.urandom(KEY_BYTES))
        wraps = self._wrapped(key, wrap_info(reference), queues)
        sealed = {
            name: seal(key, part_context(reference, name), bytes([Format.PART]), plain, LARGE_FLOOR)
            for name, plain in parts.items()
        }
        return Parcel(sealed, wraps)

    def exhibit(self, reference: str, number: int, queues: Sequence[str]) -> tuple[Exhibit, tuple[Wrap, ...]]:
        """
        A fresh seal for the report's file of this number, and its key wrapped to every desk key of the named queues,
        and to recovery's.

        Raises ValueError if a named queue has no reader. Whoever drops the seal cannot open the file again.
        """
        key = Key(os.urandom(KEY_BYTES))
        return Exhibit(key, reference, number), self._wrapped(key, exhibit_info(reference, number), queues)

    def _wrapped(self, key: Key, info: bytes, queues: Sequence[str]) -> tuple[Wrap, ...]:
        if not queues or not set(queues) <= {queue for queue, _, _ in self._desk}:
            raise ValueError("no desk key reads one of these queues")
        return tuple(Wrap(id, to.wrap(key, info)) for queue, id, to in self._desk if queue in (*queues, RECOVERY))

    def _seal(self, format: Format, context: bytes, plain: bytes) -> Sealed:
        id, key = next(iter(self._state.items()))
        return seal(key, context, _header(format, id), plain, SMALL_FLOOR)

    def _open(self, format: Format, context: bytes, sealed: bytes) -> bytes:
        id = sealed_by(sealed)
        if id not in self._state:
            raise Unopened("no state key here has the id it names")
        return unseal(self._state[id], context, _header(format, id), sealed)

    def _pseudonyms(self, said: bytes) -> tuple[Pseudonym, ...]:
        return tuple(Pseudonym(bytes([version]) + mac(key, said)) for version, key in self._pseudonym.items())

    def _secret_marks(self, reference: str, secret: str) -> tuple[Pseudonym, ...]:
        return self._pseudonyms(joined("iblagh secret 1", reference, secret))


def sealed_by(sealed: bytes) -> str:
    """The id of the state key that a sealed value names: what still needs a key that is to go. Raises `Unopened`."""
    if len(sealed) < 2 or sealed[0] not in (Format.STATE, Format.KEPT):
        raise Unopened("not sealed under a state key")
    return sealed[2 : 2 + sealed[1]].decode("ascii", "replace")


def part_context(reference: str, part: str) -> bytes:
    """What a part of a report is bound to, at the vault and at the desk."""
    return joined("iblagh part 1", reference, part)


def wrap_info(reference: str) -> bytes:
    """What a wrapped content key is bound to, at the vault and at the desk."""
    return joined("iblagh wrap 1", reference)


def _header(format: Format, id: str) -> bytes:
    return bytes([format, len(id)]) + id.encode("ascii")


def _check_names(what: str, names: Sequence[str | int], good: Sequence[bool]) -> None:
    """One key text pasted as a name must not reach a log: no message here quotes one."""
    if not names:
        raise ValueError(f"there is no {what} key")
    if not all(good):
        raise ValueError(f"{what} key {good.index(False) + 1} has a name that may not be used")
    if len(set(names)) != len(names):
        raise ValueError(f"two {what} keys have the same name")


def _check_secrets(keys: Sequence[bytes]) -> None:
    if any(len(key) != KEY_BYTES for key in keys):
        raise ValueError(f"a state or pseudonym key is not {KEY_BYTES} bytes long")
    if len({bytes(key) for key in keys}) != len(keys):
        raise ValueError("two keys are equal: what finds a person must not read them, and a new key must be new")
