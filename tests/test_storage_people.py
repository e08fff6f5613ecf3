"""People: found by any of their names, alone with what is theirs, and gone when nothing is left."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from storage import people, reports
from storage.db import Busy, Store, Transaction
from storage.tables import aliases, sessions, ways
from storage.tables import people as everyone
from storage.tables import reports as filed
from tests.overhearing import overheard
from tests.storage_samples import FIRST, HANDLING, LATER, NOW, SECOND, VAULT, counts, filing, vault, who

PHONE, BSUID, THIRD = ("phone", "+212600000001"), ("bsuid", "MA.123"), ("bsuid", "MA.456")


def test_either_name_finds_the_person(store: Store) -> None:
    person = who(store, [PHONE, BSUID])
    assert who(store, [PHONE]) == who(store, [BSUID]) == who(store, [BSUID, PHONE]) == person
    assert who(store, [THIRD]) != person
    assert counts(store, aliases) == [3]


def test_the_same_name_on_another_channel_is_another_person(store: Store) -> None:
    person = who(store, [PHONE])
    with store.begin() as tx:
        assert people.lock(tx, VAULT, "telegram", [PHONE]) != person


def test_a_known_person_costs_two_reads_and_no_write(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row lock or a write would leave the transaction's number beside the person (docs/adr/0005-unlinking.md)."""
    who(store, [PHONE, BSUID])
    said = overheard(store.engine, monkeypatch)
    with store.begin() as tx:
        people.lock(tx, VAULT, "whatsapp", [PHONE, BSUID])
        assert tx.execute(select(func.pg_current_xact_id_if_assigned())).scalar() is None
    assert [line.split()[0] for line in said] == ["SELECT"] * 3
    assert not any("FOR " in line for line in said)


def test_two_who_were_one_become_one(store: Store) -> None:
    first, other = who(store, [PHONE]), who(store, [BSUID, THIRD])
    with store.begin() as tx:
        people.save(tx, VAULT, other, b"the other's", LATER + timedelta(hours=3))
        reports.file(tx, VAULT, filing("confidential"), HANDLING, "whatsapp", other, "whatsapp:+212600000001", NOW)
    assert who(store, [PHONE, BSUID]) == first
    with store.begin() as tx:
        assert people.lock(tx, VAULT, "whatsapp", [THIRD]) == first
        assert tx.execute(select(filed.c.person)).scalar() == first
        way = people.way(tx, VAULT, first)
        assert way is not None and way.address == "whatsapp:+212600000001"
        assert tx.execute(select(func.count()).select_from(everyone)).scalar() == 1


@pytest.mark.parametrize(("hours", "kept"), [(3, b"other"), (0, b"first"), (-3, b"first")])
def test_of_two_conversations_the_longer_goes_on(tx: Transaction, hours: int, kept: bytes) -> None:
    first = people.lock(tx, VAULT, "whatsapp", [PHONE])
    other = people.lock(tx, VAULT, "whatsapp", [BSUID])
    people.save(tx, VAULT, first, b"first", LATER)
    people.save(tx, VAULT, other, b"other", LATER + timedelta(hours=hours))
    assert people.lock(tx, VAULT, "whatsapp", [PHONE, BSUID]) == first
    assert people.session(tx, VAULT, first, NOW) == kept


def test_a_rotated_key_finds_and_renames(store: Store) -> None:
    person = who(store, [PHONE, BSUID])
    rotated = vault((2, SECOND), (1, FIRST))
    assert who(store, [PHONE], using=rotated) == person
    with store.begin() as tx:
        assert sorted(row[0][0] for row in tx.execute(select(aliases.c.pseudonym))) == [1, 2]
    assert who(store, [BSUID], using=vault((1, FIRST), (2, SECOND))) == person  # a process that is not yet restarted
    assert who(store, [PHONE, BSUID], using=rotated) == person
    assert who(store, [PHONE, BSUID], using=vault((2, SECOND))) == person
    assert counts(store, aliases) == [2]


def test_a_session_is_sealed_kept_to_the_hour_and_over_in_time(store: Store) -> None:
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "telegram", [("id", "4711")])
        assert people.session(tx, VAULT, person, NOW) is None
        people.save(tx, VAULT, person, b'{"step":"link"}', NOW + timedelta(hours=1))
        row = tx.execute(select(sessions)).one()
        assert b"step" not in row.sealed and row.expires_at == datetime(2026, 11, 22, 4, tzinfo=UTC)
        assert people.session(tx, VAULT, person, NOW) == b'{"step":"link"}'
        assert people.session(tx, VAULT, person, NOW + timedelta(hours=2)) is None
        people.save(tx, VAULT, person, b"again", LATER)
        assert people.session(tx, VAULT, person, NOW) == b"again"


def test_stop_leaves_nothing(store: Store) -> None:
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "whatsapp", [PHONE, BSUID])
        people.save(tx, VAULT, person, b"{}", LATER)
        people.save(tx, VAULT, person, None, LATER)
    assert counts(store, everyone, aliases, sessions, ways) == [0, 0, 0, 0]


def test_who_left_a_way_back_or_a_report_stays_until_that_goes(store: Store) -> None:
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "whatsapp", [PHONE])
        people.keep_way(tx, VAULT, person, "whatsapp", "whatsapp:+1")
        people.save(tx, VAULT, person, None, LATER)
        first = people.way(tx, VAULT, person)
        people.keep_way(tx, VAULT, person, "whatsapp", "whatsapp:+2")
        second = people.way(tx, VAULT, person)
        assert first and second and first.mailbox == second.mailbox and second.address == "whatsapp:+2"
        assert "+2" not in repr(second)
    with store.begin() as tx:
        people.forget_way(tx, person)
    assert counts(store, everyone, aliases, ways) == [0, 0, 0]


def test_the_second_message_of_a_person_waits_under_whatever_name(store: Store) -> None:
    """Two names, two messages at once: the advisory locks of the names differ, the person's is one."""
    who(store, [PHONE, BSUID])
    seen: list[bytes | None] = []

    def second() -> None:
        with store.begin() as tx:
            person = people.lock(tx, VAULT, "whatsapp", [BSUID])
            seen.append(people.session(tx, VAULT, person, NOW))

    with store.begin() as tx:
        person = people.lock(tx, VAULT, "whatsapp", [PHONE])
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.3)
        assert not seen
        people.save(tx, VAULT, person, b"first was done", LATER)
    thread.join(5)
    assert seen == [b"first was done"]


def test_who_waits_too_long_is_told_busy(store: Store) -> None:
    with store.begin() as tx:
        people.lock(tx, VAULT, "whatsapp", [PHONE])
        began = time.monotonic()
        with pytest.raises(Busy), store.begin() as other:
            people.lock(other, VAULT, "whatsapp", [PHONE])
        assert 1.5 < time.monotonic() - began < 5


def test_a_storm_under_all_names_makes_one_person(store: Store) -> None:
    """Every message brings one, two or three of the names, in any order: all are heard by one person, none is lost."""
    turns = [[PHONE, BSUID], [PHONE], [BSUID, THIRD], [BSUID], [THIRD, PHONE], [THIRD]] * 10
    busy: list[bool] = []

    def turn(names: list[tuple[str, str]]) -> None:
        with store.begin() as tx:
            person = people.lock(tx, VAULT, "whatsapp", names)
            said = people.session(tx, VAULT, person, NOW) or b""
            people.save(tx, VAULT, person, said + b".", LATER)

    def tried(names: list[tuple[str, str]]) -> None:
        for _ in range(5):
            try:
                return turn(names)
            except Busy:
                busy.append(True)
        raise AssertionError("busy five times")

    turn([PHONE, BSUID, THIRD])
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tried, turns))
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "whatsapp", [PHONE])
        assert people.session(tx, VAULT, person, NOW) == b"." * 61
    assert counts(store, everyone, aliases) == [1, 3]
    assert len(busy) < 6  # all want the same locks, in the same order


def test_newcomers_who_come_at_once_under_two_names_end_as_one(store: Store) -> None:
    def tried(names: list[tuple[str, str]]) -> UUID:
        for _ in range(5):
            with suppress(Busy):
                return who(store, names)
        raise AssertionError("busy five times")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tried, [[PHONE], [BSUID], [BSUID, PHONE], [THIRD], [THIRD, PHONE], [PHONE, BSUID]] * 3))
    assert counts(store, everyone, aliases, sessions) == [1, 3, 1]


def test_two_who_say_stop_and_write_at_once_lose_neither(store: Store) -> None:
    for _ in range(10):
        who(store, [PHONE, BSUID])
        written: list[UUID] = []
        with store.begin() as tx:
            person = people.lock(tx, VAULT, "whatsapp", [PHONE])
            thread = threading.Thread(target=lambda into: into.append(who(store, [BSUID])), args=(written,))
            thread.start()
            time.sleep(0.02)
            people.save(tx, VAULT, person, None, LATER)
        thread.join(5)
        assert written and written[0] != person and counts(store, sessions) == [1]
