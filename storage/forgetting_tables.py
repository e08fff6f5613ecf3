"""
The tables of forgetting: what was erased, what is still to be removed elsewhere, and when the house was last kept.

A tombstone is an HMAC of a reference, a day and a random id: it tells a restored backup what must go again, and nobody else a
thing.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, SmallInteger, String, Table, Uuid, text

from storage.columns import MOMENT, PseudonymColumn, SealedColumn, fresh, metadata

tombstones = Table(
    "tombstones",
    metadata,
    Column("mark", PseudonymColumn, primary_key=True),
    Column("what", String(16), nullable=False),  # `tombstones.What`
    Column("buried_on", Date, nullable=False, index=True),
    Column(
        "burial", Uuid, nullable=False, server_default=text("gen_random_uuid()")
    ),  # new each time: a backup has it, or is older
    *fresh("tombstones", "mark"),
)

# Whose messages a provider must delete, all of them up to a moment. No row here knows a report.
purges = Table(
    "purges",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("sealed", SealedColumn, nullable=False),  # address, up to when
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("due_at", MOMENT, nullable=False, index=True),
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("purges", "id"),
)

# What comes round by itself and must not stay away unseen. No citizen's turn writes here.
upkeep = Table(
    "upkeep",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("done_at", MOMENT),
    Column("failures", Integer, nullable=False, server_default=text("0")),  # since it was last done
    Column("fault", String(40)),  # the last one's code
    Column("id", Uuid),  # of the database, on the shelf's row
)
