"""Who chose that silence sends: due in time, taken once, passed over while at work, and never without that choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update

from storage import people, unfinished
from storage.db import Store, Transaction, hour_after
from storage.people import IfSilent
from storage.retention import blur, forget
from storage.tables import deliveries, sessions
from tests.storage_samples import LATER, NOW, VAULT, counts, someone

CHOSEN = IfSilent(NOW + timedelta(hours=1), NOW + timedelta(hours=24), "telegram", "chat sentinel")
HOUR, DAY = NOW + timedelta(hours=1), NOW + timedelta(hours=25)


def writes(tx: Transaction, then: IfSilent | None = CHOSEN, name: str = "4711") -> UUID:
    person = someone(tx, name)
    people.save(tx, VAULT, person, b"draft", LATER, then)
    return person


def test_nobody_is_due_who_did_not_choose_it(store: Store) -> None:
    with store.begin() as tx:
        person = writes(tx, None)
        far = NOW + timedelta(days=9)
        assert list(unfinished.to_nudge(tx, far, 9)) == list(unfinished.to_file(tx, far, 9)) == []
        assert unfinished.take_to_file(tx, VAULT, person, far) is None
        assert unfinished.take_nudge(tx, VAULT, person, far) is None


def test_the_nudge_is_due_after_an_hour_and_taken_once(store: Store) -> None:
    with store.begin() as tx:
        person = writes(tx)
        assert not unfinished.to_nudge(tx, HOUR - timedelta(seconds=1), 9)
        assert unfinished.to_nudge(tx, HOUR, 9) == [person]
        taken = unfinished.take_nudge(tx, VAULT, person, HOUR)
        assert taken and (taken.plain, taken.then.channel, taken.then.address) == (b"draft", "telegram", CHOSEN.address)
        assert unfinished.take_nudge(tx, VAULT, person, HOUR) is None and not unfinished.to_nudge(tx, DAY, 9)
        assert unfinished.to_file(tx, DAY, 9) == [person]


def test_a_nudge_that_did_not_leave_is_due_again_unless_something_happened_since(store: Store) -> None:
    later = HOUR + timedelta(minutes=5)
    with store.begin() as tx:
        person = writes(tx)
        unfinished.take_nudge(tx, VAULT, person, HOUR)
        unfinished.nudge_again(tx, person, later)
        assert unfinished.to_nudge(tx, later, 9) == [person]
        unfinished.nudge_again(tx, person, DAY + timedelta(hours=1))  # it would come after the filing
        people.save(tx, VAULT, person, b"draft", LATER, replace(CHOSEN, nudge_at=DAY))
        unfinished.nudge_again(tx, person, later)
        assert not unfinished.to_nudge(tx, later, 9)
        people.save(tx, VAULT, person, b"sent", LATER)
        unfinished.nudge_again(tx, person, later)
        assert not unfinished.to_nudge(tx, later, 9)


def test_filing_is_due_at_the_hour_after_a_day(store: Store) -> None:
    with store.begin() as tx:
        person = writes(tx)
        due = hour_after(CHOSEN.file_at)
        assert not unfinished.to_file(tx, due - timedelta(seconds=1), 9)
        assert unfinished.to_file(tx, due, 9) == [person]
        assert tx.execute(select(sessions.c.file_at)).scalar_one().minute == 0


def test_writing_again_moves_it_on_and_another_choice_ends_it(store: Store) -> None:
    moved = replace(CHOSEN, file_at=CHOSEN.file_at + timedelta(hours=3))
    with store.begin() as tx:
        person = writes(tx)
        people.save(tx, VAULT, person, b"more", LATER, moved)
        assert unfinished.take_to_file(tx, VAULT, person, DAY) is None
        taken = unfinished.take_to_file(tx, VAULT, person, DAY + timedelta(hours=3))
        assert taken and taken.plain == b"more"
        people.save(tx, VAULT, person, b"more", LATER)
        row = tx.execute(select(sessions.c.nudge_at, sessions.c.file_at, sessions.c.address)).one()
        assert tuple(row) == (None, None, None)


def test_who_is_at_work_is_passed_over(store: Store) -> None:
    with store.begin() as tx:
        person = writes(tx)
    with store.begin() as writing, store.begin() as chore:
        someone(writing)
        assert unfinished.take_to_file(chore, VAULT, person, DAY) is None
        assert unfinished.take_nudge(chore, VAULT, person, DAY) is None
    with store.begin() as tx:
        assert unfinished.take_to_file(tx, VAULT, person, DAY) is not None


def test_only_so_many_at_a_time(store: Store) -> None:
    with store.begin() as tx:
        everybody = {writes(tx, name=str(number)) for number in range(5)}
        assert len(unfinished.to_file(tx, DAY, 3)) == 3
        assert set(unfinished.to_file(tx, DAY, 9)) == everybody


def test_the_choice_goes_over_when_two_turn_out_to_be_one(store: Store) -> None:
    with store.begin() as tx:
        other = people.lock(tx, VAULT, "whatsapp", [("bsuid", "b")])
        people.save(tx, VAULT, other, b"draft", LATER, replace(CHOSEN, channel="whatsapp"))
    with store.begin() as tx:
        people.lock(tx, VAULT, "whatsapp", [("phone", "1")])
        person = people.lock(tx, VAULT, "whatsapp", [("phone", "1"), ("bsuid", "b")])
        assert person != other
        taken = unfinished.take_to_file(tx, VAULT, person, DAY)
        assert taken and (taken.plain, taken.then.channel, taken.then.address) == (b"draft", "whatsapp", CHOSEN.address)


def test_blurring_leaves_what_was_chosen(store: Store) -> None:
    with store.begin() as tx:
        person = writes(tx)
    blur(store)
    with store.begin() as tx:
        taken = unfinished.take_to_file(tx, VAULT, person, DAY)
        assert taken and taken.then.address == CHOSEN.address
        assert b"sentinel" not in bytes(tx.execute(select(sessions.c.address)).scalar_one())


def test_a_receipt_opens_for_its_writer_once_and_is_gone_after_a_day(store: Store) -> None:
    with store.begin() as tx:
        unfinished.keep_receipt(tx, VAULT, "telegram", "chat 1", b"an older one", NOW)
        unfinished.keep_receipt(tx, VAULT, "telegram", "chat 1", b"IB and SC", NOW + timedelta(hours=1))
        assert unfinished.take_receipt(tx, VAULT, "telegram", "chat 2") is None
        assert unfinished.take_receipt(tx, VAULT, "whatsapp", "chat 1") is None
        assert b"IB and SC" not in bytes(tx.execute(select(deliveries.c.kept)).scalar_one())
        assert unfinished.take_receipt(tx, VAULT, "telegram", "chat 1") == b"IB and SC"
        assert unfinished.take_receipt(tx, VAULT, "telegram", "chat 1") is None
        unfinished.keep_receipt(tx, VAULT, "telegram", "chat 1", b"IB and SC", NOW)
        assert counts(store, deliveries) == [0]
    with store.begin() as tx:
        assert forget(tx, NOW + timedelta(hours=26)).rows == 1


def test_an_address_is_kept_only_where_it_was_chosen(store: Store) -> None:
    with store.begin() as tx:
        person = writes(tx)
    with pytest.raises(Exception, match="address_only_if_chosen"), store.begin() as tx:
        tx.execute(update(sessions).where(sessions.c.person == person).values(file_at=None, nudge_at=None))
