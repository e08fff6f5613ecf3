"""The worker's part of a week: its jobs and chores, done one after the other at the hour of a timepiece."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from benchmarks.timepiece import Timepiece
from bot.channel import SendFailed
from bot.chores import CHORES
from bot.house import House
from bot.jobs import show_next_card
from bot.notices import send_notice
from bot.queue import NOTICE
from storage import db
from storage.waking import CARD

# Those that tell somebody something. What forgets and blurs changes nothing that a group sees.
TELLING = ("follow", "look_for_stale", "look_for_notices", "watch", "give_digests", "let_stand")
DUE = text(
    "SELECT id, task_name, args, scheduled_at FROM procrastinate_jobs WHERE status = 'todo'"
    " AND (scheduled_at IS NULL OR scheduled_at <= :until) ORDER BY scheduled_at NULLS FIRST, id LIMIT 1"
)


class Job(NamedTuple):
    """One job as the queue keeps it."""

    id: int
    task: str
    args: dict[str, str]
    at: datetime | None


class Errands:
    """What is done between two things that people do, chores every `looks`. `failed` counts calls that did not go well."""

    def __init__(self, house: House, timepiece: Timepiece, looks: timedelta) -> None:
        self.house, self.timepiece, self._looks = house, timepiece, looks
        self.failed: Counter[str] = Counter()
        self._chores = [chore for chore in CHORES if chore.name in TELLING]
        self._planned: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = count()

    def plan(self, at: datetime, do: Callable[[], None]) -> None:
        """Somebody is going to do something then."""
        heapq.heappush(self._planned, (at, next(self._order), do))

    def run(self, until: datetime) -> None:
        """Let time pass, and everything in it happen in its order."""
        while self.timepiece.now < until:
            chores = self.timepiece.now + self._looks
            while self._planned and self._planned[0][0] <= min(chores, until):
                at, _, do = heapq.heappop(self._planned)
                self.jobs(at)
                do()
            self.jobs(min(chores, until))
            for chore in self._chores:
                chore.run(self.house)

    def jobs(self, until: datetime) -> None:
        """Do the jobs that are due by then, each when it is; then it is then."""
        while job := self._next(until):
            self.timepiece.now = max(self.timepiece.now, job.at or self.timepiece.now)
            self._do(job)
        self.timepiece.now = max(self.timepiece.now, until)

    def _next(self, until: datetime) -> Job | None:
        """Taken out of the queue, which nobody else looks into."""
        with db.begin(self.house.engine) as tx:
            row = tx.execute(DUE, {"until": until}).one_or_none()
            if row is None:
                return None
            tx.execute(text("DELETE FROM procrastinate_jobs WHERE id = :id"), {"id": row.id})
            return Job(*row)

    def _do(self, job: Job) -> None:
        try:
            if job.task == CARD:
                show_next_card(self.house, job.args["group"])
            elif job.task == NOTICE:
                send_notice(self.house, UUID(job.args["row"]))
        except SendFailed as failed:
            self.failed[failed.code] += 1
