"""Which way an answer takes, and that whatever waits comes in its order and is not lost."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.native_house import World, arrived, keys, way, ways, world

__all__ = ["world"]  # fixtures


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


def test_nothing_readable_waits(world: World) -> None:
    world.worker_lives()
    world.says("https://marked-link.example.org/needle")
    rows = [*world.sql("SELECT a::text FROM answers AS a"), *world.sql("SELECT j::text FROM procrastinate_jobs AS j")]
    assert len(rows) >= 2
    for needle in ("needle", "marked", world.citizen.phone.removeprefix("+"), "danger"):
        assert needle not in str(rows) and needle.encode().hex() not in str(rows)
