"""
What stands in clear: every column of every table that is neither sealed nor an HMAC, and why it may.

Whoever adds a column in clear writes down here what it tells a thief, or the proof fails. Clear times that a citizen's
act causes are hours.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from storage.columns import PseudonymColumn, SealedColumn, metadata
from storage.db import Transaction

# By table: why, and which columns. `fresh` is the same everywhere: written since the last blurring.
CLEAR: Mapping[str, tuple[str, str]] = {
    "people": ("a random id", "id"),
    "aliases": ("which HMAC is which random person's", "person"),
    "ways": ("that a random person can be reached, and on which channel", "person mailbox channel"),
    "sessions": ("that a random person wrote within three days; who chose that silence sends, and when", "person expires_at nudge_at file_at"),
    "deliveries": ("how many messages came, by the hour they are forgotten", "forget_at"),
    "answers": ("that answers wait for the worker", "mailbox position forget_at stage"),
    "guesses": ("how many codes a random person tried", "person count forget_at"),
    "written": ("how many messages of a random person can be deleted", "id person forget_at"),
    "wipes": ("that some chat is being cleared", "id channel attempts due_at forget_at"),
    "purges": ("that some conversation is being deleted at Twilio", "id channel attempts due_at forget_at"),
    "discards": ("that some file is being deleted unread", "id channel attempts due_at forget_at"),
    "failures": ("how many deliveries failed by our fault, and by which exception", "channel attempts fault forget_at"),
    "reports": (
        "reference, kind, channel, language, disclosure, state, the hour, how long it is kept; of a reachable one the random person",
        "id reference incident category severity channel locale disclosure state received_at person outcome notify kept_as"
        " kept_since erase_on origin follows_at",
    ),
    "report_parts": ("that a report has content, and a name", "report part"),
    "report_keys": ("which desk keys read a report", "report desk_key"),
    "additions": ("that something was added, in which hour", "id report part added_at"),
    "addition_keys": ("which desk keys read it", "addition desk_key"),
    "questions": ("which template was asked, and whether it was answered", "id report template asked_at answered"),
    "notices": ("that a reporter is to be told, when staff decided so", "id report attempts due_at forget_at fault stage owed_at untold"),
    "requests": ("that somebody wants access, a correction, or objects", "id report kind asked_at due_at done_at"),
    "removals": ("which sealed files go from the shelf", "file due_at"),
    "fetches": ("how many files a report waits for; never the minute it was filed", "id report exhibit channel file attempts due_at forget_at fault told"),
    "evidence": ("how many files a report has, and the digest of each as it lies sealed", "report exhibit file digest"),
    "evidence_keys": ("which desk keys read a file", "report exhibit desk_key"),
    "incidents": (
        "what the group's card shows but for link and places: number, kind, state, hours, how many reports, whose it is",
        "id number category severity state opened_at last_at reports platform link_until taken_by earlier merged_into"
        " wanted_version shown_version looked_version card_group card_message card_in card_fault fault_version outcome",
    ),
    "fingerprints": ("which HMAC leads to which incident", "incident origin"),
    "alerted": ("what the group was told of an incident, and in which order", "incident severity reports gathered summoned turn reminder acted"),
    "rings": ("when the group was last rung for what, for minutes", "id card_group incident severity first at"),
    "waves": ("the gathered message", "card_group message total wanted_version shown_version fault_version edited_at"),
    "digests": ("the day of the last digest", "card_group given_on"),
    "first_actions": ("how long incidents waited, counted by day", "card_group day category minutes count"),
    "work": (
        "what staff do with an incident, and until when a press may be undone",
        "incident version menu menu_until muted_until muted_severity proposed proposed_by remarks pressed pressed_by before undo_until",
    ),
    "referrals": ("to which service an incident went, when, by which random moderator", "id incident service referred_at actor"),
    "referral_keys": ("which desk keys read why", "referral desk_key"),
    "custody": (
        "what was done with an incident, by which random moderator, staff to the second; digests of sealed parcels",
        "incident position at actor act digest detail previous hash",
    ),
    "custody_heads": ("how long each chain is", "incident number length hash"),
    "tombstones": ("how many reports were erased, by the day", "what buried_on burial"),
    "moderators": ("how many moderators there are, and what they may", "id role"),
    "groups": ("the ids of the staff's own groups", "name configured chat mailbox free_at"),
    "probes": ("when each desk key was last proven, and the digest of a spent word", "desk_key mark made_at proven_at"),
    "upkeep": ("when the house was last kept", "name done_at failures fault id"),
    "alembic_version": ("the schema's", "version_num"),
    "procrastinate_jobs": (
        "which jobs wait: a task, a group or a random row, a mailbox",
        "id queue_name task_name priority lock queueing_lock args status scheduled_at attempts abort_requested worker_id",
    ),
    "procrastinate_events": ("when those jobs were deferred and begun; gone with them", "id job_id type at"),
    "procrastinate_workers": ("that a worker lives", "id last_heartbeat"),
    "procrastinate_periodic_defers": ("when a chore was last deferred", "id task_name defer_timestamp job_id periodic_id"),
}  # fmt: skip
# What counts on, and is seen by whoever reads the number after.
SEQUENCES: Mapping[str, str] = {
    "incidents_number_seq": "how many incidents there were: their numbers stand on cards",
    "alerted_turns": "how many times a card was shown",
    "procrastinate_jobs_id_seq": "how many jobs there were",
    "procrastinate_events_id_seq": "the same",
    "procrastinate_workers_id_seq": "how often a worker began",
    "procrastinate_periodic_defers_id_seq": "how often a chore was due",
}
COLUMNS = text("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
COUNTERS = text("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")


def readable(tx: Transaction) -> set[str]:
    """Every column of the database that may be read without a key, and every sequence."""
    kinds = {f"{table.name}.{column.name}": column.type for table in metadata.sorted_tables for column in table.columns}
    columns = {f"{row.table_name}.{row.column_name}" for row in tx.execute(COLUMNS)}
    shut = {name for name in columns if isinstance(kinds.get(name), SealedColumn | PseudonymColumn)}
    fresh = {name for name in columns if name.endswith(".fresh")}
    return columns - shut - fresh | set(tx.execute(COUNTERS).scalars())


def listed() -> set[str]:
    """Those that are written down."""
    columns = {f"{table}.{name}" for table, (_, names) in CLEAR.items() for name in names.split()}
    return columns | set(SEQUENCES)
