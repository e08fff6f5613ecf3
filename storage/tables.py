"""
Every table in one place; what concerns files alone stands in `evidence_tables.py`, what comes after sending in
`follow_tables.py`, what the moderators work on in `incident_tables.py`.

What must not be in clear cannot be stored in clear: a `SealedColumn` takes only what the vault made, a
`PseudonymColumn` only an HMAC. Row keys are random; times are kept to the hour wherever the minute would help
to tell who wrote.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    false,
    text,
)

from storage.alert_tables import alerted, digests, first_actions, referral_keys, referrals, rings, waves
from storage.columns import MOMENT, PseudonymColumn, SealedColumn, fresh, metadata
from storage.custody_tables import custody, custody_heads
from storage.evidence_tables import discards, evidence, evidence_keys, fetches
from storage.follow_tables import addition_keys, additions, guesses, notices, questions
from storage.forgetting_tables import purges, tombstones, upkeep
from storage.incident_tables import fingerprints, incidents
from storage.key_tables import probes
from storage.rights_tables import removals, requests, wipes, written
from storage.work_tables import work

__all__ = [
    "MOMENT",
    "addition_keys",
    "additions",
    "alerted",
    "aliases",
    "answers",
    "custody",
    "custody_heads",
    "deliveries",
    "digests",
    "discards",
    "evidence",
    "evidence_keys",
    "failures",
    "fetches",
    "fingerprints",
    "first_actions",
    "groups",
    "guesses",
    "incidents",
    "metadata",
    "moderators",
    "notices",
    "people",
    "probes",
    "purges",
    "questions",
    "referral_keys",
    "referrals",
    "removals",
    "report_keys",
    "report_parts",
    "reports",
    "requests",
    "rings",
    "sessions",
    "tombstones",
    "upkeep",
    "waves",
    "ways",
    "wipes",
    "work",
    "written",
]

# A person is a random id. Aliases find it; the way back reaches it, and exists only for who left one.
people = Table("people", metadata, Column("id", Uuid, primary_key=True), *fresh("people", "id"))

aliases = Table(
    "aliases",
    metadata,
    Column("pseudonym", PseudonymColumn, primary_key=True),
    Column("person", Uuid, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    *fresh("aliases", "pseudonym"),
)

ways = Table(
    "ways",
    metadata,
    Column("person", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("mailbox", Uuid, nullable=False, unique=True),  # what a job's lock names
    Column("channel", String(16), nullable=False),
    Column("address", SealedColumn, nullable=False),
    *fresh("ways", "person"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("person", Uuid, ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("sealed", SealedColumn, nullable=False),
    Column("expires_at", MOMENT, nullable=False, index=True),  # to the hour
    # Only where the citizen chose that silence sends the report.
    Column("nudge_at", MOMENT),
    Column("file_at", MOMENT),  # to the hour
    Column("address", SealedColumn),  # with its channel
    CheckConstraint("(file_at IS NULL) = (address IS NULL)", name="address_only_if_chosen"),
    CheckConstraint("nudge_at IS NULL OR file_at IS NOT NULL", name="nudge_only_if_chosen"),
    Index("ix_sessions_nudge_at", "nudge_at", postgresql_where=text("nudge_at IS NOT NULL")),
    Index("ix_sessions_file_at", "file_at", postgresql_where=text("file_at IS NOT NULL")),
    *fresh("sessions", "person"),
)

# A delivery is remembered as the HMAC of the provider's id; only its repeat opens the kept answer.
deliveries = Table(
    "deliveries",
    metadata,
    Column("mark", PseudonymColumn, primary_key=True),
    Column("kept", SealedColumn),
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    *fresh("deliveries", "mark"),
)

# Answers that the worker sends; gone when they have left. Found by a pseudonym of the address, not by a person.
answers = Table(
    "answers",
    metadata,
    Column("mark", PseudonymColumn, primary_key=True),  # the delivery's: it has one answer
    Column("pseudonym", PseudonymColumn, nullable=False, index=True),
    Column("mailbox", Uuid, nullable=False),  # what a job's lock names: random, and new with every queue that begins
    Column("position", SmallInteger, nullable=False),
    Column("sealed", SealedColumn, nullable=False),  # address, words, since when
    Column("forget_at", MOMENT, nullable=False, index=True),  # to the hour
    Column("stage", SmallInteger, nullable=False, server_default=text("0")),  # `answers.Stage`
    UniqueConstraint("mailbox", "position"),
    *fresh("answers", "mark"),
)

# Deliveries that failed by our own fault. Counted in their own transaction; parked when the count reaches three.
failures = Table(
    "failures",
    metadata,
    Column("mark", PseudonymColumn, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("fault", String(80), nullable=False),  # class name of the exception, nothing of its text
    Column("parked", SealedColumn),
    Column("forget_at", MOMENT, nullable=False, index=True),
)

reports = Table(
    "reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("reference", String(16), nullable=False, unique=True),
    Column("incident", Uuid, ForeignKey("incidents.id"), nullable=False, index=True),
    Column("category", String(32), nullable=False),
    Column("severity", SmallInteger, nullable=False),
    Column("channel", String(16), nullable=False),
    Column("locale", String(16), nullable=False),
    Column("disclosure", String(16), nullable=False),
    Column("state", String(32), nullable=False),
    Column("received_at", MOMENT, nullable=False),  # to the hour
    Column("person", Uuid, ForeignKey("people.id", ondelete="SET NULL"), index=True),
    Column("secret", PseudonymColumn),
    Column("outcome", String(32)),
    Column("notify", Boolean, nullable=False, server_default=false()),  # a neutral notice when there is news
    # How long it is kept (`keeping.py`): for which kind and state, since when, and when it goes; never while None.
    Column("kept_as", String(66), nullable=False, server_default=text("''")),
    Column("kept_since", Date),
    Column("erase_on", Date, index=True),
    Column("origin", Uuid, nullable=False),  # the incident it was filed into; `incident` is where that was merged to
    Column("follows_at", MOMENT),  # to the hour: from when it takes over its incident's state
    Index("ix_reports_follows_at", "follows_at", postgresql_where=text("follows_at IS NOT NULL")),
    Index("ix_reports_origin", "origin"),
    CheckConstraint("disclosure IN ('anonymous', 'confidential', 'identified')", name="disclosure"),
    CheckConstraint("disclosure <> 'anonymous' OR person IS NULL", name="anonymous_has_no_person"),
    CheckConstraint("(disclosure = 'anonymous') = (secret IS NOT NULL)", name="anonymous_has_a_secret"),
    CheckConstraint("received_at = date_trunc('hour', received_at, 'UTC')", name="received_to_the_hour"),
    *fresh("reports", "id"),
)

report_parts = Table(
    "report_parts",
    metadata,
    Column("report", Uuid, ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("part", String(16), primary_key=True),  # "content", "identity"
    Column("sealed", SealedColumn, nullable=False),
    *fresh("report_parts", "report", "part"),
)

report_keys = Table(
    "report_keys",
    metadata,
    Column("report", Uuid, ForeignKey("reports.id", ondelete="CASCADE"), primary_key=True),
    Column("desk_key", String(16), primary_key=True),
    Column("wrapped", SealedColumn, nullable=False),
    *fresh("report_keys", "report", "desk_key"),
)

moderators = Table(
    "moderators",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("pseudonym", PseudonymColumn, nullable=False, unique=True),
    Column("name", SealedColumn, nullable=False),
    Column("role", String(24), nullable=False, server_default="agent"),  # `moderators.Role`
)

# The internal groups: where cards go, and when the next call is due (20 a minute and 429s, platform.md A11).
groups = Table(
    "groups",
    metadata,
    Column("name", String(16), primary_key=True),  # "moderators", "restricted"
    Column("configured", String(32), nullable=False),  # the id in the environment when `chat` was learnt
    Column("chat", String(32), nullable=False),  # the id in force: a group that became a supergroup has moved
    Column("mailbox", Uuid, nullable=False, unique=True),
    Column("free_at", MOMENT, nullable=False),
    UniqueConstraint("chat"),
)
