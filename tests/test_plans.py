"""What a turn and a look read does not grow with what is stored: plans made for a small house, in one that has filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from benchmarks.bench_fill import repeat
from bot.chores import CHORES
from bot.digest import watch
from bot.house import House, open_house
from bot.jobs import show_next_card
from bot.moderators import settle
from storage import bare, db
from tests.alert_house import drained
from tests.bot_api import BotApi
from tests.card_house import api, free
from tests.doors import ENVIRONMENT, Telegrammer, Whatsapper, client

__all__ = ["api"]  # a fixture

COPIES = 300
FEW = 60  # rows of one table, in one conversation or one look
TOLD = ("hello", "https://example.org/{}", "hate", "witness", "abroad", "done", "confidential", "send")
BIG = ("aliases", "alerted", "custody", "custody_heads", "deliveries", "fingerprints", "incidents", "people", "reports",
       "report_keys", "report_parts", "sessions", "ways", "work", "written")  # fmt: skip
READ = """
SELECT relname, coalesce(seq_tup_read, 0) + greatest(coalesce(idx_tup_fetch, 0),
    (SELECT coalesce(sum(idx_tup_read), 0) FROM pg_stat_user_indexes AS its WHERE its.relid = tables.relid))
FROM pg_stat_user_tables AS tables
"""
WORKED = "INSERT INTO work (incident, version) SELECT id, 1 FROM incidents ON CONFLICT DO NOTHING"
REMINDED = "UPDATE alerted SET reminder = 2"
PROVIDERS = ("catch_up", "purge_log")  # they ask Twilio, and no table that fills
OFTEN = [one for one in CHORES if one.when.startswith("*") and one.name not in (*PROVIDERS, "blur")]  # that is hourly's


@pytest.fixture
def town(database_url: str, api: BotApi) -> Iterator[House]:
    """A house in which five citizens have written, and whose group has seen it all."""
    made = open_house(ENVIRONMENT | {"DATABASE_URL": database_url, "TELEGRAM_API_BASE": api.address}, serves=True)
    with db.begin(made.engine) as tx:
        settle(tx, made)
    doors = client(made)
    for at in range(3):
        talk(Telegrammer(doors, 712_345_001 + at), f"t{at}")
        talk(Whatsapper(doors, f"+21265544330{at}"), f"w{at}")
    Telegrammer(doors, 712_345_009).says("hello")
    drained(made)
    watch(made)
    yield made
    made.engine.dispose()


def talk(citizen: Telegrammer | Whatsapper, post: str) -> None:
    for said in TOLD:
        citizen.says(said.format(post))


def asked(house: House, statement: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(house.url, autocommit=True) as link:
        answer = link.execute(statement.encode())
        return answer.fetchall() if answer.description else []


def read(house: House) -> dict[str, int]:
    """How many rows of each table were read until now, also over the one connection that goes on with the plans it made."""
    with db.begin(house.engine) as tx:
        tx.execute(text("SELECT pg_stat_force_next_flush()"))
    return {str(name): int(rows) for name, rows in asked(house, READ)}


def much(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, int]:
    return {name: after[name] - before[name] for name in BIG if after[name] - before[name] > FEW}


def filled(house: House) -> None:
    """Everything that is there, some hundred times."""
    asked(house, REMINDED)
    repeat(house.url, COPIES)
    asked(house, WORKED)
    assert asked(house, "SELECT count(*) > 6 * 300 FROM incidents") == [(True,)]


def test_a_turn_reads_no_more_as_the_house_fills(town: House) -> None:
    asked(town, "ANALYZE")
    doors = client(town)
    for at in range(6):  # plans are kept from the fifth time on
        Telegrammer(doors, 712_346_001 + at).says("hello")
        talk(Whatsapper(doors, f"+21265544340{at}"), "again" if at % 2 else f"new{at}")
    filled(town)
    for citizen, post in ((712_347_001, "new"), (712_347_002, "w1")):
        before = read(town)
        talk(Telegrammer(doors, citizen), post)
        assert much(before, read(town)) == {}, post
    assert asked(town, "SELECT max(reports) >= 2 FROM incidents") == [(True,)]


def test_a_card_and_what_comes_round_each_minute_read_what_is_due(town: House, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(town)
    asked(town, "ANALYZE")  # as PostgreSQL does by itself within a minute
    worker = replace(town, serves=False)
    with db.begin(town.engine) as tx:
        tx.execute(text("UPDATE incidents SET wanted_version = wanted_version + 1 WHERE number = 101"))
    free(worker)
    before = read(worker)
    show_next_card(worker, "moderators")
    assert much(before, read(worker)) == {}
    monkeypatch.setattr(bare, "WALKED", 10)
    for chore in OFTEN:
        before = read(worker)
        chore.run(worker)
        assert much(before, read(worker)) == {}, chore.name
    assert {"look_for_stale", "watch", "forget", "let_stand"} <= {chore.name for chore in OFTEN}
    worker.engine.dispose()
