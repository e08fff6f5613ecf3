"""Looking for what was said: in every form in which bytes may lie in a file, and in every row of every table."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import psycopg
from psycopg import sql

HEX = re.compile(rb"\\+x((?:[0-9a-f]{2})+)")  # how a row shows bytes
EMPTY, APART = bytes(4096), bytes(64)
LEAST = 6  # characters of base64 that are told from chance in some hundred megabytes


def forms(word: str) -> dict[str, bytes]:
    """The ways in which a word may be written: encodings, hex, and base64 at its three alignments in both alphabets."""
    plain = word.encode()
    found = {
        "UTF-8": plain,
        "UTF-16": word.encode("utf-16-be")[1:],  # in either order of bytes
        "UTF-32": word.encode("utf-32-be")[3:],
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "reversed": plain[::-1],
    }
    for shift in range(3):
        for name, written in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            inner = aligned(written(b"\0" * shift + plain), shift, len(plain))
            if len(inner) >= LEAST:
                found[f"{name}+{shift}"] = inner
    return found


def aligned(encoded: bytes, shift: int, length: int) -> bytes:
    """The characters that depend on the word alone, and not on what stands before or after it."""
    first, last = -(-8 * shift // 6), 8 * (shift + length) // 6
    return encoded[first:last]


def numbers(number: int) -> dict[str, bytes]:
    """A number as eight bytes, which is how a database keeps one."""
    return {"64 bits LE": number.to_bytes(8, "little"), "64 bits BE": number.to_bytes(8, "big")}


Haystack = Iterable[tuple[str, bytes]]


def files(folder: Path, since: float) -> Iterator[tuple[str, bytes]]:
    """Every file under a folder that was written since that moment, by its name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
            yield str(path.relative_to(folder)), filled(path.read_bytes())


def filled(held: bytes) -> bytes:
    """Without its empty pages, of which a log ahead of its writing mostly consists; what they part does not touch."""
    return APART.join(held.split(EMPTY))


def rows(url: str) -> Iterator[tuple[str, bytes]]:
    """
    A dump of every table, those of the queue and the system's statistics too: its rows as text.

    Bytes stand in it as they are and not as hex, in which any six digits turn up by chance.
    """
    tables = (
        "SELECT schemaname, relname FROM pg_stat_user_tables"
        " UNION SELECT 'pg_catalog', unnest(ARRAY['pg_stats', 'pg_statistic', 'pg_description', 'pg_stat_activity'])"
    )
    with psycopg.connect(url) as link:
        for schema, name in link.execute(tables).fetchall():
            query = sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(schema, name))
            text = "\n".join(row[0] for row in link.execute(query))
            yield (
                f"{schema}.{name}",
                HEX.sub(lambda found: b"|" + bytes.fromhex(found[1].decode()) + b"|", text.encode()),
            )


def search(
    haystack: Haystack, needles: Mapping[str, Mapping[str, bytes]], patterns: Mapping[str, re.Pattern[bytes]]
) -> tuple[set[str], int]:
    """Which needle was found in which form and where; and how many bytes were looked through."""
    found: set[str] = set()
    size = 0
    for where, held in haystack:
        size += len(held)
        found |= {
            f"{what} as {form} in {where}"
            for what, all in needles.items()
            for form, said in all.items()
            if said in held
        }
        found |= {f"{what} in {where}" for what, pattern in patterns.items() if pattern.search(held)}
    return found, size


def blind(word: str) -> list[str]:
    """The control: forms of a word that a search would overlook in a text that holds them."""
    overlooked = []
    for shift in range(3):
        held = b"\1" * shift + f"before{word}after".encode()
        written = {
            "UTF-8": held, "hex": held.hex().encode(), "HEX": held.hex().upper().encode(), "base64": base64.b64encode(held),
            "base64url": base64.urlsafe_b64encode(held), "UTF-16 LE": held.decode().encode("utf-16-le"), "UTF-16 BE": held.decode().encode("utf-16-be"),
        }  # fmt: skip
        for name, bytes_ in written.items():
            if not search([("", bytes_)], {word: forms(word)}, {})[0]:
                overlooked.append(f"{name}+{shift}")
    return overlooked
