"""What the custody log tells of: everything that lies sealed to the desk, by digest, and its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from storage import custody
from storage.custody import Act
from storage.custody_digests import of_exhibit, of_part
from storage.custody_many import Told, add_all
from storage.db import Transaction
from storage.tables import additions, evidence, report_parts, reports


class Held(NamedTuple):
    """Something that lies sealed: a part of a report, of what was added to it ("content", "identity"), or a file."""

    report: UUID
    part: str
    digest: bytes
    exhibit: int = 0  # of a file alone
    file: UUID | None = None  # its name on the shelf
    file_digest: bytes = b""  # SHA-256 of what must lie there; empty where the log began later


def held(tx: Transaction, ids: Sequence[UUID]) -> Iterator[Held]:
    """Everything that lies sealed in these reports."""
    ours = select(report_parts, reports.c.reference).join(reports).where(reports.c.id.in_(ids))
    for row in tx.execute(ours):
        yield Held(row.report, row.part, of_part(row.reference, row.part, row.sealed))
    later = select(additions, reports.c.reference).join(reports).where(reports.c.id.in_(ids))
    for row in tx.execute(later):
        yield Held(row.report, row.part, of_part(added_name(row.reference, row.id), row.part, row.sealed))
    files = select(evidence, reports.c.reference).join(reports).where(reports.c.id.in_(ids))
    for row in tx.execute(files):
        digest = of_exhibit(row.reference, row.exhibit, row.sealed, row.digest or b"")
        yield Held(row.report, "file", digest, row.exhibit, row.file, row.digest or b"")


def erasing(
    tx: Transaction, report: UUID, now: datetime, *, part: str = "", actor: str = "", detail: str = "",
) -> None:  # fmt: skip
    """
    Write that everything of a report that lies sealed is erased, or one part of it alone: call it just before.

    One entry each, in the chain of the report's incident.
    """
    incident = incident_of(tx, report)
    for one in sorted(held(tx, [report])):
        if part in ("", one.part):
            custody.add(tx, incident, Act.ERASED, now, actor=actor, digest=one.digest, detail=detail or one.part)


def erasing_all(tx: Transaction, reports: Mapping[UUID, UUID], now: datetime, why: str) -> None:
    """The same of everything in many reports, each with the incident that it is in."""
    every = sorted(held(tx, list(reports)))
    add_all(tx, [Told(reports[one.report], Act.ERASED, one.digest, why) for one in every], now)


def naming(tx: Transaction, report: UUID) -> bytes:
    """The digest by which an act that brings nothing sealed names its report: that of what was told first."""
    return next((one.digest for one in held(tx, [report]) if one.part == "content"), b"")


def incident_of(tx: Transaction, report: UUID) -> UUID:
    """The incident that a report is in now."""
    found: UUID = tx.execute(select(reports.c.incident).where(reports.c.id == report)).scalar_one()
    return found


def added_name(reference: str, id: UUID) -> str:
    """What an addition's seal is bound to, at the vault and at the desk."""
    return f"{reference}/{id}"
