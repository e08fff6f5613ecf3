"""
From the message that files a report to its card in the moderators' group: with nothing else to do, and with much.

The time counts from when the citizen's last message was sent to us: that is before the commit, so it says a little more than
from there on. How often a group may be called, and rung, is set aside; each card finds its group free.
"""

from __future__ import annotations

import itertools
import random
import time
from datetime import UTC, datetime
from typing import Any, NamedTuple

from benchmarks.accounts import GROUP
from benchmarks.bench_fill import FILED
from benchmarks.bench_results import Result, at_most
from benchmarks.bench_stage import Stage
from benchmarks.carriers import TELEGRAM_SECONDS, Line, Post, Telegram
from benchmarks.citizens import Citizen, Plan
from benchmarks.lending import quantile
from benchmarks.processes import Town, until
from benchmarks.provider import BotApi
from bot.queue import defer_chore
from storage import db

IDLE_MS, DUE_MS = 100.0, 1000.0
LATER, NOW = 0.1, 0.01  # of the reports that are stored: of a million, a hundred thousand and ten thousand
PATIENCE = 60.0
PEOPLE = itertools.count(4_900_000_000)
FREE = "WITH forgotten AS (DELETE FROM rings) UPDATE groups SET free_at = now() - interval '1 minute'"
AT_WORK = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'card'"
STALE = "SELECT count(*) FROM incidents WHERE shown_version < wanted_version"
NOTICES = (
    "INSERT INTO notices (id, report, due_at, owed_at, forget_at, fresh)"
    " SELECT gen_random_uuid(), id, {due}, now() - interval '1 hour', now() + interval '30 days', false FROM reports"
    " WHERE person IS NOT NULL AND {which} AND NOT EXISTS (SELECT FROM notices WHERE report = reports.id) LIMIT {count}"
)
CLEAR = "DELETE FROM notices; DELETE FROM procrastinate_jobs WHERE task_name = 'notice' AND status = 'todo'"


class Shown(NamedTuple):
    """Milliseconds until a card was in the group: from the citizen's message, and from the answer to it."""

    from_message: float
    from_answer: float


def measure_idle(stage: Stage) -> Result:
    """One report after the other, and nothing else."""
    result = Result("idle", "from a report's last message to its card, nothing else to do")
    _ = stage.under  # rehearsed before, so that its cards are out
    found = _cards(stage.town, stage.size.cards)
    result.found = _told(found)
    result.targets = [at_most("milliseconds to a queued message, p95", IDLE_MS, result.found["p95_ms"])]
    return result


def measure_due(stage: Stage) -> Result:
    """The same while notices leave, and ten times as many wait for their time."""
    result = Result(
        "due", "from a report's last message to its card, while many notices are due now and many more later"
    )
    town, reports = stage.full.town, stage.size.reports
    later, now = (max(1, round(reports * share)) for share in (LATER, NOW))
    town.ask(
        NOTICES.format(
            due="now() + random() * interval '1 day' + interval '2 hours'", which=f"NOT {FILED}", count=later
        )
    )
    town.ask(NOTICES.format(due="now() - random() * interval '10 minutes'", which=FILED, count=now))
    town.ask(NOTICES.format(due="now() + random() * interval '1 day' + interval '2 hours'", which="true", count=later))
    waiting = town.ask(
        "SELECT count(*) FILTER (WHERE due_at > now()), count(*) FILTER (WHERE due_at <= now()) FROM notices"
    )
    began, before = time.monotonic(), _waiting(town)
    _look_for_notices(town)
    found = _cards(town, stage.size.cards)
    left = (before - _waiting(town)) / (time.monotonic() - began)
    result.found = _told(found) | {
        "due_later": waiting[0][0],
        "due_now": waiting[0][1],
        "notices_a_second": round(left, 1),
    }
    result.targets = [at_most("milliseconds to a new card, p95", DUE_MS, result.found["p95_ms"])]
    for statement in CLEAR.split("; "):
        town.ask(statement)
    return result


def _look_for_notices(town: Town) -> None:
    """What comes round every minute, at once."""
    store = db.Store(db.connect(town.database, threads=1))
    with store.begin() as tx:
        defer_chore(tx, "look_for_notices", datetime.now(UTC))
    store.close()


def _waiting(town: Town) -> int:
    return int(str(town.ask("SELECT count(*) FROM notices WHERE stage = 0 AND fault IS NULL")[0][0]))


def _cards(town: Town, count: int) -> list[Shown]:
    """File so many reports, one when the card of the one before is shown."""
    api, line, dice = town.api, Line(town.port, TELEGRAM_SECONDS), random.Random(count)
    if api is None:
        raise ValueError("this town has no provider of its own")
    most, api.a_minute = api.a_minute, 0
    try:
        until(lambda: _none_stale(town), PATIENCE, "the cards of before")
        return [_card(town, line, dice) for _ in range(count)]
    finally:
        api.a_minute = most
        line.close()


def _none_stale(town: Town) -> bool:
    town.ask(FREE)
    return town.ask(STALE)[0][0] == 0


def _card(town: Town, line: Line, dice: random.Random) -> Shown:
    """One report by somebody new."""
    assert town.api
    who, api = next(PEOPLE), town.api
    voice = Last(Telegram(Post(town.port), who, "ar", dice, line))
    until(lambda: town.ask(AT_WORK)[0][0] == 0, PATIENCE, "the end of the job before")
    time.sleep(dice.random() * 0.1)
    town.ask(FREE)
    before = _incidents(api)
    Citizen(voice, dice).reports(Plan(f"https://cards.example.org/{who}", "hate"))
    deadline = time.monotonic() + PATIENCE
    while _incidents(api) == before:
        if time.monotonic() > deadline:
            raise TimeoutError("a card did not come")
        time.sleep(0.001)
    shown = api.called[GROUP][-1]
    return Shown(1000 * (shown - voice.said), 1000 * max(0.0, shown - voice.heard))


def _incidents(api: BotApi) -> int:
    """Of how many a card was sent; 0 stands for messages that are none."""
    return len(api.cards) - (0 in api.cards)


class Last:
    """A voice that knows when the last message was sent, and when it was answered."""

    channel = "telegram"

    def __init__(self, voice: Telegram) -> None:
        self._voice = voice
        self.said = self.heard = 0.0

    def say(self, text: str) -> str:
        self.said = time.monotonic()
        answer = self._voice.say(text)
        self.heard = time.monotonic()
        return answer


def _told(found: list[Shown]) -> dict[str, Any]:
    took, after = ([one[at] for one in found] for at in (0, 1))
    return {
        "cards": len(found), "p50_ms": round(quantile(took, 0.5), 1), "p95_ms": round(quantile(took, 0.95), 1),
        "longest_ms": round(max(took), 1), "p95_ms_from_the_answer": round(quantile(after, 0.95), 1),
    }  # fmt: skip
