"""
Writing into many chains of custody at once: what a pull, a rotation or an erasure does to hundreds of incidents.

A handful of statements however many chains there are; each entry is what `custody.add` would have written.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Integer, LargeBinary, Uuid, bindparam, insert, select
from sqlalchemy import text as sql

from storage.custody import BY_CITIZENS, OPERATOR, Act, Head
from storage.custody_chain import BEGINNING, Entry, written
from storage.custody_tables import custody, custody_heads
from storage.db import Store, Transaction, hour

TOGETHER = 200  # chains held at once while they are written to
HELD = sql("""
    INSERT INTO custody_heads (incident, number, length, hash)
    SELECT wanted.id, coalesce(known.number, incidents.number), 0, :beginning FROM unnest(:incidents) AS wanted (id)
    LEFT JOIN custody_heads AS known ON known.incident = wanted.id LEFT JOIN incidents ON incidents.id = wanted.id
    ORDER BY wanted.id
    ON CONFLICT (incident) DO UPDATE SET fresh = true RETURNING incident, number, length, hash
""").bindparams(bindparam("incidents", type_=ARRAY(Uuid())))
GROWN = sql("""
    UPDATE custody_heads SET length = its.length, hash = its.hash
    FROM unnest(:incidents, :lengths, :hashes) AS its (incident, length, hash)
    WHERE custody_heads.incident = its.incident
""").bindparams(
    bindparam("incidents", type_=ARRAY(Uuid())),
    bindparam("lengths", type_=ARRAY(Integer())),
    bindparam("hashes", type_=ARRAY(LargeBinary())),
)


class Told(NamedTuple):
    """What was done to one incident."""

    incident: UUID
    act: Act
    digest: bytes = b""
    detail: str = ""


def add_all(tx: Transaction, told: Sequence[Told], now: datetime, *, actor: str = "") -> None:
    """
    Write all this at the ends of its incidents' chains, in its order, in this transaction.

    It waits for whoever else is adding to one of them, in the order of their ids. Raises ValueError as `custody.add` does.
    """
    if not told:
        return
    if actor and not BY_CITIZENS.isdisjoint(one.act for one in told):
        raise ValueError("a citizen is no actor")
    at = now.astimezone(UTC).replace(microsecond=0) if actor else hour(now)
    heads = _held(tx, {one.incident for one in told})
    rows = []
    for one in told:
        head = heads[one.incident]
        entry = written(head.number, head.length + 1, at, actor, one.act.value, one.digest, one.detail, head.hash.hex())
        heads[one.incident] = Head(head.number, entry.position, bytes.fromhex(entry.hash))
        rows.append(_row(one, entry, at))
    tx.execute(insert(custody), rows)
    grown = {"incidents": list(heads), "lengths": [head.length for head in heads.values()]}
    tx.execute(GROWN, {**grown, "hashes": [head.hash for head in heads.values()]})


def pull(store: Store, now: datetime) -> int:
    """
    Write, before it is, that every incident is pulled of which anything has been written since the last time; how many.

    In small transactions: a citizen's turn waits for one of them at most.
    """
    last = (custody.c.incident == custody_heads.c.incident) & (custody.c.position == custody_heads.c.length)
    since = select(custody_heads.c.incident).join(custody, last).where(custody.c.act != Act.PULLED.value)
    with store.begin() as tx:
        ids = list(tx.execute(since.order_by(custody_heads.c.number)).scalars())
    for at in range(0, len(ids), TOGETHER):
        with store.begin() as tx:
            add_all(tx, [Told(id, Act.PULLED) for id in ids[at : at + TOGETHER]], now, actor=OPERATOR)
    return len(ids)


def _held(tx: Transaction, incidents: set[UUID]) -> dict[UUID, Head]:
    rows = tx.execute(HELD, {"incidents": sorted(incidents), "beginning": bytes.fromhex(BEGINNING)})
    return {row.incident: Head(row.number, row.length, bytes(row.hash)) for row in rows}


def _row(one: Told, entry: Entry, at: datetime) -> dict[str, object]:
    hashes = {"previous": bytes.fromhex(entry.previous), "hash": bytes.fromhex(entry.hash)}
    return entry._asdict() | {"incident": one.incident, "at": at, "digest": one.digest} | hashes
