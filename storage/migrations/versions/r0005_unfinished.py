"""Unfinished conversations whose writers chose that they be sent: when, and where the one nudge goes."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHOSEN = """
ALTER TABLE sessions
    ADD COLUMN nudge_at timestamptz,
    ADD COLUMN file_at timestamptz,
    ADD COLUMN address bytea,
    ADD CONSTRAINT ck_sessions_address_only_if_chosen CHECK ((file_at IS NULL) = (address IS NULL)),
    ADD CONSTRAINT ck_sessions_nudge_only_if_chosen CHECK (nudge_at IS NULL OR file_at IS NOT NULL);
CREATE INDEX ix_sessions_nudge_at ON sessions (nudge_at) WHERE nudge_at IS NOT NULL;
CREATE INDEX ix_sessions_file_at ON sessions (file_at) WHERE file_at IS NOT NULL;
"""

FORGOTTEN = """
DROP INDEX ix_sessions_file_at, ix_sessions_nudge_at;
ALTER TABLE sessions
    DROP CONSTRAINT ck_sessions_nudge_only_if_chosen,
    DROP CONSTRAINT ck_sessions_address_only_if_chosen,
    DROP COLUMN address,
    DROP COLUMN file_at,
    DROP COLUMN nudge_at;
"""


def upgrade() -> None:
    op.execute(CHOSEN)


def downgrade() -> None:
    """The conversations stay, and nothing is sent for them: the earlier version knows no such choice."""
    op.execute(FORGOTTEN)
