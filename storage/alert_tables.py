"""
The tables of what a group has been told of an incident by messages of its own, and of the group's daily rhythm.

Nothing but the worker and staff writes here. No column tells a minute in which a citizen wrote: what needs one is sealed,
or gone within minutes.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Sequence,
    SmallInteger,
    String,
    Table,
    Uuid,
    false,
    text,
)

from storage.columns import MOMENT, SealedColumn, metadata

__all__ = ["alerted", "digests", "first_actions", "referral_keys", "referrals", "rings", "turns", "waves"]

turns = Sequence("alerted_turns", metadata=metadata)  # in which order cards were shown, and not when

# A row is there once the group has heard of the incident, by a card or in the gathered message.
alerted = Table(
    "alerted",
    metadata,
    Column("incident", Uuid, ForeignKey("incidents.id", ondelete="CASCADE"), primary_key=True),
    Column("severity", SmallInteger),  # the highest that a message has told; none: only the gathered one names it
    Column("reports", Integer, nullable=False, server_default=text("0")),  # the highest threshold told: 10, 100 …
    Column("gathered", Boolean, nullable=False, server_default=false()),  # stands in the gathered message
    Column("summoned", Boolean, nullable=False, server_default=false()),  # its card was asked for
    Column("turn", BigInteger),  # of its card's last showing
    Column("waiting", SealedColumn),  # since when nobody has it, to the minute
    Column("reminder", SmallInteger, nullable=False, server_default=text("0")),  # `alerts.Reminder`
    Column("acted", Boolean, nullable=False, server_default=false()),  # its time to first action is counted
    Index("ix_alerted_gathered", "incident", postgresql_where=text("gathered")),
    Index("ix_alerted_owed", "incident", postgresql_where=text("reminder = 1")),
    Index(
        "ix_alerted_waiting", "severity", postgresql_where=text("reminder = 0 AND waiting IS NOT NULL AND severity > 0")
    ),
)

# The new messages of the last minutes: so many and no more. Gone when they no longer count.
rings = Table(
    "rings",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("card_group", String(16), nullable=False),
    Column(
        "incident", Uuid, ForeignKey("incidents.id", ondelete="CASCADE"), index=True
    ),  # none: of the group as a whole
    Column("severity", SmallInteger, nullable=False),
    Column("first", Boolean, nullable=False),  # an incident's first card
    Column("at", MOMENT, nullable=False),
)

# The message in which new incidents are gathered when there are too many; one a group, while it lasts.
waves = Table(
    "waves",
    metadata,
    Column("card_group", String(16), primary_key=True),
    Column("message", String(32)),
    Column("total", Integer, nullable=False, server_default=text("0")),
    Column("wanted_version", Integer, nullable=False, server_default=text("0")),
    Column("shown_version", Integer, nullable=False, server_default=text("0")),
    Column("fault_version", Integer),  # the wanted_version that failed for good
    Column("edited_at", MOMENT),
)

digests = Table(
    "digests",
    metadata,
    Column("card_group", String(16), primary_key=True),
    Column("given_on", Date, nullable=False),  # the operator's own calendar
)

# How long it took until somebody did something: counts, of which no row leads to an incident.
first_actions = Table(
    "first_actions",
    metadata,
    Column("card_group", String(16), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("category", String(32), primary_key=True),
    Column("minutes", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)

# To whom an incident was referred. Which service is in clear, as the group sees it; the rest is sealed to the desk.
referrals = Table(
    "referrals",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("incident", Uuid, ForeignKey("incidents.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("service", String(32), nullable=False),
    Column("referred_at", MOMENT, nullable=False),
    Column("actor", String(36), nullable=False),  # the moderator's random id; "" from the command line
    Column("sealed", SealedColumn, nullable=False),
)

referral_keys = Table(
    "referral_keys",
    metadata,
    Column("referral", Uuid, ForeignKey("referrals.id", ondelete="CASCADE"), primary_key=True),
    Column("desk_key", String(16), primary_key=True),
    Column("wrapped", SealedColumn, nullable=False),
)
