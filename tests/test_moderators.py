"""Which groups are ours, and what a press in one of them does."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from bot import queue
from bot.channel import Moved, Press, Stranger
from bot.doctor_staff import four_eyes
from bot.house import House, open_house
from bot.moderators import configured, group_for, moved, settle, stranger
from bot.presses import LET_STAND, pressed
from conversations.categories import CATEGORIES
from storage import db, groups, joining, keys, moderators
from storage.joining import Coming, Handling
from storage.moderators import Role
from storage.tables import incidents as rows

MODERATORS, RESTRICTED = "-1001000000001", "-1001000000002"
AMAL, BADR, STRANGER = "7001", "7002", "7003"
DELIVERIES = itertools.count(1)

ENVIRONMENT = {
    **keys.generate().environment,
    "TELEGRAM_TOKEN": "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "TELEGRAM_WEBHOOK_SECRET": "between-us",
    "TELEGRAM_MODERATORS_CHAT_ID": MODERATORS,
    "TELEGRAM_RESTRICTED_CHAT_ID": RESTRICTED,
    "IBLAGH_ALLOW_EMBEDDED": "yes",
    "OPERATOR_NAME": "Office",
    "OPERATOR_CONTACT": "desk@office.example",
    "OPERATOR_URL": "https://office.example",
    "LANGUAGES": "en",
}


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    made = open_house({**ENVIRONMENT, "DATABASE_URL": database_url})
    with db.begin(made.engine) as tx:
        settle(tx, made)
        moderators.add(tx, made.vault, AMAL, "Amal", Role.CHILD_PROTECTION)
        moderators.add(tx, made.vault, BADR, "Badr")
    yield made
    made.engine.dispose()


def opened(house: House, category: str = "scam", group: str = "moderators") -> int:
    now = datetime.now(UTC)
    handling = Handling(severity=CATEGORIES[category].severity, group=group)
    with db.begin(house.engine) as tx:
        return joining.join(
            tx, house.vault, Coming(category, "web"), handling, now
        ).number  # fmt: skip


def press(subject: str, presser: str = AMAL, key: str = "take", group: str = MODERATORS) -> Press:
    delivery = str(next(DELIVERIES))
    return Press("telegram", delivery, f"callback-{delivery}", presser, group, key, subject)


def jobs(house: House) -> int:
    with db.begin(house.engine) as tx:
        return queue.absorb(tx, "moderators") + queue.absorb(tx, "restricted")


def test_only_a_restricted_group_sees_what_is_restricted(house: House) -> None:
    assert {
        category: group_for(house, category) for category in CATEGORIES if group_for(house, category) != "moderators"
    } == {"child_abuse": "restricted"}
    alone = open_house({**ENVIRONMENT, "DATABASE_URL": house.url, "TELEGRAM_RESTRICTED_CHAT_ID": ""})
    assert configured(alone) == {"moderators": MODERATORS}
    assert {group_for(alone, category) for category in CATEGORIES} == {"moderators"}


def test_a_press_takes_and_owes_a_card(house: House) -> None:
    number = opened(house)
    once = press(f"2:{number}:0")
    assert pressed(house, once) == f"Incident {number} is yours."
    assert jobs(house) == 1
    assert pressed(house, once) == f"Incident {number} is yours."
    assert jobs(house) == 0
    with db.begin(house.engine) as tx:
        row = tx.execute(rows.select()).one()
    assert (row.state, row.wanted_version) == ("analysis", 2)


def test_of_two_at_once_one_takes(house: House) -> None:
    number = opened(house)
    told: list[str] = []
    both = [
        threading.Thread(target=lambda who=who: told.append(pressed(house, press(f"2:{number}:0", who))))
        for who in (AMAL, BADR)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted("is yours" in words for words in told) == [False, True]
    assert sorted("already taken" in words for words in told) == [False, True]


def test_an_old_press_is_told_kindly_and_shown_the_card_anew(house: House) -> None:
    number = opened(house)
    pressed(house, press(f"2:{number}:0"))
    jobs(house)
    with db.begin(house.engine) as tx:
        tx.execute(rows.update().values(shown_version=rows.c.wanted_version))
    for _ in range(2):
        assert "has changed since you saw this card" in pressed(house, press(f"2:{number}:0", key="mute"))
        assert jobs(house) == 1
    with db.begin(house.engine) as tx:
        assert tx.execute(rows.select()).one().wanted_version == 3


def test_a_refused_press_is_logged_without_who(house: House, caplog: pytest.LogCaptureFixture) -> None:
    number = opened(house)
    with caplog.at_level(0):
        assert "not on the list" in pressed(house, press(f"2:{number}:0", STRANGER))
        pressed(house, press(f"2:{number}:7", BADR))
    said = [record.getMessage() for record in caplog.records if record.name == "bot.presses"]
    assert said == ["a press was refused: not listed", "a press was refused: stale"]
    assert STRANGER not in caplog.text and BADR not in caplog.text and jobs(house) == 1


def test_strange_buttons_are_answered_and_do_nothing(house: House) -> None:
    number = opened(house)
    pressed(house, press(f"2:{number}:0"))
    jobs(house)
    for subject in ("", "1", f"1:{number}", "2:", f"2:{number}", "2:x:0", "2:٣:0", "2:-1:0", "2:" + "9" * 19 + ":0"):
        assert "no longer means anything" in pressed(house, press(subject))
    for key in ("", "burn", "close-", "close-because", "note-x", "mute-0", "mute-99999", "ask-", "take-1"):
        assert "no longer means anything" in pressed(house, press(f"2:{number}:1", key=key))
    assert "no longer means anything" in pressed(house, press(f"2:{number}:1", group="-1005"))
    assert jobs(house) == 0


def test_a_case_is_worked_from_its_own_group_alone(house: House) -> None:
    hidden, calm = opened(house, "child_abuse", "restricted"), opened(house)
    for number, elsewhere in ((hidden, MODERATORS), (calm, RESTRICTED)):
        for who in (AMAL, BADR):  # whether there is such a case is not told either
            assert "no longer means anything" in pressed(house, press(f"2:{number}:0", who, group=elsewhere))
    assert "restricted queue" in pressed(house, press(f"2:{hidden}:0", BADR, group=RESTRICTED))
    assert "is yours" in pressed(house, press(f"2:{hidden}:0", group=RESTRICTED))


def test_when_the_minute_is_over_somebody_looks_at_once(house: House) -> None:
    number = opened(house)
    asked = text(
        "SELECT scheduled_at - now() < '62 s', count(*) FROM procrastinate_jobs WHERE task_name = :name GROUP BY 1"
    )
    for key, looks in (("mute", 0), ("mute-24", 1), ("undo", 1), ("take", 2)):
        with db.begin(house.engine) as tx:
            version = tx.execute(text("SELECT coalesce(max(version), 0) FROM work")).scalar_one()
        pressed(house, press(f"2:{number}:{version}", key=key))
        with db.begin(house.engine) as tx:
            found = [tuple(row) for row in tx.execute(asked, {"name": LET_STAND})]
        assert found == ([(True, looks)] if looks else []), key


def test_the_doctor_warns_where_one_person_closes_alone_or_nobody_works(house: House) -> None:
    with db.begin(house.engine) as tx:
        found = four_eyes(tx, house)
        assert not found.well and found.words.startswith("moderators: 2 who may press; restricted: 1 who may press.")
        moderators.add(tx, house.vault, "7004", "Nora", Role.AUDITOR)
        assert not four_eyes(tx, house).well
        moderators.add(tx, house.vault, "7004", "Nora", Role.SUPERVISOR)
        assert four_eyes(tx, house) == (True, "moderators: 3 who may press; restricted: 2 who may press")
        moderators.add(tx, house.vault, AMAL, "Amal", Role.AGENT)
        moderators.add(tx, house.vault, "7004", "Nora", Role.AGENT)
        assert four_eyes(tx, house).words.endswith(
            "restricted: 0 who may press. Nobody works the incidents of restricted"
        )


@given(st.text(), st.text(), st.text())
def test_any_press_is_answered(module_house: House, subject: str, key: str, presser: str) -> None:
    for who in (AMAL, presser):
        assert 0 < len(pressed(module_house, press(subject, who, key))) <= 200


@pytest.fixture(scope="module")
def module_house(module_database_url: str) -> Iterator[House]:
    made = open_house({**ENVIRONMENT, "DATABASE_URL": module_database_url})
    with db.begin(made.engine) as tx:
        settle(tx, made)
        moderators.add(tx, made.vault, AMAL, "Amal")
    yield made
    made.engine.dispose()


def test_a_group_that_moved_is_followed_and_not_left(house: House) -> None:
    assert stranger(house, Stranger("telegram", "1", "-1009"))
    moved(house, Moved("telegram", "2", MODERATORS, "-1009"))
    moved(house, Moved("telegram", "3", MODERATORS, "-1009"))
    moved(house, Moved("telegram", "4", "-1234", "-1235"))
    assert not stranger(house, Stranger("telegram", "5", "-1009"))
    with db.begin(house.engine) as tx:
        assert groups.named(tx, "-1009") == "moderators"
    number = opened(house)
    assert "is yours" in pressed(house, press(f"2:{number}:0", group="-1009"))


def test_an_outsider_is_declined_in_their_own_language_where_we_speak_it(house: House) -> None:
    refused = press(f"2:{opened(house)}:0", STRANGER)
    told = {tag: pressed(house, replace(refused, language=tag)) for tag in ("ar", "fr-MA", "ES", "de", "")}
    assert told["de"] == told[""] == "You are not on the list of moderators. Ask the operator to add you."
    assert told["fr-MA"].startswith("Vous n’êtes pas") and "المشرفين" in told["ar"] and "moderación" in told["ES"]


def test_a_card_of_the_group_before_it_moved_can_still_be_pressed_and_comes_anew(house: House) -> None:
    number = opened(house)
    with db.begin(house.engine) as tx:
        tx.execute(rows.update().values(card_message="7", card_in="moderators", shown_version=1))
    moved(house, Moved("telegram", "1", MODERATORS, "-1009"))
    assert "is yours" in pressed(house, press(f"2:{number}:0"))
    assert "is already taken" in pressed(house, press(f"2:{number}:0", BADR, group="-1009"))
    with db.begin(house.engine) as tx:
        row = tx.execute(rows.select()).one()
    assert (row.card_message, row.wanted_version, row.shown_version) == (None, 2, 1)
