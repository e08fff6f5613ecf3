"""What of an incident has been told the group, when it is reminded, referrals, notices with their own time."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# News that was owed before was owed at once.
NOTICES = """
ALTER TABLE notices
    ADD COLUMN stage smallint DEFAULT 0 NOT NULL,
    ADD COLUMN owed_at timestamptz,
    ADD COLUMN untold boolean DEFAULT false NOT NULL;
UPDATE notices SET owed_at = due_at;
ALTER TABLE notices ALTER COLUMN owed_at SET NOT NULL;
"""

TABLES = """
CREATE SEQUENCE alerted_turns;

CREATE TABLE alerted (
    incident uuid NOT NULL,
    severity smallint,
    reports integer DEFAULT 0 NOT NULL,
    gathered boolean DEFAULT false NOT NULL,
    summoned boolean DEFAULT false NOT NULL,
    turn bigint,
    waiting bytea,
    reminder smallint DEFAULT 0 NOT NULL,
    acted boolean DEFAULT false NOT NULL,
    CONSTRAINT pk_alerted PRIMARY KEY (incident),
    CONSTRAINT fk_alerted_incident FOREIGN KEY (incident) REFERENCES incidents (id) ON DELETE CASCADE
);

CREATE TABLE rings (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    card_group varchar(16) NOT NULL,
    incident uuid,
    severity smallint NOT NULL,
    first boolean NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_rings PRIMARY KEY (id),
    CONSTRAINT fk_rings_incident FOREIGN KEY (incident) REFERENCES incidents (id) ON DELETE CASCADE
);
CREATE INDEX ix_rings_incident ON rings (incident);

CREATE TABLE waves (
    card_group varchar(16) NOT NULL,
    message varchar(32),
    total integer DEFAULT 0 NOT NULL,
    wanted_version integer DEFAULT 0 NOT NULL,
    shown_version integer DEFAULT 0 NOT NULL,
    fault_version integer,
    edited_at timestamptz,
    CONSTRAINT pk_waves PRIMARY KEY (card_group)
);

CREATE TABLE digests (
    card_group varchar(16) NOT NULL,
    given_on date NOT NULL,
    CONSTRAINT pk_digests PRIMARY KEY (card_group)
);

CREATE TABLE first_actions (
    card_group varchar(16) NOT NULL,
    day date NOT NULL,
    category varchar(32) NOT NULL,
    minutes integer NOT NULL,
    count integer NOT NULL,
    CONSTRAINT pk_first_actions PRIMARY KEY (card_group, day, category, minutes)
);

CREATE TABLE referrals (
    id uuid NOT NULL,
    incident uuid NOT NULL,
    service varchar(32) NOT NULL,
    referred_at timestamptz NOT NULL,
    actor varchar(36) NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT pk_referrals PRIMARY KEY (id),
    CONSTRAINT fk_referrals_incident FOREIGN KEY (incident) REFERENCES incidents (id) ON DELETE CASCADE
);
CREATE INDEX ix_referrals_incident ON referrals (incident);

CREATE TABLE referral_keys (
    referral uuid NOT NULL,
    desk_key varchar(16) NOT NULL,
    wrapped bytea NOT NULL,
    CONSTRAINT pk_referral_keys PRIMARY KEY (referral, desk_key),
    CONSTRAINT fk_referral_keys_referral FOREIGN KEY (referral) REFERENCES referrals (id) ON DELETE CASCADE
);
"""

# Whatever has a card was announced by it; those without a card yet are new. A group's first digest comes tomorrow.
ANNOUNCED = """
INSERT INTO alerted (incident, severity, reports, turn, acted)
SELECT id, severity, CASE WHEN reports < 10 THEN 0 ELSE power(10, floor(log(reports)))::integer END,
       nextval('alerted_turns'), taken_by IS NOT NULL OR state <> 'received'
FROM incidents WHERE card_message IS NOT NULL;
INSERT INTO digests (card_group, given_on) SELECT name, current_date FROM groups;
"""


def upgrade() -> None:
    for statements in (NOTICES, TABLES, ANNOUNCED):
        op.execute(statements)


def downgrade() -> None:
    """A notice that has left is not sent again by a version that knows nothing of that."""
    op.execute("DELETE FROM notices WHERE stage IN (1, 3)")
    for name in ("stage", "owed_at", "untold"):
        op.drop_column("notices", name)
    for name in ("referral_keys", "referrals", "first_actions", "digests", "waves", "rings", "alerted"):
        op.drop_table(name)
    op.execute("DROP SEQUENCE alerted_turns")
