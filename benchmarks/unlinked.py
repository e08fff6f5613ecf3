"""Whether the database's files tell who wrote what: by the numbers of transactions, by places in the files, by the log."""

from __future__ import annotations

import re
import struct
from pathlib import Path

from benchmarks.processes import Town
from storage.retention import WRITERS, WRITTEN

Names = tuple[str, ...]
PERSONS: Names = tuple(table.name for table in WRITERS)
REPORTS: Names = tuple(table.name for table in WRITTEN)
COMMIT = re.compile(rb"[\x00-\x0f\x80-\x8f]\x01")
KEYS = {"people": "id", "sessions": "person", "deliveries": "mark", "aliases": "pseudonym"}


def transactions(town: Town, tables: Names) -> set[int]:
    """The transactions whose numbers stand in the rows of these tables, long values included."""
    found: set[int] = set()
    for table in tables:
        toast = town.ask(f"SELECT reltoastrelid::regclass::text FROM pg_class WHERE oid = '{table}'::regclass")
        for name in (table, *(str(row[0]) for row in toast if row[0] != "-")):
            rows = town.ask(f"SELECT xmin::text::bigint, xmax::text::bigint FROM {name}")
            found |= {int(str(number)) for row in rows for number in row}
    return found - {0}


def committed(data: Path) -> set[int]:
    """The transactions whose commit record stands in a file of the write-ahead log: xl_rmid 1, xl_info 0x00 or 0x80."""
    found: set[int] = set()
    for file in (data / "pg_wal").iterdir():
        held = file.read_bytes() if file.is_file() else b""
        for match in COMMIT.finditer(held):
            at = match.start() - 16  # where the record begins: 24 bytes, its length and transaction first
            if at >= 0 and at % 8 == 0:
                length, number = struct.unpack_from("<II", held, at)
                if 24 < length < 4096:
                    found.add(number)
    return found


def out_of_order(town: Town) -> list[str]:
    """Tables of people whose rows do not lie in the order of their random keys."""
    lying = {
        name: [row[0] for row in town.ask(f"SELECT {key} FROM {name} ORDER BY ctid")] for name, key in KEYS.items()
    }
    sorted_ = {
        name: [row[0] for row in town.ask(f"SELECT {key} FROM {name} ORDER BY {key}")] for name, key in KEYS.items()
    }
    return [name for name in KEYS if lying[name] != sorted_[name]]


def arrival(town: Town) -> list[object]:
    """The incidents' numbers in the order in which their reports lie in the file."""
    query = "SELECT number FROM reports JOIN incidents ON incidents.id = reports.incident ORDER BY reports.ctid"
    return [row[0] for row in town.ask(query)]
