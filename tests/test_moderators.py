"""What a card says, and what a press in the group does."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import queue
from bot.channel import Moved, Press, Stranger
from bot.house import House, open_house
from bot.moderators import Card, card, configured, group_for, moved, pressed, settle, stranger
from conversations.cases import State
from conversations.categories import CATEGORIES
from storage import db, groups, joining, keys, moderators
from storage.incidents import Incident
from storage.joining import Coming, Handling
from storage.moderators import Role
from storage.tables import incidents as rows

MODERATORS, RESTRICTED = "-1001000000001", "-1001000000002"
AMAL, BADR, STRANGER = "7001", "7002", "7003"
LINK = "hxxps://shop[.]example/fake-phones"
DELIVERIES = itertools.count(1)

INCIDENT = Incident(
    id=UUID(int=1), number=101, category="scam", severity=0, state="received", channel="whatsapp", locale="fr",
    disclosure="confidential", platform="instagram", reports=3, group="moderators", link=LINK, taken_by="",
)  # fmt: skip

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
            tx, house.vault, Coming(category, "telegram", "ar", "anonymous", "web"), handling, now
        ).number  # fmt: skip


def press(subject: str, presser: str = AMAL, key: str = "take", group: str = MODERATORS) -> Press:
    delivery = str(next(DELIVERIES))
    return Press("telegram", delivery, f"callback-{delivery}", presser, group, key, subject)


def jobs(house: House) -> int:
    with db.begin(house.engine) as tx:
        return queue.absorb(tx, "moderators") + queue.absorb(tx, "restricted")


def test_a_card_says_what_moderators_need() -> None:
    shown = card(INCIDENT, "en")
    assert shown == Card(
        "Incident 101 · ○ normal\n"
        "Category: Scam or fraud\n"
        "Channel: WhatsApp\n"
        "Language: \u2068Français\u2069\n"
        "Reporter: confidential, reachable through the bot\n"
        "Reports: 3\n"
        "Platform: Instagram\n"
        f"Link, made unclickable; do not open it here: {LINK}\n"
        "\n"
        "State: waiting to be taken",
        ((("Take", "1:101:take"),),),
        quiet=True,
    )


def test_a_taken_card_names_its_taker_and_has_no_button() -> None:
    shown = card(replace(INCIDENT, state="analysis", taken_by="Amal"), "en")
    assert shown.text.endswith("State: taken by Amal")
    assert shown.buttons == ()


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("locale", ["ar", "en", "es", "fr", "zgh"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_card_can_be_sent(category: str, locale: str, state: State) -> None:
    incident = replace(
        INCIDENT, category=category, severity=int(CATEGORIES[category].severity), state=state, number=10**17,
        locale=locale, link="h" * 200, taken_by="N" * 100,
    )  # fmt: skip
    for one in (incident, replace(incident, taken_by="")):
        shown = card(one, locale)
        assert len(shown.text) < 1024
        assert ("h" * 200 in shown.text) is CATEGORIES[category].card_link
        assert shown.quiet is (CATEGORIES[category].severity == 0)
        assert all(len(data.encode()) <= 64 and data.isascii() for row in shown.buttons for _, data in row)


def test_only_a_restricted_group_sees_what_is_restricted(house: House) -> None:
    assert {
        category: group_for(house, category) for category in CATEGORIES if group_for(house, category) != "moderators"
    } == {"child_abuse": "restricted"}
    alone = open_house({**ENVIRONMENT, "DATABASE_URL": house.url, "TELEGRAM_RESTRICTED_CHAT_ID": ""})
    assert configured(alone) == {"moderators": MODERATORS}
    assert {group_for(alone, category) for category in CATEGORIES} == {"moderators"}


def test_the_first_press_takes_and_owes_a_card(house: House) -> None:
    number = opened(house)
    assert pressed(house, press(f"1:{number}")) == f"Incident {number} is yours."
    assert jobs(house) == 1
    with db.begin(house.engine) as tx:
        row = tx.execute(rows.select()).one()
    assert (row.state, row.wanted_version) == ("analysis", 2)


def test_the_same_press_again_is_told_the_same(house: House) -> None:
    number = opened(house)
    once = press(f"1:{number}")
    assert pressed(house, once) == pressed(house, once)
    assert jobs(house) == 1
    with db.begin(house.engine) as tx:
        assert tx.execute(rows.select()).one().wanted_version == 2


def test_a_second_moderator_is_told_who_has_it(house: House) -> None:
    number = opened(house)
    pressed(house, press(f"1:{number}"))
    assert pressed(house, press(f"1:{number}", BADR)) == f"Incident {number} is already taken by Amal."


def test_of_two_at_once_one_takes(house: House) -> None:
    number = opened(house)
    told: list[str] = []
    both = [
        threading.Thread(target=lambda who=who: told.append(pressed(house, press(f"1:{number}", who))))
        for who in (AMAL, BADR)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted("is yours" in words for words in told) == [False, True]
    assert sorted("already taken" in words for words in told) == [False, True]


def test_who_is_not_listed_takes_nothing(house: House) -> None:
    number = opened(house)
    assert "not on the list" in pressed(house, press(f"1:{number}", STRANGER))
    assert jobs(house) == 0


def test_the_restricted_queue_has_its_own_moderators(house: House) -> None:
    number = opened(house, "child_abuse", "restricted")
    assert "restricted" in pressed(house, press(f"1:{number}", BADR, group=RESTRICTED))
    assert "is yours" in pressed(house, press(f"1:{number}", AMAL, group=RESTRICTED))


@pytest.mark.parametrize("subject", ["", "1", "1:", "2:101", "1:x", "1:٣", "1:-1", "1:" + "9" * 18, "1:" + "9" * 30])
def test_strange_buttons_are_answered(house: House, subject: str) -> None:
    opened(house)
    assert "no longer means anything" in pressed(house, press(subject))
    assert jobs(house) == 0


def test_a_press_of_another_kind_or_elsewhere_does_nothing(house: House) -> None:
    number = opened(house)
    assert "no longer means anything" in pressed(house, press(f"1:{number}", key="close"))
    assert "no longer means anything" in pressed(house, press(f"1:{number}", group="-1005"))
    assert jobs(house) == 0


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
    assert "is yours" in pressed(house, press(f"1:{number}", group="-1009"))
