"""Commands and digests in a group: silence for chatter, no more than a group is granted, each digest once a day."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot import operator
from bot.channel import Asked
from bot.digest import give_digests, today
from bot.group_commands import COMMANDS, answer, menu
from bot.house import House
from bot.operator import SHIPPED, Rhythm
from bot.settings import Refused
from bot.telegram_asking import asked
from storage import db, groups, moderators, waiting
from storage.moderators import Role
from storage.tables import alerted, first_actions, incidents
from tests.alert_house import drained
from tests.alert_house import house as alone
from tests.bot_api import BotApi, refused
from tests.card_house import MODERATORS, RESTRICTED, api, file, forget_jobs, free
from tests.card_house import waiting as jobs

__all__ = ["alone", "api"]  # fixtures
AGENT, AUDITOR, CHILD = "7001", "7002", "7003"


@pytest.fixture
def house(alone: House) -> House:
    with db.begin(alone.engine) as tx:
        for id, role in ((AGENT, Role.AGENT), (AUDITOR, Role.AUDITOR), (CHILD, Role.CHILD_PROTECTION)):
            moderators.add(tx, alone.vault, id, f"Name {id}", role)
    return alone


def says(house: House, words: str, who: str = AGENT, group: str = MODERATORS) -> str | None:
    """What a message in the group is answered; None for silence."""
    free(house)
    event = read(words, who, group)
    told = answer(house, event) if event else None
    return told.text if told else None


def read(words: str, who: str = AGENT, group: str = MODERATORS) -> Asked | None:
    message = {"message_id": 5, "text": words, "from": {"id": int(who)}}
    return asked(message, "telegram", "1", group)


@pytest.mark.parametrize(
    "chatter", ["hello", "queue", "/", "/Queue", "what is /queue", "/nosuch", "/queue@a@b", "/ queue", ""]
)
def test_chatter_is_met_with_silence(house: House, chatter: str) -> None:
    assert says(house, chatter) is None


def test_a_command_of_no_words_or_nobody_is_silence() -> None:
    assert asked({"message_id": 5, "from": {"id": 1}}, "telegram", "1", MODERATORS) is None
    assert asked({"message_id": 5, "text": "/queue"}, "telegram", "1", MODERATORS) is None
    with pytest.raises(TypeError):
        asked({"message_id": 5, "text": 7, "from": {"id": 1}}, "telegram", "1", MODERATORS)


def test_who_is_not_listed_is_told_so_whatever_they_ask(house: House) -> None:
    assert {says(house, f"/{name} 1 2", who="666") for name in COMMANDS} == {
        "You are not on the list of moderators. Ask the operator to add you."
    }


def test_whoever_is_listed_may_ask_and_only_their_own_group_tells(house: House) -> None:
    file(house, "child_abuse", "restricted")
    general = file(house)
    assert says(house, "/queue@desk_bot", AUDITOR) == says(house, "/queue")
    assert f"○ {general} · Scam" in (says(house, "/queue") or "")
    assert "Abuse of a child" in (says(house, "/queue", CHILD, RESTRICTED) or "")
    assert "only moderators of the restricted" in (says(house, "/queue", AGENT, RESTRICTED) or "")
    assert says(house, "/queue", AUDITOR, RESTRICTED) == says(house, "/queue", CHILD, RESTRICTED)
    assert says(house, "/queue", group="-100666") is None


def test_a_long_queue_is_short_and_says_how_many_more(house: House) -> None:
    for _ in range(13):
        file(house)
    severe = file(house, "hate")
    lines = (says(house, "/queue") or "").splitlines()
    assert len(lines) == 11 and lines[0].startswith(f"◐ {severe} · ") and lines[-1] == "And 4 more."


def test_finding_one_that_waits_for_its_card_brings_the_card(house: House) -> None:
    number = file(house)
    forget_jobs(house)
    with db.begin(house.engine) as tx:
        incident = tx.execute(incidents.select()).one().id
        tx.execute(alerted.insert().values(incident=incident, gathered=True))
    assert (says(house, f"/find {number}") or "").endswith("Its card is on its way.")
    with db.begin(house.engine) as tx:
        assert tx.execute(alerted.select()).one().summoned
    assert len(jobs(house)) == 1
    eastern = "".join(chr(0x660 + int(digit)) for digit in str(number))
    assert says(house, f"/find {eastern}") == says(house, f"/find {number}")
    assert says(house, f"/find {'9' * 30}") == "Please give the number: /find 104"


def test_answers_take_no_more_than_the_group_has_left(house: House) -> None:
    event = read("/help")
    assert event
    assert [answer(house, event) is not None for _ in range(8)] == [True] * 5 + [False] * 3


def test_every_command_is_in_the_menu_and_in_the_help(house: House) -> None:
    names = [name for name, _ in menu("en")]
    assert names == list(COMMANDS) and all(name.isascii() and name.islower() for name in names)
    told = says(house, "/help") or ""
    assert all(f"/{name}" in told for name in names)
    assert all(1 <= len(what) <= 256 for _, what in menu("fr"))


def given(house: House, days_ago: int) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(
            text("UPDATE digests SET given_on = :day"), {"day": datetime.now(UTC).date() - timedelta(days=days_ago)}
        )


def test_a_digest_is_given_once_a_day_quietly(house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch) -> None:
    file(house, "hate")
    give_digests(house)
    assert api.calls == []  # not on the day on which the group was made
    given(house, 1)
    monkeypatch.setattr("bot.digest.here", lambda _house, now: now.replace(hour=7))
    give_digests(house)
    assert api.calls == []  # not before the hour
    monkeypatch.setattr("bot.digest.here", lambda _house, now: now.replace(hour=8))
    for _ in range(2):
        give_digests(house)
    first, second = api.forms("sendMessage")
    assert {str(first["chat_id"]), str(second["chat_id"])} == {MODERATORS, RESTRICTED}
    assert first["disable_notification"] and "New: 1 incidents, 0 reports" in first["text"]
    assert "Hatred 1" in first["text"] and "of them severe: 1" in first["text"]


def test_a_new_house_is_owed_no_digest_on_its_first_day(
    house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(text("DELETE FROM groups"))
        tx.execute(text("DELETE FROM digests"))
    monkeypatch.setattr("bot.digest.here", lambda _house, now: now.replace(hour=9))
    give_digests(house)
    assert api.calls == []


def test_a_digest_that_cannot_leave_is_given_at_the_next_look(
    house: House, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(house, 1)
    monkeypatch.setattr("bot.digest.here", lambda _house, now: now.replace(hour=9))
    moved = refused(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-1009)
    api.faults.extend([moved, refused(429, "Too Many Requests", retry_after=5)])
    for _ in range(2):
        free(house)
        give_digests(house)
    assert sorted(str(form["chat_id"]) for form in api.forms("sendMessage")) == sorted(
        [MODERATORS, RESTRICTED, "-1009", RESTRICTED]
    )


def test_the_median_of_what_was_acted_on_lately(house: House) -> None:
    day = datetime.now(UTC).date()
    with db.begin(house.engine) as tx:
        for minutes, count in ((5, 3), (30, 1), (900, 1)):
            row = {"card_group": "moderators", "day": day, "category": "hate", "minutes": minutes, "count": count}
            tx.execute(first_actions.insert().values(**row))
        assert waiting.median(tx, "moderators", day) == 5
        assert waiting.median(tx, "restricted", day) is None
        waiting.forget(tx, day + timedelta(days=61))
        assert waiting.median(tx, "moderators", day) is None
    assert "within" not in (says(house, "/stats") or "")


def test_the_day_is_the_operators_own(house: House) -> None:
    """Morocco's clock is an hour ahead of UTC, but not in Ramadan."""
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert today(house, late) == date(2026, 7, 2)


def test_limits_and_hours_are_the_operators(tmp_path: Path) -> None:
    assert operator.read(SHIPPED).rhythm == Rhythm(15, 120, 8, "Africa/Casablanca")
    assert operator.read(SHIPPED).rhythm.limits == {1: timedelta(hours=2), 2: timedelta(minutes=15)}
    own = tmp_path / "own.toml"
    own.write_text("[rhythm]\ncritical_minutes = 0\ntime_zone = 'Europe/Paris'\n")
    assert operator.read(own).rhythm.limits == {1: timedelta(hours=2)}
    for wrong in ("digest_hour = 24", "time_zone = 'Mars/Olympus'", "time_zone = 7", "time_zone = '../x'", "odd = 1"):
        own.write_text(f"[rhythm]\n{wrong}\n")
        with pytest.raises(Refused, match="rhythm"):
            operator.read(own)


def test_a_card_that_is_there_is_what_the_answer_stands_under(house: House) -> None:
    number = file(house)
    with db.begin(house.engine) as tx:
        tx.execute(update(incidents).values(card_message="77", card_in="moderators"))
    free(house)
    forget_jobs(house)
    event = read(f"/find {number}")
    assert event
    told = answer(house, event)
    assert told and told.under == "77" and house.telegram
    assert len(jobs(house)) == 1  # the card is shown anew: somebody may have deleted it
    body = json.loads(house.telegram.answer(event, told.text, told.under).body)
    assert body["reply_parameters"] == {"message_id": 77, "allow_sending_without_reply": True}
    assert body["link_preview_options"] == {"is_disabled": True} and body["method"] == "sendMessage"


def test_finding_brings_back_a_card_that_was_deleted_or_left_in_the_group_before(house: House, api: BotApi) -> None:
    number = file(house)
    drained(house)
    gone = refused(400, "Bad Request: message to edit not found")
    api.always = lambda call: gone if call.method == "editMessageText" else None
    says(house, f"/find {number}")
    drained(house)
    assert len(api.forms("sendMessage")) == 2
    with db.begin(house.engine) as tx:
        groups.moved(tx, MODERATORS, "-1009")
    assert (says(house, f"/find {number}", group="-1009") or "").endswith("Its card is on its way.")
    drained(house)
    assert str(api.forms("sendMessage")[2]["chat_id"]) == "-1009"


def test_finding_brings_a_card_that_was_given_up(house: House, api: BotApi) -> None:
    """Of a day on which the bot was not in the group."""
    number = file(house)
    with db.begin(house.engine) as tx:
        tx.execute(update(incidents).values(card_fault="blocked", fault_version=incidents.c.wanted_version))
    drained(house)
    assert api.calls == []
    assert (says(house, f"/find {number}") or "").endswith("Its card is on its way.")
    drained(house)
    assert len(api.forms("sendMessage")) == 1
