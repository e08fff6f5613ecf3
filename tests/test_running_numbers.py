"""`/metrics`: what it tells, that it never goes back, and that nobody is in it."""

from __future__ import annotations

import json
import os
import re
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.channel import SendFailed
from bot.numbers import HERE, Numbers, counted, tell
from bot.prometheus import METRICS, sample, written
from bot.queue import defer_card
from storage import db, groups, upkeep
from tests.doors import PUBLIC, Telegrammer, Whatsapper, house
from webhook_app import create_app

ALARMS = Path(__file__).resolve().parents[1] / "docs" / "alerts.yml"

LINE = re.compile(r'(?P<name>[a-z_]+)(?P<labels>\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? (?P<value>-?[0-9.e+-]+)')


def told(page: str) -> dict[str, float]:
    """Each line of a page by its name and labels; all of them are well formed, and no metric stands twice."""
    lines = [line for line in page.splitlines() if not line.startswith("#")]
    heads = [line for line in page.splitlines() if line.startswith("# TYPE")]
    assert len(heads) == len(set(heads)) and page.endswith("\n")
    found = [LINE.fullmatch(line) for line in lines]
    assert all(found), lines
    return {f"{line['name']}{line['labels'] or ''}": float(line["value"]) for line in found if line}


def page_of(some: Numbers) -> dict[str, float]:
    return told(written(some.samples()))


def test_turns_are_counted_and_measured() -> None:
    some = Numbers()
    for seconds in (0.004, 0.3, 42):
        some.turn("telegram", "answered", seconds)
    some.turn("whatsapp", "forged", 0.001)
    page = page_of(some)
    assert page['iblagh_turns_total{channel="telegram",outcome="answered"}'] == 3
    assert page['iblagh_turns_total{channel="whatsapp",outcome="forged"}'] == 1
    buckets = [
        page[f'iblagh_turn_seconds_bucket{{channel="telegram",le="{le}"}}']
        for le in ("0.005", "0.25", "0.5", "10.0", "+Inf")
    ]
    assert buckets == [1, 1, 2, 2, 3]
    assert page['iblagh_turn_seconds_count{channel="telegram"}'] == 3
    assert page['iblagh_turn_seconds_sum{channel="telegram"}'] == pytest.approx(42.304)
    assert 'iblagh_turn_seconds_count{channel="whatsapp"}' not in page  # what was not answered took no time of ours


def test_sends_are_counted_by_result() -> None:
    some = Numbers()
    some.sent("card")
    some.sent("card", "slow-down")
    assert page_of(some)['iblagh_sends_total{kind="card",result="slow-down"}'] == 1


def test_what_may_be_sent_twice_is_counted() -> None:
    some = Numbers()
    some.taken_up(2)
    some.taken_up(1)
    assert page_of(some)["iblagh_taken_up_total"] == 3


def test_sisters_are_added_up_and_the_dead_count_on(tmp_path: Path) -> None:
    first, second = Numbers(), Numbers()
    first.share(tmp_path)
    second.share(tmp_path)
    first.sent("card")
    second.sent("card")
    first._write()
    assert page_of(second)['iblagh_sends_total{kind="card",result="ok"}'] == 2
    (tmp_path / "dead").write_text(json.dumps([[["sent", "card", "ok", 5]], 99999, 1000]))
    os.utime(tmp_path / "dead", (time.time() - 60,) * 2)
    page = page_of(second)
    assert page['iblagh_sends_total{kind="card",result="ok"}'] == 7
    assert 'iblagh_memory_bytes{process="99999"}' not in page
    assert page[f'iblagh_memory_bytes{{process="{os.getpid()}"}}'] > 10_000_000


def test_a_call_is_counted_with_the_reason_why_it_failed() -> None:
    with pytest.raises(SendFailed), counted("notice"):
        raise SendFailed("test-of-a-code", retry=True)
    with pytest.raises(ZeroDivisionError), counted("notice"):
        _ = 1 / 0
    with counted("notice"):
        pass
    page = page_of(HERE)
    assert page['iblagh_sends_total{kind="notice",result="test-of-a-code"}'] == 1
    assert page['iblagh_sends_total{kind="notice",result="bug"}'] >= 1
    assert page['iblagh_sends_total{kind="notice",result="ok"}'] >= 1


def test_only_what_is_in_the_table_is_told() -> None:
    with pytest.raises(KeyError):
        sample("iblagh_something", 1)
    assert written([sample("iblagh_jobs_due", 2, task='od"d\\\n')]).endswith('{task="od\\"d\\\\\\n"} 2\n')


def test_the_worker_tells_its_own_numbers() -> None:
    some = Numbers()
    some.sent("answer")
    server = tell("127.0.0.1", 0, some)
    address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        with urllib.request.urlopen(f"{address}/metrics", timeout=5) as answer:
            assert told(answer.read().decode())['iblagh_sends_total{kind="answer",result="ok"}'] == 1
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/anything", timeout=5)
    finally:
        server.shutdown()
        server.server_close()


def test_the_database_is_counted_and_nobody_is_named(database_url: str) -> None:
    home = house(database_url)
    client = create_app(home).test_client()
    citizen, other = Telegrammer(client), Whatsapper(client)
    citizen.says("https://example.org/hidden-words")
    other.says("salut")
    with db.begin(home.engine) as tx:
        groups.group(tx, "moderators", "-1001000000001", datetime.now(UTC))
        defer_card(tx, "moderators")
        tx.execute(text("UPDATE procrastinate_events SET at = at - interval '1 hour'"))
        tx.execute(text("INSERT INTO incidents (id, category, severity, state, opened_at, last_at, reports, card_group)"
                        " SELECT gen_random_uuid(), 'scam', 1, 'received', now(), now(), 7, 'moderators'"
                        " FROM generate_series(1, 2)"))  # fmt: skip
        upkeep.done(tx, upkeep.BACKUP, datetime(2026, 11, 20, tzinfo=UTC))
    said = client.get("/metrics")
    assert said.content_type == "text/plain; version=0.0.4; charset=utf-8"
    page = told(said.get_data(as_text=True))
    assert page["iblagh_database_up"] == 1 and page["iblagh_worker_silent"] == 1
    assert page['iblagh_jobs_due{task="card"}'] == 1
    assert 3600 <= page['iblagh_jobs_due_seconds{task="card"}'] < 3660
    assert page['iblagh_incidents{state="received",severity="high"}'] == 2
    assert page['iblagh_incident_reports{state="received",severity="high"}'] == 14
    assert page["iblagh_cards_stale"] == 2 and page["iblagh_notices_overdue"] == 0
    assert page['iblagh_done_timestamp_seconds{what="backup"}'] == datetime(2026, 11, 20, tzinfo=UTC).timestamp()
    assert page['iblagh_turn_seconds_count{channel="telegram"}'] >= 1
    whole = said.get_data(as_text=True)
    assert not [
        word
        for word in ("hidden-words", str(citizen.id), "Zoubida", PUBLIC, home.settings.telegram_token)
        if word in whole
    ]
    home.engine.dispose()


def test_a_database_that_is_away_is_told_and_so_is_the_rest() -> None:
    home = house("postgresql://nobody@127.0.0.1:9/none")
    client = create_app(home).test_client()
    page = told(client.get("/metrics").get_data(as_text=True))
    assert page["iblagh_database_up"] == 0 and "iblagh_cards_stale" not in page
    assert client.get("/readyz").status_code == 503


def test_every_metric_of_an_alarm_exists() -> None:
    named = set(re.findall(r"iblagh_[a-z_]+", ALARMS.read_text(encoding="utf-8")))
    assert named >= {"iblagh_worker_silent", "iblagh_database_up", "iblagh_jobs_due_seconds"}
    known = set(METRICS) | {f"iblagh_turn_seconds_{part}" for part in ("bucket", "sum", "count")}
    assert named <= known


def test_every_alarm_says_what_to_do() -> None:
    """Each rule has an expression, a severity, and words that name a command or a section."""
    rules = re.split(r"^ +- alert: ", ALARMS.read_text(encoding="utf-8"), flags=re.M)[1:]
    assert len(rules) > 8
    for rule in rules:
        assert re.search(r"^ +expr: \S", rule, re.M) and re.search(r"^ +severity: (page|ticket)$", rule, re.M), rule
        assert re.search(r"^ +summary: \S", rule, re.M) and re.search(r"^ +do: \S", rule, re.M), rule
