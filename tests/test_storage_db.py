"""The database's troubles are told apart, and none of them quotes what somebody said."""

from __future__ import annotations

import logging
import threading
import traceback
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import Column, MetaData, String, Table, insert, text
from sqlalchemy.exc import StatementError

from storage.db import Away, Busy, Rejected, Store, connect, hour, hour_after, plain, told_apart
from storage.tables import moderators, people
from tests.storage_samples import NOW

SAID = "+212600000001 sentinel"


def everything(error: BaseException) -> str:
    """All that a formatter could print of an exception, whatever it follows."""
    told, seen = [], [error]
    for one in seen:
        told += [str(one), repr(one), "".join(traceback.format_exception(one))]
        seen += [other for other in (one.__cause__, one.__context__) if other is not None and other not in seen]
    return "\n".join(told)


def provoke(store: Store, statement: str) -> Rejected:
    with pytest.raises(Rejected) as caught, store.begin() as tx:
        tx.execute(text("CREATE TEMP TABLE said (word varchar(30) UNIQUE CHECK (word <> 'no'), n int) ON COMMIT DROP"))
        tx.execute(text("INSERT INTO said (word) VALUES (:word)"), {"word": SAID})
        tx.execute(text(statement), {"word": SAID, "long": SAID * 3})
    return caught.value


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO said (word) VALUES (:word)", "23505"),  # DETAIL: Key (word)=(…) already exists.
        ("INSERT INTO said (word) VALUES (:long)", "22001"),
        (
            "INSERT INTO said (n) VALUES (CAST(CAST(:word AS uuid) IS NULL AS int))",
            "22P02",
        ),  # invalid input syntax: "…"
        ("INSERT INTO said (word, n) VALUES (:word, 1 / 0)", "22012"),
        ("INSERT INTO said (words) VALUES (:word)", "42703"),
    ],
)
def test_a_refusal_quotes_nothing(store: Store, statement: str, code: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        refused = provoke(store, statement)
        logging.getLogger().error("it failed", exc_info=refused)
    assert refused.code == code
    assert "sentinel" not in everything(refused) + caplog.text
    assert refused.__cause__ is refused.__context__ is None
    assert "test_storage_db.py" in everything(refused)  # and yet it says where


def test_a_refusal_names_the_constraint(store: Store) -> None:
    refused = provoke(store, "INSERT INTO said (word) VALUES (:word)")
    assert (refused.table, refused.constraint) == ("said", "said_word_key")
    assert str(refused) == "23505 said said_word_key"


def test_what_the_queue_wraps_is_told_apart_too() -> None:
    """Procrastinate raises its own exception from psycopg's."""
    with pytest.raises(Busy), told_apart():
        raise RuntimeError("wrapped") from psycopg.errors.DeadlockDetected("said")


def test_what_is_not_of_the_database_passes_as_it_is(store: Store) -> None:
    ours = KeyError("ours")
    with pytest.raises(KeyError) as caught, store.begin():
        raise ours
    assert caught.value is ours


def test_only_what_the_vault_made_is_stored(store: Store) -> None:
    for row in ({"name": b"Amina"}, {"pseudonym": b"4711"}):
        with pytest.raises(StatementError) as caught, store.begin() as tx:
            tx.execute(insert(moderators).values(id=UUID(int=1), **row))
        assert "Amina" not in everything(caught.value) and "4711" not in everything(caught.value)


def test_all_or_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        tx.execute(insert(people).values(id=UUID(int=1)))
        raise ZeroDivisionError
    with store.begin() as tx:
        assert tx.execute(people.select()).all() == []


def test_a_deadlock_is_busy(store: Store) -> None:
    both = threading.Barrier(2)
    busy: list[str] = []

    def take(first: int, second: int) -> None:
        try:
            with store.begin() as tx:
                tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": first})
                both.wait(5)
                tx.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": second})
        except Busy as told:
            busy.append(str(told))

    threads = [threading.Thread(target=take, args=keys) for keys in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert busy == ["40P01"]


def test_what_takes_too_long_is_busy(store: Store) -> None:
    with pytest.raises(Busy), store.begin() as tx:
        tx.execute(text("SET LOCAL statement_timeout = 50"))
        tx.execute(text("SELECT pg_sleep(2)"))


def test_a_broken_connection_is_away_and_the_next_is_well(store: Store) -> None:
    with pytest.raises(Away), store.begin() as tx:
        mine = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
        tx.execute(text("SELECT 1"))
    with store.begin() as tx:
        assert tx.execute(text("SELECT 1")).scalar() == 1


def test_connections_that_died_while_nobody_looked_cost_nothing(store: Store) -> None:
    with store.begin() as tx, store.begin() as other:
        tx.execute(text("SELECT 1"))
        other.execute(text("SELECT 1"))
    with store.begin() as tx:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        tx.execute(text(f"SELECT pg_terminate_backend(pid, 10000) {others}"))  # until they are gone
    for _ in range(3):
        with store.begin() as tx, store.begin() as other:
            assert tx.execute(text("SELECT 1")).scalar() == other.execute(text("SELECT 1")).scalar()


@pytest.mark.parametrize("url", ["postgresql://iblagh:hush@127.0.0.1:1/x", "postgresql://u:hush@/x?host=/nowhere"])
def test_a_database_that_is_not_there_is_away_and_says_why_without_the_password(url: str) -> None:
    with pytest.raises(Away) as caught, Store(connect(url)).begin():
        pass
    assert "hush" not in everything(caught.value)
    assert "127.0.0.1" in str(caught.value) or "/nowhere" in str(caught.value)


def test_more_than_the_pool_holds_is_away(module_database_url: str) -> None:
    store = Store(connect(module_database_url, threads=1))
    with store.begin(), store.begin(), store.begin(), pytest.raises(Away), store.begin():
        pass
    store.close()


def test_sessions_are_set_as_they_should_be(module_database_url: str) -> None:
    wanted = {"lock_timeout": "2s", "timezone": "UTC", "idle_in_transaction_session_timeout": "20s", "work_mem": "5MB"}
    joint = "&" if "?" in module_database_url else "?"
    store = Store(connect(f"{module_database_url}{joint}options={quote('-c work_mem=5MB')}"))
    with store.begin() as tx:
        assert {name: tx.execute(text(f"SHOW {name}")).scalar() for name in wanted} == wanted
    store.close()


def test_the_engine_says_nothing_at_debug(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    table = Table("words", MetaData(), Column("word", String), prefixes=["TEMP"])
    with caplog.at_level(logging.DEBUG), store.begin() as tx:
        table.create(tx)
        tx.execute(insert(table).values(word=SAID))
        assert tx.execute(table.select()).scalar() == SAID
    assert caplog.text == ""


def test_the_same_address_for_the_client_library() -> None:
    assert plain("postgresql://u:p@h:1/d?host=/x") == plain("postgresql+psycopg://u:p@h:1/d?host=/x")
    assert plain("postgresql://u:p%40@h:1/d").startswith("postgresql://u:p%40@h:1/d")


def test_times_are_kept_to_the_hour() -> None:
    assert hour(NOW) == datetime(2026, 11, 22, 2, tzinfo=UTC)
    assert hour_after(NOW) == datetime(2026, 11, 22, 3, tzinfo=UTC) == hour_after(hour_after(NOW))
    half_past = timezone(timedelta(hours=5, minutes=30))
    assert hour_after(NOW.astimezone(half_past)) == hour_after(NOW) and hour(NOW.astimezone(half_past)) == hour(NOW)
