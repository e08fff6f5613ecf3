"""The groups: never more calls than Telegram grants, and found again wherever they move. And who may press there."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import groups, incidents, moderators
from storage.db import Store, Transaction
from storage.moderators import Role
from storage.tables import groups as rows
from storage.tables import moderators as moderator_rows
from tests.storage_samples import FIRST, NOW, SECOND, VAULT, file, vault

GRANTED, MINUTE = 20, timedelta(seconds=60)  # platform.md A11


@pytest.fixture
def tx(store: Store) -> Iterator[Transaction]:
    with store.begin() as transaction:
        groups.group(transaction, "moderators", "-100", NOW)
        yield transaction


def calls(tx: Transaction, asked: list[float]) -> list[datetime]:
    """When calls were granted to somebody who asks after each of these pauses, and waits as long as he is told to."""
    now, granted = NOW, []
    for pause in asked:
        now += timedelta(seconds=pause)
        while wait := groups.turn(tx, "moderators", now).wait:
            now += timedelta(seconds=wait)
        granted.append(now)
    return granted


def most_in_a_minute(granted: list[datetime]) -> int:
    """Of any 60 seconds, both ends included."""
    return max(bisect_left(granted, at + MINUTE + timedelta.resolution) - i for i, at in enumerate(granted))


def test_three_at_once_and_then_one_after_another(tx: Transaction) -> None:
    granted = calls(tx, [0.0] * 60)
    assert granted[2] == NOW and granted[3] > NOW
    assert most_in_a_minute(granted) <= GRANTED
    assert granted[-1] - NOW < timedelta(seconds=60 * 4.3)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.just(0.0), st.floats(0, 12)), min_size=22, max_size=60))
def test_no_minute_ever_sees_more_than_is_granted(tx: Transaction, asked: list[float]) -> None:
    tx.execute(rows.update().values(free_at=NOW))
    assert most_in_a_minute(calls(tx, asked)) <= GRANTED


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 20), min_size=10, max_size=40))
def test_answers_to_commands_come_on_top_and_within_the_limit(tx: Transaction, commands: list[float]) -> None:
    """The worker takes every turn there is; whoever asks in between is answered, or not at all."""
    tx.execute(rows.update().values(free_at=NOW))
    now, granted, asked = NOW, [], sorted(commands)
    while asked:
        wait = groups.turn(tx, "moderators", now).wait
        granted += [now] * (not wait)
        while asked and NOW + timedelta(seconds=asked[0]) <= now + timedelta(seconds=wait):
            at = max(now, NOW + timedelta(seconds=asked.pop(0)))
            granted += [at] * groups.spend(tx, "moderators", at)
        now += timedelta(seconds=wait)
    assert len(granted) >= 4 and most_in_a_minute(sorted(granted)) <= GRANTED


def test_a_delayed_line_still_keeps_the_limit(tx: Transaction) -> None:
    """The first call arrives 2.5 s late and the rest at once: the provider counts when they arrive."""
    first, *others = calls(tx, [0.0] * 60)
    assert most_in_a_minute(sorted([first + timedelta(seconds=2.5), *others])) <= GRANTED


def test_a_turn_not_granted_counts_nothing(tx: Transaction) -> None:
    calls(tx, [0.0] * 3)
    waits = [groups.turn(tx, "moderators", NOW).wait for _ in range(5)]
    assert waits == [4.25] * 5 and groups.turn(tx, "moderators", NOW) == (4.25, "-100")


def test_who_is_told_to_wait_waits_and_starts_without_a_burst(tx: Transaction) -> None:
    until = NOW + timedelta(seconds=30)
    groups.hold(tx, "moderators", until)
    groups.hold(tx, "moderators", NOW + timedelta(seconds=5))  # a shorter one takes nothing back
    granted = calls(tx, [0.0] * 3)
    assert [at - until for at in granted] == [timedelta(seconds=seconds) for seconds in (0, 4.25, 8.5)]


def test_a_group_is_made_once(tx: Transaction) -> None:
    first = groups.group(tx, "moderators", "-100", NOW)
    assert groups.group(tx, "moderators", "-100", NOW) == first == groups.find(tx, "moderators")
    assert groups.find(tx, "restricted") is None
    assert groups.group(tx, "restricted", "-200", NOW).mailbox != first.mailbox


def test_a_group_that_moved_is_called_where_it_is(tx: Transaction) -> None:
    mailbox = groups.group(tx, "moderators", "-100", NOW).mailbox
    assert groups.moved(tx, "-100", "-100777") and not groups.moved(tx, "-100", "-100777")
    assert groups.group(tx, "moderators", "-100", NOW) == ("moderators", "-100777", mailbox)
    assert [groups.named(tx, id) for id in ("-100777", "-100", "-100666")] == ["moderators", "moderators", None]
    assert groups.group(tx, "moderators", "-300", NOW) == ("moderators", "-300", mailbox)


def test_in_a_new_chat_cards_are_sent_and_not_edited(tx: Transaction) -> None:
    file(tx)
    stale = incidents.stale_next(tx, VAULT, "moderators")
    assert stale is not None
    incidents.shown(tx, stale, "77")
    groups.moved(tx, "-100", "-100777")
    incidents.drop_links(tx, [stale.incident.id])
    again = incidents.stale_next(tx, VAULT, "moderators")
    assert again is not None and again.message == ""


def test_two_groups_may_change_places(tx: Transaction) -> None:
    groups.group(tx, "restricted", "-200", NOW)
    assert groups.group(tx, "moderators", "-200", NOW).chat == "-200"
    assert groups.group(tx, "restricted", "-100", NOW).chat == "-100"
    assert groups.named(tx, "-200") == "moderators"


def test_moderators_are_found_by_id_and_shown_by_name(tx: Transaction) -> None:
    salma = moderators.add(tx, VAULT, "900", "Salma")
    moderators.add(tx, VAULT, "901", "Amine", Role.CHILD_PROTECTION)
    assert moderators.find(tx, VAULT, "900") == salma and moderators.find(tx, VAULT, "902") is None
    assert [(one.name, one.restricted) for one in moderators.listing(tx, VAULT)] == [("Amine", True), ("Salma", False)]
    row = tx.execute(moderator_rows.select()).first()
    assert row is not None and b"Salma" not in row.name and b"900" not in row.pseudonym and "Salma" not in repr(salma)


def test_a_moderator_added_again_gets_new_rights(tx: Transaction) -> None:
    salma = moderators.add(tx, VAULT, "900", "Salma")
    again = moderators.add(tx, VAULT, "900", "Salma B.", Role.CHILD_PROTECTION)
    assert again.id == salma.id and moderators.listing(tx, VAULT) == [again]


def test_a_moderator_is_found_after_a_rotation(tx: Transaction) -> None:
    salma = moderators.add(tx, VAULT, "900", "Salma")
    assert moderators.find(tx, vault((2, SECOND), (1, FIRST)), "900") == salma
    assert moderators.find(tx, vault((2, SECOND)), "900") == salma
