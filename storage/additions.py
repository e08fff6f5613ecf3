"""What was added to a report later: sealed to the desk like the report, each under a fresh key of its own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from storage import custody
from storage.custody import Act
from storage.custody_digests import of_part
from storage.custody_objects import added_name, incident_of
from storage.db import Transaction, hour
from storage.parcels import SealedAddition
from storage.sealed import Sealed, Wrap
from storage.tables import addition_keys, additions, reports
from storage.vault import Vault


def seal(
    tx: Transaction, vault: Vault, report: UUID, reference: str, queues: Sequence[str], part: str,
    content: Mapping[str, Any], now: datetime, *, act: Act = Act.ADDED, detail: str = "",
) -> None:  # fmt: skip
    """Seal and store one part that was added, and log what it is. The caller marks the report's row as fresh."""
    id = uuid4()
    plain = json.dumps(content, separators=(",", ":")).encode("ascii")
    name = added_name(reference, id)
    parcel = vault.parcel(name, queues, {part: plain})
    row = {"id": id, "report": report, "part": part, "sealed": parcel.parts[part], "added_at": hour(now)}
    tx.execute(insert(additions).values(**row))
    wraps = [{"addition": id, "desk_key": wrap.desk_key, "wrapped": wrap.wrapped} for wrap in parcel.wraps]
    tx.execute(insert(addition_keys), wraps)
    digest = of_part(name, part, parcel.parts[part])
    custody.add(tx, incident_of(tx, report), act, now, digest=digest, detail=detail or part)


def added(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, list[SealedAddition]]:
    """What was added to each of these reports, as it goes to the desk, oldest hour first."""
    found: dict[UUID, list[SealedAddition]] = {id: [] for id in ids}
    wraps: dict[UUID, list[Wrap]] = {}
    ours = additions.c.report.in_(ids)
    for row in tx.execute(select(addition_keys).join(additions).where(ours)):
        wraps.setdefault(row.addition, []).append(Wrap(row.desk_key, Sealed(row.wrapped)))
    asked = select(additions, reports.c.reference).join_from(additions, reports).where(ours)
    for row in tx.execute(asked.order_by(additions.c.added_at, additions.c.id)):
        when, name = row.added_at.isoformat().replace("+00:00", "Z"), added_name(row.reference, row.id)
        found[row.report].append(SealedAddition(name, when, {row.part: row.sealed}, wraps.get(row.id, [])))
    return found
