"""Twilio's log is emptied of what is old, and of one conversation at once, through the real client, retried until done."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot import doctor_forgetting, purge, whatsapp_log
from bot.channel import SendFailed
from bot.chores import CHORES
from bot.house import House
from bot.reconcile import LONGEST
from bot.settings import SETTINGS
from simulator.faults import Fault
from simulator.serve import Server
from simulator.standins import Standins
from simulator.twilio_messages import Citizen, Media, Note, sid
from storage import purges, upkeep
from storage.db import Store, begin
from storage.tables import purges as rows
from storage.tables import upkeep as rounds
from tests import doors, forks
from tests.storage_samples import counts

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime.now(UTC)


def environment(server: Server) -> dict[str, str]:
    accounts = server.standins.accounts
    return {
        "TWILIO_API_BASE": server.url,
        "TWILIO_ACCOUNT_SID": accounts.twilio_account,
        "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}",
    }


@pytest.fixture
def house(server: Server, store: Store, module_database_url: str) -> Iterator[House]:
    made = doors.house(module_database_url, **environment(server))
    yield made
    made.engine.dispose()


def note(
    world: Standins, citizen: Citizen, hours: float, *, heard: bool = True, status: str = "", sender: str = ""
) -> Note:
    """A message of so many hours ago."""
    ours = sender or f"whatsapp:{world.accounts.whatsapp_number}"
    whom = (citizen.address, ours) if heard else (ours, citizen.address)
    at = (datetime.now(UTC) - timedelta(hours=hours)).timestamp()
    ended = status or ("received" if heard else "read")
    made = Note(sid("SM"), "inbound" if heard else "outbound-api", *whom, "words", ended, at)
    made.media = [Media(sid("ME"), "image/jpeg", b"a picture", at)] if heard else []
    return world.twilio.messages.keep(made)


def left(world: Standins) -> set[str]:
    return set(world.twilio.messages.notes)


def wells(house: House, after: timedelta = timedelta(0)) -> dict[str, bool]:
    with begin(house.engine) as tx:
        return {one.about: one.well for one in doctor_forgetting.forgetting(tx, house, datetime.now(UTC) + after)}


def test_what_is_old_goes_both_ways_and_nothing_else(house: House, world: Standins) -> None:
    one, other = world.whatsapp_person(), world.whatsapp_person()
    for citizen in (one, other):
        for hours in (49, 60, 900):
            note(world, citizen, hours)
            note(world, citizen, hours, heard=False)
    stays = {note(world, one, 47).sid, note(world, one, 1, heard=False).sid}
    stays.add(note(world, one, 99, sender="whatsapp:+15005559999").sid)  # of another sender of the account
    purge.purge_log(house)
    assert left(world) == stays
    with begin(house.engine) as tx:
        assert upkeep.last(tx, upkeep.PURGE).done_at


@pytest.mark.parametrize("days_only", [False, True])
def test_a_long_log_is_walked_to_its_end(
    house: House, world: Standins, monkeypatch: pytest.MonkeyPatch, days_only: bool
) -> None:
    """What Twilio holds on to at the head of the list, and what is too young on its first day, hides nothing older."""
    monkeypatch.setattr(purge, "LISTED", 3)
    monkeypatch.setattr(whatsapp_log, "PAGE", 4)
    world.twilio.days_only = days_only
    citizen = world.whatsapp_person()
    stays = {note(world, citizen, 50, heard=False, status="sent").sid for _ in range(4)}
    stays |= {note(world, citizen, 48 - 0.1 * at).sid for at in range(1, 8)}
    for at in range(20):
        note(world, citizen, 49 + at * 3, heard=bool(at % 2))
    purge.purge_log(house)
    assert left(world) == stays


def test_what_was_never_finished_goes_after_a_fortnight(house: House, world: Standins) -> None:
    citizen = world.whatsapp_person()
    young = note(world, citizen, 14 * 24, heard=False, status="sent")
    old = note(world, citizen, 18 * 24, heard=False, status="sent")
    asked = len(world.twilio.calls)
    purge.purge_log(house)  # Twilio refuses both; the old one was asked for
    deletes = [call["path"] for call in world.twilio.calls[asked:] if call["method"] == "DELETE"]
    assert [old.sid in path for path in deletes] == [True] and left(world) == {young.sid, old.sid}
    old.status = young.status = "delivered"
    purge.purge_log(house)
    assert left(world) == set() and wells(house)["Twilio's log"]


def owe(house: House, citizen: Citizen, now: datetime) -> None:
    with begin(house.engine) as tx:
        purges.owe(tx, house.vault, "whatsapp", citizen.address, now)
        tx.execute(update(rows).values(due_at=now - timedelta(minutes=1)))


def test_a_conversation_goes_at_once_with_the_answer_that_says_so(house: House, world: Standins, store: Store) -> None:
    one, other = world.whatsapp_person(), world.whatsapp_person()
    stays = {note(world, other, 1).sid, note(world, other, 1, heard=False).sid}
    for hours in (0.5, 20.0, 100.0):
        note(world, one, hours)
        note(world, one, hours, heard=False)
    asked = datetime.now(UTC) - timedelta(minutes=10)
    answer = note(world, one, (9.8) / 60, heard=False, status="sent")  # on its way to a phone that is off
    stays.add(note(world, one, 5 / 60).sid)  # written since: a new conversation
    owe(house, one, asked)
    purge.purge_conversations(house)
    assert left(world) == stays | {answer.sid} and counts(store, rows) == [1]
    answer.status = "delivered"
    with store.begin() as tx:
        assert tx.execute(update(rows).values(due_at=NOW - timedelta(hours=1))).rowcount == 1
    purge.purge_conversations(house)
    assert left(world) == stays and counts(store, rows) == [0]


def test_nothing_of_it_is_kept_in_clear_nor_logged(
    house: House, world: Standins, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = world.whatsapp_person()
    written = note(world, citizen, 60)
    owe(house, citizen, datetime.now(UTC))
    with store.begin() as tx:
        row = tx.execute(rows.select()).one()
        assert citizen.phone.encode() not in row.sealed
        found = purges.begin(tx, house.vault, row.id, datetime.now(UTC))
        assert found and found.address == citizen.address and citizen.phone not in repr(found)
    world.twilio.faults.order(Fault(500))
    purge.purge_log(house)
    purge.purge_log(house)
    assert left(world) == set() and "Twilio's log was not purged: network" in caplog.text
    assert citizen.phone not in caplog.text and written.sid not in caplog.text


def test_failures_are_counted_and_told_after_a_day(house: House, world: Standins, store: Store) -> None:
    note(world, world.whatsapp_person(), 60)
    world.twilio.faults.order(Fault(429, times=2))
    purge.purge_log(house)
    purge.purge_log(house)
    assert not wells(house)["Twilio's log"]  # it never was purged
    purge.purge_log(house)
    assert wells(house)["Twilio's log"] and left(world) == set()
    world.twilio.faults.order(Fault(500))
    purge.purge_log(house)
    assert wells(house)["Twilio's log"] and not wells(house, timedelta(hours=25))["Twilio's log"]


def test_a_conversation_is_tried_again_and_in_the_end_left_to_the_purge_of_all(
    house: House, world: Standins, store: Store
) -> None:
    citizen = world.whatsapp_person()
    note(world, citizen, 1)
    owe(house, citizen, datetime.now(UTC))
    world.twilio.faults.order(Fault(500))
    purge.purge_conversations(house)
    assert counts(store, rows) == [1] and len(left(world)) == 1
    with store.begin() as tx:
        tx.execute(update(rows).values(forget_at=NOW - timedelta(hours=1)))
    purge.purge_conversations(house)
    assert counts(store, rows) == [0]


@pytest.mark.parametrize("whole", [True, False])
def test_a_message_that_twilio_refuses_hides_no_other(house: House, world: Standins, store: Store, whole: bool) -> None:
    """The first of both ways fails; what stands behind it goes all the same, and it goes the next time."""
    citizen = world.whatsapp_person()
    for hours in (60, 61, 62):
        note(world, citizen, hours)
        note(world, citizen, hours, heard=False)
    owe(house, citizen, datetime.now(UTC))
    delete = purge.purge_log if whole else purge.purge_conversations
    refused: list[str] = []

    def refusing(sid: str) -> None:
        if not refused or sid == refused[0]:
            refused[:] = [sid]
            raise SendFailed("refused-30000", retry=False)
        really(sid)

    assert house.whatsapp
    really = house.whatsapp.delete_message
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(house.whatsapp, "delete_message", refusing)
        delete(house)
    assert left(world) == set(refused) and counts(store, rows) == [1]
    with store.begin() as tx:
        tx.execute(update(rows).values(due_at=NOW - timedelta(minutes=1)))
    delete(house)
    assert left(world) == set()


@pytest.mark.parametrize(("error", "asked"), [(500, purge.IN_A_ROW), (429, 1), (401, 1)])
def test_where_twilio_is_away_no_more_is_asked(house: House, world: Standins, error: int, asked: int) -> None:
    citizen = world.whatsapp_person()
    for hours in range(60, 70):
        note(world, citizen, hours)
    world.twilio.faults.order(Fault(error, "delete", times=99))
    before = len(world.twilio.calls)
    purge.purge_log(house)
    deletes = [call for call in world.twilio.calls[before:] if call["method"] == "DELETE"]
    assert len(deletes) == asked and len(left(world)) == 10


def test_elsewhere_than_at_twilio_there_is_nothing_to_delete(house: House, world: Standins, store: Store) -> None:
    with begin(house.engine) as tx:
        id = purges.owe(tx, house.vault, "telegram", "712345001", NOW)
    asked = len(world.twilio.calls)
    purge.purge_conversation(house, id)
    assert counts(store, rows) == [0] and len(world.twilio.calls) == asked


SAID = "from bot.house import open_house; from bot import purge; purge.purge_log(open_house())"


def test_it_is_killed_in_the_middle_and_the_next_goes_on(
    server: Server, house: House, world: Standins, module_database_url: str
) -> None:
    citizen = world.whatsapp_person()
    for at in range(60):
        note(world, citizen, 50 + at)
    given = {**doors.ENVIRONMENT, **environment(server), "DATABASE_URL": module_database_url, "PYTHONPATH": str(ROOT)}
    process = forks.start(environ=given, script=SAID)
    assert world.seen(lambda: len(left(world)) < 50, 30)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL and left(world)
    with begin(house.engine) as tx:
        assert not tx.execute(rounds.select()).all()
    purge.purge_log(house)
    assert left(world) == set()


def test_what_reconcile_may_still_read_stays_and_the_chores_are_there() -> None:
    setting = next(one for one in SETTINGS if one.name == "WHATSAPP_LOG_HOURS")
    assert setting.reads(str(LONGEST + 2)) == LONGEST + 2
    with pytest.raises(ValueError, match="from 42"):
        setting.reads(str(LONGEST))
    names = {chore.name for chore in CHORES}
    assert names >= {"purge_log", "purge_conversations", "erase_due", "remove_files", "shred", "sweep_shelf"}
