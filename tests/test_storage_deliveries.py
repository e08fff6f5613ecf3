"""Deliveries: answered once, given the same answer again, counted when we fail, parked at the third time."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from storage import deliveries
from storage.db import Busy, Store
from storage.sealed import Unopened
from storage.tables import deliveries as remembered
from storage.tables import failures
from tests.storage_samples import FIRST, NOW, SECOND, VAULT, vault

RAW = b'{"text": "what the citizen wrote"}'


def answer(store: Store, delivery: str, said: bytes = b"the answer") -> bytes | None:
    """As the use case does it: the first time an answer is kept, then that answer is given."""
    with store.begin() as tx:
        if deliveries.known(tx, VAULT, "telegram", delivery):
            return deliveries.kept(tx, VAULT, "telegram", delivery, "chat 1")
        deliveries.keep(tx, VAULT, "telegram", delivery, "chat 1", said, NOW)
        return None


def test_a_repeat_gets_the_kept_answer_and_no_second_turn(store: Store) -> None:
    assert answer(store, "update 1") is None
    assert answer(store, "update 1", b"another") == b"the answer"
    assert answer(store, "update 2") is None


def test_what_was_rolled_back_was_never_here(store: Store) -> None:
    with pytest.raises(KeyError), store.begin() as tx:
        deliveries.keep(tx, VAULT, "telegram", "update 1", "chat 1", b"the answer", NOW)
        raise KeyError
    assert answer(store, "update 1") is None


def test_the_same_delivery_elsewhere_waits_for_the_first(store: Store) -> None:
    """Telegram repeats an update while the first is still at work: both doors must not answer it anew."""
    found: list[bytes | None] = []

    def repeat() -> None:
        with suppress(Busy):  # nobody's lock held it back: it is undone, and tried once more
            found.append(answer(store, "update 1", b"another"))
        found.append(answer(store, "update 1", b"another"))

    with store.begin() as tx:
        deliveries.keep(tx, VAULT, "telegram", "update 1", "chat 1", b"the answer", NOW)
        second = threading.Thread(target=repeat)
        second.start()
        time.sleep(0.2)
        assert not found
    second.join(5)
    assert found == [b"the answer"]


def test_nothing_of_a_delivery_is_in_clear_and_only_its_repeat_opens_it(store: Store) -> None:
    answer(store, "update 815", b"sentinel")
    with store.begin() as tx:
        row = tx.execute(select(remembered)).one()
        assert b"815" not in row.mark and b"sentinel" not in row.kept
        assert row.forget_at == datetime(2026, 11, 24, 3, tzinfo=UTC)
        assert deliveries.kept(tx, VAULT, "telegram", "update 816", "chat 1") is None
        with pytest.raises(Unopened):
            deliveries.kept(tx, VAULT, "telegram", "update 815", "chat 2")


def test_a_delivery_is_known_after_the_pseudonym_key_was_rotated(store: Store) -> None:
    answer(store, "update 1")
    rotated = vault((2, SECOND), (1, FIRST))
    with store.begin() as tx:
        assert not deliveries.first(tx, rotated, "telegram", "update 1", NOW)
        assert deliveries.kept(tx, rotated, "telegram", "update 1", "chat 1") == b"the answer"
        assert deliveries.first(tx, rotated, "telegram", "update 2", NOW)


def test_the_third_failure_is_parked_sealed(store: Store) -> None:
    for attempt in (1, 2, 3, 4):
        with store.begin() as tx:
            times = deliveries.failed(tx, VAULT, "telegram", "update 1", "ZeroDivisionError", RAW, NOW)
            assert times == attempt
            assert deliveries.is_parked(tx, VAULT, "telegram", "update 1") is (attempt >= 3)
            assert deliveries.parked_count(tx) == (attempt >= 3)
    with store.begin() as tx:
        row = tx.execute(select(failures)).one()
        assert b"citizen" not in row.parked
        assert VAULT.open("failures", row.mark, row.parked) == RAW
        assert not deliveries.is_parked(tx, VAULT, "telegram", "update 2")
        assert deliveries.faults(tx) == [("telegram", "ZeroDivisionError", True, 1)]


def test_a_failure_is_counted_on_after_a_rotation(store: Store) -> None:
    rotated = vault((2, SECOND), (1, FIRST))
    with store.begin() as tx:
        for using, times in ((VAULT, 1), (rotated, 2), (rotated, 3)):
            assert deliveries.failed(tx, using, "whatsapp", "SM1", "E" * 200, RAW, NOW) == times
        assert deliveries.is_parked(tx, VAULT, "whatsapp", "SM1")
        assert [fault.fault for fault in deliveries.faults(tx)] == ["E" * 80]
