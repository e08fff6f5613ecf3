"""
Backups: everything that must outlive the database, as one snapshot shows it, in one compressed file.

    {"file": "iblagh-backup", "format": 1, "revision": "0011", "version": "…", "made": "…", "expires": "…", "sequences": {…}}
    {"table": "people", "columns": ["id"]}
    <rows as PostgreSQL copies them>
    \\.
    …
    {"rows": 4711, "sha256": "<of every byte before this line>"}

What citizens said is sealed in it as in the database; what tells who wrote stays out, or leaves it unsaid: a backup
lives for weeks, and what is in it cannot be blurred. Rows stand in the order of their random keys. Reasons:
docs/adr/0016-forgetting.md.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Composed, Identifier
from sqlalchemy import Engine, Table, text

from storage import tables
from storage.db import Transaction, held, told_apart
from storage.tables import metadata

FILE, FORMAT = "iblagh-backup", 1
END = b"\\.\n"

# What ends within days, and by then would live on in a backup for weeks: unfinished conversations and which reference
# their writer was shown, answers on their way, addresses of those who want to be forgotten, the house's own errands.
LEFT_OUT = frozenset(
    table.name
    for table in (
        tables.sessions,
        tables.answers,
        tables.failures,
        tables.guesses,
        tables.discards,
        tables.purges,
        tables.removals,
        tables.written,
        tables.wipes,
        tables.rings,
        tables.upkeep,
    )
)

LASTING = "SELECT id FROM people WHERE id IN (SELECT person FROM ways) OR id IN (SELECT person FROM reports)"
# What of some tables is kept: people who can be reached, that a delivery was here and not what it was answered, that a
# file was wanted and not from which chat.
INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "people": f"id IN ({LASTING})",
        "aliases": f"person IN ({LASTING})",
    }
)
BLANK: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "deliveries": {"kept": "NULL"},
        "fetches": {"sealed": "NULL", "address": "NULL", "file": "NULL", "fault": "coalesce(fault, 'restored')"},
    }
)

SEQUENCES = text(
    "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
    " AND sequencename NOT LIKE 'procrastinate%' ORDER BY 1"
)
SNAPSHOT = (
    "SET TRANSACTION READ ONLY",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL datestyle = 'ISO'",
)


class Made(NamedTuple):
    """A backup that was written: its rows, and the files on the shelf that belong to it."""

    rows: int
    files: list[UUID]


def kept_tables() -> list[Table]:
    """The tables of a backup, each after those it refers to."""
    return [table for table in metadata.sorted_tables if table.name not in LEFT_OUT]


def write(engine: Engine, file: BinaryIO, now: datetime, days: int) -> Made:
    """
    Write a whole backup while everybody goes on working. One that was not finished is refused when it is restored.

    Holds a snapshot until it ends: blurring and shredding wait for that.
    """
    with told_apart(), held(engine).apart() as connection:
        tx = connection.execution_options(isolation_level="REPEATABLE READ")
        with tx.begin(), gzip.GzipFile(fileobj=file, mode="wb", compresslevel=1, mtime=0) as packed:
            for statement in SNAPSHOT:
                tx.execute(text(statement))
            writer = _Writer(packed)
            writer.line(_header(tx, now, days))
            rows = sum(_table(tx, writer, table) for table in kept_tables())
            writer.line({"rows": rows, "sha256": writer.digest.hexdigest()})
            files = list(tx.execute(text("SELECT file FROM evidence ORDER BY file")).scalars())
    return Made(rows, files)


class _Writer:
    """What is written is summed up."""

    def __init__(self, packed: gzip.GzipFile) -> None:
        self._packed, self.digest = packed, hashlib.sha256()

    def put(self, some: bytes) -> None:
        self.digest.update(some)
        self._packed.write(some)

    def line(self, value: Mapping[str, Any]) -> None:
        self.put(json.dumps(value, separators=(",", ":")).encode("ascii") + b"\n")


def _header(tx: Transaction, now: datetime, days: int) -> dict[str, Any]:
    made = now.astimezone(UTC).replace(microsecond=0)
    return {
        "file": FILE,
        "format": FORMAT,
        "revision": tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one(),
        "version": version("iblagh"),
        "made": made.isoformat(),
        "expires": (made + timedelta(days=days)).isoformat(),
        "sequences": {row.sequencename: row.last_value for row in tx.execute(SEQUENCES)},
    }


def _table(tx: Transaction, writer: _Writer, table: Table) -> int:
    columns = [column.name for column in table.columns]
    writer.line({"table": table.name, "columns": columns})
    driver = tx.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    with driver.cursor() as cursor:
        with cursor.copy(_select(table, columns)) as rows:
            for some in rows:
                writer.put(bytes(some))
        count = cursor.rowcount
    writer.put(END)
    return count


def _select(table: Table, columns: list[str]) -> Composed:
    blank = BLANK.get(table.name, {})
    said = [SQL(blank[name]) if name in blank else Identifier(name) for name in columns]
    keys = [Identifier(table.name, column.name) for column in table.primary_key.columns]
    where = SQL(INSTEAD.get(table.name, "true"))
    return SQL("COPY (SELECT {} FROM {} WHERE {} ORDER BY {}) TO STDOUT").format(
        SQL(", ").join(said), Identifier(table.name), where, SQL(", ").join(keys)
    )


class NotWhole(Exception):
    """This is no backup, or of a later format, or it was cut or damaged. One sentence, no content."""


class Header(NamedTuple):
    """How a backup begins. Nothing vouches for it: it is for honest use."""

    revision: str
    version: str
    expires: datetime
    sequences: Mapping[str, int]


class Part(NamedTuple):
    """One table of a backup; its rows must be read to their end before the next is asked for."""

    table: str
    columns: list[str]
    rows: Iterator[bytes]


class Reader:
    """A backup, read once from front to back. Every verb raises `NotWhole`."""

    def __init__(self, file: BinaryIO) -> None:
        self._packed = gzip.GzipFile(fileobj=file, mode="rb")
        self._digest, self.count = hashlib.sha256(), 0
        self.header = self._read_header()

    def parts(self) -> Iterator[Part]:
        """The tables, and at the end the proof that all was there: rely on nothing before that."""
        while True:
            sum_so_far = self._digest.hexdigest()
            line = self._object()
            if "table" not in line:
                if line != {"rows": self.count, "sha256": sum_so_far}:
                    raise NotWhole("this backup was cut or damaged")
                return
            yield Part(str(line["table"]), [str(name) for name in line["columns"]], self._rows())

    def _read_header(self) -> Header:
        found = self._object()
        if found.get("file") != FILE:
            raise NotWhole("this is no backup")
        if found.get("format") != FORMAT:
            raise NotWhole("this backup has a format that this version does not know")
        try:
            expires = datetime.fromisoformat(found["expires"])
            return Header(str(found["revision"]), str(found["version"]), expires, dict(found["sequences"]))
        except (KeyError, TypeError, ValueError):
            raise NotWhole("this backup's first line is damaged") from None

    def _rows(self) -> Iterator[bytes]:
        while (line := self._line()) != END:
            self.count += 1
            yield line

    def _object(self) -> dict[str, Any]:
        try:
            found = json.loads(self._line())
        except (ValueError, RecursionError):
            raise NotWhole("this is no backup, or it was damaged") from None
        if not isinstance(found, dict):
            raise NotWhole("this is no backup, or it was damaged")
        return found

    def _line(self) -> bytes:
        try:
            line = self._packed.readline()
        except (OSError, EOFError):
            raise NotWhole("this is no backup, or it was cut or damaged") from None
        if not line.endswith(b"\n"):
            raise NotWhole("this backup was cut")
        self._digest.update(line)
        return line
