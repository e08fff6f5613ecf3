"""Following a sent report: codes, additions, changes of identity, questions and news, on a real database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select, text, update

from bot.desk import open_parcels
from conversations.about import About, Addition, Change, TooMany
from conversations.cases import Refused, State
from conversations.codes import secret
from conversations.model import Filing, Link
from storage import cases, follow, parcels, people, reports
from storage.cases import Moved
from storage.db import Store, Transaction
from storage.parcels import write
from storage.retention import WRITERS, WRITTEN, blur
from storage.tables import additions, guesses, report_parts, ways
from storage.tables import people as person_rows
from storage.tables import reports as report_rows
from tests.storage_samples import MADE, NOW, VAULT, count, emptied, file, filing, someone

QUEUES = ("general",)
CODE = "seven words"


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    with emptied(module_database_url) as made:
        yield made


def filed(store: Store, disclosure: str = "anonymous", **said: Any) -> tuple[Filing, int]:
    with store.begin() as tx:
        made = filing(disclosure, **said)
        return made, file(tx, made).number


def at_the_desk(store: Store, folder: Path) -> list[dict[str, Any]]:
    with (folder / "parcels").open("wb") as stream, store.begin() as tx:
        write(stream, reports.sealed(tx))
    (folder / "key").write_text(MADE.desk["general"])
    return list(open_parcels(folder / "parcels", folder / "key"))


def tried(tx: Transaction, reference: str, code: str, name: str = "other", hours: int = 0) -> About | TooMany | None:
    now = NOW + timedelta(hours=hours)
    return follow.by_code(tx, VAULT, reference, code, someone(tx, name), now)


def test_a_code_opens_its_report_for_whoever_holds_it(store: Store) -> None:
    made, _ = filed(store)
    with store.begin() as tx:
        opened = tried(tx, made.reference, CODE)
        assert opened == About(made.reference, "received", "hate", "anonymous", "2026-11-22 02:00")
        assert count(tx, guesses) == 0


def test_a_wrong_code_an_unknown_reference_and_a_reachable_report_answer_alike(store: Store) -> None:
    made, named = filed(store)[0], filed(store, "confidential")[0]
    with store.begin() as tx:
        assert [tried(tx, *wrong) for wrong in ((made.reference, "x"), ("IB-0", CODE), (named.reference, ""))] == [
            None
        ] * 3
        assert tx.execute(select(guesses.c.count)).scalars().all() == [3]


def test_after_five_tries_nothing_opens_for_an_hour(store: Store) -> None:
    made, _ = filed(store)
    with store.begin() as tx:
        for _ in range(5):
            assert tried(tx, made.reference, "wrong") is None
        assert tried(tx, made.reference, CODE) == tried(tx, "IB-0", "wrong") == TooMany()
        assert isinstance(tried(tx, made.reference, CODE, name="a third"), About)
        assert isinstance(tried(tx, made.reference, CODE, hours=3), About)


def test_tries_outlive_forgetting_and_a_second_name(store: Store) -> None:
    made, _ = filed(store)
    with store.begin() as tx:
        for _ in range(3):
            tried(tx, made.reference, "wrong", "one")
        for _ in range(2):
            tried(tx, made.reference, "wrong", "two")
        people.save(tx, VAULT, someone(tx, "one"), None, NOW)  # "stop"
        folded = people.lock(tx, VAULT, "telegram", [("id", "one"), ("id", "two")])
        assert follow.by_code(tx, VAULT, made.reference, CODE, folded, NOW) == TooMany()


def test_what_is_added_reaches_the_desk_under_its_report_and_is_readable_nowhere_else(
    store: Store, tmp_path: Path
) -> None:
    made, _ = filed(store)
    link = Link("https://more.example/q", "https://more.example/q")
    with store.begin() as tx:
        follow.add(tx, VAULT, Addition(made.reference, "more sentinel \ud800", (link,)), QUEUES, NOW)
        follow.add(tx, VAULT, Addition(made.reference, "and more", question="account"), QUEUES, NOW)
        sealed = tx.execute(select(additions.c.sealed)).scalars().all()
        assert not any(b"sentinel" in one for one in sealed)
    (report,) = at_the_desk(store, tmp_path)
    assert report["content"]["details"] == made.draft.details
    said = {one["content"]["details"]: one for one in report["additions"]}
    assert set(said) == {"more sentinel \ud800", "and more"}
    assert said["more sentinel \ud800"]["content"]["links"][0]["received"] == link.received
    assert {one["added_at"] for one in report["additions"]} == {"2026-11-22T02:00:00Z"}


def test_an_addition_that_was_moved_to_another_report_does_not_open(store: Store, tmp_path: Path) -> None:
    one, two = filed(store)[0], filed(store)[0]
    with store.begin() as tx:
        follow.add(tx, VAULT, Addition(one.reference, "more"), QUEUES, NOW)
        other = select(report_rows.c.id).where(report_rows.c.reference == two.reference).scalar_subquery()
        tx.execute(update(additions).values(report=other))
    found = next(report for report in at_the_desk(store, tmp_path) if report["reference"] == two.reference)
    assert found["opened"] and found["additions"] == [{"added_at": "2026-11-22T02:00:00Z", "why": "does not open"}]


def test_parcels_without_additions_are_still_read() -> None:
    assert parcels._report(b'{"reference": "IB-1", "facts": {}, "parts": {}, "wraps": []}', 1).additions == []


def changed(store: Store, reference: str, disclosure: str, secret: str = "", name: str = "") -> str | None:
    with store.begin() as tx:
        whom = (someone(tx), "telegram", "chat-4711", QUEUES, NOW)
        return follow.change(tx, VAULT, Change(reference, disclosure, name, "a@b.ma", secret), *whom)


def test_an_anonymous_report_becomes_reachable_and_its_code_opens_nothing_more(store: Store, tmp_path: Path) -> None:
    made, _ = filed(store)
    assert changed(store, made.reference, "identified", name="Amina") == "moderators"
    with store.begin() as tx:
        assert tried(tx, made.reference, CODE) is None
        assert follow.opened(tx, made.reference, someone(tx, "other")) is None
        assert [one.disclosure for one in follow.own(tx, someone(tx))] == ["identified"]
        assert people.way(tx, VAULT, someone(tx)) is not None
    (report,) = at_the_desk(store, tmp_path)
    assert [one["identity"]["name"] for one in report["additions"]] == ["Amina"]


@pytest.mark.parametrize("disclosure", ["confidential", "anonymous"])
def test_a_name_that_is_taken_back_is_destroyed(store: Store, disclosure: str) -> None:
    made, _ = filed(store, "identified")
    changed(store, made.reference, "identified", name="Another")
    changed(store, made.reference, disclosure, secret=CODE)
    with store.begin() as tx:
        assert tx.execute(select(report_parts.c.part)).scalars().all() == ["content"] and not count(tx, additions)


def test_who_becomes_anonymous_leaves_no_way_back(store: Store) -> None:
    made, _ = filed(store, "confidential")
    code = secret(7)
    changed(store, made.reference, "anonymous", secret=code)
    with store.begin() as tx:
        assert follow.own(tx, someone(tx)) == () and count(tx, ways) == 0
        assert tx.execute(select(report_rows.c.person)).scalar() is None
        assert isinstance(tried(tx, made.reference, code), About)
        assert count(tx, person_rows) == 2


def test_the_way_stays_while_another_report_needs_it(store: Store) -> None:
    made, _ = filed(store, "confidential")
    filed(store, "confidential")
    changed(store, made.reference, "anonymous", secret=CODE)
    with store.begin() as tx:
        assert count(tx, ways) == 1 and len(follow.own(tx, someone(tx))) == 1


def moved(store: Store, number: int, *targets: State, outcome: str = "") -> list[Moved | Refused | None]:
    with store.begin() as tx:
        return [cases.advance(tx, number, target, outcome, NOW) for target in targets]


def test_after_referral_nobody_changes_who_wrote(store: Store) -> None:
    made, number = filed(store, "confidential")
    moved(store, number, State.ANALYSIS, State.REFERRED)
    assert changed(store, made.reference, "anonymous", secret=CODE) is None
    with store.begin() as tx:
        (mine,) = follow.own(tx, someone(tx))
        assert mine.state == "referred" and not mine.may_change


def test_an_incident_moves_by_the_ladder_alone_and_loses_its_link_at_the_end(store: Store) -> None:
    _, number = filed(store)
    assert moved(store, number, State.CLOSED) == [Refused.NO_SUCH_MOVE]
    assert moved(store, 99, State.ANALYSIS) == [None]
    done = moved(store, number, State.ANALYSIS, State.CLOSED, outcome="lawful")
    assert done == [Moved(1, "moderators")] * 2
    with store.begin() as tx:
        from storage.tables import incidents

        row = tx.execute(select(incidents)).one()
        assert (row.link, row.link_until, row.outcome, row.state) == (None, None, "lawful", "closed")


def test_a_question_waits_until_it_is_answered(store: Store) -> None:
    made, number = filed(store, "confidential")
    with store.begin() as tx:
        assert cases.ask(tx, number, "account", NOW) == Moved(1, "moderators")
        assert cases.ask(tx, number, "account", NOW) == Moved(0, "moderators")
        cases.ask(tx, number, "details", NOW + timedelta(minutes=1))
        assert [one.question for one in follow.own(tx, someone(tx))] == ["account"]
        follow.add(tx, VAULT, Addition(made.reference, "x", question="account"), QUEUES, NOW)
        assert [one.question for one in follow.own(tx, someone(tx))] == ["details"]
    moved(store, number, State.ANALYSIS, State.CLOSED)
    with store.begin() as tx:
        assert cases.ask(tx, number, "details", NOW) is Refused.NO_SUCH_MOVE and cases.ask(tx, 9, "x", NOW) is None


def test_after_blurring_nothing_shares_a_transaction_with_who_followed_an_anonymous_report(store: Store) -> None:
    made, _ = filed(store)
    blur(store)
    with store.begin() as tx:
        person = someone(tx, "follower")
        tried(tx, made.reference, "wrong", "follower")
        follow.add(tx, VAULT, Addition(made.reference, "more"), QUEUES, NOW)
        people.save(tx, VAULT, person, b"following", NOW)
        turn = str(tx.execute(text("SELECT CAST(pg_current_xact_id() AS text)")).scalar_one())
    assert turn in stamps(store, *WRITERS) and turn in stamps(store, *WRITTEN)
    blur(store)
    assert not stamps(store, *WRITERS) & stamps(store, *WRITTEN)
    assert turn not in stamps(store, *WRITERS, *WRITTEN)


def stamps(store: Store, *tables: Table) -> set[str]:
    """The numbers of the transactions that stand in these tables' rows."""
    with store.begin() as tx:
        return {
            number
            for table in tables
            for row in tx.execute(text(f"SELECT CAST(xmin AS text), CAST(xmax AS text) FROM {table.name}"))
            for number in row
        } - {"0"}
