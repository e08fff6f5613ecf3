"""
Whether the database's files tell who wrote what: by the numbers of transactions, by places in the files, by order, by
time, by the log.

Every table stands on one side: a person's rows, a report's, or neither with the reason why it joins nobody. What is on
the sides is joined with each other in every way there is, and how often that names the right person is compared with chance.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from pathlib import Path

from benchmarks.processes import Town
from storage.retention import WRITERS, WRITTEN

Names = tuple[str, ...]
PERSONS: Names = tuple(table.name for table in WRITERS)
REPORTS: Names = tuple(table.name for table in WRITTEN)
COMMIT = re.compile(rb"[\x00-\x0f\x80-\x8f]\x01")
KEYS = {"people": "id", "sessions": "person", "deliveries": "mark", "aliases": "pseudonym"}

# Whose a row is on the report's side: how it leads to `reports`. An incident of one report leads to it as well.
TO_REPORTS: Mapping[str, str] = {
    "reports": "r.id = x.id",
    **dict.fromkeys(("report_parts", "report_keys", "fetches", "evidence", "evidence_keys"), "r.id = x.report"),
    **dict.fromkeys(("additions", "questions", "notices", "requests"), "r.id = x.report"),
    "addition_keys": "r.id = (SELECT report FROM additions WHERE id = x.addition)",
    "incidents": "r.incident = x.id",
    **dict.fromkeys(("fingerprints", "custody", "custody_heads"), "r.incident = x.incident"),
    **dict.fromkeys(("alerted", "rings", "work", "referrals"), "r.incident = x.incident"),
    "referral_keys": "r.incident = (SELECT incident FROM referrals WHERE id = x.referral)",
}
# Whose a row is on the other side: the column with the person's random id, or with an HMAC that the pseudonym key finds.
TO_PERSONS: Mapping[str, str] = {
    "people": "id",
    **dict.fromkeys(("aliases", "ways", "sessions", "guesses", "written"), "person"),
    "deliveries": "mark",
    "answers": "mark",
}
# What leads to neither by itself, and is joined through its transactions alone.
ERRANDS: Names = ("discards", "purges", "wipes", "removals", "tombstones")
NEITHER: Mapping[str, str] = {
    "failures": "written in a transaction of its own, when the citizen's was undone",
    "moderators": "staff, by the operator's command",
    "groups": "the worker's, and moderators' of their own group",
    "probes": "the operator's command",
    "upkeep": "the worker's own rounds",
    "waves": "the worker's: one message of a group",
    "digests": "the worker's: the day of a group's last digest",
    "first_actions": "the worker's: counts by day, of which no row leads to an incident",
    "alembic_version": "the migration",
    "procrastinate_jobs": "a job names a group, a random row or a mailbox; swept by every blurring, gone when it is done",
    "procrastinate_events": "goes with its job, and is swept with it",
    "procrastinate_workers": "the worker's signs of life",
    "procrastinate_periodic_defers": "the worker's clock",
}


def unplaced(tables: set[str]) -> set[str]:
    """Tables of which nobody has said whose they are."""
    return tables - {*TO_REPORTS, *TO_PERSONS, *ERRANDS, *NEITHER}


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
