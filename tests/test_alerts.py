"""The alert rule: one card an incident, few new messages, each told once; and a storm that stays one message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.chores import look_for_stale
from bot.digest import watch
from bot.house import House
from bot.jobs import show_next_card
from storage import alerts, db, moderators, waiting
from storage.tables import alerted, incidents, work
from tests.alert_house import drained, house, minutes_pass, reported, sent, sql
from tests.bot_api import BotApi, refused
from tests.card_house import MODERATORS, RESTRICTED, api, change, file, free, row
from tests.card_house import waiting as jobs

__all__ = ["api", "house"]  # fixtures


def test_the_first_card_is_all_that_a_new_incident_says(house: House, api: BotApi) -> None:
    number = file(house)
    for _ in range(3):
        change(house, number)
        drained(house)
    assert len(sent(api)) == 1 and len(api.forms("editMessageText")) == 2


def test_a_rise_of_severity_is_told_once_as_a_reply(house: House, api: BotApi) -> None:
    number = file(house)
    drained(house)
    with db.begin(house.engine) as tx:
        more = {"severity": 2, "wanted_version": incidents.c.wanted_version + 1}
        tx.execute(update(incidents).where(incidents.c.number == number).values(**more))
    drained(house)
    drained(house)
    _, news = api.forms("sendMessage")
    assert news["text"] == f"Incident {number} is more severe now: ● critical"
    assert news["reply_parameters"] == {"message_id": 1000, "allow_sending_without_reply": True}
    assert news["disable_notification"] is False and news["protect_content"] is True
    assert "● critical" in api.forms("editMessageText")[0]["text"]


def test_thresholds_are_told_once_each_and_only_the_highest_of_those_passed(house: House, api: BotApi) -> None:
    number = file(house)
    drained(house)
    for count, told in ((9, 1), (10, 1), (99, 1)):  # just after the card nothing more is said
        reported(house, number, count)
        drained(house)
        assert len(sent(api)) == told
    minutes_pass(house, 6)
    look_for_stale(house)
    assert jobs(house)
    drained(house)
    assert sent(api)[1:] == [f"Incident {number} has passed 10 reports."]
    minutes_pass(house, 6)
    for count in (100, 5_000, 12_345):
        reported(house, number, count)
    drained(house)
    minutes_pass(house, 6)
    drained(house)
    assert sent(api)[2:] == [f"Incident {number} has passed 10000 reports."]


def test_a_muted_incident_passes_thresholds_in_silence_and_its_rise_is_told(house: House, api: BotApi) -> None:
    number = file(house)
    drained(house)
    minutes_pass(house, 6)
    until = datetime.now(UTC) + timedelta(hours=1)
    with db.begin(house.engine) as tx:
        muted = {"incident": row(house, number).id, "muted_until": until, "muted_severity": 0}
        tx.execute(work.insert().values(**muted))
    reported(house, number, 500)
    drained(house)
    assert len(sent(api)) == 1
    with db.begin(house.engine) as tx:
        tx.execute(update(incidents).values(severity=1))
    drained(house)
    assert "more severe" in sent(api)[1] and "100 reports" in sent(api)[1]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten of them in earnest; here four, which is as true and quicker."""
    assert alerts.MOST == 10
    monkeypatch.setattr(alerts, "MOST", 4)


@pytest.mark.usefixtures("few")
def test_above_so_many_new_ones_the_rest_are_gathered_and_get_their_cards_in_turn(house: House, api: BotApi) -> None:
    numbers = [file(house) for _ in range(10)]
    drained(house)
    texts = sent(api)
    assert len(texts) == 5 and sum(text.startswith("Incident") for text in texts) == 4
    (gathered,) = (text for text in texts if text.startswith("Many new cases"))
    assert gathered.splitlines()[0] == "Many new cases: 6. Still without a card of their own: 6"
    assert "Kinds: Scam or fraud 6" in gathered and f"○ {numbers[4]}" in gathered and "/find" in gathered
    late = file(house)
    minutes_pass(house, 1)
    drained(house)
    assert len(sent(api)) == 5 and "cases: 7." in api.forms("editMessageText")[-1]["text"]
    for _ in range(2):
        minutes_pass(house, 6)
        drained(house)
    assert {row(house, number).shown_version for number in (*numbers, late)} == {1}
    assert len(sent(api)) == 5 + 7
    minutes_pass(house, 1)
    drained(house)
    assert api.forms("editMessageText")[-1]["text"] == "Many new cases: 7. Each has its card now."
    assert all(form["disable_notification"] for form in api.forms("sendMessage")[5:])
    assert not any(sql(house, "SELECT gathered FROM alerted WHERE gathered"))


@pytest.mark.usefixtures("few")
def test_what_is_grave_is_not_hidden_by_a_flood_of_what_is_not(house: House, api: BotApi) -> None:
    for _ in range(5):
        file(house)
    drained(house)
    grave = file(house, "terrorism")
    drained(house)
    assert f"Incident {grave} · ● critical" in sent(api)[-1]
    assert api.forms("sendMessage")[-1]["disable_notification"] is False
    for _ in range(8):
        file(house, "terrorism")
    drained(house)
    assert sum("● critical\n" in text and text.startswith("Incident") for text in sent(api)) == 4


@pytest.mark.usefixtures("few")
def test_a_gathered_message_that_was_deleted_is_sent_anew(house: House, api: BotApi) -> None:
    for _ in range(5):
        file(house)
    drained(house)
    file(house)
    minutes_pass(house, 1)
    gone = refused(400, "Bad Request: message to edit not found")
    api.always = lambda call: gone if call.method == "editMessageText" else None
    drained(house)
    assert [text.split(".")[0] for text in sent(api) if "Many" in text] == ["Many new cases: 1", "Many new cases: 2"]


@pytest.mark.usefixtures("few")
def test_a_closed_incident_waits_for_no_card_in_the_gathered_message(house: House, api: BotApi) -> None:
    numbers = [file(house) for _ in range(5)]
    drained(house)
    with db.begin(house.engine) as tx:
        shut = {"state": "closed", "shown_version": incidents.c.wanted_version}
        tx.execute(update(incidents).where(incidents.c.number == numbers[-1]).values(**shut))
    minutes_pass(house, 1)
    look_for_stale(house)
    drained(house)
    assert api.forms("editMessageText")[-1]["text"].startswith("Many new cases: 1. Each has")


def test_who_waits_too_long_is_told_once_and_the_time_to_the_first_action_is_counted(house: House, api: BotApi) -> None:
    severe, _ = file(house, "terrorism"), file(house)
    drained(house)
    watch(house)
    assert len(sent(api)) == 2

    def later(minutes: int) -> None:
        """The moments are sealed: so they were noted earlier."""
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        with db.begin(house.engine) as tx:
            tx.execute(update(alerted).values(waiting=None))
            tx.execute(update(incidents).values(looked_version=0))
            while waiting.begin(tx, house.vault, at):
                pass

    later(20)
    for _ in range(2):
        watch(house)
        drained(house)
    assert sent(api)[2:] == [f"Nobody has taken incident {severe} yet: ● critical"]
    with db.begin(house.engine) as tx:
        salma = moderators.add(tx, house.vault, "4711", "Salma")
        taken = {"state": "analysis", "taken_by": salma.id, "wanted_version": incidents.c.wanted_version + 1}
        tx.execute(update(incidents).values(**taken))
    watch(house)
    watch(house)
    assert sql(house, "SELECT minutes, count FROM first_actions ORDER BY category") == [(20, 1), (20, 1)]
    assert sql(house, "SELECT count(*) FROM alerted WHERE waiting IS NULL AND acted") == [(2,)]
    with db.begin(house.engine) as tx:
        today = datetime.now(UTC).date()
        assert waiting.median(tx, "moderators", today - timedelta(days=1)) == 20


def test_many_who_wait_are_one_message(house: House, api: BotApi) -> None:
    for _ in range(4):
        file(house, "terrorism")
    drained(house)
    with db.begin(house.engine) as tx:
        tx.execute(update(alerted).values(reminder=alerts.Reminder.OWED))
    drained(house)
    drained(house)
    (text,) = sent(api)[4:]
    assert text.startswith("Nobody has taken 4 severe incidents yet. The gravest: ● ")


def test_a_case_of_a_child_that_moves_to_the_restricted_group_leaves_nothing_behind(house: House, api: BotApi) -> None:
    number = file(house)
    drained(house)
    with db.begin(house.engine) as tx:
        now = {"card_group": "restricted", "category": "child_abuse", "severity": 2, "link": None, "link_until": None}
        tx.execute(update(incidents).values(**now, wanted_version=2))
    drained(house, "restricted")
    (gone,) = api.forms("deleteMessage")
    assert (str(gone["chat_id"]), gone["message_id"]) == (MODERATORS, 1000)
    card = api.forms("sendMessage")[1]
    assert str(card["chat_id"]) == RESTRICTED and card["disable_notification"] is False
    assert (row(house, number).card_in, len(sent(api))) == ("restricted", 2)


def test_a_card_too_old_to_be_deleted_loses_what_it_says(house: House, api: BotApi) -> None:
    file(house)
    drained(house)
    too_old = refused(400, "Bad Request: message can't be deleted")
    api.always = lambda call: too_old if call.method == "deleteMessage" else None
    with db.begin(house.engine) as tx:
        tx.execute(update(incidents).values(card_group="restricted", wanted_version=2))
    drained(house, "restricted")
    (left,) = api.forms("editMessageText")
    assert left["text"] == "This incident is worked in another group." and "reply_markup" not in left


def test_what_was_told_and_not_recorded_is_told_again_and_then_recorded(house: House, api: BotApi) -> None:
    number = file(house)
    drained(house)
    minutes_pass(house, 6)
    reported(house, number, 10)
    with db.begin(house.engine) as tx:  # sent, and dead before the record
        assert alerts.alert_next(tx, "moderators", datetime.now(UTC))
    drained(house)
    drained(house)
    assert sql(house, "SELECT reports FROM alerted") == [(10,)] and len(sent(api)) == 2


def test_two_hot_incidents_are_edited_by_turns(house: House, api: BotApi) -> None:
    numbers = [file(house), file(house)]
    drained(house)
    for _ in range(4):
        for number in numbers:
            change(house, number)
        free(house)
        show_next_card(house, "moderators")
    shown = [form["text"].split(" ·")[0] for form in api.forms("editMessageText")]
    assert shown == [f"Incident {number}" for number in numbers * 2]


def test_rings_are_forgotten_when_they_count_no_more(house: House, api: BotApi) -> None:
    file(house)
    drained(house)
    assert sql(house, "SELECT count(*) FROM rings") == [(1,)]
    minutes_pass(house, 6)
    look_for_stale(house)
    assert sql(house, "SELECT count(*) FROM rings") == [(0,)]
