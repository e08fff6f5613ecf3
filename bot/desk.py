"""
The desk: reading sealed reports with the private key, away from the database and the internet.

Nothing here needs the network, a database or the server's keys, and where the server's keys are it refuses to run.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from bot.desk_custody import Log
from bot.desk_files import beside, listed
from bot.desk_key import opened
from bot.desk_page import page
from storage.opening import Desk
from storage.parcels import NotWhole, SealedAddition, SealedReport, read
from storage.vault import ForAnotherKey, Unopened

__all__ = ["BesideStateKey", "NotWhole", "open_parcels", "page", "refuse_beside_state_key", "write_json", "write_page"]

DEEPEST = 20  # our parts nest four deep; a part made to exhaust whoever walks it is shown as bytes


class BesideStateKey(Exception):
    """The desk was started on the server."""


class NoSuchIncident(Exception):
    """The parcels file has no report of this incident, or no chain of custody. One sentence."""


def refuse_beside_state_key(environ: Mapping[str, str]) -> None:
    """Raises `BesideStateKey` where the server's key is set: private key and database must not meet on one machine."""
    for name in ("IBLAGH_STATE_KEY", "IBLAGH_STATE_KEY_FILE"):
        if environ.get(name):
            raise BesideStateKey(f"{name} is set here: read reports on another machine than the server's")


def open_parcels(parcels: Path, key: Path, files: Path | None = None) -> Iterator[dict[str, Any]]:
    """
    Each report of a parcels file as a JSON object: its facts, `opened`, and, if this key opens it, its parts by name
    and its files in a list, `evidence`, each opened into the folder `files` if one is given; then its chains, `custody`.

    One that this key does not open says `why` and stops no other. Raises at once, before the first report, OSError,
    `NotWhole` for the parcels, or ValueError for the key file; each message is one line and quotes no key.
    """
    desk = opened(key)
    with ExitStack() as on_failure:
        file = on_failure.enter_context(parcels.open("rb"))
        reports = read(file)
        on_failure.pop_all()
    log = Log(parcels)
    return _opened(file, reports, desk, log, lambda report: listed(report, desk, beside(parcels), files))


def write_json(reports: Iterable[Mapping[str, Any]], stream: TextIO) -> None:
    """One JSON array, a report a line. ASCII only: nothing a report says can steer a terminal."""
    stream.write("[")
    for at, report in enumerate(reports):
        stream.write((",\n " if at else "\n ") + json.dumps(report))
    stream.write("\n]\n")


def write_page(reports: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write one page that its owner alone reads (0600), whole or not at all."""
    text = page(reports).encode("utf-8")
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with open(handle, "wb") as file:
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise


def _opened(
    file: BinaryIO, reports: Iterator[SealedReport], desk: Desk, log: Log,
    files_of: Callable[[SealedReport], list[Any]],
) -> Iterator[dict[str, Any]]:  # fmt: skip
    with file:
        for report in reports:
            told = plain(report, desk)
            evidence = files_of(report) if told["opened"] else []
            told |= {"evidence": evidence} if evidence else {}
            custody = log.about(report)
            yield {**told, "custody": custody} if custody else told


def plain(report: SealedReport, desk: Desk) -> dict[str, Any]:
    """A report's facts, `opened`, and its parts by name; or `why` this key does not open it."""
    known = {"reference": report.reference, **report.facts}
    try:
        parts = desk.open(report.reference, report.parts, report.wraps)
    except ForAnotherKey:
        return {**known, "reference": report.reference, "opened": False, "why": "another key"}
    except Unopened:
        return {**known, "reference": report.reference, "opened": False, "why": "changed or damaged"}
    read_parts = {name: _part(part) for name, part in parts.items()}
    later = {"additions": [_added(one, desk) for one in report.additions]} if report.additions else {}
    if report.referrals:
        later["referrals"] = [_added(one, desk, "referred_at") for one in report.referrals]
    return {**known, **read_parts, **later, "reference": report.reference, "opened": True}


def _added(addition: SealedAddition, desk: Desk, when: str = "added_at") -> dict[str, Any]:
    """What was added later. One that does not open says so and hides nothing else of its report."""
    try:
        parts = desk.open(addition.name, addition.parts, addition.wraps)
    except Unopened:
        return {when: addition.added_at, "why": "does not open"}
    return {when: addition.added_at, **{name: _part(part) for name, part in parts.items()}}


def _part(part: bytes) -> Any:
    """A part's JSON; one that is none, as bytes."""
    try:
        found = json.loads(part, parse_constant=_refuse)
    except (ValueError, RecursionError):
        found = None
    if found is None or _deeper(found, DEEPEST):
        return {"bytes": part.hex()}
    return found


def _refuse(constant: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


def _deeper(value: Any, levels: int) -> bool:
    layer = [value]
    for _ in range(levels):
        layer = [
            inner
            for outer in layer
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
        ]
    return bool(layer)
