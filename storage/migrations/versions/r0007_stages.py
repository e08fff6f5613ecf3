"""An answer that left as buttons or a list is kept until it is known to have gone on, or it is sent again as text."""

from __future__ import annotations

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STAGES = """
ALTER TABLE answers ADD COLUMN stage smallint DEFAULT 0 NOT NULL;
UPDATE answers SET stage = 1 WHERE tried;
ALTER TABLE answers DROP COLUMN tried;
"""

# An answer that has left is not sent again by a version that knows nothing of that.
TRIED = """
DELETE FROM answers WHERE stage = 2;
ALTER TABLE answers ADD COLUMN tried boolean DEFAULT false NOT NULL;
UPDATE answers SET tried = true WHERE stage > 0;
ALTER TABLE answers DROP COLUMN stage;
"""


def upgrade() -> None:
    op.execute(STAGES)


def downgrade() -> None:
    op.execute(TRIED)
