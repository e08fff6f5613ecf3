"""News owed to reporters: who is told when, what is taken back, and what becomes of what was refused on its way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, text, update

from conversations.about import Change
from conversations.cases import State
from conversations.model import Filing, Link
from storage import cases, follow, notices
from storage.db import Store, Transaction
from storage.notices import UNDO, Notice, Stage
from storage.tables import incidents
from storage.tables import notices as rows
from storage.tables import reports as report_rows
from tests.storage_samples import NOW, VAULT, count, emptied, file, filing, someone

SOON = NOW + UNDO


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    with emptied(module_database_url) as made:
        yield made


def filed(tx: Transaction, disclosure: str = "confidential", wants: bool = True) -> tuple[Filing, UUID]:
    made, own = filing(disclosure), f"https://bad.example/{uuid4()}"
    made = replace(made, draft=replace(made.draft, links=(Link(own, own, "web"),)))
    incident = file(tx, made).incident
    if wants and disclosure != "anonymous":
        follow.notify(tx, VAULT, Change(made.reference, notify=True), someone(tx), "telegram", "chat-4711")
    return made, incident


def row(tx: Transaction) -> Any:
    return tx.execute(select(rows)).one()


def begun(tx: Transaction) -> Notice | None:
    return notices.begin(tx, VAULT, row(tx).id, NOW)


def test_who_wants_it_is_sent_it_and_who_does_not_hears_with_the_next_message(store: Store) -> None:
    with store.begin() as tx:
        (wanted, one), (other, second), (_, third) = filed(tx), filed(tx, wants=False), filed(tx, "anonymous")
        for incident in (one, second, third):
            notices.owe(tx, incident, NOW)
        assert follow.news(tx, someone(tx), NOW) == []  # it can still be undone
        assert follow.news(tx, someone(tx), SOON) == [other.reference]
        owed = begun(tx)
        assert owed and (owed.reference, owed.locale, owed.way.address) == (wanted.reference, "fr", "chat-4711")
        notices.wait(tx, row(tx).id, "window-closed")
        assert begun(tx) is None
        assert follow.news(tx, someone(tx), NOW) == [wanted.reference]


def test_nothing_is_due_before_it_can_no_longer_be_undone_and_many_are_spread(store: Store) -> None:
    with store.begin() as tx:
        _, incident = filed(tx)
        for _ in range(30):
            filed(tx)
        tx.execute(update(report_rows).values(incident=incident))
        assert notices.owe(tx, incident, NOW) == 31
        due = tx.execute(select(rows.c.due_at).order_by(rows.c.due_at)).scalars().all()
        assert due[0] >= SOON and due[-1] <= SOON + notices.LEAST_SPREAD
        assert due[-1] - due[0] > notices.LEAST_SPREAD / 4
        assert notices.owed(tx)[:3] == (31, due[-1], 0)


def test_thousands_take_hours(store: Store) -> None:
    with store.begin() as tx:
        _, incident = filed(tx)
        tx.execute(
            text(
                "INSERT INTO reports SELECT (json_populate_record(report, json_build_object("
                "'id', gen_random_uuid(), 'reference', 'R' || n))).* FROM reports AS report, generate_series(1, 3999) AS n"
            )
        )
        assert notices.owe(tx, incident, NOW) == 4_000
        last = tx.execute(select(func.max(rows.c.due_at))).scalar_one()
        assert timedelta(hours=1) < last - NOW < timedelta(hours=1.2)


def test_later_news_takes_the_place_of_earlier_and_hearing_it_ends_it(store: Store) -> None:
    with store.begin() as tx:
        made, _ = filed(tx)
        number = tx.execute(select(incidents.c.number)).scalar_one()
        for state in (State.ANALYSIS, State.REFERRED, State.RETURNED, State.REFERRED):
            cases.advance(tx, number, state, "", NOW)
        assert count(tx, rows) == 1 and row(tx).untold
        follow.heard(tx, made.reference)
        cases.advance(tx, number, State.PROSECUTOR, "", NOW)  # the reporter is told the same words
        assert count(tx, rows) == 0


def test_what_is_undone_is_not_told_but_earlier_news_is(store: Store) -> None:
    later = NOW + timedelta(hours=1)
    with store.begin() as tx:
        _, incident = filed(tx)
        notices.owe(tx, incident, NOW)
        notices.withdraw(tx, incident, later)  # that decision owed nothing
        assert count(tx, rows) == 1
        notices.owe(tx, incident, later)
        notices.withdraw(tx, incident, later)
        assert row(tx).untold
        tx.execute(rows.delete())
        notices.owe(tx, incident, later)
        notices.withdraw(tx, incident, later)
        assert count(tx, rows) == 0


def test_what_the_provider_took_is_owed_no_more_unless_it_comes_back(store: Store) -> None:
    with store.begin() as tx:
        made, incident = filed(tx)
        notices.owe(tx, incident, NOW)
        id = row(tx).id
        notices.left(tx, id, Stage.LEFT, NOW)
        assert begun(tx) is None and notices.owed(tx).to_send == 0
        notices.arrived(tx, id, notices.CLOSED, SOON)
        again = begun(tx)
        assert again and again.stage is Stage.TEMPLATE
        notices.arrived(tx, id, notices.CLOSED, SOON)  # the provider repeats itself
        id = row(tx).id
        notices.left(tx, id, Stage.TEMPLATE_LEFT, SOON)
        notices.arrived(tx, id, "63041", SOON)  # a template that was paused
        assert begun(tx) is None and row(tx).fault == "refused-63041"
        assert row(tx).forget_at == SOON + notices.KEPT
        assert follow.news(tx, someone(tx), SOON) == [made.reference]


@pytest.mark.parametrize("code", ["", notices.CLOSED, "63003"])
def test_what_became_of_it_may_be_heard_before_the_call_returns(store: Store, code: str) -> None:
    with store.begin() as tx:
        notices.owe(tx, filed(tx)[1], NOW)
        id = row(tx).id
        notices.arrived(tx, id, code, SOON)
        notices.left(tx, id, Stage.LEFT, SOON)
        found = [(one.stage, one.fault) for one in tx.execute(select(rows))]
        assert found == {"": [], notices.CLOSED: [(2, None)], "63003": [(0, "refused-63003")]}[code]


def test_a_late_word_about_an_earlier_notice_ends_no_later_one(store: Store) -> None:
    with store.begin() as tx:
        _, incident = filed(tx)
        notices.owe(tx, incident, NOW)
        id = row(tx).id
        notices.left(tx, id, Stage.LEFT, NOW)
        notices.owe(tx, incident, SOON)
        assert not row(tx).untold  # the earlier one has left
        notices.arrived(tx, id, "", SOON)
        assert count(tx, rows) == 1
        notices.left(tx, row(tx).id, Stage.LEFT, NOW)
        notices.arrived(tx, row(tx).id, "", SOON)
        assert count(tx, rows) == 0


def test_an_operator_sees_how_much_is_on_its_way(store: Store) -> None:
    with store.begin() as tx:
        assert notices.owed(tx) == (0, None, 0, 0)
        for wants in (True, True, False):
            notices.owe(tx, filed(tx, wants=wants)[1], NOW)
        tx.execute(update(rows).where(rows.c.fault.is_(None)).values(attempts=notices.HELD_UP))
        assert notices.owed(tx)[0] == 2 and notices.owed(tx)[2:] == (1, 2)
