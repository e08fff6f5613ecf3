"""The table of the desk's keys: when each was last proven to open what is sealed to it."""

from __future__ import annotations

from sqlalchemy import Column, LargeBinary, String, Table

from storage.columns import MOMENT, metadata

probes = Table(
    "probes",
    metadata,
    Column("desk_key", String(16), primary_key=True),
    Column("mark", LargeBinary(32)),  # SHA-256 of what only the private key finds; none once it was said
    Column("made_at", MOMENT, nullable=False),
    Column("proven_at", MOMENT),
)
