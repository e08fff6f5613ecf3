"""Presses are compared with what the card showed: who may, who was first, what is undone, what a second person confirms."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from bot.presses import CHOICES, DEEDS
from conversations.cases import Outcome, Refused, State
from storage import moderators, pressing, undoing, work
from storage.custody import Act
from storage.db import Store, Transaction
from storage.moderators import Moderator, Role
from storage.pressing import Done, Pressed
from storage.standing import Standing, standing
from storage.tables import custody, notices, questions, reports
from storage.tables import incidents as rows
from storage.tables import work as work_rows
from tests.crowd import at_once, moderator
from tests.storage_samples import HANDLING, NOW, VAULT, file, filing

SOON, OVER = NOW + timedelta(seconds=59), NOW + timedelta(seconds=60)


def listed(tx: Transaction, name: str, role: Role = Role.AGENT) -> Moderator:
    return moderators.add(tx, VAULT, f"id of {name}", name, role)


def now_at(tx: Transaction, number: int) -> Any:
    joined = select(rows, work_rows).join_from(rows, work_rows, isouter=True)
    return tx.execute(joined.where(rows.c.number == number)).one()


def at(tx: Transaction, number: int, who: Moderator, key: str = "x") -> Pressed:
    """A press on the card as it is."""
    return Pressed(number, now_at(tx, number).version or 0, key, who)


def acts(tx: Transaction) -> list[tuple[str, str, str]]:
    staff = select(custody.c.act, custody.c.detail, custody.c.actor).where(custody.c.actor != "")
    return [tuple(row) for row in tx.execute(staff.order_by(custody.c.incident, custody.c.position))]


def taken(tx: Transaction, who: Moderator, severity: int = 1, disclosure: str = "confidential") -> int:
    handling = HANDLING.__class__(severity, link=HANDLING.link, link_until=HANDLING.link_until)
    number = file(tx, filing(disclosure), handling=handling).number
    assert isinstance(work.take(tx, at(tx, number, who), NOW - timedelta(minutes=5)), Done)
    return number


def test_the_first_takes_and_the_second_is_told(tx: Transaction) -> None:
    salma, omar = listed(tx, "Salma"), listed(tx, "Omar")
    number = file(tx).number
    first, second = at(tx, number, salma, "take"), at(tx, number, omar, "take")
    assert work.take(tx, first, NOW) == Done(Act.TAKEN, "moderators")
    assert work.take(tx, second, NOW) is Refused.STALE
    assert work.take(tx, at(tx, number, omar), NOW) is Refused.NOT_THE_HOLDER
    assert work.take(tx, first, NOW) == Done(Act.TAKEN, "")  # brought twice: told the same, owes nothing
    assert (now_at(tx, number).state, now_at(tx, number).taken_by) == ("analysis", salma.id)
    assert acts(tx) == [("taken", "", str(salma.id))]
    assert not tx.execute(select(func.count()).select_from(notices)).scalar()


@pytest.mark.parametrize("many", [2, 12])
def test_of_many_who_press_at_once_one_takes_it(store: Store, module_database_url: str, many: int) -> None:
    """Each is a process of its own, as two web servers would be."""
    with store.begin() as tx:
        number = file(tx).number
        everyone = [moderators.add(tx, VAULT, moderator(place), f"M {place}").id for place in range(many)]
    told = at_once("take", module_database_url, many, number)
    assert sorted(told) == sorted(["stale"] * (many - 1) + [str(Done(Act.TAKEN, "moderators"))])
    with store.begin() as tx:
        assert now_at(tx, number).taken_by in everyone and now_at(tx, number).version == 1
        assert [act for act, _, _ in acts(tx)] == ["taken"]


def test_what_is_held_is_locked_for_all_but_who_holds_it(tx: Transaction) -> None:
    salma, omar, lead = listed(tx, "Salma"), listed(tx, "Omar"), listed(tx, "Lead", Role.SUPERVISOR)
    number = taken(tx, salma)
    for deed in (work.release, work.unmute):
        assert deed(tx, at(tx, number, omar), NOW) is Refused.NOT_THE_HOLDER
    assert work.close(tx, at(tx, number, lead), Outcome.LAWFUL, NOW) is Refused.NOT_THE_HOLDER
    assert work.release(tx, at(tx, number, lead), NOW) == Done(Act.RELEASED, "moderators")
    assert (now_at(tx, number).state, now_at(tx, number).taken_by) == ("received", None)


def test_an_auditor_presses_nothing_and_an_agent_nothing_restricted(tx: Transaction) -> None:
    hidden = file(tx, handling=HANDLING.__class__(2, ("restricted",), "restricted")).number
    open_one = file(tx).number
    assert work.take(tx, at(tx, open_one, listed(tx, "Reader", Role.AUDITOR)), NOW) is Refused.NOT_ALLOWED
    assert work.take(tx, at(tx, hidden, listed(tx, "Agent")), NOW) is Refused.NOT_ALLOWED
    assert isinstance(work.take(tx, at(tx, hidden, listed(tx, "Child", Role.CHILD_PROTECTION)), NOW), Done)
    assert work.take(tx, Pressed(10**17, 0, "take", listed(tx, "Agent")), NOW) is Refused.UNKNOWN


def test_the_ladder_is_climbed_and_left_as_the_table_says(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    ladder = ((State.REFERRED, Act.REFERRED), (State.PROSECUTOR, Act.PROSECUTOR), (State.INSTRUCTED, Act.INSTRUCTED))
    for state, act in (*ladder, (State.RETURNED, Act.RETURNED), (State.REFERRED, Act.REFERRED)):
        assert work.climb(tx, at(tx, number, salma), state, NOW, act=act) == Done(act, "moderators")
        undoing.stand(tx, now_at(tx, number).id)
        assert tx.execute(select(reports.c.state)).scalar_one() == state
    assert work.climb(tx, at(tx, number, salma), State.INSTRUCTED, NOW, act=Act.INSTRUCTED) is Refused.NO_SUCH_MOVE
    released = work.release(tx, at(tx, number, salma), NOW)
    assert released == Done(Act.RELEASED, "moderators") and now_at(tx, number).state == "referred"
    assert isinstance(work.take(tx, at(tx, number, salma), NOW), Done) and now_at(tx, number).state == "referred"


def test_a_closing_can_be_undone_for_a_minute_and_nothing_is_lost_by_it(tx: Transaction) -> None:
    salma, omar, lead = listed(tx, "Salma"), listed(tx, "Omar"), listed(tx, "Lead", Role.SUPERVISOR)
    for who, told in ((omar, Refused.NOT_YOURS), (salma, None), (lead, None)):
        number = taken(tx, salma)
        before = now_at(tx, number)
        assert work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW) == Done(Act.CLOSED, "moderators")
        assert tx.execute(select(func.count()).select_from(notices)).scalar() == 1
        came = work.undo(tx, at(tx, number, who), SOON)
        after = now_at(tx, number)
        if told:
            assert came is told and after.state == "closed"
            assert isinstance(work.undo(tx, at(tx, number, lead), SOON), Done)
        else:
            assert came == Done(Act.UNDONE, "moderators")
            names = ("state", "taken_by", "outcome", "link", "link_until")
            assert [after._mapping[name] for name in names] == [before._mapping[name] for name in names]
        assert not tx.execute(select(func.count()).select_from(notices)).scalar()
        assert work.undo(tx, at(tx, number, salma), SOON) is Refused.TOO_LATE
    assert set(tx.execute(select(reports.c.state, reports.c.outcome))) == {("analysis", None)}


def test_after_the_minute_a_closing_stands_and_destroys_the_link(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    work.close(tx, at(tx, number, salma), Outcome.ACTED, NOW)
    assert undoing.due(tx, SOON) == [] and now_at(tx, number).link is not None
    assert work.undo(tx, at(tx, number, salma), OVER) is Refused.TOO_LATE
    assert [undoing.stand(tx, id) for id in undoing.due(tx, OVER)] == ["moderators"]
    row = now_at(tx, number)
    assert (row.link, row.link_until, row.places, row.before, row.outcome) == (None, None, None, None, "acted")
    assert undoing.due(tx, OVER) == [] and undoing.stand(tx, row.id) == ""


def test_a_later_decision_lets_the_earlier_stand(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    work.climb(tx, at(tx, number, salma), State.REFERRED, NOW, act=Act.REFERRED)
    work.note(tx, at(tx, number, salma), "wave", SOON)
    assert isinstance(work.undo(tx, at(tx, number, salma), SOON), Done)
    row = now_at(tx, number)
    assert (row.state, row.remarks) == ("referred", [])
    assert tx.execute(select(func.count()).select_from(notices)).scalar() == 1  # of the referral


def test_what_is_closed_is_not_undone_once_it_came_again(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW)
    again = file(tx).number
    tx.execute(update(rows).where(rows.c.number == again).values(earlier=number))
    assert work.undo(tx, at(tx, number, salma), SOON) is Refused.REOPENED


def test_what_is_critical_is_closed_by_two(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    alone = taken(tx, salma, severity=2)
    assert work.close(tx, at(tx, alone, salma), Outcome.ACTED, NOW) == Done(Act.CLOSED, "moderators")
    omar, number = listed(tx, "Omar"), taken(tx, salma, severity=2)
    assert work.close(tx, at(tx, number, salma), Outcome.ACTED, NOW) == Done(Act.PROPOSED, "moderators")
    assert now_at(tx, number).state == "analysis"
    shown = standing(tx, VAULT, now_at(tx, number).id, NOW)
    assert (shown.proposed, shown.proposed_by, shown.may_undo) == ("acted", "Salma", True)
    assert work.note(tx, at(tx, number, salma), "wave", NOW) is Refused.NO_SUCH_MOVE
    assert work.confirm(tx, at(tx, number, salma), NOW) is Refused.SECOND_PERSON
    reader = listed(tx, "Reader", Role.AUDITOR)
    assert work.confirm(tx, at(tx, number, reader), NOW) is Refused.NOT_ALLOWED
    assert work.confirm(tx, at(tx, number, omar), NOW) == Done(Act.CONFIRMED, "moderators")
    assert (now_at(tx, number).state, now_at(tx, number).outcome) == ("closed", "acted")
    assert [act for act, _, who in acts(tx) if who == str(omar.id)] == ["confirmed"]


def test_a_proposal_can_be_declined_or_undone(tx: Transaction) -> None:
    salma, omar = listed(tx, "Salma"), listed(tx, "Omar")
    number = taken(tx, salma, severity=2)
    work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW)
    assert work.keep_open(tx, at(tx, number, omar), NOW) == Done(Act.KEPT_OPEN, "moderators")
    assert work.confirm(tx, at(tx, number, omar), NOW) is Refused.NO_SUCH_MOVE
    work.close(tx, at(tx, number, salma), Outcome.LAWFUL, NOW)
    assert isinstance(work.undo(tx, at(tx, number, salma), SOON), Done)
    assert (now_at(tx, number).proposed, now_at(tx, number).state) == (None, "analysis")


def test_a_question_is_put_by_template_and_taken_back(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = taken(tx, salma)
    assert work.ask(tx, at(tx, number, salma), "online", NOW) == Done(Act.ASKED, "moderators")
    shown = standing(tx, VAULT, now_at(tx, number).id, NOW)
    assert (shown.asked, shown.answered, shown.reachable, shown.menu) == (1, 0, True, "")
    assert isinstance(work.undo(tx, at(tx, number, salma), SOON), Done)
    assert not tx.execute(select(func.count()).select_from(questions)).scalar()
    assert not tx.execute(select(func.count()).select_from(notices)).scalar()
    assert work.ask(tx, at(tx, number, salma), "child", NOW) is Refused.NO_SUCH_MOVE
    nobody = taken(tx, salma, disclosure="anonymous")
    assert work.ask(tx, at(tx, nobody, salma), "online", NOW) is Refused.NOBODY_TO_ASK


def test_silence_ends_with_its_time_by_hand_or_by_what_is_worse(tx: Transaction) -> None:
    salma = listed(tx, "Salma")
    number = file(tx).number
    id = now_at(tx, number).id
    assert work.mute(tx, at(tx, number, salma), 24, NOW) == Done(Act.MUTED, "moderators")
    until = NOW + timedelta(hours=24)
    assert standing(tx, VAULT, id, NOW).muted_until == until and standing(tx, VAULT, id, until).muted_until is None
    tx.execute(update(rows).where(rows.c.id == id).values(severity=2))
    assert standing(tx, VAULT, id, NOW).muted_until is None
    tx.execute(update(rows).where(rows.c.id == id).values(severity=1))
    assert work.unmute(tx, at(tx, number, salma), NOW) == Done(Act.UNMUTED, "moderators")
    assert standing(tx, VAULT, id, NOW).muted_until is None


def test_a_menu_is_shown_and_left_without_a_trace(tx: Transaction) -> None:
    salma, omar = listed(tx, "Salma"), listed(tx, "Omar")
    number = taken(tx, salma)
    seen = len(acts(tx))
    assert work.show(tx, at(tx, number, salma), "close", NOW) == Done("shown", "moderators")
    assert now_at(tx, number).menu == "close"
    assert work.show(tx, at(tx, number, omar), "", NOW) is Refused.NOT_THE_HOLDER
    assert isinstance(work.show(tx, at(tx, number, salma), "", NOW), Done) and now_at(tx, number).menu is None
    assert len(acts(tx)) == seen


def test_whoever_is_struck_off_confirms_nothing_and_an_undo_gives_them_nothing_back(tx: Transaction) -> None:
    salma, omar = listed(tx, "Salma"), listed(tx, "Omar", Role.SUPERVISOR)
    number = taken(tx, salma)
    work.release(tx, at(tx, number, salma), NOW)
    moderators.remove(tx, VAULT, "id of Salma")
    assert isinstance(work.undo(tx, at(tx, number, omar), SOON), Done)
    assert now_at(tx, number).taken_by is None
    assert standing(tx, VAULT, now_at(tx, number).id, NOW) == Standing(version=3, reachable=True)


KEYS = st.sampled_from([*DEEDS, *(f"{deed}-{chosen}" for deed, chosen in (
    ("close", "acted"), ("close", "lawful"), ("ask", "online"), ("note", "wave"), ("mute", "24"), ("refer", "central-00"),
))])  # fmt: skip
PRESSES = st.lists(st.tuples(st.integers(0, 3), KEYS, st.integers(0, 2), st.integers(0, 70)), max_size=12)
WHO = (("Salma", Role.AGENT), ("Omar", Role.AGENT), ("Lead", Role.SUPERVISOR), ("Reader", Role.AUDITOR))


def pressed_by_key(tx: Transaction, pressed: Pressed, now: datetime) -> Done | Refused:
    deed, _, chosen = pressed.key.partition("-")
    return (CHOICES if chosen else DEEDS)[deed](tx, VAULT, pressed, chosen, now)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(PRESSES)
def test_any_presses_leave_a_case_whole(store: Store, presses: list[tuple[int, str, int, int]]) -> None:
    """Each that does something raises the version by one; each that is refused, or comes again, changes nothing at all."""
    with store.begin() as tx:
        staff = [listed(tx, name, role) for name, role in WHO]
        number, now = file(tx, filing("confidential")).number, NOW
        for who, key, behind, seconds in presses:
            now += timedelta(seconds=seconds)
            before, written = now_at(tx, number), len(acts(tx))
            version = (before.version or 0) - (behind == 2)
            came = pressed_by_key(tx, Pressed(number, version, key, staff[who]), now)
            after = now_at(tx, number)
            done = isinstance(came, Done) and bool(came.group)
            assert (after.version or 0) == (before.version or 0) + done
            assert after.wanted_version == before.wanted_version or done
            shown = isinstance(came, Done) and came.act == "shown"
            assert len(acts(tx)) == written + (done and not shown)
            assert (after.outcome is not None) == (after.state == "closed")
            reached = (after.before or {"state": after.state})["state"]  # what can still be undone is not heard of yet
            assert set(tx.execute(select(reports.c.state).join(rows).where(rows.c.number == number)).scalars()) == {
                reached
            }
            assert WHO[who][1] is not Role.AUDITOR or isinstance(came, Refused)
            pressing.show_again(tx, number)
