"""Reporters hear nothing of a decision while it can be undone, whatever they ask; and an undone one leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from conversations.about import About, Addition, Change
from conversations.cases import Outcome, Refused, State
from conversations.model import Filing
from storage import cases, catching_up, follow, notices, undoing, work
from storage.custody import Act
from storage.db import Transaction
from storage.merging import Regrouped, Unfit, merge
from storage.moderators import Moderator
from storage.pressing import Done, Pressed
from storage.splitting import split, take_out
from storage.tables import notices as owed
from storage.tables import reports
from tests.storage_samples import NOW, VAULT, count, file, filing, someone
from tests.test_work import OVER, SOON, at, listed, now_at

HOURS = NOW + timedelta(hours=10)


def held(tx: Transaction, who: Moderator, post: str = "one") -> tuple[Filing, int]:
    """A report whose incident somebody took a while ago."""
    made = filing("confidential", post)
    number = file(tx, made).number
    follow.notify(tx, VAULT, Change(made.reference, notify=True), someone(tx), "telegram", "chat-4711")
    assert isinstance(work.take(tx, at(tx, number, who), NOW - timedelta(hours=1)), Done)
    over(tx, number)
    return made, number


def over(tx: Transaction, number: int) -> None:
    """The minute is."""
    undoing.stand(tx, now_at(tx, number).id)


def hears(tx: Transaction, made: Filing) -> tuple[str, str, str]:
    """The report's state, outcome and open question, as its writer sees them; and it counts as heard."""
    about = follow.by_own(tx, made.reference, someone(tx))
    assert isinstance(about, About)
    follow.heard(tx, made.reference)
    return about.state, about.outcome, about.question


def test_who_asks_within_the_minute_hears_how_things_stood_and_is_told_once_it_stands(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    work.close(tx, at(tx, number, salma), Outcome.ACTED, NOW)
    assert now_at(tx, number).state == "closed" and hears(tx, made) == ("analysis", "", "")
    (row,) = tx.execute(select(owed)).all()  # opening the report has not ended what it could not tell
    assert notices.begin(tx, VAULT, row.id, OVER) is None
    over(tx, number)
    assert notices.begin(tx, VAULT, row.id, OVER) is not None
    assert hears(tx, made) == ("closed", "acted", "") and count(tx, owed) == 0


def test_of_what_was_undone_nobody_hears_though_they_asked(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    decisions: tuple[Callable[[Pressed], Done | Refused], ...] = (
        lambda press: work.close(tx, press, Outcome.LAWFUL, NOW),
        lambda press: work.climb(tx, press, State.REFERRED, NOW, act=Act.REFERRED),
        lambda press: work.ask(tx, press, "online", NOW),
        lambda press: work.release(tx, press, NOW),
    )
    for decide in decisions:
        assert isinstance(decide(at(tx, number, salma)), Done)
        assert hears(tx, made) == ("analysis", "", "")
        assert isinstance(work.undo(tx, at(tx, number, salma), SOON), Done)
        assert hears(tx, made) == ("analysis", "", "") and count(tx, owed) == 0


def test_a_question_is_heard_when_it_stands_and_one_before_it_all_the_while(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    work.ask(tx, at(tx, number, salma), "online", NOW - timedelta(minutes=9))
    work.ask(tx, at(tx, number, salma), "when", NOW)  # while one is open
    assert hears(tx, made)[2] == "online"
    follow.add(tx, VAULT, Addition(made.reference, text="yes", question="online"), ("general",), NOW)
    assert hears(tx, made)[2] == ""
    over(tx, number)
    assert hears(tx, made)[2] == "when"


def test_who_is_told_with_their_next_message_is_told_once_it_stands(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    tx.execute(update(reports).values(notify=False))
    work.close(tx, at(tx, number, salma), Outcome.ACTED, NOW)
    assert follow.news(tx, someone(tx), OVER) == []
    over(tx, number)
    assert follow.news(tx, someone(tx), OVER) == [made.reference]


def test_earlier_news_that_was_heard_meanwhile_goes_with_what_is_undone(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    work.climb(tx, at(tx, number, salma), State.REFERRED, NOW - timedelta(minutes=9), act=Act.REFERRED)
    work.close(tx, at(tx, number, salma), Outcome.ACTED, NOW)
    assert hears(tx, made) == ("referred", "", "")
    work.undo(tx, at(tx, number, salma), SOON)
    assert count(tx, owed) == 0


def test_what_came_since_a_decision_follows_at_its_own_hour_and_what_came_before_with_it(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    _, number = held(tx, salma)
    before, since = filing("confidential", "one"), filing("confidential", "one")
    file(tx, before)
    work.climb(tx, at(tx, number, salma), State.REFERRED, NOW, act=Act.REFERRED)
    file(tx, since)
    assert catching_up.catch_up(tx, HOURS) == 0  # it could still be undone
    over(tx, number)
    assert [hears(tx, made)[0] for made in (before, since)] == ["referred", "received"]
    assert catching_up.catch_up(tx, HOURS) == 1 and hears(tx, since)[0] == "referred"


def test_what_was_to_follow_has_an_hour_for_it_again_once_a_decision_is_undone(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    late = filing("confidential", "one")
    file(tx, late)
    work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW)
    work.undo(tx, at(tx, number, salma), SOON)
    assert [hears(tx, one)[0] for one in (made, late)] == ["analysis", "received"]
    assert catching_up.catch_up(tx, NOW + timedelta(hours=1)) == 0 and catching_up.catch_up(tx, HOURS) == 1
    assert hears(tx, late)[0] == "analysis"


def test_what_an_operator_asks_lets_the_decision_before_it_stand(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    made, number = held(tx, salma)
    work.climb(tx, at(tx, number, salma), State.REFERRED, NOW, act=Act.REFERRED)
    cases.ask(tx, number, "online", NOW)
    assert work.undo(tx, at(tx, number, salma), SOON) is Refused.TOO_LATE
    assert hears(tx, made) == ("referred", "", "online")


def test_what_is_not_merged_nor_split_can_still_be_undone(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    (made, number), (_, other) = held(tx, salma), held(tx, salma, "two")
    work.climb(tx, at(tx, number, salma), State.REFERRED, NOW, act=Act.REFERRED)
    assert merge(tx, VAULT, number, number, NOW) is Unfit.SAME
    assert merge(tx, VAULT, number, 10**9, NOW) is Unfit.UNKNOWN
    assert merge(tx, VAULT, number, other, NOW) is Unfit.FURTHER
    assert split(tx, VAULT, number, other, NOW) is Unfit.NOT_A_PART
    assert take_out(tx, VAULT, number, [made.reference], NOW) is Unfit.ALL_OF_IT
    assert isinstance(work.undo(tx, at(tx, number, salma), SOON), Done) and hears(tx, made)[0] == "analysis"
    work.close(tx, at(tx, other, salma), Outcome.LAWFUL, NOW)
    assert merge(tx, VAULT, number, other, NOW) is Unfit.CLOSED
    assert isinstance(work.undo(tx, at(tx, other, salma), SOON), Done)
    work.note(tx, at(tx, other, salma), "wave", NOW)
    assert isinstance(merge(tx, VAULT, number, other, NOW), Regrouped)
    assert work.undo(tx, at(tx, other, salma), SOON) is Refused.TOO_LATE
