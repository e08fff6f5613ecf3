"""Notices on their way: by Telegram and WhatsApp, inside its window and after, by a worker that is killed meanwhile."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest

from bot.notices import look_for_notices, send_notice
from conversations.about import Change
from conversations.categories import CATEGORIES
from conversations.model import Link
from conversations.texts import Text
from simulator.telegram_chats import Person
from storage import db, follow, notices, people, reports
from storage.joining import Handling
from tests.native_house import Start, World, lives, start, world
from tests.storage_samples import filing

__all__ = ["start", "world"]  # fixtures

NOW = datetime.now(UTC)
DAY = 24 * 3600


def owed(world: World, channel: str, address: str) -> UUID:
    """A report of who has this address, closed just now; its incident."""
    own = f"https://bad.example/{uuid4()}"
    made = filing("confidential")
    made = replace(made, locale="en", draft=replace(made.draft, links=(Link(own, own, "web"),)))
    with db.begin(world.house.engine) as tx:
        vault = world.house.vault
        person = people.lock(tx, vault, channel, [("id", address)])
        handling = Handling(CATEGORIES["hate"].severity)
        incident = reports.file(tx, vault, made, handling, channel, person, address, NOW).incident
        follow.notify(tx, vault, Change(made.reference, notify=True), person, channel, address)
        notices.owe(tx, incident, NOW)
    world.sql("UPDATE notices SET due_at = now() - interval '1 minute'")
    return incident


def on_whatsapp(world: World, late: bool = False) -> UUID:
    world.citizen.wrote_at = world.there.clock.now() - (DAY + 60 if late else 60)
    return owed(world, "whatsapp", world.citizen.address)


def left(world: World) -> None:
    """What a worker does about them now."""
    for (id,) in world.sql("SELECT id FROM notices"):
        send_notice(world.house, id)


def over(world: World) -> bool:
    return world.there.seen(lambda: world.sql("SELECT count(*) FROM notices") == [(0,)])


def without_templates(world: World) -> World:
    named = {name: sid for name, sid in world.house.settings.twilio_templates.items() if "notice" not in name}
    house = replace(world.house, settings=replace(world.house.settings, twilio_templates=named))
    return replace(world, house=house)


def test_inside_the_window_it_is_said_in_words_and_forgotten_once_it_arrived(world: World) -> None:
    on_whatsapp(world)
    left(world)
    (note,) = world.asked(1)
    assert note.body.startswith(str(Text.NEWS)) and not note.said.get("approved")
    assert over(world)


@pytest.mark.parametrize("late_errors", [False, True])
def test_after_the_window_the_approved_template_says_the_same(world: World, late_errors: bool) -> None:
    """The live service mostly takes a message and refuses it afterwards."""
    world.there.twilio.late_errors = late_errors
    on_whatsapp(world, late=True)
    left(world)
    if late_errors:
        assert world.there.seen(lambda: world.sql("SELECT stage FROM notices") == [(2,)])
        left(world)
    told = [note for note in world.answers() if note.status != "undelivered"]
    assert [note.body for note in told] == [str(Text.NEWS)] and over(world)


@pytest.mark.parametrize("late_errors", [False, True])
def test_without_a_template_it_waits_for_the_next_message(world: World, late_errors: bool) -> None:
    bare = without_templates(world)
    world.there.twilio.late_errors = late_errors
    on_whatsapp(world, late=True)
    left(bare)
    if late_errors:
        assert world.there.seen(lambda: world.sql("SELECT stage FROM notices") == [(2,)])
        left(bare)
    assert world.sql("SELECT fault FROM notices") == [("window-closed",)]
    assert not [note for note in world.answers() if note.status != "undelivered"]


def test_a_template_that_was_paused_leaves_it_to_the_next_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.there.twilio.late_errors = True
    monkeypatch.setattr(
        world.there.twilio, "_undeliverable", lambda to, approved: 63041 if approved else int(notices.CLOSED)
    )
    on_whatsapp(world, late=True)
    left(world)
    assert world.there.seen(lambda: world.sql("SELECT stage FROM notices") == [(2,)])
    left(world)
    assert world.there.seen(lambda: world.sql("SELECT stage FROM notices") == [(0,)])
    assert world.sql("SELECT fault FROM notices") == [("refused-63041",)]


def test_jobs_are_given_out_within_the_workers_share_of_the_rate(world: World) -> None:
    """30 calls a second: a fifth is the worker's, half of it for notices, so three a second."""
    for at in range(4):
        owed(world, "telegram", str(7_000_000 + at))
    look_for_notices(world.house)
    look_for_notices(world.house)  # none is given out twice
    asked = (
        "SELECT extract(epoch FROM scheduled_at - now()) FROM procrastinate_jobs WHERE task_name = 'notice' ORDER BY 1"
    )
    times = [float(row[0]) for row in world.sql(asked)]
    assert len(times) == 4
    assert [round(later - earlier, 2) for earlier, later in pairwise(times)] == [0.33] * 3
    assert world.sql("SELECT count(*) FROM procrastinate_jobs WHERE args::text ~ '7000000|IB-'") == [(0,)]


@pytest.mark.timeout(120)
def test_a_killed_worker_loses_none(world: World, start: Start) -> None:
    """Eight are owed; the first worker dies in the midst of a call; every chat is told, and one of them perhaps twice."""
    chats = [Person(7_100_000 + at, "Zoubida", "en", started=True) for at in range(8)]
    for person in chats:
        world.there.telegram.chats.join(person)
        owed(world, "telegram", str(person.id))
    look_for_notices(world.house)
    first = start()
    lives(world)
    assert world.there.seen(lambda: any(world.there.posts(person.id) for person in chats), 30)
    first.kill()
    first.wait()
    start()
    assert world.there.seen(lambda: world.sql("SELECT count(*) FROM notices") == [(0,)], 60)
    told = [[post for post in world.there.posts(person.id) if post.mine] for person in chats]
    assert all(1 <= len(posts) <= 2 for posts in told) and sum(map(len, told)) <= 10
    assert {post.message["text"] for posts in told for post in posts} == {str(Text.NEWS)}


def test_how_much_is_owed_stands_in_the_figures(world: World) -> None:
    on_whatsapp(world)
    world.sql("UPDATE notices SET due_at = now() + interval '1 hour'")
    with db.begin(world.house.engine) as tx:
        found = notices.owed(tx)
    assert found.to_send == 1 and found.until and found.until > NOW + timedelta(minutes=50)
    assert re.fullmatch(r"[0-9a-f-]{36}", str(world.sql("SELECT id FROM notices")[0][0]))
