"""Answers that wait for the worker: native WhatsApp buttons and lists, and what comes behind them."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ANSWERS = """
CREATE TABLE answers (
    mark bytea NOT NULL,
    pseudonym bytea NOT NULL,
    mailbox uuid NOT NULL,
    position smallint NOT NULL,
    sealed bytea NOT NULL,
    tried boolean DEFAULT false NOT NULL,
    forget_at timestamptz NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_answers PRIMARY KEY (mark),
    CONSTRAINT uq_answers_mailbox UNIQUE (mailbox, position)
);
CREATE INDEX ix_answers_pseudonym ON answers (pseudonym);
CREATE INDEX ix_answers_forget_at ON answers (forget_at);
CREATE INDEX ix_answers_fresh ON answers (mark) WHERE fresh;
"""


def upgrade() -> None:
    op.execute(ANSWERS)


def downgrade() -> None:
    """What waits is not sent any more; whoever writes again is answered by the version that is there then."""
    op.drop_table("answers")
