"""Cards leave: once each, in their group's pace, and nothing that changed is forgotten."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from bot import queue
from bot.chores import look_for_stale
from bot.house import House
from bot.jobs import show_next_card
from storage import db
from storage.tables import groups
from storage.tables import incidents as incident_rows
from tests.bot_api import BotApi
from tests.card_house import (
    LINK,
    MODERATORS,
    RESTRICTED,
    api,
    change,
    drain,
    file,
    forget_jobs,
    house,
    row,
    until,
    waiting,
)

__all__ = ["api", "house"]  # fixtures


def test_a_card_is_sent_and_recorded(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    (form,) = api.forms("sendMessage")
    assert str(form["chat_id"]) == MODERATORS
    assert f"Incident {number} · ○ normal" in form["text"]
    assert LINK in form["text"]
    assert form["protect_content"] is True
    assert form["disable_notification"] is True
    assert form["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in form
    (((button, _),),) = [form["reply_markup"]["inline_keyboard"]]
    assert button["callback_data"] == f"2:{number}:0:take"
    shown = row(house, number)
    assert (shown.shown_version, shown.card_message) == (1, "1000")


def test_a_severe_card_rings_and_comes_first(house: House, api: BotApi) -> None:
    file(house)
    severe = file(house, "terrorism")
    show_next_card(house, "moderators")
    (form,) = api.forms("sendMessage")
    assert f"Incident {severe} · ● critical" in form["text"]
    assert form.get("disable_notification") in (None, False)


def test_a_card_of_a_child_goes_to_the_restricted_group_without_its_link(house: House, api: BotApi) -> None:
    file(house, "child_abuse", "restricted")
    show_next_card(house, "moderators")
    assert api.calls == []
    show_next_card(house, "restricted")
    (form,) = api.forms("sendMessage")
    assert str(form["chat_id"]) == RESTRICTED
    assert "shop" not in form["text"]


def test_a_job_exists_exactly_when_the_incident_does(house: House) -> None:
    with pytest.raises(RuntimeError), db.begin(house.engine) as tx:
        queue.defer_card(tx, "moderators")
        raise RuntimeError
    assert waiting(house) == []
    file(house)
    (job,) = waiting(house)
    with db.begin(house.engine) as tx:
        mailbox = tx.execute(text("SELECT mailbox FROM groups WHERE name = 'moderators'")).scalar_one()
    assert (job["task_name"], job["args"], job["lock"]) == ("card", {"group": "moderators"}, str(mailbox))
    assert job["queueing_lock"] is None


def test_nothing_is_deferred_for_a_group_that_is_not_there(house: House) -> None:
    with db.begin(house.engine) as tx:
        queue.defer_card(tx, "nowhere")
    assert waiting(house) == []


def test_many_changes_are_one_edit(house: House, api: BotApi) -> None:
    number = file(house)
    show_next_card(house, "moderators")
    for _ in range(50):
        change(house, number)
    assert len(waiting(house)) == 50
    show_next_card(house, "moderators")
    assert waiting(house) == []
    (form,) = api.forms("editMessageText")
    assert "Reports: 51" in form["text"]
    assert form["link_preview_options"] == {"is_disabled": True}
    assert len(api.calls) == 2


def test_a_change_during_the_call_is_shown_afterwards(house: House, api: BotApi) -> None:
    number = file(house)
    forget_jobs(house)
    api.held.clear()
    showing = threading.Thread(target=show_next_card, args=(house, "moderators"))
    showing.start()
    until(lambda: len(api.calls) == 1)
    with db.begin(house.engine) as tx:  # deferring nothing, as if its job had been absorbed
        tx.execute(update(incident_rows).values(reports=2, wanted_version=2))
    api.held.set()
    showing.join(10)
    assert row(house, number).shown_version == 1
    assert len(waiting(house)) == 1
    show_next_card(house, "moderators")
    assert "Reports: 2" in api.forms("editMessageText")[0]["text"]


def test_a_group_is_not_called_faster_than_it_grants(house: House, api: BotApi) -> None:
    for _ in range(6):
        file(house)
    for _ in range(6):
        show_next_card(house, "moderators")
    assert len(api.calls) == 3
    (job,) = waiting(house)
    assert 1 < job["starts"] < 4.5
    file(house)
    assert len(waiting(house)) == 1  # the job that waits for its time will see it


def test_a_wake_up_cannot_start_before_what_it_announces(house: House, api: BotApi) -> None:
    """A filing that leans on a job which waits for its time holds that job until it commits."""
    with db.begin(house.engine) as tx:
        queue.defer_card(tx, "moderators", at=datetime.now(UTC) + timedelta(seconds=0.5))
    with db.begin(house.engine) as tx:
        queue.defer_card(tx, "moderators")
        drain(house, 1.5)
        (job,) = waiting(house)
        assert job["status"] == "todo"
    drain(house, 1.5)
    assert waiting(house) == []


def test_a_stale_card_without_a_job_is_found(house: House, api: BotApi) -> None:
    file(house)
    forget_jobs(house)
    look_for_stale(house)
    look_for_stale(house)
    assert len(waiting(house)) == 1


def test_a_first_card_waits_until_its_group_is_known(house: House) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(groups.delete())
    file(house)
    assert waiting(house) == []
    look_for_stale(house)
    assert len(waiting(house)) == 1


def test_no_wake_up_is_lost_in_a_crowd(house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four at a time change ten incidents while a worker shows them: no look for stale cards is needed at the end."""
    monkeypatch.setattr("storage.groups.SPACING", timedelta(milliseconds=20))
    monkeypatch.setattr("storage.groups.TOLERANCE", timedelta(milliseconds=40))
    numbers = [file(house) for _ in range(10)]
    with ThreadPoolExecutor(5) as pool:
        working = pool.submit(drain, house, 7.0)
        for done in [pool.submit(change, house, number) for number in numbers * 30]:
            done.result()
        changed = time.monotonic()
        until(lambda: not waiting(house), 5)
        assert time.monotonic() - changed < 5
        working.result()
    assert {row(house, number).shown_version for number in numbers} == {31}
    assert len(api.calls) < 310
    assert {form["text"].count("Reports: 31") for form in last_texts(api).values()} == {1}


def last_texts(api: BotApi) -> dict[str, dict[str, Any]]:
    """The last form about each incident, by its first line."""
    return {form["text"].splitlines()[0]: form for _, form in api.calls}
