"""The end of a chain of custody may grow by several entries in one statement: a report with an identity brings two."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

GROWS = """
CREATE OR REPLACE FUNCTION custody_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.incident = OLD.incident AND NEW.number = OLD.number
            AND (NEW.length {by} OR (NEW.length = OLD.length AND NEW.hash = OLD.hash)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the custody log is append-only' USING ERRCODE = '23001', TABLE = TG_TABLE_NAME;
END
$$;
"""


def upgrade() -> None:
    op.execute(GROWS.format(by="> OLD.length"))


def downgrade() -> None:
    op.execute(GROWS.format(by="= OLD.length + 1"))
