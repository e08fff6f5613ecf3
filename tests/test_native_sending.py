"""Native answers leave once, in order and soon, whatever Twilio, the line and the worker do."""

from __future__ import annotations

import signal
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.answering import send_next
from bot.channel import SendFailed
from bot.house import open_house
from simulator.faults import Fault
from tests.native_house import Start, World, keys, start, way, world

__all__ = ["start", "world"]  # fixtures

BROKEN, REFUSED = Fault(0, "send"), Fault(400, "send", code=63013)


def ways(world: World, count: int) -> list[str]:
    """By which ways so many answers came."""
    return [way(note) for note in world.asked(count)]


def arrived(world: World, count: int) -> str:
    """The last of so many answers."""
    return world.asked(count)[-1].body


def test_a_report_by_buttons_and_lists(world: World) -> None:
    """The worker's part is done by hand; the shortest path is link, list, button."""
    world.worker_lives()
    world.says("https://example.org/a")
    world.works()
    world.asked(1)
    world.chooses("continue")
    world.works()
    world.asked(2)
    world.chooses("scam")
    world.works()
    assert ways(world, 3) == ["native"] * 3
    assert [keys(note)[0] for note in world.answers()] == ["continue", "terrorism", "send"]
    world.chooses("send")
    assert "IB-" in arrived(world, 4) and ways(world, 4)[-1] == "back"
    assert world.waiting() == 0 and world.sql("SELECT count(*) FROM reports") == [(1,)]
    assert world.sql("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'answer'") == [(0,)]


def test_a_bare_key_in_the_body_is_a_choice(world: World) -> None:
    """Some payloads are said to hold a list's key there and nowhere else (platform.md C1)."""
    world.worker_lives()
    world.says("https://example.org/a")
    world.says("continue")
    world.says("scam")
    assert world.waiting() == 3
    world.works()
    assert "reference" in arrived(world, 3) or "bank" in arrived(world, 3)


def test_without_a_worker_numbers_ride_back_at_once(world: World) -> None:
    world.says("hello")
    world.worker_lives(ago=11)
    world.says("https://example.org/a")
    assert ways(world, 2) == ["back", "back"] and world.waiting() == 0
    assert "1. " in world.answers()[0].body


def test_open_questions_and_last_messages_ride_back(world: World) -> None:
    world.worker_lives()
    world.says("stop")
    assert ways(world, 1) == ["back"] and world.waiting() == 0


def test_the_next_answer_waits_behind_one_that_has_not_left(world: World) -> None:
    """Stop forgets at once, and even then what was to be said is said in its order."""
    world.worker_lives()
    world.says("hello")
    world.says("stop")
    assert world.answers() == [] and world.waiting() == 2
    assert world.sql("SELECT count(*) FROM people") == [(0,)]
    world.works()
    assert ways(world, 2) == ["native", "text"] and world.waiting() == 0


def test_a_repeated_delivery_is_sent_once(world: World) -> None:
    world.worker_lives()
    world.there.twilio.delivery.troubles.repeat = 2
    world.says("hello")
    assert world.there.seen(lambda: len(world.there.twilio.delivery.attempts) == 2)
    assert world.waiting() == 1
    world.works()
    world.says("https://example.org/a")
    world.works()
    world.asked(2)


def test_when_the_worker_falls_silent_nothing_that_waited_is_lost(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    world.says("privacy")
    assert world.answers() == []
    world.worker_lives(ago=11)
    world.says("https://example.org/a")
    assert world.there.seen(lambda: bool(world.answers()) and "1. " in world.answers()[-1].body)
    said = "\n".join(note.body for note in world.answers())
    assert {way(note) for note in world.answers()} == {"back"}
    assert "In danger now?" in said and "Law 09-08" in said
    before = len(world.answers())
    world.worker_lives()
    world.works()
    world.asked(before)


def test_an_answer_that_is_stuck_is_superseded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker lives, and yet this answer does not come: after twenty seconds nobody relies on it."""
    world.worker_lives()
    world.says("hello")
    monkeypatch.setattr("bot.answering.STUCK", timedelta())
    world.says("https://example.org/a")
    assert "In danger now?" in arrived(world, 1) and world.waiting() == 0
    world.works()
    world.asked(1)


def test_while_answers_are_held_up_none_is_given_to_the_worker(world: World) -> None:
    world.worker_lives()
    world.says("hello")
    world.sql("UPDATE procrastinate_events SET at = at - interval '11 seconds'")
    other = world.there.whatsapp_person()
    note = world.there.on_whatsapp.say(other, "hello")
    assert world.there.seen(lambda: len(world.there.notes(other)) == 2), note
    assert "1. " in world.there.notes(other)[-1].body


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


def dying(*given: Any) -> bool:
    raise KeyboardInterrupt


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


def test_nothing_readable_waits(world: World) -> None:
    world.worker_lives()
    world.says("https://marked-link.example.org/needle")
    rows = [*world.sql("SELECT a::text FROM answers AS a"), *world.sql("SELECT j::text FROM procrastinate_jobs AS j")]
    assert len(rows) >= 2
    for needle in ("needle", "marked", world.citizen.phone.removeprefix("+"), "danger"):
        assert needle not in str(rows) and needle.encode().hex() not in str(rows)


@pytest.mark.timeout(120)
def test_a_killed_worker_loses_and_doubles_nothing(world: World, start: Start) -> None:
    first = start()
    works(world)
    world.says("hello")
    assert world.there.seen(lambda: world.answers() != [] and world.waiting() == 0)
    first.send_signal(signal.SIGSTOP)
    world.says("https://example.org/a")
    world.says("scam")
    time.sleep(0.3)
    assert len(world.answers()) == 1 and world.waiting() == 2
    first.kill()
    start()
    assert world.there.seen(lambda: world.waiting() == 0, 40)
    assert ways(world, 3) == ["native"] * 3
    answers = world.answers()
    assert "What kind of content" in answers[1].body and "your bank" in answers[2].body


@pytest.mark.timeout(120)
def test_killed_in_the_midst_of_a_call_it_is_sent_once(world: World, start: Start) -> None:
    """The stand-in holds the call; the worker dies; its message was taken all the same."""
    first = start()
    works(world)
    with world.there.twilio.messages.lock:  # the stand-in takes calls one by one
        world.there.on_whatsapp.say(world.citizen, "hello")
        until = time.monotonic() + 10
        while not any(call["path"].endswith("/Messages.json") for call in world.there.twilio.calls):
            assert time.monotonic() < until
            time.sleep(0.02)
        first.kill()
        first.wait()
    world.asked(1)
    start()
    assert world.there.seen(lambda: world.waiting() == 0, 25)
    world.asked(1)


@pytest.mark.timeout(120)
def test_ten_seconds_after_the_worker_fell_silent_numbers_ride_back(world: World, start: Start) -> None:
    worker = start()
    works(world)
    world.says("hello")
    assert world.there.seen(lambda: world.answers() != [] and world.waiting() == 0)
    worker.send_signal(signal.SIGSTOP)
    world.says("https://example.org/a")
    time.sleep(10.5)
    assert len(world.answers()) == 1
    world.says("continue")
    assert ways(world, 2) == ["native", "back"] and "1. " in world.answers()[1].body
    worker.send_signal(signal.SIGCONT)
    time.sleep(2)
    world.asked(2)
    assert world.waiting() == 0


def works(world: World) -> None:
    """Until the worker has given its first sign of life."""
    assert world.there.seen(lambda: world.sql("SELECT count(*) FROM procrastinate_workers") != [(0,)], 60)
