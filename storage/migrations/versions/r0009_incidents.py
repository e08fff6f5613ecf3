"""Reports of one fingerprint join one incident; places, last report, what it was merged into."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INCIDENTS = """
ALTER TABLE incidents
    ADD COLUMN last_at timestamptz,
    ADD COLUMN places bytea,
    ADD COLUMN earlier bigint,
    ADD COLUMN merged_into uuid CONSTRAINT fk_incidents_merged_into REFERENCES incidents (id) ON DELETE CASCADE,
    ADD COLUMN card_in varchar(16),
    DROP COLUMN channel,
    DROP COLUMN locale,
    DROP COLUMN disclosure,
    ADD CONSTRAINT ck_incidents_merged_is_empty CHECK (merged_into IS NULL OR reports = 0);
UPDATE incidents SET last_at = opened_at, card_in = CASE WHEN card_message IS NOT NULL THEN card_group END;
ALTER TABLE incidents ALTER COLUMN last_at SET NOT NULL;
CREATE INDEX ix_incidents_merged_into ON incidents (merged_into);
"""

# These told of the one report that an incident had; its reports tell it now.
ONE_REPORT = """
ALTER TABLE incidents ADD COLUMN channel varchar(16), ADD COLUMN locale varchar(16), ADD COLUMN disclosure varchar(16);
UPDATE incidents SET (channel, locale, disclosure) =
    (SELECT channel, locale, disclosure FROM reports WHERE origin = incidents.id ORDER BY received_at, id LIMIT 1);
UPDATE incidents SET channel = 'telegram', locale = 'ar', disclosure = 'anonymous' WHERE channel IS NULL;
ALTER TABLE incidents ALTER COLUMN channel SET NOT NULL, ALTER COLUMN locale SET NOT NULL,
    ALTER COLUMN disclosure SET NOT NULL;
"""

# What was filed before has no fingerprint: the link is under the desk's seal. It stays the incident that it is.
FINGERPRINTS = """
CREATE TABLE fingerprints (
    mark bytea NOT NULL,
    incident uuid NOT NULL,
    origin uuid NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_fingerprints PRIMARY KEY (mark),
    CONSTRAINT fk_fingerprints_incident FOREIGN KEY (incident) REFERENCES incidents (id) ON DELETE CASCADE
);
CREATE INDEX ix_fingerprints_incident ON fingerprints (incident);
CREATE INDEX ix_fingerprints_fresh ON fingerprints (mark) WHERE fresh;
"""

REPORTS = """
ALTER TABLE reports ADD COLUMN origin uuid, ADD COLUMN follows_at timestamptz;
UPDATE reports SET origin = incident;
ALTER TABLE reports ALTER COLUMN origin SET NOT NULL;
CREATE INDEX ix_reports_origin ON reports (origin);
CREATE INDEX ix_reports_follows_at ON reports (follows_at) WHERE follows_at IS NOT NULL;
"""


def upgrade() -> None:
    for statements in (INCIDENTS, FINGERPRINTS, REPORTS):
        op.execute(statements)


def downgrade() -> None:
    """What was merged stays empty beside what it was merged into: take it out before, or never again."""
    op.execute(ONE_REPORT)
    op.drop_column("reports", "follows_at")
    op.drop_column("reports", "origin")
    op.drop_table("fingerprints")
    op.drop_constraint("ck_incidents_merged_is_empty", "incidents")
    for name in ("card_in", "merged_into", "earlier", "places", "last_at"):
        op.drop_column("incidents", name)
