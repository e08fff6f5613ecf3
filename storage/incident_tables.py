"""The tables of incidents: what the moderators work on, and the fingerprints that lead a new report to one."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Uuid,
    text,
)

from storage.columns import MOMENT, PseudonymColumn, SealedColumn, fresh, metadata

# The group where something may be owed of an incident: its card is not as it should be, or nobody has looked since it changed.
# An expression, so that what is asked is which rows have a value: few, PostgreSQL supposes. Of two versions it supposes that in
# one row of three the first is lower, and reads all of them. Laid out as it writes it itself, so that Alembic knows it again.
DUE_IN = """
CASE
    WHEN shown_version < wanted_version OR looked_version < wanted_version THEN card_group
    ELSE NULL::character varying
END"""

incidents = Table(
    "incidents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", BigInteger, Identity(start=101), nullable=False, unique=True),
    Column("category", String(32), nullable=False),  # the most severe of its reports'
    Column("severity", SmallInteger, nullable=False),  # 0 normal, 1 high, 2 critical
    Column("state", String(32), nullable=False),
    Column("opened_at", MOMENT, nullable=False),  # to the hour, of the first report
    Column("last_at", MOMENT, nullable=False),  # to the hour, of the last report
    Column("reports", Integer, nullable=False),
    Column("platform", String(32), nullable=False, server_default=""),  # of the first report
    Column("link", SealedColumn),  # defanged, for the card, where the category allows it
    Column("link_until", MOMENT, index=True),
    Column("places", SealedColumn),  # how many reports from which province, by `reports.origin`; gone when it closes
    Column("taken_by", Uuid, ForeignKey("moderators.id", ondelete="SET NULL")),
    Column("earlier", BigInteger),  # the number of the closed incident that had this fingerprint before
    # What was merged is kept as an empty incident, so that it can be taken out again. Never a chain: always the live one.
    Column("merged_into", Uuid, ForeignKey("incidents.id", ondelete="CASCADE"), index=True),
    # Folding is state: what is wanted on the card, and what is on it.
    Column("wanted_version", Integer, nullable=False, server_default=text("1")),
    Column("shown_version", Integer, nullable=False, server_default=text("0")),
    Column("looked_version", Integer, nullable=False, server_default=text("0")),  # nothing but the card is owed of it
    Column("card_group", String(16), nullable=False),  # "moderators" or "restricted"
    Column("card_message", String(32)),  # the group's message number of the card
    Column("card_in", String(16)),  # the group that has that message: the one before, when a case of a child has moved
    Column("card_fault", String(80)),  # why the last showing failed for good: the provider's code
    Column("fault_version", Integer),  # the wanted_version that failed for good; a higher one is tried again
    Column("outcome", String(32)),
    CheckConstraint("shown_version <= wanted_version", name="shown_not_ahead"),
    CheckConstraint("(link IS NULL) = (link_until IS NULL)", name="link_has_an_end"),
    CheckConstraint("merged_into IS NULL OR reports = 0", name="merged_is_empty"),
    Index("ix_incidents_due", text(f"({DUE_IN})"), postgresql_where=text(f"({DUE_IN}) IS NOT NULL")),
    Index("ix_incidents_fault", "number", postgresql_where=text("fault_version IS NOT NULL")),
    *fresh("incidents", "id"),
)

# What recognises copies: an HMAC of the canonical link, else of platform and account. It leads to one incident, open or
# the last that was; after a rotation the same link may have one row for each key that it was met under.
fingerprints = Table(
    "fingerprints",
    metadata,
    Column("mark", PseudonymColumn, primary_key=True),
    Column("incident", Uuid, ForeignKey("incidents.id", ondelete="CASCADE"), nullable=False, index=True),
    # What was opened for it, wherever it was merged since: the `origin` of the reports that it brings. No foreign key,
    # whose check would leave a citizen's transaction's number in a row that is not marked as fresh.
    Column("origin", Uuid, nullable=False),
    *fresh("fingerprints", "mark"),
)
