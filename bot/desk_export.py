"""
An export: one incident as it is handed to an authority, opened and sealed side by side, in one ZIP file.

    incident-101/
      manifest.json   every other file with size and SHA-256; which exhibit is which; its own SHA-256 at its end
      chain.json      the chain of custody, and those of incidents that its reports were in before
      summary.html    one page, in French and Arabic
      reports/        each report as this desk opened it
      evidence/       its files as they were sent
      sealed/         the same as they were kept: what the chain names
      check.py        checks all of this with nothing but Python 3.8

The same parcels, key and incident always make the same bytes. No time, no name of staff and no private key is in it.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bot import desk_check, desk_check_custody
from bot.desk import NoSuchIncident, plain
from bot.desk_check import FORMAT, MANIFEST, Folder, canonical, problems, write_zip
from bot.desk_check_custody import CHAIN, CHAIN_FORMAT, PIECE, SEALED
from bot.desk_custody import Log, digests
from bot.desk_files import beside, listed, named
from bot.desk_key import opened
from bot.desk_summary import page
from storage.custody_chain import Chain
from storage.opening import Desk
from storage.parcels import SealedReport, as_object, read
from storage.shelf import Shelf

THEIR_IMPORT = re.compile(r"^from bot\.desk_check_custody import .*\n", re.M)
HEADING = re.compile(r'\A""".*?"""\n+from __future__ import annotations\n+', re.S)


class Exported(NamedTuple):
    """What was written: the manifest's SHA-256, to be noted apart from it, and all that was wrong already."""

    manifest: str
    wrong: list[str]


def export(parcels: Path, key: Path, number: int, to: Path) -> Exported:
    """
    Write the ZIP file, for its owner alone (0600), whole or not at all; then check it as its receiver will.

    What this key does not open goes sealed alone. Raises like `desk.open_parcels`, and `NoSuchIncident`.
    """
    desk, log = opened(key), Log(parcels)
    reports = sorted(_of(parcels, number), key=lambda report: report.reference)
    chain = log.chain(number)
    if not reports or chain is None:
        raise NoSuchIncident(f"there is no report of incident {number} in this file, or no chain of custody")
    with tempfile.TemporaryDirectory(dir=to.parent, prefix=f".{to.name}.") as draft:
        folder = Path(draft)
        _fill(folder / "export", parcels, reports, chain, desk, log)
        manifest = _close(folder / "export", parcels, reports, chain, log)
        names = [MANIFEST, *(entry["path"] for entry in manifest["files"])]
        with open(os.open(folder / to.name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            write_zip(file, f"incident-{number}/", names, Folder(folder / "export").open)
        wrong = list(problems(folder / to.name))
        os.replace(folder / to.name, to)
    return Exported(hashlib.sha256(canonical(manifest)).hexdigest(), wrong)


def _of(parcels: Path, number: int) -> Iterator[SealedReport]:
    with parcels.open("rb") as file:
        yield from (report for report in read(file) if report.facts.get("incident") == number)


def _fill(folder: Path, parcels: Path, reports: list[SealedReport], chain: Chain, desk: Desk, log: Log) -> None:
    """Everything but the manifest."""
    folder.mkdir()
    shelf, told = beside(parcels), []
    for report in reports:
        found = plain(report, desk)
        found |= {"evidence": listed(report, desk, shelf, folder / "evidence")} if found["opened"] else {}
        told.append(found)
        _put(folder / "reports" / _file(report, ".json"), canonical(found))
        _put(folder / SEALED / _file(report, ".json"), canonical(as_object(report)))
        _carry(report, shelf, folder / SEALED)
    others = {number for report in reports for _, digest in digests(report) for number in log.naming(digest)}
    chains = [chain, *filter(None, (log.chain(number) for number in sorted(others - {chain.number})))]
    written = {"format": CHAIN_FORMAT, "chains": [one.as_object() for one in chains]}
    _put(folder / CHAIN, canonical(written))
    whole = not any(log.wrong(one.number) for one in chains)
    _put(folder / "summary.html", page(told, chain, whole).encode("utf-8"))
    _put(folder / "check.py", checker().encode("utf-8"))


def _close(folder: Path, parcels: Path, reports: list[SealedReport], chain: Chain, log: Log) -> dict[str, Any]:
    """Write the manifest of a folder that is complete."""
    paths = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    body = {
        "format": FORMAT,
        "incident": chain.number,
        "files": [{"path": path, **_sums(folder / path)} for path in paths],
        "ProvenanceRecord": [record for report in reports for record in _provenance(report, paths)],
        "elsewhere": _elsewhere(parcels, reports, chain, log),
    }
    manifest = {**body, "sha256": hashlib.sha256(canonical(body)).hexdigest()}
    _put(folder / MANIFEST, canonical(manifest))
    return manifest


def _provenance(report: SealedReport, paths: list[str]) -> Iterator[dict[str, Any]]:
    """Which exhibit is which, under CASE's names: as it was sent, as it was kept, as the chain names it."""
    known = dict(digests(report))
    for exhibit in report.evidence:
        name = _file(report, f"-{exhibit.number}")
        sent = [path for path in paths if path.startswith(f"evidence/{name}.")]
        kept = [path for path in paths if path == f"{SEALED}{name}.sealed"]
        digest = known[f"file {exhibit.number}"]
        yield {"exhibitNumber": name, "object": [*sent, *kept], "digest": digest}


def _elsewhere(parcels: Path, reports: list[SealedReport], chain: Chain, log: Log) -> list[list[int]]:
    """Entries of the chain whose parcels are now in another incident of the parcels file."""
    here = {digest for report in reports for _, digest in digests(report)} | log.erased
    gone = {entry.digest: entry.position for entry in chain.entries if entry.digest and entry.digest not in here}
    if not gone:
        return []
    with parcels.open("rb") as file:
        there = {digest for report in read(file) for _, digest in digests(report) if digest in gone}
    return [[chain.number, position] for digest, position in gone.items() if digest in there]


def checker() -> str:
    """The text of `check.py`: one file made of two, which needs nothing of ours."""
    theirs = HEADING.sub("", _source(desk_check_custody.__file__), count=1)
    return THEIR_IMPORT.sub(lambda _: theirs, _source(desk_check.__file__), count=1)


def _source(path: str) -> str:
    return Path(path).read_text(encoding="utf-8")


def _carry(report: SealedReport, shelf: Shelf, into: Path) -> None:
    """Files as they were kept; one that is not beside the parcels file is missing here too, which its check says."""
    for exhibit in report.evidence:
        try:
            with (
                shelf.open(exhibit.file) as sealed,
                open(into / _file(report, f"-{exhibit.number}.sealed"), "wb") as to,
            ):
                while piece := sealed.read(PIECE):
                    to.write(piece)
        except FileNotFoundError:
            continue


def _file(report: SealedReport, ending: str) -> str:
    return f"{named(report.reference)}{ending}"


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)


def _sums(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            digest.update(piece)
    return {"size": path.stat().st_size, "sha256": digest.hexdigest()}
