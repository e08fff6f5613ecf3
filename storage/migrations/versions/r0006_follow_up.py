"""What comes after sending: additions, moderators' questions, notices, outcomes, and how often a code was tried."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ADDITIONS = """
CREATE TABLE additions (
    id uuid NOT NULL,
    report uuid NOT NULL,
    part varchar(16) NOT NULL,
    sealed bytea NOT NULL,
    added_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_additions PRIMARY KEY (id),
    CONSTRAINT fk_additions_report FOREIGN KEY (report) REFERENCES reports (id) ON DELETE CASCADE
);
CREATE INDEX ix_additions_report ON additions (report);
CREATE INDEX ix_additions_fresh ON additions (id) WHERE fresh;

CREATE TABLE addition_keys (
    addition uuid NOT NULL,
    desk_key varchar(16) NOT NULL,
    wrapped bytea NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_addition_keys PRIMARY KEY (addition, desk_key),
    CONSTRAINT fk_addition_keys_addition FOREIGN KEY (addition) REFERENCES additions (id) ON DELETE CASCADE
);
CREATE INDEX ix_addition_keys_fresh ON addition_keys (addition, desk_key) WHERE fresh;
"""

QUESTIONS = """
CREATE TABLE questions (
    id uuid NOT NULL,
    report uuid NOT NULL,
    template varchar(32) NOT NULL,
    asked_at timestamptz NOT NULL,
    answered boolean DEFAULT false NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_questions PRIMARY KEY (id),
    CONSTRAINT fk_questions_report FOREIGN KEY (report) REFERENCES reports (id) ON DELETE CASCADE
);
CREATE INDEX ix_questions_report ON questions (report);
CREATE INDEX ix_questions_fresh ON questions (id) WHERE fresh;
"""

NOTICES = """
CREATE TABLE notices (
    id uuid NOT NULL,
    report uuid NOT NULL,
    attempts smallint DEFAULT 0 NOT NULL,
    due_at timestamptz NOT NULL,
    forget_at timestamptz NOT NULL,
    fault varchar(40),
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_notices PRIMARY KEY (id),
    CONSTRAINT uq_notices_report UNIQUE (report),
    CONSTRAINT fk_notices_report FOREIGN KEY (report) REFERENCES reports (id) ON DELETE CASCADE
);
CREATE INDEX ix_notices_due ON notices (due_at) WHERE fault IS NULL;
CREATE INDEX ix_notices_forget_at ON notices (forget_at);
CREATE INDEX ix_notices_fresh ON notices (id) WHERE fresh;
"""

GUESSES = """
CREATE TABLE guesses (
    person uuid NOT NULL,
    count smallint NOT NULL,
    forget_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_guesses PRIMARY KEY (person),
    CONSTRAINT fk_guesses_person FOREIGN KEY (person) REFERENCES people (id) ON DELETE CASCADE
);
CREATE INDEX ix_guesses_forget_at ON guesses (forget_at);
CREATE INDEX ix_guesses_fresh ON guesses (person) WHERE fresh;
"""

COLUMNS = """
ALTER TABLE reports ADD COLUMN outcome varchar(32), ADD COLUMN notify boolean DEFAULT false NOT NULL;
ALTER TABLE incidents ADD COLUMN outcome varchar(32);
"""


def upgrade() -> None:
    for statements in (ADDITIONS, QUESTIONS, NOTICES, GUESSES, COLUMNS):
        op.execute(statements)


def downgrade() -> None:
    """Additions are lost: pull them to the desk before."""
    op.drop_column("incidents", "outcome")
    op.drop_column("reports", "notify")
    op.drop_column("reports", "outcome")
    for name in ("guesses", "notices", "questions", "addition_keys", "additions"):
        op.drop_table(name)
