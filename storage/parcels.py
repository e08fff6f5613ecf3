"""
The parcels file: sealed reports carried from the database to the desk. Whoever copies it reads the clear facts, no more.

    {"file": "iblagh-parcels", "format": 2}
    {"reference": "IB-…", "facts": {…}, "parts": {"content": "<base64>"}, "wraps": [["<desk key id>", "<base64>"]],
     "evidence": [[<exhibit>, "<name of its file>", "<base64>", [["<desk key id>", "<base64>"]], "<SHA-256>"]],
     "additions": [{"name": "IB-…/<id>", "added_at": "…", "parts": {…}, "wraps": […]}],
     "referrals": [{"name": "incident 101/referral/<id>", "added_at": "…", "parts": {…}, "wraps": […]}]}
    …
    {"incident": 101, "length": 3, "hash": "…", "InvestigativeAction": [{…}, …]}
    …
    {"reports": 2, "chains": 1, "sha256": "<of every byte before this line>"}

A chain of custody stands in as many lines as it needs. Format 1 has none. The last line tells a copy that was cut or damaged on the way. It is a sum and no signature: what is sealed proves
itself when it opens, and the facts are what the database said.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from storage.custody_chain import Chain, Entry, from_object
from storage.sealed import Sealed, Wrap

FILE, FORMAT, WITHOUT_CHAINS = "iblagh-parcels", 2, 1
ENTRIES_A_LINE = 5000
LONGEST_LINE = 64 * 1024 * 1024  # a report is some kilobytes; more than this is no file of ours and would fill memory

Fact = str | int | None


class NotWhole(Exception):
    """This is no parcels file, or a later format, or it was cut or damaged on the way. One sentence, no content."""


class SealedExhibit(NamedTuple):
    """What is known of a report's file, sealed; the file itself lies elsewhere under its random name."""

    number: int
    file: UUID
    sealed: Sealed
    wraps: list[Wrap]
    digest: bytes = b""  # SHA-256 of the sealed file, if it was kept


@dataclass(frozen=True, slots=True)
class SealedAddition:
    """What was added to a report later, sealed under a key of its own; `added_at` is the hour."""

    name: str  # what its seal is bound to
    added_at: str
    parts: dict[str, bytes] = field(repr=False)
    wraps: list[Wrap] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedReport:
    """A report as it leaves the database: facts in clear as `reports list` gives them, all else sealed to the desk."""

    reference: str
    facts: dict[str, Fact]
    parts: dict[str, bytes] = field(repr=False)
    wraps: list[Wrap] = field(repr=False)
    evidence: list[SealedExhibit] = field(default_factory=list, repr=False)
    additions: list[SealedAddition] = field(default_factory=list, repr=False)
    referrals: list[SealedAddition] = field(default_factory=list, repr=False)  # of its incident


def write(stream: BinaryIO, reports: Iterable[SealedReport], log: Iterable[Chain] = ()) -> int:
    """Write a whole file, holding one report at a time; how many there were. One that was not finished is refused."""
    digest, count, lines = hashlib.sha256(put_line(stream, {"file": FILE, "format": FORMAT})), 0, 0
    for report in reports:
        digest.update(put_line(stream, as_object(report)))
        count += 1
    for chain in log:
        for at in range(0, max(len(chain.entries), 1), ENTRIES_A_LINE):
            some = replace(chain, entries=chain.entries[at : at + ENTRIES_A_LINE])
            digest.update(put_line(stream, some.as_object()))
            lines += 1
    put_line(stream, {"reports": count, "chains": lines, "sha256": digest.hexdigest()})
    return count


def read(stream: BinaryIO) -> Iterator[SealedReport]:
    """
    The reports of a file, holding one at a time. It is read to its end before the first is given, so `stream` must seek.

    Raises `NotWhole` at once, not on the way.
    """
    start = stream.tell()
    count, _ = _check(stream)
    stream.seek(start)
    stream.readline(LONGEST_LINE)
    return (_report(stream.readline(LONGEST_LINE), at) for at in range(1, count + 1))


def chains(stream: BinaryIO) -> Iterator[tuple[int, Chain]]:
    """Each chain of custody of a file, and the place where `chain_at` finds it again. Raises `NotWhole` like `read`."""
    start = stream.tell()
    count, lines = _check(stream)
    stream.seek(start)
    for _ in range(1 + count):
        stream.readline(LONGEST_LINE)
    while lines:
        place = stream.tell()
        chain, used = _chain(stream)
        lines, behind = lines - used, stream.tell()
        yield place, chain
        stream.seek(behind)


def chain_at(stream: BinaryIO, place: int) -> Chain:
    """The chain that stands at a place which `chains` gave."""
    stream.seek(place)
    return _chain(stream)[0]


def _chain(stream: BinaryIO) -> tuple[Chain, int]:
    """A chain from its first line on, and how many lines it has. The stream stands behind the last."""
    found, used, entries = object_in(stream.readline(LONGEST_LINE)), 0, list[Entry]()
    try:
        chain = from_object(found)
        while found.get("incident") == chain.number:
            entries += from_object(found).entries
            behind, used = stream.tell(), used + 1
            found = object_in(stream.readline(LONGEST_LINE))
    except (KeyError, TypeError, ValueError):
        raise NotWhole("a chain of custody in this parcels file is not in its format") from None
    stream.seek(behind)
    return replace(chain, entries=entries), used


def _check(stream: BinaryIO) -> tuple[int, int]:
    """How many reports and lines of chains there are, once the last line has vouched for every line before it."""
    last, count, digest = stream.readline(LONGEST_LINE), -1, hashlib.sha256()
    header = object_in(last)
    if header.get("file") != FILE:
        raise NotWhole("this is not a parcels file")
    if header.get("format") not in (FORMAT, WITHOUT_CHAINS):
        raise NotWhole("this parcels file has a format that this version does not know")
    while line := stream.readline(LONGEST_LINE):
        digest.update(last)
        last, count = line, count + 1
    found = object_in(last)
    lines = found.get("chains", 0)
    said = {"chains": lines} if header["format"] == FORMAT else {}
    if not isinstance(lines, int) or found != {"reports": count - lines, **said, "sha256": digest.hexdigest()}:
        raise NotWhole("this parcels file was cut or damaged on the way: copy or pull it again")
    return count - lines, lines


def as_object(report: SealedReport) -> dict[str, Any]:
    """A report's line as JSON."""
    return {
        "reference": report.reference,
        "facts": report.facts,
        "parts": {name: _text(part) for name, part in report.parts.items()},
        "wraps": _wraps_as_text(report.wraps),
        "evidence": [
            [one.number, one.file.hex, _text(one.sealed), _wraps_as_text(one.wraps), one.digest.hex()]
            for one in report.evidence
        ],
        "additions": [_added(one) for one in report.additions],
        "referrals": [_added(one) for one in report.referrals],
    }


def _added(one: SealedAddition) -> dict[str, Any]:
    parts = {name: _text(part) for name, part in one.parts.items()}
    return {"name": one.name, "added_at": one.added_at, "parts": parts, "wraps": _wraps_as_text(one.wraps)}


def _report(line: bytes, at: int) -> SealedReport:
    try:
        found = json.loads(line)
        evidence = [_exhibit(*exhibit) for exhibit in found.get("evidence", [])]
        additions = [_addition(one) for one in found.get("additions", [])]
        referrals = [_addition(one) for one in found.get("referrals", [])]
        sealed = (_parts(found["parts"]), _wraps(found["wraps"]), evidence, additions, referrals)
        return SealedReport(str(found["reference"]), dict(found["facts"]), *sealed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotWhole(f"report {at} of this parcels file is not in its format") from None


def _exhibit(number: int, file: str, sealed: str, wraps: Any, digest: str = "") -> SealedExhibit:
    known = (int(number), UUID(hex=file), Sealed(base64.b64decode(sealed)), _wraps(wraps))
    return SealedExhibit(*known, bytes.fromhex(digest))


def _wraps(found: Any) -> list[Wrap]:
    return [Wrap(str(key), Sealed(base64.b64decode(wrapped))) for key, wrapped in found]


def _wraps_as_text(wraps: Iterable[Wrap]) -> list[list[str]]:
    return [[wrap.desk_key, _text(wrap.wrapped)] for wrap in wraps]


def _text(sealed: bytes) -> str:
    return base64.b64encode(sealed).decode("ascii")


def _addition(found: dict[str, Any]) -> SealedAddition:
    sealed = (_parts(found["parts"]), _wraps(found["wraps"]))
    return SealedAddition(str(found["name"]), str(found["added_at"]), *sealed)


def _parts(found: dict[str, str]) -> dict[str, bytes]:
    return {str(name): base64.b64decode(part) for name, part in found.items()}


def put_line(stream: BinaryIO, value: dict[str, Any]) -> bytes:
    """Write an object as one line; the line."""
    line = json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
    stream.write(line)
    return line


def object_in(line: bytes) -> dict[str, Any]:
    """A line's object; an empty one for whatever is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
