"""The worker as a process: killed or frozen while answers wait, it loses and doubles nothing."""

from __future__ import annotations

import signal
import time

import pytest

from tests.native_house import Start, World, lives, start, ways, world

__all__ = ["start", "world"]  # fixtures


@pytest.mark.timeout(120)
def test_a_killed_worker_loses_and_doubles_nothing(world: World, start: Start) -> None:
    first = start()
    lives(world)
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
    lives(world)
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
    lives(world)
    world.says("hello")
    assert world.there.seen(lambda: world.answers() != [] and world.waiting() == 0)
    worker.send_signal(signal.SIGSTOP)
    world.says("https://example.org/a")
    world.sql("UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '9 seconds'")
    time.sleep(1.5)  # together ten and a half
    assert len(world.answers()) == 1
    world.says("continue")
    assert ways(world, 2) == ["native", "back"] and "1. " in world.answers()[1].body
    worker.send_signal(signal.SIGCONT)
    time.sleep(2)
    world.asked(2)
    assert world.waiting() == 0
