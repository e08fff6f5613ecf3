"""What the PostgreSQL server must be told so that it loses nothing and repeats nothing in its log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import text

from storage.db import Transaction

OLDEST = 140000  # PostgreSQL 14
RESERVED = 10  # connections for a person, a backup, `doctor`

DURABLE = {
    "fsync": "what was acknowledged is lost with the power",
    "full_page_writes": "a power cut may tear pages",
    "synchronous_commit": "what was acknowledged is lost when the server dies",
}
NAMES = (
    *DURABLE, "log_parameter_max_length_on_error", "log_parameter_max_length", "log_statement",
    "log_min_duration_statement", "log_min_messages", "log_error_verbosity", "max_connections",
)  # fmt: skip
SILENT = ("log", "fatal", "panic")  # levels at which errors do not reach the log; statements hold no values of ours


def lacking(tx: Transaction, connections: int) -> Iterator[str]:
    """What is not as it must be for so many connections of ours, one line each; nothing is well."""
    version = int(tx.execute(text("SHOW server_version_num")).scalar_one())
    if version < OLDEST:
        yield f"PostgreSQL {version // 10000} is too old: 14 is the least"
    told = _told(tx)
    yield from (f"{name} is off: {why}" for name, why in DURABLE.items() if told[name] == "off")
    yield from _talkative(told)
    if int(told["max_connections"]) < connections + RESERVED:
        yield f"max_connections is {told['max_connections']}: web and worker take up to {connections}"


def clock(tx: Transaction) -> datetime:
    """The time at the server."""
    moment: datetime = tx.execute(text("SELECT clock_timestamp()")).scalar_one()
    return moment


def _talkative(told: Mapping[str, str]) -> Iterator[str]:
    """What would bring rows or values into the server's log: sealed, but beside the second at which they were written."""
    if told["log_parameter_max_length_on_error"] != "0":
        yield "log_parameter_max_length_on_error is not 0: an error brings values into the log"
    logs = told["log_statement"] != "none" or told["log_min_duration_statement"] != "-1"
    if logs and told["log_parameter_max_length"] != "0":
        yield "statements are logged with their values: set log_parameter_max_length = 0"
    if told["log_error_verbosity"] != "terse" and told["log_min_messages"] not in SILENT:
        yield "log_error_verbosity is not terse: an error quotes the row that it is about"


def _told(tx: Transaction) -> dict[str, str]:
    rows = tx.execute(text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"), {"names": list(NAMES)})
    return {row.name: row.setting for row in rows}
