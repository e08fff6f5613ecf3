"""
Giving filed reports to a new desk key: at the desk, by whoever has an old private key, and never on the server.

The desk reads a parcels file and writes the new wraps into another, which the server takes in without any key:

    {"file": "iblagh-wraps", "format": 1}
    {"of": "report", "name": "IB-…", "exhibit": 0, "wraps": [["<desk key id>", "<base64>"]]}
    {"of": "addition", "name": "IB-…/<id>", "exhibit": 0, "wraps": […]}
    {"of": "referral", "name": "IB-…/<id>", "exhibit": 0, "wraps": […]}
    {"of": "exhibit", "name": "IB-…", "exhibit": 1, "wraps": […]}
    …
    {"lines": 3, "sha256": "<of every byte before this line>"}

Nothing sealed is sealed anew: content keys stay, so digests in the custody log stay true.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, NamedTuple

from storage.exhibits import exhibit_info
from storage.hybrid import Recipient
from storage.opening import Desk
from storage.parcels import LONGEST_LINE, NotWhole, SealedReport, object_in, put_line
from storage.sealed import RECOVERY, DeskKey, ForAnotherKey, Key, Sealed, Unopened, Wrap
from storage.vault import wrap_info

FILE, FORMAT = "iblagh-wraps", 1


class Rewrapped(NamedTuple):
    """
    The new wraps of one sealed thing: a report by its reference, an addition by its name, a file by its number, a referral
    by a report of its incident.
    """

    of: str
    name: str
    exhibit: int
    wraps: tuple[Wrap, ...]


class Count(NamedTuple):
    """How many things got new wraps, and how many did not open."""

    done: int
    unopened: int


def rewrap(
    reports: Iterable[SealedReport], desk: Desk, keys: Iterable[DeskKey], queue_of: Callable[[SealedReport], str]
) -> Iterator[Rewrapped | None]:
    """
    New wraps of everything that the desk opens, to those of `keys` that may read it and do not yet; None for what does
    not open. `queue_of` says who may read a report: "general" or "restricted"; recovery may read all.
    """
    to = [(key.queue, key.id, Recipient(key.public)) for key in keys]
    for report in reports:
        queue = queue_of(report)
        readers = [(id, recipient) for name, id, recipient in to if name in (queue, RECOVERY)]
        for of, name, number, wraps, info in _things(report):
            missing = [(id, recipient) for id, recipient in readers if id not in {wrap.desk_key for wrap in wraps}]
            key = _opened(desk, wraps, info)
            if key is None:
                yield None
            elif missing:
                made = tuple(Wrap(id, recipient.wrap(key, info)) for id, recipient in missing)
                yield Rewrapped(of, name, number, made)


def write(stream: BinaryIO, made: Iterable[Rewrapped | None]) -> Count:
    """Write a whole file, holding one thing at a time."""
    digest, done, unopened = hashlib.sha256(put_line(stream, {"file": FILE, "format": FORMAT})), 0, 0
    for one in made:
        if one is None:
            unopened += 1
            continue
        wraps = [[wrap.desk_key, base64.b64encode(wrap.wrapped).decode("ascii")] for wrap in one.wraps]
        digest.update(put_line(stream, {"of": one.of, "name": one.name, "exhibit": one.exhibit, "wraps": wraps}))
        done += 1
    put_line(stream, {"lines": done, "sha256": digest.hexdigest()})
    return Count(done, unopened)


def read(stream: BinaryIO) -> tuple[int, Iterator[Rewrapped]]:
    """How many lines, and each of them. Read to its end before the first is given. Raises `NotWhole` at once."""
    start = stream.tell()
    count = _checked(stream)
    stream.seek(start)
    stream.readline(LONGEST_LINE)
    return count, (_rewrapped(stream.readline(LONGEST_LINE)) for _ in range(count))


def _things(report: SealedReport) -> Iterator[tuple[str, str, int, list[Wrap], bytes]]:
    yield "report", report.reference, 0, report.wraps, wrap_info(report.reference)
    for one in report.additions:
        yield "addition", one.name, 0, one.wraps, wrap_info(one.name)
    for one in report.referrals:
        yield "referral", f"{report.reference}/{one.name.rpartition('/')[2]}", 0, one.wraps, wrap_info(one.name)
    for exhibit in report.evidence:
        info = exhibit_info(report.reference, exhibit.number)
        yield "exhibit", report.reference, exhibit.number, exhibit.wraps, info


def _opened(desk: Desk, wraps: list[Wrap], info: bytes) -> Key | None:
    for wrap in wraps:
        try:
            return desk.unwrap(wrap, info)
        except ForAnotherKey:
            continue
        except Unopened:
            return None
    return None


def _checked(stream: BinaryIO) -> int:
    last, count, digest = stream.readline(LONGEST_LINE), -1, hashlib.sha256()
    header = object_in(last)
    if header.get("file") != FILE or header.get("format") != FORMAT:
        raise NotWhole("this is no file of wraps, or one of a later version")
    while line := stream.readline(LONGEST_LINE):
        digest.update(last)
        last, count = line, count + 1
    if object_in(last) != {"lines": count, "sha256": digest.hexdigest()}:
        raise NotWhole("this file of wraps was cut or damaged on the way: make or copy it again")
    return count


def _rewrapped(line: bytes) -> Rewrapped:
    try:
        found = json.loads(line)
        wraps = tuple(Wrap(str(id), Sealed(base64.b64decode(wrapped))) for id, wrapped in found["wraps"])
        return Rewrapped(str(found["of"]), str(found["name"]), int(found["exhibit"]), wraps)
    except (ValueError, KeyError, TypeError):
        raise NotWhole("a line of this file of wraps is not in its format") from None
