"""Files: what is to be fetched, what is to be deleted at the provider, and what lies sealed on the shelf."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

FETCHES = """
CREATE TABLE fetches (
    id uuid NOT NULL,
    report uuid NOT NULL,
    exhibit smallint NOT NULL,
    channel varchar(16) NOT NULL,
    sealed bytea,
    address bytea,
    file uuid,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL,
    fault varchar(40),
    told boolean DEFAULT false NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_fetches PRIMARY KEY (id),
    CONSTRAINT uq_fetches_report UNIQUE (report, exhibit),
    CONSTRAINT fk_fetches_report FOREIGN KEY (report) REFERENCES reports (id),
    CONSTRAINT ck_fetches_wanted_or_given_up CHECK ((sealed IS NULL) = (fault IS NOT NULL)),
    CONSTRAINT ck_fetches_given_up_is_bare CHECK (fault IS NULL OR (address IS NULL AND file IS NULL))
);
CREATE INDEX ix_fetches_due ON fetches (due_at) WHERE fault IS NULL;
CREATE INDEX ix_fetches_forget_at ON fetches (forget_at);
CREATE INDEX ix_fetches_fresh ON fetches (id) WHERE fresh;
"""

DISCARDS = """
CREATE TABLE discards (
    id uuid NOT NULL,
    channel varchar(16) NOT NULL,
    sealed bytea NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_discards PRIMARY KEY (id)
);
CREATE INDEX ix_discards_due_at ON discards (due_at);
CREATE INDEX ix_discards_forget_at ON discards (forget_at);
CREATE INDEX ix_discards_fresh ON discards (id) WHERE fresh;
"""

EVIDENCE = """
CREATE TABLE evidence (
    report uuid NOT NULL,
    exhibit smallint NOT NULL,
    file uuid NOT NULL,
    sealed bytea NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_evidence PRIMARY KEY (report, exhibit),
    CONSTRAINT uq_evidence_file UNIQUE (file),
    CONSTRAINT fk_evidence_report FOREIGN KEY (report) REFERENCES reports (id)
);
CREATE INDEX ix_evidence_fresh ON evidence (report, exhibit) WHERE fresh;

CREATE TABLE evidence_keys (
    report uuid NOT NULL,
    exhibit smallint NOT NULL,
    desk_key varchar(16) NOT NULL,
    wrapped bytea NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_evidence_keys PRIMARY KEY (report, exhibit, desk_key),
    CONSTRAINT fk_evidence_keys_report FOREIGN KEY (report, exhibit)
        REFERENCES evidence (report, exhibit) ON DELETE CASCADE
);
CREATE INDEX ix_evidence_keys_fresh ON evidence_keys (report, exhibit, desk_key) WHERE fresh;
"""


def upgrade() -> None:
    for statements in (FETCHES, DISCARDS, EVIDENCE):
        op.execute(statements)


def downgrade() -> None:
    """Files on the shelf stay where they are, and nobody can open them any more: their keys go with the rows."""
    for name in ("evidence_keys", "evidence", "discards", "fetches"):
        op.drop_table(name)
