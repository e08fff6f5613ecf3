"""A menu on a card closes by itself; those that are open when this comes close at once."""

from __future__ import annotations

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MENUS = """
ALTER TABLE work ADD COLUMN menu_until timestamptz;
UPDATE work SET menu_until = now() WHERE menu IS NOT NULL;
"""


def upgrade() -> None:
    op.execute(MENUS)


def downgrade() -> None:
    op.drop_column("work", "menu_until")
