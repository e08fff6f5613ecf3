"""What a look has passed over needs none: whatever is done to incidents, in whatever order, no news and no wait is lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from bot.alerts import next_piece
from bot.digest import watch
from bot.house import House
from bot.jobs import show_next_card
from conversations.cases import State
from storage import cases, db, merging, moderators, splitting
from storage.moderators import Role
from storage.tables import incidents, work
from tests.alert_house import drained, house, minutes_pass, reported, sent, sql
from tests.bot_api import BotApi
from tests.card_house import api, change, file, free, row

__all__ = ["api", "house"]  # fixtures

# Those that no look reads, and of which there is news or a wait to be noted.
LOST = """
SELECT number FROM incidents JOIN alerted ON incident = id LEFT JOIN moderators ON moderators.id = taken_by
WHERE looked_version >= wanted_version AND ((alerted.waiting IS NOT NULL) <> (state IN ('received', 'analysis', 'returned')
        AND merged_into IS NULL AND coalesce(role, 'auditor') = 'auditor')
    OR state <> 'closed' AND merged_into IS NULL
        AND (incidents.severity > alerted.severity OR incidents.reports >= 10 * greatest(alerted.reports, 1)))
"""
# What was merged before it had a card needs none.
UNSETTLED = """
SELECT count(*) FROM incidents WHERE (shown_version < wanted_version OR looked_version < wanted_version)
    AND (merged_into IS NULL OR card_message IS NOT NULL)
"""
STATES = (State.ANALYSIS, State.REFERRED, State.RETURNED, State.CLOSED, State.RECEIVED)


def risen(house: House, number: int, severity: int) -> None:
    with db.begin(house.engine) as tx:
        more = {"severity": severity, "wanted_version": incidents.c.wanted_version + 1}
        tx.execute(update(incidents).where(incidents.c.number == number).values(**more))


def test_a_house_where_all_is_told_is_settled(house: House, api: BotApi) -> None:
    numbers = [file(house, kind) for kind in ("scam", "hate", "terrorism")]
    assert sql(house, UNSETTLED) == [(3,)]
    drained(house)
    watch(house)
    assert sql(house, UNSETTLED) == [(0,)]
    change(house, numbers[0])
    assert sql(house, UNSETTLED) == [(1,)]


def test_news_that_has_to_wait_is_told_after_any_number_of_looks(house: House, api: BotApi) -> None:
    hot, muted = file(house), file(house)
    drained(house)
    with db.begin(house.engine) as tx:
        until = datetime(2999, 1, 1, tzinfo=UTC)
        tx.execute(work.insert().values(incident=row(house, muted).id, muted_until=until, muted_severity=0))
    for number in (hot, muted):
        reported(house, number, 10)
    drained(house)
    watch(house)
    assert len(sent(api)) == 2
    minutes_pass(house, 6)
    watch(house)
    drained(house)
    assert sent(api)[2:] == [f"Incident {hot} has passed 10 reports."]
    sql(house, "UPDATE work SET muted_until = NULL, muted_severity = NULL")
    watch(house)
    drained(house)
    assert sent(api)[3:] == [f"Incident {muted} has passed 10 reports."]


def test_what_changes_while_its_first_card_is_shown_is_news(house: House, api: BotApi) -> None:
    number = file(house)
    with db.begin(house.engine) as tx:
        piece = next_piece(tx, house, "moderators", datetime.now(UTC))
    risen(house, number, 2)
    watch(house)
    assert piece
    with db.begin(house.engine) as tx:
        piece.shown(tx, "1000", datetime.now(UTC))
    watch(house)
    drained(house)
    assert sent(api) == [f"Incident {number} is more severe now: ● critical"]


def test_a_first_card_that_was_given_up_is_read_no_more_until_it_changes(house: House, api: BotApi) -> None:
    number = file(house)
    with db.begin(house.engine) as tx:
        piece = next_piece(tx, house, "moderators", datetime.now(UTC))
        assert piece
        piece.failed(tx, "no", datetime.now(UTC))
    watch(house)
    assert sql(house, "SELECT looked_version FROM incidents") == [(1,)]
    change(house, number)
    drained(house)
    assert len(sent(api)) == 1


@pytest.mark.parametrize("seed", range(2))
def test_nothing_is_lost_whatever_happens(house: House, api: BotApi, seed: int) -> None:
    dice, numbers = random.Random(seed), [file(house) for _ in range(3)]

    def one() -> int:
        return dice.choice(numbers)

    deeds = [*_by_staff(house, dice, one), *_by_citizens(house, dice, one, numbers), *_by_itself(house)]
    for _ in range(90):
        dice.choice(deeds)()
        assert sql(house, LOST) == []
    for _ in range(2):
        minutes_pass(house, 6)
        drained(house)
        watch(house)
    assert sql(house, LOST) == [] and sql(house, UNSETTLED) == [(0,)]


def _by_staff(house: House, dice: random.Random, one: Callable[[], int]) -> list[Callable[[], None]]:
    def regroup() -> None:
        with db.begin(house.engine) as tx:
            dice.choice((merging.merge, splitting.split))(tx, house.vault, one(), one(), datetime.now(UTC))

    def move() -> None:
        with db.begin(house.engine) as tx:
            cases.advance(tx, one(), dice.choice(STATES), "acted", datetime.now(UTC))

    def take() -> None:
        with db.begin(house.engine) as tx:
            who = moderators.add(tx, house.vault, "4711", "Salma")
            held = {"taken_by": who.id, "wanted_version": incidents.c.wanted_version + 1}
            alive = incidents.c.merged_into.is_(None)
            tx.execute(update(incidents).where(incidents.c.number == one(), alive).values(**held))

    def leave() -> None:
        with db.begin(house.engine) as tx:
            if dice.random() < 0.5:
                moderators.remove(tx, house.vault, "4711")
            else:
                moderators.add(tx, house.vault, "4711", "Salma", Role.AUDITOR)

    return [regroup, move, take, leave]


def _by_citizens(
    house: House, dice: random.Random, one: Callable[[], int], numbers: list[int]
) -> list[Callable[[], None]]:
    def new() -> None:
        if len(numbers) < 8:
            numbers.append(file(house, dice.choice(("scam", "hate", "terrorism"))))

    def grow() -> None:
        number = one()
        if row(house, number).merged_into is None:
            reported(house, number, dice.choice((5, 10, 99, 100, 1000)))

    def worse() -> None:
        risen(house, one(), dice.randrange(3))

    return [new, grow, worse]


def _by_itself(house: House) -> list[Callable[[], None]]:
    def show() -> None:
        free(house)
        show_next_card(house, "moderators")

    def look() -> None:
        watch(house)

    def later() -> None:
        minutes_pass(house, 6)

    return [show, show, show, look, look, later]
