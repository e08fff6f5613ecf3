"""
The tables of the custody log: one chain of entries an incident, and apart from it how long the chain is.

No entry is ever changed or deleted: the database refuses, whoever asks. What may change is the mark that blurring clears.
No key leads from here to a report or a person, and a chain outlives what it tells of (docs/adr/0014-custody.md).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Uuid,
    event,
    text,
)

from storage.columns import MOMENT, fresh, metadata

custody = Table(
    "custody",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", MOMENT, nullable=False),  # to the second where somebody of the staff acted, else to the hour
    Column("actor", String(36), nullable=False),
    Column("act", String(24), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),  # of the sealed parcel it tells of, if it tells of one
    Column("detail", String(32), nullable=False),
    Column("previous", LargeBinary(32), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    CheckConstraint("position > 0", name="position"),
    CheckConstraint("at = date_trunc('second', at, 'UTC')", name="to_the_second"),
    CheckConstraint("actor <> '' OR at = date_trunc('hour', at, 'UTC')", name="citizens_to_the_hour"),
    CheckConstraint("actor ~ '^([a-z]{1,16}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$'", name="actor"),
    CheckConstraint("act ~ '^[a-z][a-z_]{2,23}$'", name="act"),
    CheckConstraint("octet_length(digest) IN (0, 32)", name="digest"),
    CheckConstraint("detail ~ '^([a-z][a-z0-9_-]{0,31}|[0-9]{1,8})?$'", name="detail"),
    CheckConstraint("octet_length(previous) = 32 AND octet_length(hash) = 32", name="hashes"),
    Index("ix_custody_digest", "digest", postgresql_where=text("digest <> ''")),
    *fresh("custody", "incident", "position"),
)

custody_heads = Table(
    "custody_heads",
    metadata,
    Column("incident", Uuid, primary_key=True),
    Column("number", BigInteger, nullable=False, unique=True),  # the incident's: every entry's hash holds it
    Column("length", Integer, nullable=False),
    Column("hash", LargeBinary(32), nullable=False),  # of the last entry
    CheckConstraint("length >= 0 AND octet_length(hash) = 32", name="head"),
    *fresh("custody_heads", "incident"),
)

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
            AND (NEW.length > OLD.length OR (NEW.length = OLD.length AND NEW.hash = OLD.hash)) THEN
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


def _guard(_metadata: Any, connection: Connection, **_: Any) -> None:
    connection.exec_driver_sql(FUNCTIONS + TRIGGERS)


event.listen(metadata, "after_create", _guard)
