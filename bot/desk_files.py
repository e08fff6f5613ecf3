"""
Files at the desk: sealed ones travel in a folder beside the parcels file, and are opened into another on request.

Nothing here shows a file or knows a program that would. An opened file's name ends in what its first bytes told, never
in what somebody said of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from bot.file_types import ENDINGS
from storage.exhibits import Exhibit
from storage.opening import Desk
from storage.parcels import SealedExhibit, SealedReport
from storage.shelf import Shelf
from storage.vault import ForAnotherKey, Unopened

PIECE = 1 << 20
BESIDE = ".evidence"
NOT_THERE = "not in the folder beside the parcels file"


def beside(parcels: Path) -> Shelf:
    """Where the files of a parcels file travel: `parcels.jsonl.evidence` for `parcels.jsonl`."""
    return Shelf(parcels.with_name(parcels.name + BESIDE))


def noted(reports: Iterable[SealedReport], exhibits: list[SealedExhibit]) -> Iterator[SealedReport]:
    """The same reports; their exhibits are noted on the way."""
    for report in reports:
        exhibits += report.evidence
        yield report


def carry(exhibits: Iterable[SealedExhibit], shelf: Shelf, to: Shelf) -> int:
    """Copy sealed files, as they are; how many were not there."""
    missing = 0
    for exhibit in exhibits:
        try:
            with shelf.open(exhibit.file) as sealed:
                to.put(exhibit.file, _pieces(sealed))
        except FileNotFoundError:
            missing += 1
    return missing


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


def listed(report: SealedReport, desk: Desk, shelf: Shelf, into: Path | None) -> list[dict[str, Any]]:
    """
    What is known of each of a report's files: exhibit number, type, SHA-256, size, UTC time.

    With `into`, each is opened into a file of that folder, named `file`, if it is what was sealed; else `why` not.
    """
    return [_one(report.reference, exhibit, desk, shelf, into) for exhibit in report.evidence]


def _one(reference: str, exhibit: SealedExhibit, desk: Desk, shelf: Shelf, into: Path | None) -> dict[str, Any]:
    known: dict[str, Any] = {"exhibit": exhibit.number}
    try:
        seal = desk.exhibit(reference, exhibit.number, exhibit.wraps)
        known = {**_facts(seal.open_facts(exhibit.sealed)), **known}
        return known | ({"file": _opened(reference, exhibit, seal, known, shelf, into)} if into else {})
    except FileNotFoundError:
        return known | {"why": NOT_THERE}
    except ForAnotherKey:
        return known | {"why": "another key"}
    except (Unopened, ValueError):
        return known | {"why": "changed or damaged"}


def _facts(opened: bytes) -> dict[str, Any]:
    """Anybody can seal anything to the desk: what is no object of ours counts as damaged."""
    try:
        found = json.loads(opened)
    except RecursionError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(value, str | int) for value in found.values()):
        raise Unopened("not in our format")
    return found


def _opened(
    reference: str, exhibit: SealedExhibit, seal: Exhibit, known: dict[str, Any], shelf: Shelf, into: Path
) -> str:
    """Its name in the folder, once every byte is there and the digest is the one that was sealed."""
    name = _name(reference, exhibit.number, str(known.get("type")))
    digest = hashlib.sha256()
    with shelf.open(exhibit.file) as sealed:
        into.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=into, prefix=".")  # 0600
        try:
            with open(handle, "wb") as file:
                for piece in seal.open_file(sealed):
                    digest.update(piece)
                    file.write(piece)
            if digest.hexdigest() != known.get("sha256"):
                raise Unopened("not the file whose digest was sealed")
            os.replace(draft, into / name)
        except BaseException:
            os.unlink(draft)
            raise
    return name


def _name(reference: str, number: int, type: str) -> str:
    """A reference stands in clear, so whoever changed it could lead out of the folder."""
    return f"{named(reference)}-{number}{ENDINGS.get(type, '.bin')}"


def named(reference: str) -> str:
    """A reference as the beginning of a file's name."""
    return re.sub("[^A-Za-z0-9-]", "_", reference)[:40]
