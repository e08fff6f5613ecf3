"""When each report is due to be forgotten, what a restore must erase again, and what is still to be removed elsewhere."""

from __future__ import annotations

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REPORTS = """
ALTER TABLE reports ADD COLUMN kept_as varchar(66) DEFAULT '' NOT NULL, ADD COLUMN kept_since date,
    ADD COLUMN erase_on date;
CREATE INDEX ix_reports_erase_on ON reports (erase_on);
"""

TOMBSTONES = """
CREATE TABLE tombstones (
    mark bytea NOT NULL,
    what varchar(16) NOT NULL,
    buried_on date NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_tombstones PRIMARY KEY (mark)
);
CREATE INDEX ix_tombstones_buried_on ON tombstones (buried_on);
CREATE INDEX ix_tombstones_fresh ON tombstones (mark) WHERE fresh;
"""

PURGES = """
CREATE TABLE purges (
    id uuid NOT NULL,
    channel varchar(16) NOT NULL,
    sealed bytea NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_purges PRIMARY KEY (id)
);
CREATE INDEX ix_purges_due_at ON purges (due_at);
CREATE INDEX ix_purges_forget_at ON purges (forget_at);
CREATE INDEX ix_purges_fresh ON purges (id) WHERE fresh;
"""

UPKEEP = """
CREATE TABLE upkeep (
    name varchar(32) NOT NULL,
    done_at timestamptz,
    failures integer DEFAULT 0 NOT NULL,
    fault varchar(40),
    id uuid,
    CONSTRAINT pk_upkeep PRIMARY KEY (name)
);
"""


def upgrade() -> None:
    for statements in (REPORTS, TOMBSTONES, PURGES, UPKEEP):
        op.execute(statements)


def downgrade() -> None:
    """Tombstones are lost: export them before, or a backup from before an erasure brings back what it erased."""
    for name in ("upkeep", "purges", "tombstones"):
        op.drop_table(name)
    for name in ("erase_on", "kept_since", "kept_as"):
        op.drop_column("reports", name)
