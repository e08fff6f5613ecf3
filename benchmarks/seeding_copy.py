"""Rows into tables, by COPY; then what PostgreSQL does by itself after a while."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from storage.tables import metadata

# In an order in which every row finds what it refers to. Only these are filled.
TABLES = (
    "people", "aliases", "ways", "sessions", "deliveries", "written", "incidents", "alerted", "fingerprints", "custody",
    "custody_heads", "reports", "report_parts", "report_keys",
)  # fmt: skip
TYPES = "SELECT attname, atttypid FROM pg_attribute WHERE attrelid = CAST(%s AS regclass)"

Row = Mapping[str, Any]


def copy(link: psycopg.Connection[Any], rows: Mapping[str, Sequence[Row]]) -> None:
    """Store rows by their tables, all of one table with the same columns, in one transaction. None of them is fresh."""
    with link.transaction(), link.cursor() as cursor:
        for name in TABLES:
            if rows.get(name):
                _copy(cursor, name, rows[name])


def tidy(link: psycopg.Connection[Any]) -> None:
    """Let the planner know what is there now, and leave readers nothing to clear up behind the writers."""
    for name in TABLES:
        link.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(name)))


def _copy(cursor: psycopg.Cursor[Any], name: str, rows: Sequence[Row]) -> None:
    given = [column for column in rows[0] if column != "fresh"]
    blurred = ["fresh"] if "fresh" in metadata.tables[name].c else []
    types = dict(cursor.execute(TYPES, (name,)).fetchall())
    columns = sql.SQL(", ").join(map(sql.Identifier, [*given, *blurred]))
    into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(sql.Identifier(name), columns)
    with cursor.copy(into) as to:
        to.set_types([types[column] for column in (*given, *blurred)])
        for row in rows:
            to.write_row([*(row[column] for column in given), *(False for _ in blurred)])
