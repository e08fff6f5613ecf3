"""What waits for somebody to take it: whatever is ours to work and nobody holds who may, however it came to that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from conversations.cases import State
from storage import alerts, cases, figures, moderators, work
from storage.custody import Act
from storage.db import Transaction
from storage.merging import Regrouped, merge
from storage.moderators import Role
from storage.splitting import split, take_out
from storage.tables import incidents as rows
from tests.storage_samples import HANDLING, NOW, VAULT, emptied, file, filing
from tests.test_work import at, listed, taken


@pytest.fixture
def tx(module_database_url: str) -> Iterator[Transaction]:
    with emptied(module_database_url) as store, store.begin() as transaction:
        yield transaction


def waits(tx: Transaction, group: str = "moderators") -> list[int]:
    asked = select(rows.c.number).where(alerts.OPEN, alerts.unclaimed(), rows.c.card_group == group)
    found = sorted(tx.execute(asked).scalars())
    assert sorted(one.number for one in figures.queue(tx, group, 99)) == found
    return found


def test_what_is_new_and_what_was_given_up_waits_and_what_is_held_does_not(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    new, number = file(tx).number, taken(tx, salma)
    assert waits(tx) == [new]
    work.release(tx, at(tx, number, salma), NOW)
    assert waits(tx) == [new, number]
    work.take(tx, at(tx, number, salma), NOW)
    moderators.remove(tx, VAULT, "id of Salma")
    assert waits(tx) == [new, number]


def test_what_an_operator_moved_waits_unless_it_is_with_others(tx: Transaction) -> None:
    number = file(tx).number
    for state, ours in (
        (State.ANALYSIS, True), (State.REFERRED, False), (State.RETURNED, True), (State.CLOSED, False),
    ):  # fmt: skip
        cases.advance(tx, number, state, "", NOW)
        assert waits(tx) == [number] * ours, state


def test_what_was_parted_waits_and_what_is_merged_does_not(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number, other, odd = taken(tx, salma), file(tx).number, filing(post="odd")
    assert isinstance(merge(tx, VAULT, other, number, NOW), Regrouped)
    assert waits(tx) == []
    assert isinstance(split(tx, VAULT, number, other, NOW), Regrouped)
    assert waits(tx) == [other]
    again = file(tx, odd).number
    file(tx, filing(post="odd"))
    work.take(tx, at(tx, again, salma), NOW)
    parted = take_out(tx, VAULT, again, [odd.reference], NOW)
    assert isinstance(parted, Regrouped) and waits(tx) == [other, parted.number]


def test_what_its_holder_may_no_longer_work_waits(tx: Transaction) -> None:
    salma, nora = listed(tx, "Salma"), listed(tx, "Nora", Role.CHILD_PROTECTION)
    number = taken(tx, salma)
    tx.execute(update(rows).values(card_group="restricted", category="child_abuse"))
    assert waits(tx, "restricted") == [number]
    work.take(tx, at(tx, number, nora), NOW)
    assert waits(tx, "restricted") == []
    hidden = file(tx, handling=HANDLING.__class__(2, ("restricted",), "restricted")).number
    tx.execute(update(rows).where(rows.c.number == number).values(taken_by=salma.id))
    work.take(tx, at(tx, hidden, nora), NOW)
    assert waits(tx, "restricted") == [number]


def test_what_came_back_from_a_service_is_its_holders(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    for state, act in ((State.REFERRED, Act.REFERRED), (State.RETURNED, Act.RETURNED)):
        work.climb(tx, at(tx, number, salma), state, NOW, act=act)
        assert waits(tx) == []
    work.release(tx, at(tx, number, salma), NOW)
    assert waits(tx) == [number]
