"""
The way into the queue for a group's card job, in the database's own words: a piece of a statement that does more.

A report that is filed owes its group a card, and whoever reports the same link waits for each of its statements. What the
queue's library would do in three is done here in one, by the function of the queue's own schema.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text as sql

from storage.db import Transaction

CARD = "card"  # the task; the name of the group whose next card is to be shown is its one argument
DEFAULT = "default"  # its queue

# Whether a job waits for its time, so that a second would only lengthen the queue (ten thousand reports in a 429). It stays
# locked until we commit: the worker passes over locked jobs, so it cannot start before our change is there. A job whose
# time has come is not relied on, or a flood of such locks could keep it from ever starting.
WAKES = """
    mailbox AS (
        SELECT CAST(mailbox AS text) AS lock FROM groups
        WHERE name = :wakes AND (CAST(:wakes_chat AS text) IS NULL OR configured = :wakes_chat)
    ), awaited AS (
        SELECT id FROM procrastinate_jobs AS job JOIN mailbox ON mailbox.lock = job.lock
        WHERE task_name = :task AND status = 'todo' AND scheduled_at > clock_timestamp()
        LIMIT 1 FOR SHARE OF job SKIP LOCKED
    ), woken AS (
        SELECT procrastinate_defer_jobs_v1(ARRAY[CAST(
            ROW(:queue, :task, 0, lock, NULL, jsonb_build_object('group', CAST(:wakes AS text)), CAST(:wakes_at AS timestamptz))
            AS procrastinate_job_to_defer_v1
        )]) AS job FROM mailbox WHERE NOT EXISTS (SELECT FROM awaited)
    ), awake AS (
        SELECT EXISTS (SELECT FROM mailbox) AND count(job) >= 0 AS awake FROM woken
    )
"""
TOLD = " SELECT * FROM awake"  # whether there is such a group; nothing is woken for a statement that does not ask
WAKE = sql("WITH" + WAKES + TOLD)


def waking(group: str, chat: str | None = None, at: datetime | None = None) -> dict[str, Any]:
    """What `WAKES` needs: a group, only if that is its configured id where one is given; now or not before `at`."""
    return {"wakes": group, "wakes_chat": chat, "wakes_at": at, "task": CARD, "queue": DEFAULT}


def wake(tx: Transaction, group: str, at: datetime | None = None) -> None:
    """See to it that the group's next stale card is shown, now or not before `at`, if this transaction commits."""
    tx.execute(WAKE, waking(group, at=at))
