"""What a card says in every language, and which buttons fit how far its incident is."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from bot.card_buttons import MENUS
from bot.card_texts import CardText
from bot.card_words import ASKING, NOTES, OUTCOMES, STATES
from bot.cards import Card, card
from bot.telegram_layout import LONGEST_DATA, WIDEST_LABEL, width
from conversations.cases import Outcome, State
from conversations.categories import CATEGORIES
from conversations.questions import QUESTIONS
from storage.incidents import Incident
from storage.standing import Standing

LINK = "hxxps://shop[.]example/fake-phones"
FIRST = datetime(2026, 11, 22, 2, tzinfo=UTC)
WIDEST_BUTTON = 34  # a row of its own on a small phone

INCIDENT = Incident(
    id=UUID(int=1), number=101, category="scam", severity=0, state="received", platform="instagram", reports=12,
    anonymous=7, first_at=FIRST, last_at=FIRST + timedelta(hours=3), group="moderators", languages={"ar": 8, "fr": 4},
    channels={"telegram": 9, "whatsapp": 3}, places={"rabat": 3, "abroad": 1}, link=LINK,
)  # fmt: skip
HELD = replace(INCIDENT, state="analysis", taken_by="Amal")


def keys(shown: Card) -> list[str]:
    return [data.rsplit(":", 1)[1] for row in shown.buttons for _, data in row]


def test_a_card_says_what_moderators_need() -> None:
    assert card(INCIDENT, "en") == Card(
        "Incident 101 · ○ normal\n"
        "Category: Scam or fraud\n"
        "\n"
        "Reports: 12 · anonymous: 7 · reachable: 5\n"
        "Came (UTC): 2026-11-22 02:00 to 05:00\n"
        "Languages: \u2068العربية\u2069 8, \u2068Français\u2069 4\n"
        "Channels: Telegram 9, WhatsApp 3\n"
        "Places: Rabat 3, abroad 1\n"
        "Platform: Instagram\n"
        f"Link, made unclickable; do not open it here: {LINK}\n"
        "\n"
        "State: waiting to be taken",
        ((("Take", "2:101:0:take"), ("Mute", "2:101:0:mute")),),
        quiet=True,
    )


def test_the_day_is_said_once_where_it_is_the_same() -> None:
    for hours, told in ((0, "2026-11-22 02:00\n"), (9, "02:00 to 11:00\n"), (30, "02:00 to 2026-11-23 08:00\n")):
        assert told in card(replace(INCIDENT, last_at=FIRST + timedelta(hours=hours)), "en").text


def test_what_is_the_same_of_all_reports_is_not_counted_again() -> None:
    alike = replace(INCIDENT, languages={"fr": 12}, channels={"telegram": 11, "whatsapp": 1}, places={"rabat": 3})
    shown = card(alike, "en").text
    assert "Languages: \u2068Français\u2069\n" in shown
    assert "Channels: Telegram 11, WhatsApp 1\n" in shown and "Places: Rabat 3\n" in shown


@pytest.mark.parametrize("locale", ("ar", "fr", "en"))
def test_no_label_is_cut_off_beside_another(locale: str) -> None:
    standings = (Standing(reachable=True), Standing(proposed="acted"), *(Standing(menu=menu) for menu in MENUS))
    for state, standing in itertools.product(State, standings):
        shown = card(replace(HELD, state=state.value), locale, standing)
        for row in shown.buttons:
            assert len(row) == 1 or all(width(label) <= WIDEST_LABEL * 2 // len(row) for label, _ in row)


def test_a_card_says_how_far_the_work_is() -> None:
    work = Standing(4, muted_until=FIRST, remarks=("desk", "wave"), may_undo=True, reachable=True, asked=5, answered=2)
    shown = card(HELD, "en", work)
    assert shown.text.partition("State: ")[2].splitlines() == [
        "under technical analysis",
        "With: Amal",
        "Muted until 2026-11-22 02:00 UTC",
        "Questions: 5 · answers received: 2",
        "Answers are read at the desk.",
        "Notes: the desk is reading it, part of a wave",
    ]
    assert keys(shown) == ["ask", "note", "refer", "close", "unmute", "release", "undo"]


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("analysis", "refer"), ("referred", "informed returned"), ("prosecutor", "instructed returned"),
        ("instructed", "returned"), ("returned", "refer"),
    ],
)  # fmt: skip
def test_the_ladder_offers_what_may_be_done_and_no_more(state: str, offered: str) -> None:
    shown = card(replace(HELD, state=state), "en")
    assert keys(shown) == ["note", *offered.split(), "close", "mute", "release"]


def test_what_is_closed_or_merged_has_no_buttons_and_no_link() -> None:
    closed = card(replace(INCIDENT, state="closed"), "en", Standing(2, outcome="lawful", muted_until=FIRST))
    assert closed.buttons == () and closed.text.endswith("State: closed, lawful") and LINK not in closed.text
    assert keys(card(replace(INCIDENT, state="closed"), "en", Standing(2, may_undo=True))) == ["undo"]
    merged = card(replace(INCIDENT, merged_into=98, reports=0), "en")
    assert merged.buttons == () and merged.text.endswith("Part of incident 98 now. Look there.")


def test_a_closing_that_waits_for_a_second_person_offers_nothing_else() -> None:
    shown = card(HELD, "en", Standing(2, proposed="acted", proposed_by="Amal", menu="ask"))
    assert keys(shown) == ["confirm", "keep"] and "Amal proposes to close it: action was taken." in shown.text


def test_menus_ask_and_offer_a_way_back() -> None:
    for menu in MENUS:
        shown = card(HELD, "en", Standing(2, menu=menu, may_undo=True))
        assert keys(shown)[-1] == "back" and all(key.startswith(f"{menu}-") for key in keys(shown)[:-1])
        assert shown.text.endswith(MENUS[menu])
    assert "note-wave" not in keys(card(HELD, "en", Standing(2, menu="note", remarks=("wave",))))
    child = keys(card(replace(HELD, category="child_abuse"), "en", Standing(2, menu="ask")))
    assert child and not {"ask-screenshot", "ask-link", "ask-online"} & set(child)


def test_everything_kept_by_name_has_words() -> None:
    assert set(OUTCOMES) == set(Outcome) and set(STATES) == set(State) and set(ASKING) == set(QUESTIONS)


@pytest.mark.parametrize("locale", ["ar", "en", "es", "fr", "zgh"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_card_can_be_sent(category: str, locale: str) -> None:
    longest = replace(
        INCIDENT, category=category, severity=int(CATEGORIES[category].severity), number=10**17, link="h" * 200,
        taken_by="N" * 100, earlier=10**17, reports=10**6, anonymous=10**6,
    )  # fmt: skip
    work = Standing(10**8, muted_until=FIRST, remarks=tuple(NOTES), reachable=True, asked=10**6, answered=10**6)
    for state, menu in itertools.product(State, ("", *MENUS)):
        shown = card(replace(longest, state=state), locale, replace(work, menu=menu, outcome="private_dispute"))
        assert len(shown.text) < 2048
        assert ("h" * 200 in shown.text) is (CATEGORIES[category].card_link and state is not State.CLOSED)
        assert shown.quiet is (CATEGORIES[category].severity == 0)
        for label, data in itertools.chain(*shown.buttons):
            assert len(data.encode()) <= LONGEST_DATA and data.isascii() and width(label) <= WIDEST_BUTTON


def test_a_card_is_calm() -> None:
    """No sentence shouts, and two buttons fit a row."""
    assert not [text for text in CardText if "!" in text or text.isupper()]
    for row in card(HELD, "en", Standing(1, reachable=True)).buttons:
        assert len(row) <= 2
