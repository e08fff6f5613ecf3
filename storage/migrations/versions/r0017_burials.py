"""
A tombstone says by a random id which burial it tells of, so that a restore leaves alone what was given again since; and what
a report's erasure takes with it is found by an index.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = sa.Column("burial", sa.Uuid, nullable=False, server_default=sa.text("gen_random_uuid()"))
    op.add_column("tombstones", made)
    op.create_index("ix_requests_of", "requests", ["report"])


def downgrade() -> None:
    op.drop_index("ix_requests_of", "requests")
    op.drop_column("tombstones", "burial")
