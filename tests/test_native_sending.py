"""Native answers leave once, whatever Twilio and the line do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.answering import send_next
from bot.channel import SendFailed
from bot.house import open_house
from simulator.faults import Fault
from simulator.twilio_messages import Note
from storage import db
from storage.retention import forget
from tests.native_house import World, arrived, gone, ways, world

__all__ = ["world"]  # fixtures


def test_what_twilio_refuses_goes_as_text(world: World) -> None:
    world.worker_lives()
    world.there.twilio.faults.order(Fault(400, "send", code=63013))
    world.says("hello")
    world.works()
    assert "1. " in arrived(world, 1) and ways(world, 1) == ["text"] and world.waiting() == 0


def test_templates_that_are_gone_at_twilio_go_as_text(world: World) -> None:
    world.worker_lives()
    world.there.twilio.messages.contents.clear()
    world.says("hello")
    world.works()
    assert "1. " in arrived(world, 1) and ways(world, 1) == ["text"]


def test_a_line_that_breaks_once_costs_nothing(world: World) -> None:
    world.worker_lives()
    world.there.twilio.faults.order(Fault(0, "send"))
    world.says("hello")
    world.works()
    assert ways(world, 1) == ["native"]


def test_a_line_that_breaks_twice_means_text(world: World) -> None:
    world.worker_lives()
    world.there.twilio.faults.order(Fault(503, "send", times=2))
    world.says("hello")
    world.works()
    assert ways(world, 1) == ["text"]


def test_an_answer_of_twilios_that_was_lost_is_not_sent_again(world: World) -> None:
    world.worker_lives()
    world.there.twilio.faults.order(Fault(0, "send", after=True))
    world.says("hello")
    world.works()
    assert ways(world, 1) == ["native"] and world.waiting() == 0


def test_who_died_after_sending_does_not_send_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message left and its row did not go: the next try asks Twilio first."""
    world.worker_lives()
    world.says("hello")
    world.there.twilio.faults.order(Fault(0, "send", after=True))
    monkeypatch.setattr("bot.whatsapp.WhatsApp.has_sent", dying)
    ((mailbox,),) = world.sql("SELECT mailbox FROM answers")
    with pytest.raises(KeyboardInterrupt):
        send_next(world.house, mailbox)
    assert world.waiting() == 1 and len(world.answers()) == 1
    monkeypatch.undo()
    world.works()
    world.asked(1)
    assert world.waiting() == 0


def test_while_twilio_takes_nothing_the_next_answer_brings_both_and_nothing_comes_twice(world: World) -> None:
    world.worker_lives()
    world.there.twilio.faults.order(Fault(503, "send", times=100))
    world.says("hello")
    with pytest.raises(SendFailed):
        world.works()
    world.sql("UPDATE procrastinate_jobs SET attempts = 1")  # as the worker notes it
    world.says("https://example.org/a")
    assert "In danger now?" in arrived(world, 1) and ways(world, 1) == ["back"]
    world.there.twilio.faults.clear()
    world.works()
    world.asked(1)
    assert world.waiting() == 0


def test_outside_the_window_it_waits_for_the_next_message(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    world.there.clock.change(0, 25 * 3600)
    world.works()
    assert world.answers() == [] and world.waiting() == 1
    world.worker_lives(ago=60)
    world.says("hello again")
    assert "In danger now?" in arrived(world, 1) and world.waiting() == 0


def test_what_twilio_took_and_then_refused_goes_as_text(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the live service mostly does: the call is answered 201, and the fault comes by the status callback."""
    world.worker_lives()
    world.there.twilio.late_errors = True
    monkeypatch.setattr(world.there.twilio, "_undeliverable", lambda *whom: 63013)
    world.says("hello")
    world.works()
    assert world.there.seen(lambda: world.waiting() == 1)
    monkeypatch.undo()
    world.works()
    assert ways(world, 2) == ["native", "text"] and world.answers()[0].status == "undelivered"
    assert world.waiting() == 0 and gone(world)


def test_what_was_late_for_the_window_waits_for_the_next_message(world: World) -> None:
    world.worker_lives()
    world.there.twilio.late_errors = True
    world.says("hello")
    world.there.clock.change(0, 25 * 3600)
    world.works()
    assert world.there.seen(lambda: world.waiting() == 1)
    assert world.sql("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'answer'") == [(0,)]
    world.worker_lives(ago=60)
    world.says("hello again")
    assert "In danger now?" in arrived(world, 2) and world.waiting() == 0


def test_an_answer_is_forgotten_when_it_is_on_its_way(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    world.works()
    world.asked(1)
    assert gone(world)


def test_where_nobody_says_what_became_of_it_it_is_forgotten_soon(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    world.there.twilio.delivery.stop()  # no callback comes
    world.works()
    assert world.sql("SELECT count(*) FROM answers WHERE stage = 2") == [(1,)]
    with db.begin(world.house.engine) as tx:
        forget(tx, datetime.now(UTC) + timedelta(hours=1, minutes=5))
    assert gone(world)


def test_a_callback_for_an_answer_that_nobody_knows_changes_nothing(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    for answer in ("00" * 33, "01" * 33, "zz" * 33, "", "01"):
        note = Note("SM0", "outbound-api", "", world.citizen.address, "", "undelivered", 0.0, error=63013)
        note.callback = f"{world.environment['PUBLIC_URL']}/whatsapp?answer={answer}"
        world.there.twilio.delivery.status(note)
    assert world.waiting() == 1 and {one["status"] for one in world.there.twilio.delivery.attempts} == {200}


def test_who_blocked_the_number_is_let_be(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    world.there.on_whatsapp.block(world.citizen, True)
    world.works()
    assert world.answers() == [] and world.waiting() == 0


def test_a_worker_that_knows_no_templates_sends_text(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    plain = {name: value for name, value in world.environment.items() if name != "TWILIO_TEMPLATES"}
    ((mailbox,),) = world.sql("SELECT mailbox FROM answers")
    old = open_house(plain)
    send_next(old, mailbox)
    old.engine.dispose()
    assert ways(world, 1) == ["text"]


def dying(*given: Any) -> bool:
    raise KeyboardInterrupt
