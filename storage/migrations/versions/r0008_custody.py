"""The custody log: append-only and hash-chained, one chain an incident. What lay sealed before is its beginning."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from alembic import op
from sqlalchemy import Connection, text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE custody (
    incident uuid NOT NULL,
    position integer NOT NULL,
    at timestamptz NOT NULL,
    actor varchar(36) NOT NULL,
    act varchar(24) NOT NULL,
    digest bytea NOT NULL,
    detail varchar(32) NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_custody PRIMARY KEY (incident, position),
    CONSTRAINT ck_custody_position CHECK (position > 0),
    CONSTRAINT ck_custody_to_the_second CHECK (at = date_trunc('second', at, 'UTC')),
    CONSTRAINT ck_custody_citizens_to_the_hour CHECK (actor <> '' OR at = date_trunc('hour', at, 'UTC')),
    CONSTRAINT ck_custody_actor CHECK (actor ~ '^([a-z]{1,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$'),
    CONSTRAINT ck_custody_act CHECK (act ~ '^[a-z][a-z_]{2,23}$'),
    CONSTRAINT ck_custody_digest CHECK (octet_length(digest) IN (0, 32)),
    CONSTRAINT ck_custody_detail CHECK (detail ~ '^([a-z][a-z0-9_-]{0,31}|[0-9]{1,8})?$'),
    CONSTRAINT ck_custody_hashes CHECK (octet_length(previous) = 32 AND octet_length(hash) = 32)
);
CREATE INDEX ix_custody_digest ON custody (digest) WHERE digest <> '';
CREATE INDEX ix_custody_fresh ON custody (incident, position) WHERE fresh;

CREATE TABLE custody_heads (
    incident uuid NOT NULL,
    number bigint NOT NULL,
    length integer NOT NULL,
    hash bytea NOT NULL,
    fresh boolean DEFAULT true NOT NULL,
    CONSTRAINT pk_custody_heads PRIMARY KEY (incident),
    CONSTRAINT uq_custody_heads_number UNIQUE (number),
    CONSTRAINT ck_custody_heads_head CHECK (length >= 0 AND octet_length(hash) = 32)
);
CREATE INDEX ix_custody_heads_fresh ON custody_heads (incident) WHERE fresh;

ALTER TABLE evidence ADD COLUMN digest bytea;
"""

FUNCTIONS = """
CREATE FUNCTION custody_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unblurred custody;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        unblurred := NEW;
        unblurred.fresh := OLD.fresh;
        IF unblurred IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the custody log is append-only' USING ERRCODE = '23001', TABLE = TG_TABLE_NAME;
END
$$;

CREATE FUNCTION custody_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.incident = OLD.incident AND NEW.number = OLD.number
            AND (NEW.length = OLD.length + 1 OR (NEW.length = OLD.length AND NEW.hash = OLD.hash)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the custody log is append-only' USING ERRCODE = '23001', TABLE = TG_TABLE_NAME;
END
$$;
"""

TRIGGERS = """
CREATE TRIGGER custody_stays BEFORE UPDATE OR DELETE ON custody
    FOR EACH ROW EXECUTE FUNCTION custody_stays();
CREATE TRIGGER custody_is_never_emptied BEFORE TRUNCATE ON custody
    FOR EACH STATEMENT EXECUTE FUNCTION custody_stays();
CREATE TRIGGER custody_heads_grow BEFORE UPDATE OR DELETE ON custody_heads
    FOR EACH ROW EXECUTE FUNCTION custody_grows();
CREATE TRIGGER custody_heads_are_never_emptied BEFORE TRUNCATE ON custody_heads
    FOR EACH STATEMENT EXECUTE FUNCTION custody_grows();
"""

# The name that a seal is bound to, in three ways, as this revision finds them.
LYING = """
SELECT incident, 'iblagh part digest 1' AS label, reference AS name, part, report_parts.sealed
FROM report_parts JOIN reports ON reports.id = report
UNION ALL
SELECT incident, 'iblagh part digest 1', reference || '/' || additions.id, part, additions.sealed
FROM additions JOIN reports ON reports.id = report
UNION ALL
SELECT incident, 'iblagh exhibit digest 1', reference, CAST(exhibit AS text), evidence.sealed
FROM evidence JOIN reports ON reports.id = report
"""
ENTRY = """
INSERT INTO custody (incident, position, at, actor, act, digest, detail, previous, hash)
VALUES (:incident, :position, :at, '', 'inherited', :digest, '', :previous, :hash)
"""
HEAD = "INSERT INTO custody_heads (incident, number, length, hash) VALUES (:incident, :number, :length, :hash)"


def upgrade() -> None:
    bind = op.get_bind()
    for statements in (TABLES, FUNCTIONS, TRIGGERS):
        bind.exec_driver_sql(statements)
    lying = _lying(bind)
    at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for incident, number in bind.execute(text("SELECT id, number FROM incidents ORDER BY number")).all():
        _begin(bind, incident, number, sorted(lying[incident]) or [b""], at)


def downgrade() -> None:
    """The log is lost: pull it to the desk before."""
    op.drop_column("evidence", "digest")
    op.drop_table("custody_heads")
    op.drop_table("custody")
    op.execute("DROP FUNCTION custody_grows()")
    op.execute("DROP FUNCTION custody_stays()")


def _lying(bind: Connection) -> dict[UUID, list[bytes]]:
    found: dict[UUID, list[bytes]] = defaultdict(list)
    for row in bind.execute(text(LYING).execution_options(stream_results=True)):
        fields = [row.label.encode(), row.name.encode(), row.part.encode(), bytes(row.sealed)]
        fields += [b""] if row.label == "iblagh exhibit digest 1" else []
        joined = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
        found[row.incident].append(hashlib.sha256(joined).digest())
    return found


def _begin(bind: Connection, incident: UUID, number: int, digests: list[bytes], at: datetime) -> None:
    rows: list[dict[str, Any]] = []
    last = bytes(32)
    for position, digest in enumerate(digests, 1):
        said = ["iblagh custody 1", number, position, f"{at:%Y-%m-%dT%H:%M:%SZ}", "", "inherited", digest.hex(), ""]
        hash = hashlib.sha256(json.dumps([*said, last.hex()], separators=(",", ":")).encode()).digest()
        row = {"incident": incident, "position": position, "at": at, "digest": digest}
        rows.append({**row, "previous": last, "hash": hash})
        last = hash
    bind.execute(text(ENTRY), rows)
    bind.execute(text(HEAD), {"incident": incident, "number": number, "length": len(rows), "hash": last})
