"""What a server's files hold, read as bytes: the pages of tables, and the log."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Table, text

from storage.db import Store, Transaction

PAGE = 8192


def with_toast(tx: Transaction, tables: tuple[Table, ...]) -> Iterator[str]:
    for table in tables:
        yield table.name
        toast = "SELECT CAST(CAST(reltoastrelid AS regclass) AS text) FROM pg_class WHERE oid = CAST(:name AS regclass)"
        long = tx.execute(text(toast), {"name": table.name}).scalar_one()
        if long != "-":
            yield long


class Page(NamedTuple):
    """What a page of a table's file holds: rows as (xmin, xmax), dead pointers, and bytes that no row owns."""

    rows: list[tuple[int, int]]
    dead: int
    hole: bytes


def pages(store: Store, tables: tuple[Table, ...]) -> list[Page]:
    """The files themselves, once everything has been written to them."""
    data = folder(store)
    with store.begin() as tx:
        tx.execute(text("CHECKPOINT"))
        where = text("SELECT pg_relation_filepath(CAST(:name AS regclass))")
        files = [data / tx.execute(where, {"name": name}).scalar_one() for name in with_toast(tx, tables)]
    whole = [file.read_bytes() for file in files]
    return [_page(held[at : at + PAGE]) for held in whole for at in range(0, len(held), PAGE)]


def folder(store: Store) -> Path:
    with store.begin() as tx:
        return Path(tx.execute(text("SHOW data_directory")).scalar_one())


def _page(held: bytes) -> Page:
    lower, upper = struct.unpack_from("<HH", held, 12)
    pointers = [pointer for (pointer,) in struct.iter_unpack("<I", held[24:lower])]
    kinds = [(pointer & 0x7FFF, pointer >> 15 & 3) for pointer in pointers]
    headers = [struct.unpack_from("<II", held, place) for place, kind in kinds if kind == 1]
    rows = [(xmin, xmax) for xmin, xmax in headers]
    return Page(rows, sum(kind in (2, 3) for _, kind in kinds), held[lower:upper])


def committed(data: Path) -> set[int]:
    """The transactions whose commit record stands in a file of the log: xl_rmid 1, xl_info 0x00 or 0x80."""
    found: set[int] = set()
    for file in (data / "pg_wal").iterdir():
        held = file.read_bytes() if file.is_file() else b""
        for at in range(0, len(held) - 24, 8):
            if held[at + 17] == 1 and held[at + 16] & 0x70 == 0:
                length, number = struct.unpack_from("<II", held, at)
                if 24 < length < 4096:
                    found.add(number)
    return found
