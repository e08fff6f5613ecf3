"""The next job is found by an index, however many wait, by a plan that was made while the queue was empty."""

from __future__ import annotations

import asyncio

import psycopg

from bot.worker import _by_key
from storage.db import plain

WAITING = 2_000
FETCH = "SELECT id FROM procrastinate_fetch_job_v2(ARRAY['files']::varchar[], %s)"
MANY = """
    SELECT procrastinate_defer_jobs_v1(array_agg(CAST(
        ROW('files', 'notice', 0, 'lock ' || number, NULL, '{}', NULL) AS procrastinate_job_to_defer_v1
    ))) FROM generate_series(1, %s) AS number
"""
READ = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'procrastinate_jobs'"


async def rows_read(url: str) -> int:
    """Of the queue, to find ten jobs."""
    async with await psycopg.AsyncConnection.connect(plain(url), autocommit=True) as line:
        await _by_key(line)
        await line.execute(MANY, [3])
        await line.execute("VACUUM ANALYZE procrastinate_jobs")
        worker = await (await line.execute("SELECT worker_id FROM procrastinate_register_worker_v1()")).fetchone()
        assert worker
        async with line.transaction():
            await line.execute(FETCH, worker)  # planned now
            await line.execute(MANY, [WAITING])
            before = await (await line.execute(READ)).fetchone()
            found = [await (await line.execute(FETCH, worker)).fetchone() for _ in range(10)]
            after = await (await line.execute(READ)).fetchone()
        assert len(set(found)) == 10 and before and after
        return int(after[0] - before[0])


def test_ten_jobs_are_found_without_reading_all(database_url: str) -> None:
    assert asyncio.run(rows_read(database_url)) < WAITING
