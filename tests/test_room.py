"""Beyond capacity: who finds no room is told so at once, and nobody waits long for a place."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient

from bot import doors as behind
from bot.limits import AT_WORK, PATIENCE, WAITING, Room
from bot.serve import THREADS
from bot.wording import sentence
from conversations.texts import Text
from tests import doors
from tests.doors import Telegrammer, Whatsapper
from webhook_app import create_app


def test_there_are_places_then_a_queue_then_nothing() -> None:
    room, entered = Room(at_work=1, waiting=1, patience=5.0), list[bool]()

    def come() -> None:
        with room.place() as ours:
            entered.append(ours)

    with room.place() as first:
        waits = threading.Thread(target=come)
        waits.start()
        while not room.full:
            time.sleep(0.001)
        with room.place() as third:
            assert first and not third and not entered
    waits.join()
    assert entered == [True] and not room.full
    with room.place() as again:
        assert again


def test_who_waited_in_vain_goes_and_leaves_the_queue() -> None:
    room = Room(at_work=1, waiting=1, patience=0.01)
    with room.place():
        for _ in range(3):
            with room.place() as ours:
                assert not ours and not room.full


def test_a_place_is_free_again_after_a_fault() -> None:
    room = Room(at_work=1, waiting=0)
    with pytest.raises(ValueError, match="a fault"), room.place():
        raise ValueError("a fault")
    with room.place() as ours:
        assert ours


def test_there_are_threads_for_all_who_may_wait_and_some_to_send_away() -> None:
    assert THREADS > AT_WORK + WAITING > 40  # what Telegram keeps open, setWebhook's default
    assert PATIENCE < 10


@pytest.fixture
def client(module_database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    """Doors with one place, and that one taken."""
    room = Room(at_work=1, waiting=1, patience=0.05)
    monkeypatch.setattr(behind, "Room", lambda: room)
    house = doors.house(module_database_url)
    with ExitStack() as held:
        held.callback(house.engine.dispose)
        held.enter_context(room.place())
        yield create_app(house).test_client()


def test_telegram_is_asked_to_come_again(client: FlaskClient) -> None:
    citizen = Telegrammer(client)
    held = citizen.knock(citizen.update("hello"))
    assert (held.status_code, held.headers["Retry-After"]) == (503, str(behind.FULL))


def test_a_person_on_whatsapp_is_asked_to_send_it_again(client: FlaskClient) -> None:
    told = Whatsapper(client).says("hello")
    assert sentence("en", Text.OVERLOADED) in told


def test_health_is_told_all_the_same(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200 and client.get("/readyz").status_code == 200
