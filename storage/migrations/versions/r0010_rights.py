"""What citizens ask of their data, what they wrote in the chat that may be deleted there."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

REQUESTS = """
CREATE TABLE requests (
    id uuid NOT NULL,
    report uuid NOT NULL,
    kind varchar(16) NOT NULL,
    asked_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    done_at timestamptz,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_requests PRIMARY KEY (id),
    CONSTRAINT fk_requests_report FOREIGN KEY (report) REFERENCES reports (id) ON DELETE CASCADE,
    CONSTRAINT ck_requests_kind CHECK (kind IN ('access', 'correction', 'objection'))
);
CREATE UNIQUE INDEX ix_requests_report ON requests (report, kind) WHERE done_at IS NULL;
CREATE INDEX ix_requests_due_at ON requests (due_at) WHERE done_at IS NULL;
CREATE INDEX ix_requests_fresh ON requests (id) WHERE fresh;
"""

REMOVALS = """
CREATE TABLE removals (
    file uuid NOT NULL,
    due_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_removals PRIMARY KEY (file)
);
CREATE INDEX ix_removals_due_at ON removals (due_at);
CREATE INDEX ix_removals_fresh ON removals (file) WHERE fresh;
"""

WRITTEN = """
CREATE TABLE written (
    id uuid NOT NULL,
    person uuid NOT NULL,
    sealed bytea NOT NULL,
    forget_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_written PRIMARY KEY (id),
    CONSTRAINT fk_written_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX ix_written_person ON written (person);
CREATE INDEX ix_written_forget_at ON written (forget_at);
CREATE INDEX ix_written_fresh ON written (id) WHERE fresh;
"""

WIPES = """
CREATE TABLE wipes (
    id uuid NOT NULL,
    channel varchar(16) NOT NULL,
    sealed bytea NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_wipes PRIMARY KEY (id)
);
CREATE INDEX ix_wipes_due_at ON wipes (due_at);
CREATE INDEX ix_wipes_forget_at ON wipes (forget_at);
CREATE INDEX ix_wipes_fresh ON wipes (id) WHERE fresh;
"""


def upgrade() -> None:
    for statements in (REQUESTS, REMOVALS, WRITTEN, WIPES):
        op.execute(statements)


def downgrade() -> None:
    """What citizens asked of the desk is lost, and which files were still to leave the shelf."""
    for name in ("wipes", "written", "removals", "requests"):
        op.drop_table(name)
