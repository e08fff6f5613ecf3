"""When a desk key was last proven to open what is sealed to it."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PROBES = """
CREATE TABLE probes (
    desk_key varchar(16) NOT NULL,
    mark bytea,
    made_at timestamp with time zone NOT NULL,
    proven_at timestamp with time zone,
    CONSTRAINT pk_probes PRIMARY KEY (desk_key)
);
"""


def upgrade() -> None:
    op.execute(PROBES)


def downgrade() -> None:
    op.execute("DROP TABLE probes")
