"""
Shredding: what was deleted leaves the files of PostgreSQL within a day.

A deleted row stays in its page until it is vacuumed, as bytes between the rows after that, and in the write-ahead log
until a checkpoint. A report is unreadable for good once its wrapped key is gone, and the keys' tables are small: each
night they are copied anew, the log ends, and a checkpoint lets its past go (`wal_recycle=off`; otherwise the key is
still in `pg_wal`). Reasons, measurements and limits: docs/adr/0016-forgetting.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from sqlalchemy import text

from storage.db import Store, Transaction, alone
from storage.retention import MAY_CHECKPOINT, done, unhurried
from storage.tables import additions, evidence, metadata, report_parts

KEYS = tuple(table for table in metadata.sorted_tables if "wrapped" in table.c)
# What those keys open. A name that was taken back goes alone, while its report's key stays: its bytes matter too.
OPENED = (report_parts, additions, evidence)
COPIED_UP_TO = (
    256 * 1024 * 1024
)  # bytes of a table of OPENED that is copied while nobody else may use it; else vacuumed

# A copy takes along what somebody's snapshot still shows: a backup, `desk pull`, a forgotten psql.
HELD_BACK = text(
    """
    SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type <> 'autovacuum worker'
            AND greatest(age(backend_xmin), age(backend_xid)) >= age(CAST(:mark AS xid)))
        OR EXISTS (SELECT FROM pg_prepared_xacts WHERE age(transaction) >= age(CAST(:mark AS xid)))
        OR EXISTS (SELECT FROM pg_replication_slots WHERE xmin IS NOT NULL AND age(xmin) >= age(CAST(:mark AS xid)))
    """
)
PATIENCE, LOOK = 20.0, 0.2  # seconds in all for snapshots to end, and between two looks


def shred(store: Store, patience: float = PATIENCE) -> list[str]:
    """
    Rewrite the tables of wrapped keys, end the log, make a checkpoint. What could not be done now; nothing is well.

    Everything whose deletion was committed before is then in no file of the database. Dying anywhere leaves it as it
    was or better: the next run does all of it again.
    """
    with alone(store.engine) as connection, unhurried(connection):
        if _held_back(connection, patience):
            return ["a snapshot"]
        left = [name for name, statement in _rewriting(connection) if not done(connection, statement)]
        if not connection.execute(MAY_CHECKPOINT).scalar_one():
            return [*left, "checkpoint"]
        connection.execute(text("SELECT pg_switch_wal()"))
        connection.execute(text("CHECKPOINT"))
    return left


def lacking(tx: Transaction) -> list[str]:
    """What keeps shredding from its end on this server, one line each: an operator can put it right."""
    found = []
    if tx.execute(text("SELECT current_setting('wal_recycle')")).scalar_one() != "off":
        found.append("wal_recycle is on: what was deleted stays in pg_wal under other names")
    if not tx.execute(MAY_CHECKPOINT).scalar_one():
        found.append("the role lacks pg_checkpoint, or EXECUTE on pg_switch_wal()")
    return found


def copies(tx: Transaction) -> list[str]:
    """Where the server keeps more of its log than its own, one line each: what was deleted lives on there."""
    archive = tx.execute(text("SELECT current_setting('archive_mode')")).scalar_one() != "off"
    slots = tx.execute(text("SELECT EXISTS (SELECT FROM pg_replication_slots)")).scalar_one()
    found = ["archived logs keep what was deleted for as long as they are kept"] if archive else []
    return found + (["replication slots and standbys keep the log"] if slots else [])


def _held_back(connection: Transaction, patience: float) -> bool:
    """Whether a snapshot from before now is still open when patience ends."""
    mark = connection.execute(text("SELECT CAST(CAST(pg_current_xact_id() AS xid) AS text)")).scalar_one()
    end = time.monotonic() + patience
    while connection.execute(HELD_BACK, {"mark": mark}).scalar_one():
        if time.monotonic() >= end:
            return True
        time.sleep(LOOK)
    return False


def _rewriting(connection: Transaction) -> Iterator[tuple[str, str]]:
    """Every table in the order of its random keys, which tell nothing."""
    for table in KEYS:
        yield table.name, f"CLUSTER {table.name} USING pk_{table.name}"
    size = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
    for table in OPENED:
        small = connection.execute(size, {"name": table.name}).scalar_one() <= COPIED_UP_TO
        copied, vacuumed = f"CLUSTER {table.name} USING pk_{table.name}", f"VACUUM (TRUNCATE OFF) {table.name}"
        yield table.name, copied if small else vacuumed
