"""What Twilio could not bring is answered by the worker: all of it, once, and nothing that was put off for good reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from bot import doctor, reconcile
from bot.channel import Inbound
from bot.house import House
from bot.missed import missed
from bot.reconcile import catch_up
from conversations.model import Message
from simulator.faults import Fault
from simulator.serve import Server
from simulator.standins import Standins
from simulator.twilio_messages import Citizen, Note, sid
from storage import answers, upkeep
from storage.db import begin
from tests import doors
from tests.storage_samples import emptied

SECOND, MINUTE = 1.0, 60.0
LINK = "https://example.org/hidden-words"
NUMBERS = count()


@pytest.fixture
def house(server: Server, module_database_url: str) -> Iterator[House]:
    accounts = server.standins.accounts
    twilio = {
        "TWILIO_API_BASE": server.url,
        "TWILIO_ACCOUNT_SID": accounts.twilio_account,
        "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}",
    }
    with emptied(module_database_url):
        made = doors.house(module_database_url, **twilio)
        yield made
        made.engine.dispose()


def wrote(world: Standins, citizen: Citizen, text: str, ago: float) -> Note:
    """What Twilio holds of a citizen, and could bring nobody."""
    at = world.clock.now() - ago
    citizen.wrote_at = world.clock.now()
    ours = f"whatsapp:{world.accounts.whatsapp_number}"
    return world.twilio.messages.keep(Note(sid("SM"), "inbound", citizen.address, ours, text, "received", at))


def looked(house: House, ago: float) -> None:
    """The worker looked for the last time so many seconds ago."""
    with begin(house.engine) as tx:
        upkeep.done(tx, upkeep.MISSED, datetime.now(UTC) - timedelta(seconds=ago))


def last(house: House) -> upkeep.Kept:
    with begin(house.engine) as tx:
        return upkeep.last(tx, upkeep.MISSED)


def heard(world: Standins, citizen: Citizen) -> list[str]:
    return [note.body for note in world.notes(citizen) if note.direction != "inbound"]


def test_an_outage_is_made_good_once(house: House, world: Standins) -> None:
    citizen = world.whatsapp_person()
    looked(house, 10 * MINUTE)
    wrote(world, citizen, "I want to report this", 5 * MINUTE)
    wrote(world, citizen, LINK, 4 * MINUTE)
    catch_up(house)
    assert len(heard(world, citizen)) == 2 and LINK not in "".join(heard(world, citizen))
    at = last(house).done_at
    assert at and datetime.now(UTC) - at < timedelta(minutes=1)
    catch_up(house)
    assert len(heard(world, citizen)) == 2


def test_who_begins_with_us_has_no_past(house: House, world: Standins) -> None:
    citizen = world.whatsapp_person()
    wrote(world, citizen, LINK, 10 * MINUTE)
    world.twilio.faults.order(Fault(500, "list_messages"))
    catch_up(house)  # asks nobody, so that Twilio's being away does not move the beginning
    assert last(house).done_at and not last(house).failures and not world.twilio.calls
    catch_up(house)
    catch_up(house)
    assert heard(world, citizen) == [] and world.twilio.calls


def test_what_twilio_may_still_be_bringing_is_left_to_it(house: House, world: Standins) -> None:
    citizen = world.whatsapp_person()
    looked(house, 10 * MINUTE)
    wrote(world, citizen, LINK, 20 * SECOND)
    catch_up(house)
    assert heard(world, citizen) == []


def test_a_day_of_what_was_answered_asks_for_no_file(house: House, world: Standins) -> None:
    citizen = world.whatsapp_person()
    looked(house, 10 * MINUTE)
    world.twilio.days_only = True
    world.on_whatsapp.photo(citizen, "a picture of it").at -= 3 * MINUTE
    catch_up(house)
    asked = len(world.twilio.calls)
    catch_up(house)
    assert [call["path"].rpartition("/")[2] for call in world.twilio.calls[asked:]] == ["Messages.json"]


def test_an_answer_that_does_not_leave_stays_owed(house: House, world: Standins) -> None:
    """The message is taken, so Twilio's list will not bring it back: from then on the answer is the worker's."""
    citizen = world.whatsapp_person()
    looked(house, 10 * MINUTE)
    wrote(world, citizen, LINK, 5 * MINUTE)
    world.twilio.faults.order(Fault(500, "send", times=3))
    catch_up(house)
    assert heard(world, citizen) == []
    with begin(house.engine) as tx:
        assert len(answers.waiting(tx, house.vault, "whatsapp", citizen.address)) == 1
    catch_up(house)
    assert heard(world, citizen) == []


def test_a_list_that_cannot_be_read_is_told_of(house: House, world: Standins) -> None:
    looked(house, 20 * MINUTE)
    world.twilio.faults.order(Fault(500, "list_messages"))
    catch_up(house)
    with begin(house.engine) as tx:
        told = doctor._missed(tx)
    assert (last(house).failures, last(house).fault) == (1, "network")
    assert not told.well and "1 failures, the last: network" in told.words and told.advice
    catch_up(house)
    with begin(house.engine) as tx:
        assert doctor._missed(tx).well


def test_a_long_backlog_is_taken_up_again(house: House, world: Standins, monkeypatch: pytest.MonkeyPatch) -> None:
    """Person by person: who was begun with is answered whole."""
    monkeypatch.setattr(reconcile, "BUDGET", -1.0)
    people = [world.whatsapp_person() for _ in range(2)]
    looked(house, 10 * MINUTE)
    for citizen in people:
        wrote(world, citizen, LINK, 5 * MINUTE)
    before = last(house)
    catch_up(house)
    assert last(house) == before and not any(heard(world, citizen) for citizen in people)
    monkeypatch.setattr(reconcile, "BUDGET", 60.0)
    catch_up(house)
    assert all(heard(world, citizen) for citizen in people)


def said(text: str, at: float) -> Inbound:
    return Inbound("whatsapp", f"SM{next(NUMBERS)}", (), "+1", Message(text=text), datetime.fromtimestamp(at, UTC))


def test_who_wrote_too_fast_was_told_so_and_is_not_answered_after_all() -> None:
    flood = [said(f"{LINK}/{number}", 1000 + number / 100) for number in range(30)]
    calm = [said(f"{LINK}/calm/{number}", 2000 + number * 20) for number in range(30)]
    (theirs,) = missed([*flood, *calm], set(), 10)
    assert theirs.owed == (*flood[:10], *calm) and theirs.over == tuple(flood[10:])


def test_what_was_said_again_is_answered_once() -> None:
    first, other, again = said(LINK, 0), said(f"{LINK}/other", 1), said(LINK, 2)
    (theirs,) = missed([first, other, again], set(), 10)
    assert theirs.owed == (other, again)
    (theirs,) = missed([first, other, again], {again.delivery}, 10)
    assert theirs.owed == (other,) and theirs.over == (first,)
