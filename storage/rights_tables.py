"""
The tables of citizens' rights: what they ask of the desk, and what they want deleted where they wrote it.

`written` and `wipes` know a chat and no report, `requests` a report and `removals` a file, and no chat.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, SmallInteger, String, Table, Uuid, text

from storage.columns import MOMENT, SealedColumn, fresh, metadata

# What a person at the desk owes to who wrote a report. One of each kind at a time; it goes with its report.
requests = Table(
    "requests",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report", Uuid, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("asked_at", MOMENT, nullable=False),  # to the hour
    Column("due_at", MOMENT, nullable=False),  # to the hour
    Column("done_at", MOMENT),
    CheckConstraint("kind IN ('access', 'correction', 'objection')", name="kind"),
    Index("ix_requests_of", "report"),  # those that are done go with their report too
    Index("ix_requests_report", "report", "kind", unique=True, postgresql_where=text("done_at IS NULL")),
    Index("ix_requests_due_at", "due_at", postgresql_where=text("done_at IS NULL")),
    *fresh("requests", "id"),
)

# Files of erased reports, until the worker has taken them from the shelf. Their keys are gone with the report.
removals = Table(
    "removals",
    metadata,
    Column("file", Uuid, primary_key=True),
    Column("due_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("removals", "file"),
)

# The numbers of what a citizen wrote in their chat, as long as the bot may delete it there. One row a message.
written = Table(
    "written",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("person", Uuid, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("sealed", SealedColumn, nullable=False),
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("written", "id"),
)

# What is to be deleted in a chat now: an address and up to a hundred numbers. No row here knows a person.
wipes = Table(
    "wipes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("sealed", SealedColumn, nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("due_at", MOMENT, nullable=False, index=True),
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("wipes", "id"),
)
