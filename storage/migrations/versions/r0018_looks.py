"""
What comes round each minute finds what is due by an index, however many incidents are stored.

Nobody has looked at what is there when this comes: the first look does so, in batches, and a version before this one that
still runs beside it sets nothing that would keep the next look away.
"""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DUE_IN = "CASE WHEN shown_version < wanted_version OR looked_version < wanted_version THEN card_group END"

UP = f"""
ALTER TABLE incidents ADD COLUMN looked_version integer DEFAULT 0 NOT NULL;
CREATE INDEX ix_incidents_due ON incidents (({DUE_IN})) WHERE ({DUE_IN}) IS NOT NULL;
CREATE INDEX ix_incidents_fault ON incidents (number) WHERE fault_version IS NOT NULL;
DROP INDEX ix_incidents_stale;
CREATE INDEX ix_alerted_gathered ON alerted (incident) WHERE gathered;
CREATE INDEX ix_alerted_owed ON alerted (incident) WHERE reminder = 1;
CREATE INDEX ix_alerted_waiting ON alerted (severity) WHERE reminder = 0 AND waiting IS NOT NULL AND severity > 0;
CREATE INDEX ix_work_menu_until ON work (menu_until) WHERE menu_until IS NOT NULL;
CREATE INDEX ix_work_muted_until ON work (muted_until) WHERE muted_until IS NOT NULL;
ANALYZE incidents;
"""

DOWN = """
DROP INDEX ix_work_muted_until, ix_work_menu_until, ix_alerted_waiting, ix_alerted_owed, ix_alerted_gathered;
CREATE INDEX ix_incidents_stale ON incidents (card_group, severity DESC, number) WHERE shown_version < wanted_version;
DROP INDEX ix_incidents_fault, ix_incidents_due;
ALTER TABLE incidents DROP COLUMN looked_version;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
