"""
The schema of Procrastinate 3.10, the queue: its own file, as its package ships it.

A release of Procrastinate that changes its schema stops here, and in the tests, before it reaches a database. Then its
3.10 file is copied beside this one, and a new revision brings its migrations.
"""

from __future__ import annotations

import hashlib

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SHA256 = "c70ec4b400a60ad9592787653aae5ae77ae41bf801d56b5bd2712751a07f2009"

# Functions first: those that speak of a table's rows would go with it, and then not be found.
DROP = """
DO $$
DECLARE
    gone text;
BEGIN
    FOR gone IN
        SELECT format('FUNCTION %s', oid::regprocedure) FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'procrastinate_')
    LOOP
        EXECUTE 'DROP ' || gone || ' CASCADE';
    END LOOP;
    FOR gone IN
        SELECT format('TABLE %I', tablename) FROM pg_tables
        WHERE schemaname = current_schema() AND starts_with(tablename, 'procrastinate_')
    LOOP
        EXECUTE 'DROP ' || gone || ' CASCADE';
    END LOOP;
END;
$$;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_status, procrastinate_job_event_type
"""


class QueueChanged(Exception):
    """The installed Procrastinate ships another schema than the one this revision was written for."""


def upgrade() -> None:
    schema = SchemaManager.get_schema()
    if hashlib.sha256(schema.encode()).hexdigest() != SHA256:
        raise QueueChanged("the installed Procrastinate is not the one in requirements/: install those")
    op.execute(schema.replace(":", r"\:"))  # a colon would begin a parameter


def downgrade() -> None:
    op.execute(DROP.replace(":", r"\:"))
