"""Deleting a conversation: what was written on Telegram by the bot, Twilio's copies at Twilio, and nobody is remembered for it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from bot import wiping
from bot.house import House
from storage import chats, db, people, retention
from storage.db import Store
from storage.retention import WRITERS
from storage.tables import people as person_rows
from storage.tables import purges, sessions, wipes, written
from tests import doors
from tests.doors import Telegrammer, Whatsapper, client
from tests.evidence_house import environment
from tests.providers import Providers
from tests.storage_samples import LATER, NOW, VAULT, count, emptied, someone, who

SOON = timedelta(minutes=10)


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    with emptied(module_database_url) as made:
        yield made


@pytest.fixture
def providers() -> Iterator[Providers]:
    with Providers() as made:
        yield made
        made.shutdown()


@pytest.fixture
def home(store: Store, module_database_url: str, providers: Providers, tmp_path: Path) -> Iterator[House]:
    made = doors.house(module_database_url, **environment(providers, tmp_path))
    with store.begin() as tx:
        tx.execute(text("DELETE FROM procrastinate_jobs"))
    yield made
    assert made.telegram
    made.telegram.close()
    made.engine.dispose()


@pytest.fixture
def citizen(home: House) -> Telegrammer:
    return Telegrammer(client(home))


def jobs(home: House) -> list[UUID]:
    with db.begin(home.engine) as tx:
        found = tx.execute(text("SELECT args->>'row' FROM procrastinate_jobs WHERE task_name = 'wipe' ORDER BY id"))
        return [UUID(row) for row in found.scalars()]


def deleted(providers: Providers) -> list[tuple[str, list[int]]]:
    asked = providers.of("POST", "deleteMessages")
    return [(one.form["chat_id"], json.loads(one.form["message_ids"])) for one in asked]


def rows(home: House) -> dict[str, int]:
    with db.begin(home.engine) as tx:
        return {table.name: count(tx, table) for table in (person_rows, sessions, written, wipes, purges)}


def test_the_bot_deletes_what_was_written_to_it(home: House, citizen: Telegrammer, providers: Providers) -> None:
    for said in ("hello", "continue", "https://example.org/post"):
        citizen.says(said)
    edit = citizen.update("https://example.org/p", message_id=3)
    edit["edited_message"] = edit.pop("message")
    citizen.knock(edit)
    assert rows(home) == {"people": 1, "sessions": 1, "written": 3, "wipes": 0, "purges": 0}
    answer = citizen.says("delete this chat")
    assert "deletes what you wrote here" in answer and "Delete" in answer.splitlines()[-2]
    assert rows(home) == {"people": 0, "sessions": 0, "written": 0, "wipes": 1, "purges": 0}
    [job] = jobs(home)
    wiping.wipe(home, job)
    [(chat, numbers)] = deleted(providers)
    assert chat == str(citizen.id) and sorted(numbers) == [1, 2, 3, 5]  # the edit has taken a number of ours alone
    assert rows(home)["wipes"] == 0
    wiping.wipe(home, job)
    assert len(deleted(providers)) == 1


def test_stop_forgets_the_numbers_too(home: House, citizen: Telegrammer) -> None:
    citizen.says("hello")
    citizen.says("stop")
    assert rows(home) == {"people": 0, "sessions": 0, "written": 0, "wipes": 0, "purges": 0}
    assert "deletes what you wrote" in citizen.says("/erase")
    assert rows(home)["wipes"] == 1  # the message itself


def test_on_whatsapp_twilio_is_told_and_the_citizen_how(home: House) -> None:
    citizen = Whatsapper(client(home))
    citizen.says("hello")
    assert rows(home)["written"] == 0
    answer = citizen.says("delete chat")
    assert "Twilio" in answer and "Delete chat" in answer
    assert rows(home) == {"people": 0, "sessions": 0, "written": 0, "wipes": 0, "purges": 1}


def test_the_same_message_again_is_answered_and_owes_nothing_more(home: House, citizen: Telegrammer) -> None:
    erase = citizen.update("/erase")
    first, again = citizen.knock(erase), citizen.knock(erase)
    assert first.get_json() == again.get_json()
    assert rows(home)["wipes"] == len(jobs(home)) == 1


def owed(home: House, numbers: int) -> list[UUID]:
    with db.begin(home.engine) as tx:
        said = [str(number) for number in range(1, numbers + 1)]
        return chats.owe(tx, home.vault, "telegram", "712345001", said, datetime.now(UTC))


def test_a_hundred_go_at_once(home: House, providers: Providers) -> None:
    for id in owed(home, 205):
        wiping.wipe(home, id)
    assert [len(numbers) for _, numbers in deleted(providers)] == [100, 100, 5]


def test_what_telegram_refuses_for_now_is_due_again(home: House, providers: Providers) -> None:
    providers.refusals["deleteMessages"] = (429, "Too Many Requests: retry after 40")
    [id] = owed(home, 3)
    wiping.wipe(home, id)
    with db.begin(home.engine) as tx:
        row = tx.execute(select(wipes)).one()
        assert row.attempts == 1 and row.due_at - datetime.now(UTC) > timedelta(seconds=30)
        tx.execute(update(wipes).values(due_at=datetime.now(UTC)))
    providers.refusals["deleteMessages"] = (502, "Bad Gateway")
    wiping.look_for_wipes(home)
    assert jobs(home) == [id]
    wiping.wipe(home, id)
    del providers.refusals["deleteMessages"]
    wiping.wipe(home, id)
    assert rows(home)["wipes"] == 0


def test_one_that_is_too_old_does_not_save_the_others(home: House, providers: Providers) -> None:
    providers.refusals["deleteMessages"] = (400, "Bad Request: message can't be deleted for everyone")
    [id] = owed(home, 3)
    wiping.wipe(home, id)
    halves = jobs(home)
    assert len(halves) == rows(home)["wipes"] == 2
    wiping.wipe(home, halves[0])
    assert rows(home)["wipes"] == 1  # that one alone: it stays where it is
    del providers.refusals["deleteMessages"]
    wiping.wipe(home, halves[1])
    assert rows(home)["wipes"] == 0 and deleted(providers)[-1][1] == [2, 3]


def test_a_bot_that_was_blocked_tries_no_more(home: House, providers: Providers) -> None:
    providers.refusals["deleteMessages"] = (403, "Forbidden: bot was blocked by the user")
    [id] = owed(home, 1)
    wiping.wipe(home, id)
    assert rows(home)["wipes"] == 0


def test_numbers_are_sealed_kept_two_days_and_go_with_their_person(store: Store) -> None:
    with store.begin() as tx:
        chats.wrote(tx, VAULT, someone(tx), "4242", NOW)
        assert b"4242" not in bytes(tx.execute(select(written.c.sealed)).scalar_one())
        assert tx.execute(select(written.c.forget_at)).scalar_one() == NOW.replace(minute=0) + timedelta(hours=48)
    with store.begin() as tx:
        retention.forget(tx, NOW + timedelta(hours=47))
        assert count(tx, written) == count(tx, person_rows) == 1
        retention.forget(tx, NOW + timedelta(hours=48))
        assert count(tx, written) == 0
    with store.begin() as tx:
        retention.forget(tx, NOW + timedelta(hours=48))
        assert count(tx, person_rows) == 0
    assert written in WRITERS and wipes in WRITERS


def test_what_the_worker_wrote_is_deleted_too(store: Store) -> None:
    with store.begin() as tx:
        person = someone(tx)
        people.keep_way(tx, VAULT, person, "telegram", "chat-4711")
        way = people.way(tx, VAULT, person)
        people.save(tx, VAULT, person, b"{}", LATER)
        assert way
    with store.begin() as tx:
        chats.said(tx, VAULT, way.mailbox, "8", NOW)
        chats.said(tx, VAULT, person, "9", NOW)
        chats.said(tx, VAULT, UUID(int=7), "10", NOW)
    with store.begin() as tx, store.begin() as other:
        assert someone(tx) == person
        chats.said(other, VAULT, person, "11", NOW)  # they are writing just now
        assert chats.take(tx, VAULT, person, NOW) == ("8", "9")


def test_what_can_no_longer_be_deleted_is_not_asked_for(store: Store) -> None:
    with store.begin() as tx:
        person = someone(tx)
        chats.wrote(tx, VAULT, person, "1", NOW)
        chats.wrote(tx, VAULT, person, "2", NOW + timedelta(hours=40))
        assert chats.take(tx, VAULT, person, NOW + timedelta(hours=48)) == ("2",)
        assert count(tx, written) == 0


def test_who_turns_out_to_be_one_keeps_the_numbers_of_both(store: Store) -> None:
    one, other = who(store, [("phone", "+1")]), who(store, [("bsuid", "b")])
    with store.begin() as tx:
        chats.wrote(tx, VAULT, one, "1", NOW)
        chats.wrote(tx, VAULT, other, "2", NOW)
        both = people.lock(tx, VAULT, "whatsapp", [("phone", "+1"), ("bsuid", "b")])
        assert chats.take(tx, VAULT, both, NOW) == ("1", "2")


def test_what_was_not_deleted_in_all_the_time_is_forgotten(home: House) -> None:
    owed(home, 1)
    with db.begin(home.engine) as tx:
        tx.execute(update(wipes).values(forget_at=NOW))
    wiping.look_for_wipes(home)
    assert rows(home)["wipes"] == 0
