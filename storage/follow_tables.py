"""
The tables of what comes after a report was sent: additions, questions and notices, and how often a code was tried.

Of an addition nothing is in clear but that it is there and in which hour it came. A question is a template's name.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Uuid, false, text

from storage.columns import MOMENT, SealedColumn, fresh, metadata

additions = Table(
    "additions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report", Uuid, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("part", String(16), nullable=False),  # "content", "identity"
    Column("sealed", SealedColumn, nullable=False),
    Column("added_at", MOMENT, nullable=False),  # to the hour
    *fresh("additions", "id"),
)

addition_keys = Table(
    "addition_keys",
    metadata,
    Column("addition", Uuid, ForeignKey("additions.id", ondelete="CASCADE"), primary_key=True),
    Column("desk_key", String(16), primary_key=True),
    Column("wrapped", SealedColumn, nullable=False),
    *fresh("addition_keys", "addition", "desk_key"),
)

# What a moderator asked; the reporter finds the oldest that has no answer.
questions = Table(
    "questions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report", Uuid, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("template", String(32), nullable=False),
    Column("asked_at", MOMENT, nullable=False),
    Column("answered", Boolean, nullable=False, server_default=false()),
    *fresh("questions", "id"),
)

# News for a reporter who can be reached. With a fault it is not sent (any more) and waits for their next message.
notices = Table(
    "notices",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("report", Uuid, ForeignKey("reports.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    Column("due_at", MOMENT, nullable=False),
    Column("forget_at", MOMENT, nullable=False, index=True),
    Column("fault", String(40)),
    Column("stage", SmallInteger, nullable=False, server_default=text("0")),  # `notices.Stage`
    Column("owed_at", MOMENT, nullable=False),  # when staff decided
    Column("untold", Boolean, nullable=False, server_default=false()),  # earlier news lies in it too
    Index("ix_notices_due", "due_at", postgresql_where=text("fault IS NULL")),
    *fresh("notices", "id"),
)

# Secret codes that did not fit: how many, and not what was typed.
guesses = Table(
    "guesses",
    metadata,
    Column("person", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("count", SmallInteger, nullable=False),
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("guesses", "person"),
)
