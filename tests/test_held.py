"""What stays open between two transactions is used again, and neither when it is dead, nor too old, nor of a pool that is gone."""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack

import pytest
from sqlalchemy import text

from storage.db import POOL_SECONDS, Store, Transaction, alone, connect
from storage.held import Connections


def backend(tx: Transaction) -> int:
    """Which of the server's processes a connection speaks to."""
    found: int = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
    return found


def asked(store: Store) -> int:
    with store.begin() as tx:
        return backend(tx)


def test_the_one_used_last_is_used_next(store: Store) -> None:
    with store.begin() as tx, store.begin() as other:
        first, second = backend(tx), backend(other)
    assert asked(store) == asked(store) == first != second


def test_what_failed_goes_back_to_the_pool_and_comes_in_no_transaction(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        tx.execute(text("CREATE TABLE left_over ()"))
        raise ZeroDivisionError
    with store.begin() as tx:
        assert tx.execute(text("SELECT to_regclass('left_over')")).scalar() is None


def test_a_pool_that_is_gone_takes_its_connections_along(store: Store) -> None:
    with store.begin() as tx:
        before = backend(tx)
        store.close()
    store.close()
    with store.begin() as tx:
        gone = "SELECT count(*) FROM pg_stat_activity WHERE pid = :before"
        assert tx.execute(text(gone), {"before": before}).scalar() == 0


def test_no_more_are_kept_than_may_and_none_for_too_long(store: Store) -> None:
    one, none = Connections(store.engine, 1, 60), Connections(store.engine, 1, 0)
    held = [one.take(), one.take()]
    for each in held:
        one.give(each)
    assert held[1].connection.closed and not held[0].connection.closed
    assert one.take() is held[0]
    again = none.take()
    none.give(again)
    assert none.take() is not again and again.connection.closed
    store.close()


def test_who_waits_at_the_pool_has_what_is_given_back(database_url: str) -> None:
    store, served = Store(connect(database_url, threads=1)), threading.Event()

    def waits() -> None:
        with store.begin():
            served.set()

    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(store.begin())
        with store.begin():
            thread = threading.Thread(target=waits)
            thread.start()
            assert not served.wait(0.3)  # all three are in use
        assert served.wait(1)
    thread.join()
    store.close()


def test_who_goes_another_way_to_the_pool_finds_a_place_there(database_url: str) -> None:
    store = Store(connect(database_url, threads=3))  # and two more
    with ExitStack() as held:
        for _ in range(5):
            held.enter_context(store.begin())
    began = time.monotonic()
    with ExitStack() as held:
        for _ in range(5):
            held.enter_context(alone(store.engine))
    assert time.monotonic() - began < POOL_SECONDS
    store.close()
