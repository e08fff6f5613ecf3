"""Statements that go to the database together: in order, all within one transaction, and nothing of a failure remains."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from sqlalchemy import text

from storage.db import Away, Busy, Rejected, Store
from storage.sealed import Pseudonym, Sealed
from storage.wire import BYTES, WHOLE, YES, Line, Said, Statement, array, journey, moment, pseudonym, sealed, whole

ECHO = Statement(
    "echo", "SELECT CAST($1 AS bytea), CAST($2 AS bigint), CAST($3 AS timestamptz) = '2026-11-22 10:00:00.000001Z'"
)
LISTS = Statement("lists", "SELECT cardinality(CAST($1 AS bytea[])), (CAST($2 AS bigint[]))[2] = -5")
MADE = Statement("made", "CREATE TABLE said (word text)")
SPLIT = Statement("split", "SELECT 1 / CAST($1 AS bigint)")
SLEEPS = Statement("sleeps", "SELECT pg_sleep(1)")
PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE name = 'echo'")
SAID = Said(ECHO, [b"\0any", whole(7), moment(datetime(2026, 11, 22, 10, 0, 0, 1, tzinfo=UTC))])


def test_values_arrive_as_they_are_and_none_as_nothing(store: Store) -> None:
    with store.begin() as tx:
        lists = Said(LISTS, [array(BYTES, [b"", b"a" * 300, b"b"]), array(WHOLE, [whole(2**62), whole(-5)])])
        none = Said(LISTS, [array(BYTES, []), array(WHOLE, [])])
        nothing = Said(ECHO, [None, None, None])
        told = journey(tx, SAID, lists, none, nothing)
    assert told[0] == [(b"\0any", whole(7), YES)]
    assert told[1] == [((3).to_bytes(4, "big"), YES)]
    assert told[2] == [(bytes(4), None)]
    assert told[3] == [(None, None, None)]


def test_more_than_the_socket_holds_at_once(store: Store) -> None:
    large = Said(ECHO, [bytes(9 << 20), None, None])
    with store.begin() as tx:
        assert [rows[0][0] for rows in journey(tx, large, large)] == [bytes(9 << 20)] * 2


def test_what_is_said_around_it_is_of_the_same_transaction(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        before = tx.execute(text("SELECT pg_current_xact_id()")).scalar()
        journey(tx, Said(MADE, []))
        assert tx.execute(text("SELECT pg_current_xact_id()")).scalar() == before
        raise ZeroDivisionError
    with store.begin() as tx:
        assert tx.execute(text("SELECT to_regclass('said')")).scalar() is None


def test_one_that_fails_leaves_nothing_committed_and_the_connection_well(store: Store) -> None:
    with pytest.raises(Rejected) as caught, store.begin() as tx:
        journey(tx, Said(MADE, []), Said(SPLIT, [whole(0)]), SAID, commit=True)
    assert caught.value.code == "22012"
    with store.begin() as tx:
        assert tx.execute(text("SELECT to_regclass('said')")).scalar() is None
        assert journey(tx, SAID)[0][0][2] == YES


def test_a_statement_is_prepared_once_and_anew_after_a_rollback(store: Store) -> None:
    for _ in range(3):
        with store.begin() as tx:
            journey(tx, SAID, SAID)
            assert tx.execute(PREPARED).scalar() == 1
            many = text("SELECT 1")  # until psycopg has prepared one too, and forgets all with a rollback
            assert [tx.execute(many).scalar() for _ in range(7)] == [1] * 7
        with pytest.raises(ZeroDivisionError), store.begin() as tx:
            journey(tx, SAID)
            raise ZeroDivisionError


def test_who_clears_a_connection_behind_our_back_costs_one_try(store: Store) -> None:
    with store.begin() as tx:
        journey(tx, SAID)
        tx.execute(text("DEALLOCATE ALL"))
    with pytest.raises(Busy), store.begin() as tx:
        journey(tx, SAID)
    with store.begin() as tx:
        assert journey(tx, SAID)[0][0][2] == YES


def test_nothing_is_prepared_where_a_pooler_keeps_nothing(store: Store) -> None:
    with store.begin() as tx:
        line = cast(Line, tx.connection.driver_connection)
        line.prepare_threshold = None
        assert journey(tx, SAID)[0][0][2] == YES
        assert tx.execute(PREPARED).scalar() == 0


def test_a_connection_that_breaks_on_the_way_is_away_and_the_next_is_well(store: Store) -> None:
    with pytest.raises(Away), store.begin() as tx:
        mine = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
        with store.begin() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
        journey(tx, SAID)
    with store.begin() as tx:
        assert journey(tx, SAID)[0][0][2] == YES


def test_a_server_that_does_not_answer_is_away_before_anybody_has_waited_long(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.wire.PATIENCE_MS", 100)
    with pytest.raises(Away), store.begin() as tx:
        journey(tx, SAID, Said(SLEEPS, []), commit=True)
    with store.begin() as tx:
        assert journey(tx, SAID)[0][0][2] == YES


@pytest.mark.parametrize("clear", [b"said in clear", bytes(33)])
def test_only_what_the_vault_made_goes_where_it_is_wanted(clear: Any) -> None:
    for kind in (sealed, pseudonym):
        with pytest.raises(TypeError):
            kind(clear)
    assert sealed(Sealed(b"\xf8")) and pseudonym(Pseudonym(b"\1" * 33))
