"""A turn costs three statements: they see what they should, and let nobody else in between."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text

from storage import deliveries, people, reports, wire
from storage.db import Busy, Store
from storage.names import LOCKS
from storage.people import Memory, key
from storage.tables import deliveries as kept
from storage.tables import notices, sessions, ways
from storage.tables import people as everyone
from storage.tables import reports as filed
from storage.turns import Answered, Delivery, Known, begin, end
from storage.wire import Said
from tests.overhearing import overheard
from tests.storage_samples import HANDLING, LATER, NOW, VAULT, counts, filing

PHONE, BSUID = ("phone", "+212600000001"), ("bsuid", "MA.123")
FIRST = Delivery("whatsapp", "SM1", "whatsapp:+212600000001")


def turn(
    store: Store, delivery: Delivery, said: bytes | None = b"{}", *, names: list[tuple[str, str]] | None = None
) -> Known | Answered:
    """One turn, as the use case does it."""
    with store.begin() as tx:
        known = begin(tx, VAULT, names or [PHONE], delivery, NOW)
        if isinstance(known, Known):
            end(tx, VAULT, known.person, Memory(said, LATER), delivery, b"the answer", NOW)
        return known


def known(store: Store, *names: tuple[str, str]) -> Known:
    with store.begin() as tx:
        found = begin(tx, VAULT, names or [PHONE], Delivery("whatsapp", secrets.token_hex(4), ""), NOW)
    assert isinstance(found, Known)
    return found


def test_a_turn_is_three_statements_and_a_newcomers_four(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    said = overheard(store.engine, monkeypatch)
    turn(store, FIRST)
    assert len(said) == 4
    said.clear()
    turn(store, replace(FIRST, id="SM2"))
    assert [words.split()[0] for words in said] == ["SELECT", "SELECT", "WITH"]


def test_what_was_remembered_is_known_the_next_time(store: Store) -> None:
    turn(store, FIRST, b"what was said")
    turn(store, replace(FIRST, id="SM2"), b"what was said then")
    assert known(store).session == b"what was said then"
    assert counts(store, everyone, sessions, kept) == [1, 1, 2]


def test_a_session_whose_time_is_over_is_not_known(store: Store) -> None:
    turn(store, FIRST)
    with store.begin() as tx:
        found = begin(tx, VAULT, [PHONE], replace(FIRST, id="SM2"), LATER + timedelta(hours=2))
    assert isinstance(found, Known) and found.session is None


def test_the_same_delivery_again_gets_the_same_answer_and_makes_nobody(store: Store) -> None:
    turn(store, FIRST, None)
    assert turn(store, FIRST) == Answered(b"the answer")
    assert counts(store, everyone, sessions, kept) == [0, 0, 1]


def test_a_delivery_that_another_answers_meanwhile_undoes_the_turn(store: Store) -> None:
    """Nobody's lock keeps them apart where they bring other names: the delivery's own key has the last word."""
    with pytest.raises(Busy), store.begin() as tx:
        found = begin(tx, VAULT, [PHONE], FIRST, NOW)
        assert isinstance(found, Known)
        end(tx, VAULT, found.person, Memory(b"{}", LATER), FIRST, b"too late", NOW)
        assert isinstance(turn(store, FIRST, names=[BSUID]), Known)
    assert turn(store, FIRST) == Answered(b"the answer")
    assert counts(store, everyone, sessions, kept) == [1, 1, 1]


def test_two_that_answer_one_delivery_at_once_wait_for_each_other(store: Store) -> None:
    told: list[type[BaseException]] = []

    def other() -> None:
        try:
            turn(store, FIRST, names=[BSUID])
        except Busy as busy:
            told.append(type(busy))

    with store.begin() as tx:
        deliveries.keep(tx, VAULT, FIRST.channel, FIRST.id, FIRST.address, b"the answer", NOW)
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.2)
        assert thread.is_alive()
    thread.join(5)
    assert told == [Busy]
    assert counts(store, everyone, sessions, kept) == [0, 0, 1]


def test_what_is_said_last_is_not_said_where_the_turn_fails(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.begin() as tx:
        found = begin(tx, VAULT, [PHONE], FIRST, NOW)
        assert isinstance(found, Known)
        end(tx, VAULT, found.person, Memory(b"{}", LATER), FIRST, b"the answer", NOW)
        raise ZeroDivisionError
    assert counts(store, everyone, sessions, kept) == [0, 0, 0]


def test_who_were_several_go_on_with_what_they_had(store: Store) -> None:
    turn(store, FIRST)
    turn(store, replace(FIRST, id="SM2"), b"the other's", names=[BSUID])
    with store.begin() as tx:
        tx.execute(sessions.delete().where(sessions.c.person == people.lock(tx, VAULT, "whatsapp", [PHONE])))
    assert known(store, PHONE, BSUID).session == b"the other's"


def test_a_way_that_was_lost_and_news_that_wait_are_told(store: Store) -> None:
    turn(store, FIRST)
    assert not known(store).cut_off and not known(store).news
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "whatsapp", [PHONE])
        reports.file(tx, VAULT, filing("confidential"), HANDLING, "whatsapp", person, FIRST.address, NOW)
    assert not known(store).cut_off and not known(store).news
    with store.begin() as tx:
        tx.execute(ways.delete())
        row = {
            "id": person,
            "report": tx.execute(select(filed.c.id)).scalar_one(),
            "due_at": NOW,
            "owed_at": NOW,
            "forget_at": LATER,
        }
        tx.execute(insert(notices).values(**row))
    assert known(store).cut_off and not known(store).news
    with store.begin() as tx:
        tx.execute(notices.update().values(fault="blocked"))
    assert known(store).news


def test_the_database_locks_a_person_by_the_key_that_we_name(store: Store) -> None:
    with store.begin() as tx:
        for _ in range(50):
            person = UUID(bytes=secrets.token_bytes(16))
            tx.execute(insert(everyone).values(id=person))
            name = VAULT.pseudonyms("telegram", "id", str(person))[0]
            tx.execute(
                text("INSERT INTO aliases (pseudonym, person) VALUES (:name, :person)"),
                {"name": name, "person": person},
            )
            wire.journey(tx, Said(LOCKS, [wire.array(wire.WHOLE, []), wire.array(wire.BYTES, [name])]))
            held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND classid = :high AND objid = :low"
            number = key(person.bytes) % 2**64
            assert tx.execute(text(held), {"high": number >> 32, "low": number % 2**32}).scalar() == 1
