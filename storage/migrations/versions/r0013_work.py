"""Decisions in the group: menus, undo, four eyes, mute, roles."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WORK = """
CREATE TABLE work (
    incident uuid NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    menu varchar(16),
    muted_until timestamptz,
    muted_severity smallint,
    proposed varchar(32),
    proposed_by uuid,
    remarks varchar(32)[] DEFAULT '{}' NOT NULL,
    pressed varchar(48),
    pressed_by uuid,
    before jsonb,
    undo_until timestamptz,
    CONSTRAINT pk_work PRIMARY KEY (incident),
    CONSTRAINT fk_work_incident FOREIGN KEY (incident) REFERENCES incidents (id) ON DELETE CASCADE,
    CONSTRAINT fk_work_proposed_by FOREIGN KEY (proposed_by) REFERENCES moderators (id) ON DELETE SET NULL,
    CONSTRAINT fk_work_pressed_by FOREIGN KEY (pressed_by) REFERENCES moderators (id) ON DELETE SET NULL
);
CREATE INDEX ix_work_undo_until ON work (undo_until) WHERE undo_until IS NOT NULL;
"""

ROLES = """
ALTER TABLE moderators ADD COLUMN role varchar(24) DEFAULT 'agent' NOT NULL;
UPDATE moderators SET role = 'child_protection' WHERE restricted <> 0;
ALTER TABLE moderators DROP COLUMN restricted;
"""

NO_ROLES = """
ALTER TABLE moderators ADD COLUMN restricted smallint DEFAULT 0 NOT NULL;
UPDATE moderators SET restricted = 1 WHERE role IN ('child_protection', 'supervisor');
DELETE FROM moderators WHERE role = 'auditor';
ALTER TABLE moderators DROP COLUMN role;
"""


def upgrade() -> None:
    op.execute(WORK)
    op.execute(ROLES)


def downgrade() -> None:
    """An earlier version knows nobody who may look and not press: auditors are struck off."""
    op.execute(NO_ROLES)
    op.drop_table("work")
