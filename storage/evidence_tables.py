"""
The tables of files: what is still to be fetched, what is to be deleted unread, and what lies sealed on the shelf.

What the provider needs to know a file by lives in `fetches` and `discards` alone, sealed, and goes with their rows. Of
a file that was fetched nothing is in clear but that it is there: no type, no digest, no size finer than 64 KiB.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from storage.columns import MOMENT, SealedColumn, fresh, metadata

# A report cannot be deleted before its files are: no row here goes with it by itself.
fetches = Table(
    "fetches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report", Uuid, ForeignKey("reports.id"), nullable=False),
    Column("exhibit", SmallInteger, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("sealed", SealedColumn),  # what the channel needs to fetch it
    Column("address", SealedColumn),  # whom it came from; an anonymous report's goes with the first try, or the hour
    Column("file", Uuid),  # what the last try may have left on the shelf
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("due_at", MOMENT, nullable=False),  # never the moment of filing: it has a random share
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    Column("fault", String(40)),  # why it was given up: the provider's code; then nothing else is left
    Column("told", Boolean, nullable=False, server_default=false()),  # that it was given up, to the reporter
    UniqueConstraint("report", "exhibit"),
    CheckConstraint("(sealed IS NULL) = (fault IS NOT NULL)", name="wanted_or_given_up"),
    CheckConstraint("fault IS NULL OR (address IS NULL AND file IS NULL)", name="given_up_is_bare"),
    Index("ix_fetches_due", "due_at", postgresql_where=text("fault IS NULL")),
    *fresh("fetches", "id"),
)

# What the provider must delete, read by nobody. No row here knows a report.
discards = Table(
    "discards",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("sealed", SealedColumn, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("due_at", MOMENT, nullable=False, index=True),
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("discards", "id"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("report", Uuid, ForeignKey("reports.id"), primary_key=True),
    Column("exhibit", SmallInteger, primary_key=True),
    Column("file", Uuid, nullable=False, unique=True),  # its name on the shelf
    Column("sealed", SealedColumn, nullable=False),  # digest, types, size, UTC time
    Column("digest", LargeBinary(32)),  # SHA-256 of the sealed file; of files from before the custody log there is none
    *fresh("evidence", "report", "exhibit"),
)

evidence_keys = Table(
    "evidence_keys",
    metadata,
    Column("report", Uuid, primary_key=True),
    Column("exhibit", SmallInteger, primary_key=True),
    Column("desk_key", String(16), primary_key=True),
    Column("wrapped", SealedColumn, nullable=False),
    ForeignKeyConstraint(["report", "exhibit"], ["evidence.report", "evidence.exhibit"], ondelete="CASCADE"),
    *fresh("evidence_keys", "report", "exhibit", "desk_key"),
)
