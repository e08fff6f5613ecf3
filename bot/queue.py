"""
The way into the queue: a job is deferred on the transaction's own connection, so it exists exactly when the data does.

Nothing here opens a connection. The worker's own `App`, which runs the jobs, is made in `worker.py` over the same names.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import text

from storage.db import Transaction
from storage.waking import CARD, wake

ANSWER = "answer"  # carries the mailbox whose next answer is to be sent
URGENT = 10  # somebody waits, phone in hand

# Files have a queue of their own, or twenty large ones would hold up every card. Each task carries one row's id.
FILES = "files"
FETCH, DISCARD, NOT_FETCHED = "fetch", "discard", "not_fetched"
WIPE = "wipe"  # a chat is cleared
NOTICE = "notice"  # waits like them: no news is so urgent as a card

DEFER = App(connector=SyncPsycopgConnector())  # never opened: every job brings its transaction's connection


class FailedJob(NamedTuple):
    """A job that will not be tried again, for the operator's eyes."""

    task: str
    attempts: int
    failed_at: datetime


def defer_card(tx: Transaction, group: str, at: datetime | None = None) -> None:
    """
    See to it that the group's next stale card is shown, now or not before `at`, if this transaction commits.

    Does nothing for a group that is not configured: its incidents stay stale until it is.
    """
    wake(tx, group, at)


def defer_answer(tx: Transaction, mailbox: UUID) -> None:
    """See to it that the mailbox's next answer is sent, in its order and before all cards, if this transaction commits."""
    DEFER.configure_task(ANSWER, lock=str(mailbox), priority=URGENT, connection=tx.connection.driver_connection).defer(
        mailbox=str(mailbox)
    )


def answers_held_up(tx: Transaction, seconds: float) -> bool:
    """Whether some answer's job failed and waits for its next try, or was deferred so many seconds ago and is not done."""
    found: bool = tx.execute(
        text(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs AS job WHERE job.task_name = :task"
            " AND job.status IN ('todo', 'doing') AND (job.attempts > 0 OR EXISTS (SELECT FROM procrastinate_events"
            " WHERE job_id = job.id AND type = 'deferred' AND at < now() - make_interval(secs => :seconds))))"
        ),
        {"task": ANSWER, "seconds": seconds},
    ).scalar_one()
    return found


def defer_file(tx: Transaction, task: str, row: UUID, lock: UUID | None = None) -> None:
    """See to it that one of the tasks about files runs, if this transaction commits; by default its lock is the row."""
    connection = tx.connection.driver_connection
    DEFER.configure_task(task, queue=FILES, lock=str(lock or row), connection=connection).defer(row=str(row))


def defer_notice(tx: Transaction, row: UUID, at: datetime) -> None:
    """See to it that a notice is sent, not before `at`, if this transaction commits."""
    connection = tx.connection.driver_connection
    deferred = DEFER.configure_task(NOTICE, queue=FILES, lock=str(row), schedule_at=at, connection=connection)
    deferred.defer(row=str(row))


def defer_chore(tx: Transaction, name: str, at: datetime) -> None:
    """See to it that one of the chores comes round at that time too, if this transaction commits."""
    deferred = DEFER.configure_task(name, lock=name, schedule_at=at, connection=tx.connection.driver_connection)
    deferred.defer(timestamp=int(at.timestamp()))


def absorb(tx: Transaction, group: str) -> int:
    """
    Take over the wake-ups that wait behind the running job, and say how many: it reads the state after them.

    Each was committed together with the change that it announces, so whoever reads the stale incidents next sees all.
    """
    taken = tx.execute(
        text(
            "SELECT procrastinate_cancel_job_v1(id, false, true) FROM (SELECT id FROM procrastinate_jobs"
            " WHERE task_name = :task AND lock = :lock AND status = 'todo' FOR UPDATE SKIP LOCKED) AS waiting"
        ),
        {"task": CARD, "lock": str(_mailbox(tx, group))},
    )
    return len(taken.all())


def is_idle(tx: Transaction, group: str) -> bool:
    """Whether no job for the group's cards waits or runs."""
    return not tx.execute(
        text(
            "SELECT EXISTS (SELECT FROM procrastinate_jobs"
            " WHERE task_name = :task AND lock = :lock AND status IN ('todo', 'doing'))"
        ),
        {"task": CARD, "lock": str(_mailbox(tx, group))},
    ).scalar_one()


def take_up(tx: Transaction, silent: float) -> int:
    """Put the jobs of workers that gave no sign of life for so many seconds back into the queue; how many."""
    taken = tx.execute(
        text(
            "SELECT procrastinate_retry_job_v2(id, now(), NULL, NULL, NULL) FROM (SELECT job.id"
            " FROM procrastinate_jobs AS job LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id"
            " WHERE job.status = 'doing'"
            " AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silent))"
            " FOR UPDATE OF job SKIP LOCKED) AS abandoned"
        ),
        {"silent": silent},
    )
    return len(taken.all())


def worker_silent(tx: Transaction, seconds: float) -> bool:
    """Whether no worker has given a sign of life for so many seconds."""
    return not tx.execute(
        text(
            "SELECT EXISTS (SELECT FROM procrastinate_workers"
            " WHERE last_heartbeat >= now() - make_interval(secs => :seconds))"
        ),
        {"seconds": seconds},
    ).scalar_one()


def failed(tx: Transaction) -> list[FailedJob]:
    """The jobs that failed for good, oldest first."""
    rows = tx.execute(
        text(
            "SELECT job.task_name, job.attempts, max(event.at) FROM procrastinate_jobs AS job"
            " JOIN procrastinate_events AS event ON event.job_id = job.id"
            " WHERE job.status = 'failed' GROUP BY job.id ORDER BY job.id"
        )
    )
    return [FailedJob(*row) for row in rows]


def drop_old(tx: Transaction, days: int) -> int:
    """Drop the jobs that ended badly so many days ago; how many."""
    dropped = tx.execute(
        text(
            "DELETE FROM procrastinate_jobs WHERE status IN ('failed', 'aborted', 'cancelled') AND id NOT IN"
            " (SELECT job_id FROM procrastinate_events WHERE at > now() - make_interval(days => :days))"
        ),
        {"days": days},
    )
    return dropped.rowcount


def _mailbox(tx: Transaction, group: str) -> UUID | None:
    return tx.execute(text("SELECT mailbox FROM groups WHERE name = :name"), {"name": group}).scalar()
