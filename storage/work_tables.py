"""
The table of the moderators' work on an incident: what nobody but staff ever writes.

A row is there from the first press on. The row of an incident itself is the citizens' too: reports are counted there.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from storage.columns import MOMENT, metadata

work = Table(
    "work",
    metadata,
    Column("incident", Uuid, ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, nullable=False, server_default=text("0")),  # raised by every press that does something
    Column("menu", String(16)),  # which buttons the card shows; none: the first ones
    Column("menu_until", MOMENT),  # when a menu that nobody chose from closes by itself
    Column("muted_until", MOMENT),
    Column("muted_severity", SmallInteger),  # a report of higher severity ends the silence
    Column("proposed", String(32)),  # the reason of a closing that waits for a second person
    Column("proposed_by", Uuid, ForeignKey("moderators.id", ondelete="SET NULL")),
    Column("remarks", ARRAY(String(32)), nullable=False, server_default=text("'{}'")),  # notes, by their names
    # The last press, whose repeat is told the same; and for one minute how things were before it.
    Column("pressed", String(48)),
    Column("pressed_by", Uuid, ForeignKey("moderators.id", ondelete="SET NULL")),
    Column("before", JSONB),
    Column("undo_until", MOMENT),
    Index("ix_work_undo_until", "undo_until", postgresql_where=text("undo_until IS NOT NULL")),
    Index("ix_work_menu_until", "menu_until", postgresql_where=text("menu_until IS NOT NULL")),
    Index("ix_work_muted_until", "muted_until", postgresql_where=text("muted_until IS NOT NULL")),
)
