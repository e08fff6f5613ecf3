"""What has had its time goes, in batches, past whoever is at work, and nothing goes before its time."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from storage import deliveries, incidents, people, retention
from storage.db import Store
from storage.retention import Forgotten
from storage.tables import aliases, failures, reports, sessions, ways
from storage.tables import deliveries as remembered
from storage.tables import incidents as cards
from storage.tables import people as everyone
from tests.storage_samples import HANDLING, LATER, NOW, VAULT, counts, file, filing, someone

MONTH = timedelta(days=31)
NOTHING = Forgotten(0, frozenset())


def forget(store: Store, after: timedelta, batch: int = 500) -> Forgotten:
    with store.begin() as tx:
        return retention.forget(tx, NOW + after, batch)


def test_nothing_goes_before_its_time(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        deliveries.first(tx, VAULT, "telegram", "1", NOW)
        deliveries.failed(tx, VAULT, "telegram", "2", "KeyError", b"raw", NOW)
    assert forget(store, timedelta(hours=47)) == NOTHING
    assert counts(store, everyone, aliases, sessions, remembered, failures) == [1, 1, 1, 1, 1]


def test_an_unfinished_conversation_goes_with_all_names(store: Store) -> None:
    with store.begin() as tx:
        people.save(tx, VAULT, someone(tx), b"draft", LATER)
    assert forget(store, timedelta(days=3)).rows == 2  # the session, and then the person
    assert counts(store, everyone, aliases, sessions) == [0, 0, 0]
    assert forget(store, timedelta(days=3)) == NOTHING


def test_who_left_a_way_back_stays_and_an_anonymous_reporter_does_not(store: Store) -> None:
    with store.begin() as tx:
        file(tx, filing("anonymous"), name="nobody")
        file(tx, filing("confidential"), name="reachable")
    forget(store, timedelta(days=3))
    assert counts(store, everyone, sessions, ways, reports) == [1, 0, 1, 2]


def test_deliveries_and_failures_go_after_two_days_and_parked_ones_after_a_week(store: Store) -> None:
    with store.begin() as tx:
        deliveries.first(tx, VAULT, "telegram", "1", NOW)
        deliveries.failed(tx, VAULT, "telegram", "2", "KeyError", b"raw", NOW)
        for _ in range(3):
            deliveries.failed(tx, VAULT, "telegram", "3", "KeyError", b"raw", NOW)
    forget(store, timedelta(hours=49))
    assert counts(store, remembered, failures) == [0, 1]
    forget(store, timedelta(days=8))
    assert counts(store, failures) == [0]


def test_a_link_goes_in_time_and_its_card_is_owed_an_edit(store: Store) -> None:
    with store.begin() as tx:
        file(tx)
        file(tx, handling=replace(HANDLING, link="", link_until=None))
        while stale := incidents.stale_next(tx, VAULT, "moderators"):
            incidents.shown(tx, stale, "77")
    assert forget(store, timedelta(days=29)).groups == frozenset()
    assert forget(store, MONTH).groups == {"moderators"}
    with store.begin() as tx:
        assert tx.execute(select(cards.c.link)).scalars().all() == [None, None]
        assert incidents.stale_groups(tx) == ["moderators"]
    assert forget(store, MONTH) == NOTHING


def test_much_goes_in_batches(store: Store) -> None:
    with store.begin() as tx:
        for at in range(25):
            people.save(tx, VAULT, someone(tx, str(at)), b"draft", LATER)
            deliveries.first(tx, VAULT, "telegram", str(at), NOW)
    rows = []
    while gone := forget(store, MONTH, batch=10).rows:
        rows.append(gone)
    assert rows == [30, 30, 15] and counts(store, everyone, sessions, remembered) == [0, 0, 0]


def test_who_is_at_work_is_passed_over_and_keeps_everything(store: Store) -> None:
    """An expired session is just being taken up again: forgetting neither waits nor takes the person away."""
    with store.begin() as tx:
        people.save(tx, VAULT, someone(tx), b"old", LATER)
    with store.begin() as tx:
        person = someone(tx)
        people.save(tx, VAULT, person, b"new", LATER + MONTH)
        began = time.monotonic()
        assert forget(store, timedelta(days=3)) == NOTHING
        assert time.monotonic() - began < 1
    with store.begin() as tx:
        assert people.session(tx, VAULT, person, NOW) == b"new"


def test_forgetting_while_everybody_writes_loses_no_session(store: Store) -> None:
    """Sessions that are always just over: whoever writes again must find what they wrote a moment ago."""
    stop, lost = threading.Event(), []

    def writes(name: str) -> None:
        for at in range(25):
            with store.begin() as tx:
                person = someone(tx, name)
                people.save(tx, VAULT, person, str(at).encode(), LATER + MONTH)
            with store.begin() as tx:
                if someone(tx, name) != person or people.session(tx, VAULT, person, NOW) != str(at).encode():
                    lost.append(name)
                people.save(tx, VAULT, person, b"over", NOW - MONTH)

    def forgets() -> None:
        while not stop.is_set():
            forget(store, timedelta(0))

    threads = [threading.Thread(target=writes, args=(str(at),)) for at in range(4)]
    broom = threading.Thread(target=forgets)
    for thread in (*threads, broom):
        thread.start()
    for thread in threads:
        thread.join(60)
    stop.set()
    broom.join(10)
    assert lost == []
    forget(store, timedelta(0))
    assert counts(store, everyone, aliases, sessions) == [0, 0, 0]
