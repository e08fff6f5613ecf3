"""
Restoring: a backup into an empty database, in one transaction, without what was erased after the backup was made.

Tombstones name what was erased by an HMAC of its reference. Whoever restores brings those of the live database too:
the backup knows only the erasures before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier
from sqlalchemy import delete, exists, select, text, update

from storage import custody_objects, erasing, rights, tombstones
from storage.backup import Header, NotWhole, Part, Reader, kept_tables
from storage.custody import Act
from storage.custody_many import Told, add_all
from storage.db import Transaction
from storage.tables import additions, custody_heads, evidence, notices, report_parts, reports
from storage.tombstones import Tombstone, What
from storage.vault import Vault

NO_JOBS = "TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers, procrastinate_workers"
AT_A_TIME = 1_000
TOGETHER = 200  # reports or chains in one statement
# Numbers that were given since the backup stand on cards in the group: no new incident takes one of them.
GAP = 1_000


class NotEmpty(Exception):
    """The database holds something already. One line that names a table."""


class AnotherVersion(Exception):
    """The backup is of another schema than this program's. One line that says what to do."""


class Replayed(NamedTuple):
    """What had to go again: whole reports, and names of those who wrote others or what leads to them."""

    reports: int
    people: int


def check(tx: Transaction, header: Header) -> None:
    """Raises `AnotherVersion` or `NotEmpty`."""
    ours = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    if header.revision != ours:
        words = f"this backup is of revision {header.revision} (version {header.version}), the database of {ours}"
        raise AnotherVersion(f"{words}: restore it with that version, then migrate")
    for table in kept_tables():
        if tx.execute(select(exists().select_from(table))).scalar_one():
            raise NotEmpty(f"the database is not empty: there are rows in {table.name}")


def load(tx: Transaction, backup: Reader) -> int:
    """
    Put everything into the empty database; how many rows. No job is left, and numbers go on where they were.

    Raises `NotWhole`, `NotEmpty` or `AnotherVersion`; the caller's transaction must not be committed then.
    """
    tx.execute(text("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0"))
    check(tx, backup.header)
    known = {table.name: {column.name for column in table.columns} for table in kept_tables()}
    for part in backup.parts():
        if part.table not in known or not set(part.columns) <= known[part.table]:
            raise NotWhole("this backup has a table that this version does not know")
        _copy(tx, part)
    for name, last in backup.header.sequences.items():
        tx.execute(text("SELECT setval(CAST(:name AS regclass), :last)"), {"name": name, "last": int(last) + GAP})
    drop_jobs(tx)
    return backup.count


def drop_jobs(tx: Transaction) -> None:
    """Jobs of another time would act on rows as they are now. What is owed stands in rows, and gets jobs anew."""
    tx.execute(text(NO_JOBS))


def replay(tx: Transaction, vault: Vault, stones: Iterable[Tombstone], now: datetime) -> Replayed:
    """Keep tombstones that were exported elsewhere beside those that are here, and erase again what was erased after these."""
    known = tombstones.burials(tx)
    tombstones.keep(tx, stones)
    graves = tombstones.all_of(tx, known=known)
    found = []
    for some in tx.execute(select(reports.c.id, reports.c.reference)).partitions(AT_A_TIME):
        found += [(row.id, what) for row in some if (what := _grave(vault, row.reference, graves))]
    whole = [report for report, what in found if what is What.REPORT]
    for at in range(0, len(whole), TOGETHER):
        erasing.erase_locked(tx, vault, erasing.lock_all(tx, whole[at : at + TOGETHER]), now, "restored")
    parted = sum(_part(tx, vault, report, what, now) for report, what in found if what is not What.REPORT)
    return Replayed(len(whole), parted)


def log_it(tx: Transaction, now: datetime) -> None:
    """Every chain tells that it was restored: what was written after the backup is not in it."""
    every = tx.execute(select(custody_heads.c.incident).order_by(custody_heads.c.incident)).scalars().all()
    for at in range(0, len(every), TOGETHER):
        add_all(tx, [Told(incident, Act.RESTORED) for incident in every[at : at + TOGETHER]], now)


def files(tx: Transaction) -> list[UUID]:
    """The names of all files that belong on the shelf."""
    return list(tx.execute(select(evidence.c.file).order_by(evidence.c.file)).scalars())


def _copy(tx: Transaction, part: Part) -> None:
    columns = SQL(", ").join(Identifier(name) for name in part.columns)
    statement = SQL("COPY {} ({}) FROM STDIN").format(Identifier(part.table), columns)
    driver = tx.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor, cursor.copy(statement) as into:
        for row in part.rows:
            into.write(row)


def _grave(vault: Vault, reference: str, graves: dict[bytes, What]) -> What | None:
    return next((graves[mark] for mark in vault.tombstones(reference) if mark in graves), None)


def _part(tx: Transaction, vault: Vault, report: UUID, what: What, now: datetime) -> int:
    """
    Take name and contact from a report, and whatever leads to who wrote it if that is to go; whether there was any. What
    was passed on keeps the name under its seal.

    The secret code that a reporter was shown since is not known here: nobody opens the report by a code any more.
    """
    row = tx.execute(select(reports).where(reports.c.id == report)).one()
    if row.disclosure == "anonymous" or (what is What.NAME and row.disclosure != "identified"):
        return 0
    if what is What.WAY:
        rights.part(tx, report, row.person)
        return 1
    custody_objects.erasing(tx, report, now, part="identity")
    tx.execute(delete(report_parts).where(report_parts.c.report == report, report_parts.c.part == "identity"))
    tx.execute(delete(additions).where(additions.c.report == report, additions.c.part == "identity"))
    ours = update(reports).where(reports.c.id == report)
    if what is What.NAME:
        tx.execute(ours.values(disclosure="confidential", fresh=True))
        return 1
    nobody = vault.secret_mark(row.reference, vault.tombstones(row.reference)[0].hex())
    anonymous = {"disclosure": "anonymous", "person": None, "secret": nobody, "notify": False, "fresh": True}
    tx.execute(ours.values(**anonymous))
    tx.execute(delete(notices).where(notices.c.report == report))
    if row.person:
        erasing.cut(tx, row.person)
    return 1
