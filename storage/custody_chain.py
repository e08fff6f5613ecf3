"""
The chain of custody as it is computed, with the standard library alone: what an entry says, its hash, what is broken.

An entry's hash is SHA-256 over a JSON array in ASCII without a space: format, incident, position, time, actor, act, digest,
detail, previous hash. Whoever reads a chain can compute it with any tool; `bot/desk_check.py` does, on its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

FORMAT = "iblagh custody 1"
OPENS = f'["{FORMAT}",'  # what every entry's JSON begins with, before the incident's number and the entry's position
HASH_BYTES = 32
BEGINNING = bytes(HASH_BYTES).hex()  # what the first entry of a chain names as the one before it

ACTOR = re.compile(r"([a-z]{1,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?")
DETAIL = re.compile(r"([a-z][a-z0-9_-]{0,31}|[0-9]{1,8})?")  # neither a link, a reference nor a telephone's number fits


NAMES = ("position", "startTime", "performer", "name", "object", "description", "previous", "hash")


class Entry(NamedTuple):
    """One entry as it was kept, whether or not it is still what was written. Digests and hashes are in hex."""

    position: int  # from 1
    at: str
    actor: str
    act: str
    digest: str
    detail: str
    previous: str
    hash: str

    def computed(self, number: int) -> str:
        """The hash that an incident's entry must have which says this."""
        said = (self.position, self.at, self.actor, self.act, self.digest, self.detail, self.previous)
        return hashlib.sha256(json.dumps([FORMAT, number, *said], separators=(",", ":")).encode("ascii")).hexdigest()


@dataclass(frozen=True, slots=True)
class Chain:
    """An incident's entries; apart from them how many there must be, and the last one's hash."""

    number: int  # the incident's
    length: int
    hash: str
    entries: Sequence[Entry]

    def as_object(self) -> dict[str, Any]:
        """For JSON; an entry under the names that CASE gives to an investigative action."""
        entries = [dict(zip(NAMES, entry, strict=True)) for entry in self.entries]
        return {"incident": self.number, "length": self.length, "hash": self.hash, "InvestigativeAction": entries}


class Broken(NamedTuple):
    """What is wrong with a chain, and from which position on; 0 for the chain as a whole."""

    position: int
    wrong: str


def from_object(found: Mapping[str, Any]) -> Chain:
    """What `as_object` made. Raises KeyError, TypeError or ValueError for what is none."""
    entries = [
        Entry(int(entry["position"]), *(str(entry[name]) for name in NAMES[1:]))
        for entry in found["InvestigativeAction"]
    ]
    return Chain(int(found["incident"]), int(found["length"]), str(found["hash"]), entries)


def written(
    number: int, position: int, at: datetime, actor: str, act: str, digest: bytes, detail: str, previous: str
) -> Entry:  # fmt: skip
    """
    The entry that says this. Raises ValueError, which quotes nothing, for what an entry may not say.

    `actor` is a moderator's random id, or a word for who acts at the machine itself; "" for a citizen and for what
    happens by itself, of which the hour alone is told.
    """
    _check(actor, digest, detail)
    entry = Entry(position, moment(at), actor, act, digest.hex(), detail, previous, "")
    return entry._replace(hash=entry.computed(number))


def spoken(at: datetime, actor: str, act: str, digest: bytes, detail: str) -> str:
    """The middle of such an entry's JSON: what does not depend on where it stands. Raises ValueError like `written`."""
    _check(actor, digest, detail)
    return json.dumps([moment(at), actor, act, digest.hex(), detail], separators=(",", ":"))[1:-1]


def broken(chain: Chain) -> Iterator[Broken]:
    """
    Everything that shows a chain to be another than was written; nothing where it is whole.

    An entry follows on the hash that the one before has, or should have: so one change is named once, where it is.
    """
    expected, before = 1, {BEGINNING}
    for entry in chain.entries:
        computed = entry.computed(chain.number)
        if entry.position != expected:
            yield Broken(expected, _lost(expected, entry.position))
        elif entry.previous not in before:
            yield Broken(entry.position, "does not follow the entry before it: one of the two was changed")
        if computed != entry.hash:
            yield Broken(entry.position, "was changed after it was written")
        expected, before = entry.position + 1, {computed, entry.hash}
    if expected <= chain.length:
        yield Broken(expected, _lost(expected, chain.length + 1))
    elif expected > chain.length + 1:
        yield Broken(chain.length + 1, "stands after the noted end of the chain")
    elif chain.hash not in before:
        yield Broken(chain.length, "is not the end that was noted apart from the chain: one of the two was changed")


def moment(at: datetime) -> str:
    """
    A time as entries write it.

    >>> moment(datetime(2026, 11, 22, 2, 33, 9, tzinfo=UTC))
    '2026-11-22T02:33:09Z'
    """
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _check(actor: str, digest: bytes, detail: str) -> None:
    if not ACTOR.fullmatch(actor):
        raise ValueError("an actor is a random id or a short word")
    if not DETAIL.fullmatch(detail):
        raise ValueError("a detail is a fixed word or a small number")
    if len(digest) not in (0, HASH_BYTES):
        raise ValueError("a digest is not 32 bytes long")


def _lost(expected: int, found: int) -> str:
    if found <= expected:
        return "stands twice or out of order"
    return "is missing" if found == expected + 1 else f"is missing, and all up to {found - 1}"
