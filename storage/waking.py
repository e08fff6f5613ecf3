"""
The way into the queue for a group's card job, in the database's own words: a piece of a statement that does more.

A report that is filed owes its group a card, and whoever reports the same link waits for each of its statements. What the
queue's library would do in three is done here in one, by the function of the queue's own schema.
"""

from __future__ import annotations

from datetime import datetime

from storage import wire
from storage.db import Transaction
from storage.named import Named, Plain

CARD = "card"  # the task; the name of the group whose next card is to be shown is its one argument
DEFAULT = "default"  # its queue

# Wakes whoever shows the cards of `mailbox`, if it has a row. Whether a job waits for its time, so that a second would only
# lengthen the queue (ten thousand reports in a 429)? It stays locked until we commit: the worker passes over locked jobs, so
# it cannot start before our change is there. A job whose time has come is not relied on, or a flood of such locks could
# keep it from ever starting.
WAKES = """
    awaited AS (
        SELECT id FROM procrastinate_jobs AS job JOIN mailbox ON mailbox.lock = job.lock
        WHERE task_name = CAST(:task AS text) AND status = 'todo' AND scheduled_at > clock_timestamp()
        LIMIT 1 FOR SHARE OF job SKIP LOCKED
    ), woken AS (
        SELECT procrastinate_defer_jobs_v1(ARRAY[CAST(
            ROW(CAST(:queue AS text), CAST(:task AS text), 0, lock, NULL, jsonb_build_object('group', CAST(:wakes AS text)),
                CAST(:wakes_at AS timestamptz))
            AS procrastinate_job_to_defer_v1
        )]) AS job FROM mailbox WHERE NOT EXISTS (SELECT FROM awaited)
    ), awake AS (
        SELECT count(job) FROM woken
    )
"""
_OF_GROUP = "WITH mailbox AS (SELECT CAST(mailbox AS text) AS lock FROM groups WHERE name = CAST(:wakes AS text)),"
_CARRIED_OUT = " SELECT * FROM awake"  # what nobody asks for would not be
WAKE = Named("wake", _OF_GROUP + WAKES + _CARRIED_OUT)


def waking(group: str, at: datetime | None = None) -> dict[str, Plain]:
    """What `WAKES` needs: a group, and when, now or not before `at`."""
    return {"wakes": group, "wakes_at": at, "task": CARD, "queue": DEFAULT}


def wake(tx: Transaction, group: str, at: datetime | None = None) -> None:
    """See to it that the group's next stale card is shown, now or not before `at`, if this transaction commits."""
    wire.journey(tx, WAKE.said(waking(group, at)))
