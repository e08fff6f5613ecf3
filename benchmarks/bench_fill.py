"""
A full house for the benchmark: some thousand reports as they are filed, and from those so many more within the database.

Each further row has keys of its own, made from those of the row that it repeats, so that everything in it belongs together;
sealed values stand as they are. What nobody opens here costs no sealing: a million reports take minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import psycopg
from sqlalchemy import Column, Uuid

from benchmarks import seeding
from benchmarks.processes import Town
from benchmarks.seeding_copy import TABLES, tidy
from bot import operator
from storage import db, keeping
from storage.columns import PseudonymColumn, metadata

SEALED = 20_000  # reports that are filed one by one
REPORTS_A_LINK = 4
AT_ONCE = 2  # tables
BATCH = 5_000
QUICKLY = "-c synchronous_commit=off -c session_replication_role=replica -c work_mem=64MB -c statement_timeout=0"
# What must be unique and is no random key.
SPECIAL: Mapping[tuple[str, str], str] = {
    ("reports", "reference"): "'IB-c' || left(md5(reference || copy), 11)",
    ("incidents", "number"): "number + copy * (SELECT max(number) FROM incidents)",
    ("custody_heads", "number"): "number + copy * (SELECT max(number) FROM custody_heads)",
}
FILED = "reference !~ '[a-z]'"  # those that were filed one by one: only their people can be written to
# What the worker has done by then, or the first minutes of a run would be spent on it.
LOOKED = "UPDATE incidents SET looked_version = wanted_version"
GIVEN = "UPDATE deliveries SET kept = NULL"
NUMBERS = "SELECT setval(pg_get_serial_sequence('incidents', 'number'), (SELECT max(number) FROM incidents))"


def fill(town: Town, reports: int, seed: int) -> None:
    """About so many reports by as many people, a tenth of whom have a conversation open, into an empty database."""
    sealed = min(SEALED, reports)
    seeding.fill(town.database, town.settings, sealed, seed, max(1, sealed // REPORTS_A_LINK))
    _date(town.database)
    with psycopg.connect(town.database, autocommit=True) as link:
        link.execute(LOOKED)
        link.execute(GIVEN)
    copies = reports // sealed - 1
    if copies:
        repeat(town.database, copies)
    with psycopg.connect(town.database, autocommit=True) as link:
        tidy(link)
        link.execute("CHECKPOINT")


def repeat(database: str, copies: int) -> None:
    """So many copies of everything that is stored, each with keys of its own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(lambda table: _repeat(database, table, copies), reversed(TABLES)))
    with psycopg.connect(database, autocommit=True) as link:
        link.execute(NUMBERS)


def _date(database: str) -> None:
    """What the worker does once a report has come: give it the day on which it goes."""
    store = db.Store(db.connect(database, threads=1))
    periods, today, more = operator.read().periods, datetime.now(UTC).date(), True
    while more:
        with store.begin() as tx:
            more = keeping.date_anew(tx, periods, today, BATCH) > 0
    store.close()


def _repeat(database: str, table: str, copies: int) -> None:
    columns = metadata.tables[table].c
    names, values = ", ".join(columns.keys()), ", ".join(_value(table, column) for column in columns)
    statement = f"INSERT INTO {table} ({names}) SELECT {values} FROM {table}, generate_series(1, {copies}) AS copy"
    with psycopg.connect(database, autocommit=True, options=QUICKLY) as link:
        link.execute(statement.encode())


def _value(table: str, column: Column[object]) -> str:
    """A column of the copy: keys and what refers to them change alike, everything else stays."""
    name = column.name
    if special := SPECIAL.get((table, name)):
        return special
    if isinstance(column.type, Uuid):
        return f"CAST(md5(CAST({name} AS text) || copy) AS uuid)"
    if isinstance(column.type, PseudonymColumn):
        return f"substr({name}, 1, 1) || sha256({name} || CAST(CAST(copy AS text) AS bytea))"
    return name
