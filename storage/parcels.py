"""
The parcels file: sealed reports carried from the database to the desk. Whoever copies it reads the clear facts, no more.

    {"file": "iblagh-parcels", "format": 1}
    {"reference": "IB-…", "facts": {…}, "parts": {"content": "<base64>"}, "wraps": [["<desk key id>", "<base64>"]],
     "evidence": [[<exhibit>, "<name of its file>", "<base64>", [["<desk key id>", "<base64>"]]]],
     "additions": [{"name": "IB-…/<id>", "added_at": "…", "parts": {…}, "wraps": […]}]}
    …
    {"reports": 2, "sha256": "<of every byte before this line>"}

The last line tells a copy that was cut or damaged on the way. It is a sum and no signature: what is sealed proves
itself when it opens, and the facts are what the database said.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

from storage.sealed import Sealed, Wrap

FILE, FORMAT = "iblagh-parcels", 1
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


def write(stream: BinaryIO, reports: Iterable[SealedReport]) -> int:
    """Write a whole file, holding one report at a time; how many there were. One that was not finished is refused."""
    digest, count = hashlib.sha256(_put(stream, {"file": FILE, "format": FORMAT})), 0
    for report in reports:
        digest.update(_put(stream, _as_object(report)))
        count += 1
    _put(stream, {"reports": count, "sha256": digest.hexdigest()})
    return count


def read(stream: BinaryIO) -> Iterator[SealedReport]:
    """
    The reports of a file, holding one at a time. It is read to its end before the first is given, so `stream` must seek.

    Raises `NotWhole` at once, not on the way.
    """
    start = stream.tell()
    count = _check(stream)
    stream.seek(start)
    stream.readline(LONGEST_LINE)
    return (_report(stream.readline(LONGEST_LINE), at) for at in range(1, count + 1))


def _check(stream: BinaryIO) -> int:
    """How many reports there are, once the last line has vouched for every line before it."""
    last, count, digest = stream.readline(LONGEST_LINE), -1, hashlib.sha256()
    header = _object(last)
    if header.get("file") != FILE:
        raise NotWhole("this is not a parcels file")
    if header.get("format") != FORMAT:
        raise NotWhole("this parcels file has a format that this version does not know")
    while line := stream.readline(LONGEST_LINE):
        digest.update(last)
        last, count = line, count + 1
    if _object(last) != {"reports": count, "sha256": digest.hexdigest()}:
        raise NotWhole("this parcels file was cut or damaged on the way: copy or pull it again")
    return count


def _as_object(report: SealedReport) -> dict[str, Any]:
    return {
        "reference": report.reference,
        "facts": report.facts,
        "parts": {name: _text(part) for name, part in report.parts.items()},
        "wraps": _wraps_as_text(report.wraps),
        "evidence": [
            [exhibit.number, exhibit.file.hex, _text(exhibit.sealed), _wraps_as_text(exhibit.wraps)]
            for exhibit in report.evidence
        ],
        "additions": [
            {
                "name": one.name,
                "added_at": one.added_at,
                "parts": {name: _text(part) for name, part in one.parts.items()},
                "wraps": _wraps_as_text(one.wraps),
            }
            for one in report.additions
        ],
    }


def _report(line: bytes, at: int) -> SealedReport:
    try:
        found = json.loads(line)
        evidence = [_exhibit(*exhibit) for exhibit in found.get("evidence", [])]
        additions = [_addition(one) for one in found.get("additions", [])]
        sealed = (_parts(found["parts"]), _wraps(found["wraps"]), evidence, additions)
        return SealedReport(str(found["reference"]), dict(found["facts"]), *sealed)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NotWhole(f"report {at} of this parcels file is not in its format") from None


def _exhibit(number: int, file: str, sealed: str, wraps: Any) -> SealedExhibit:
    return SealedExhibit(int(number), UUID(hex=file), Sealed(base64.b64decode(sealed)), _wraps(wraps))


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


def _put(stream: BinaryIO, value: dict[str, Any]) -> bytes:
    line = json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n"
    stream.write(line)
    return line


def _object(line: bytes) -> dict[str, Any]:
    """A line's object; an empty one for whatever is none."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
