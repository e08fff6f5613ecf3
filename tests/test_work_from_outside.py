"""What happens to a case besides presses on its card: the command line, and people who leave or are given other work."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from conversations.cases import Outcome, Refused, State
from storage import cases, incidents, lapsing, moderators, work
from storage.cases import Moved
from storage.custody import Act
from storage.db import Transaction
from storage.merging import Regrouped, merge
from storage.moderators import Role
from storage.pressing import Done
from storage.standing import standing
from storage.tables import incidents as rows
from storage.tables import notices, questions, reports
from tests.storage_samples import HANDLING, LATER, NOW, VAULT, count, file, filing
from tests.test_work import SOON, acts, at, listed, now_at, taken


def test_what_an_operator_moves_is_no_longer_undone_nor_pressed_from_an_old_card(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    work.note(tx, at(tx, number, salma), "wave", NOW)
    work.show(tx, at(tx, number, salma), "close", NOW)
    before = at(tx, number, salma)
    assert cases.advance(tx, number, State.REFERRED, "", NOW) == Moved(1, "moderators")
    assert work.undo(tx, before, SOON) is Refused.STALE
    assert work.undo(tx, at(tx, number, salma), SOON) is Refused.TOO_LATE
    row = now_at(tx, number)
    assert (row.state, row.menu, row.before, row.remarks) == ("referred", None, None, ["wave"])


def test_what_an_operator_closes_is_proposed_no_more(tx: Transaction) -> None:
    salma, omar = listed(tx, "Salma"), listed(tx, "Omar")
    number = taken(tx, salma, severity=2)
    work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW)
    assert cases.advance(tx, number, State.CLOSED, "acted", NOW) == Moved(1, "moderators")
    assert work.confirm(tx, at(tx, number, omar), NOW) is Refused.NO_SUCH_MOVE
    shown = standing(tx, VAULT, now_at(tx, number).id, NOW)
    assert (shown.proposed, shown.outcome, shown.may_undo) == ("", "acted", False)


def test_an_operators_moves_are_news_as_a_moderators_are(tx: Transaction) -> None:
    number = file(tx, filing("confidential")).number
    for state, owed in ((State.ANALYSIS, 0), (State.REFERRED, 1), (State.RETURNED, 0), (State.CLOSED, 1)):
        cases.advance(tx, number, state, "", NOW)
        assert count(tx, notices) == owed, state
        tx.execute(notices.delete())


def test_what_was_merged_is_moved_and_asked_where_its_reports_are(tx: Transaction) -> None:
    one, other = file(tx, filing("confidential")).number, file(tx, filing("confidential")).number
    assert isinstance(merge(tx, VAULT, one, other, NOW), Regrouped)
    assert cases.advance(tx, one, State.ANALYSIS, "", NOW) is Refused.UNKNOWN
    assert cases.ask(tx, one, "details", NOW) is Refused.UNKNOWN
    assert cases.ask(tx, other, "details", NOW) == Moved(2, "moderators")


def test_what_an_operator_asks_stands_on_the_card_and_in_the_log(tx: Transaction) -> None:
    number = file(tx, filing("confidential")).number
    wanted = now_at(tx, number).wanted_version
    assert cases.ask(tx, number, "online", NOW) == Moved(1, "moderators")
    assert cases.ask(tx, number, "online", NOW) == Moved(0, "moderators")
    assert acts(tx) == [("asked", "online", "operator")]
    assert now_at(tx, number).wanted_version == wanted + 1


def test_nobody_is_asked_the_same_twice_nor_told_of_what_others_are_asked(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma, disclosure="confidential")
    assert work.ask(tx, at(tx, number, salma), "online", NOW) == Done(Act.ASKED, "moderators")
    tx.execute(notices.delete())  # it was told
    assert standing(tx, VAULT, now_at(tx, number).id, NOW).waiting == {"online"}
    before = now_at(tx, number)
    assert work.ask(tx, at(tx, number, salma), "online", LATER) is Refused.NO_SUCH_MOVE
    assert now_at(tx, number) == before and count(tx, notices) == 0
    joined = file(tx, filing("confidential"), "4712").number
    assert isinstance(merge(tx, VAULT, joined, number, LATER), Regrouped)
    assert standing(tx, VAULT, now_at(tx, number).id, LATER).waiting == set()
    assert work.ask(tx, at(tx, number, salma), "online", LATER) == Done(Act.ASKED, "moderators")
    assert count(tx, notices) == 1 and count(tx, questions) == 2
    assert isinstance(work.undo(tx, at(tx, number, salma), LATER + timedelta(seconds=9)), Done)
    assert count(tx, notices) == 0
    left = tx.execute(select(questions.c.asked_at)).scalars().all()
    assert left == [NOW]


def test_what_somebody_held_who_is_struck_off_waits_again_as_if_they_had_given_it_up(tx: Transaction) -> None:
    salma, omar = listed(tx, "Salma"), listed(tx, "Omar")
    number, referred, closed = taken(tx, salma), taken(tx, salma), taken(tx, salma)
    work.climb(tx, at(tx, referred, salma), State.REFERRED, NOW, act=Act.REFERRED)
    work.close(tx, at(tx, closed, salma), Outcome.LAWFUL, NOW)
    old = at(tx, number, salma)
    assert moderators.remove(tx, VAULT, "id of Salma")
    found = [(now_at(tx, one).state, now_at(tx, one).taken_by) for one in (number, referred, closed)]
    assert found == [("received", None), ("referred", None), ("closed", None)]
    assert [act for act in acts(tx) if act[2] == "operator"] == [("released", "", "operator")] * 2
    assert set(tx.execute(select(reports.c.state)).scalars()) == {"received", "referred", "closed"}
    assert work.take(tx, old._replace(moderator=omar), NOW) is Refused.STALE
    assert isinstance(work.take(tx, at(tx, number, omar), NOW), Done)


def test_nobody_confirms_what_they_proposed_before_they_were_struck_off_and_listed_again(tx: Transaction) -> None:
    salma, _ = listed(tx, "Salma"), listed(tx, "Omar")
    number = taken(tx, salma, severity=2)
    work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW)
    moderators.remove(tx, VAULT, "id of Salma")
    again = listed(tx, "Salma")
    assert work.confirm(tx, at(tx, number, again), NOW) is Refused.NO_SUCH_MOVE
    assert (now_at(tx, number).proposed, now_at(tx, number).state) == (None, "received")


def test_who_gets_another_role_keeps_what_they_may_work(tx: Transaction) -> None:
    salma = listed(tx, "Salma", Role.SUPERVISOR)
    number = taken(tx, salma)
    hidden = file(tx, handling=HANDLING.__class__(2, ("restricted",), "restricted")).number
    work.take(tx, at(tx, hidden, salma), NOW)
    listed(tx, "Salma", Role.AGENT)
    assert [now_at(tx, one).taken_by for one in (number, hidden)] == [salma.id, None]
    listed(tx, "Salma", Role.AUDITOR)
    assert (now_at(tx, number).taken_by, now_at(tx, number).state) == (None, "received")


def test_what_becomes_a_childs_case_is_not_held_by_whoever_may_not_see_it(tx: Transaction) -> None:
    salma, nora = listed(tx, "Salma"), listed(tx, "Nora", Role.CHILD_PROTECTION)
    number = taken(tx, salma)
    tx.execute(update(rows).values(card_group="restricted", category="child_abuse", severity=2))
    stale = incidents.stale_next(tx, VAULT, "restricted")
    assert stale and stale.incident.taken_by == ""
    assert work.note(tx, at(tx, number, salma), "wave", NOW) is Refused.NOT_ALLOWED
    assert work.take(tx, at(tx, number, nora), NOW) == Done(Act.TAKEN, "restricted")
    assert now_at(tx, number).taken_by == nora.id


def test_a_menu_that_its_opener_left_open_closes_by_itself(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number, other = taken(tx, salma), taken(tx, salma)
    for one in (number, other):
        work.show(tx, at(tx, one, salma), "close", NOW)
    work.show(tx, at(tx, other, salma), "", NOW)
    old, wanted = at(tx, number, salma), now_at(tx, number).wanted_version
    assert lapsing.lapse(tx, NOW + timedelta(minutes=4)) == set()
    assert lapsing.lapse(tx, NOW + timedelta(minutes=5)) == {"moderators"}
    assert lapsing.lapse(tx, NOW + timedelta(minutes=5)) == set()
    row = now_at(tx, number)
    assert (row.menu, row.menu_until, row.wanted_version) == (None, None, wanted + 1)
    assert work.close(tx, old, Outcome.LAWFUL, NOW) is Refused.STALE


def test_a_card_loses_the_word_of_a_silence_that_is_over(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    work.mute(tx, at(tx, number, salma), 1, NOW)
    version, wanted = now_at(tx, number).version, now_at(tx, number).wanted_version
    assert lapsing.lapse(tx, NOW + timedelta(minutes=59)) == set()
    assert lapsing.lapse(tx, NOW + timedelta(hours=1)) == {"moderators"}
    row = now_at(tx, number)
    assert (row.muted_until, row.version, row.wanted_version) == (None, version, wanted + 1)


def test_a_silence_ends_when_it_becomes_a_childs_case_and_one_made_there_holds(tx: Transaction) -> None:
    """As grave as before, but others work it, who never asked for silence."""
    salma, nora = listed(tx, "Salma"), listed(tx, "Nora", Role.CHILD_PROTECTION)
    number = file(tx, handling=HANDLING.__class__(2)).number
    id = now_at(tx, number).id
    work.mute(tx, at(tx, number, salma), 168, NOW)
    assert standing(tx, VAULT, id, NOW).muted_until
    tx.execute(update(rows).values(category="child_abuse", card_group="restricted"))
    assert standing(tx, VAULT, id, NOW).muted_until is None
    work.mute(tx, at(tx, number, nora), 1, NOW)
    assert standing(tx, VAULT, id, NOW).muted_until == NOW + timedelta(hours=1)
