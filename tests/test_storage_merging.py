"""Merging and splitting: whatever moderators do with incidents, nothing that citizens gave is lost or counted twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from conversations.cases import State
from conversations.model import Step
from storage import cases, custody, incidents, places, reports
from storage.custody import Act
from storage.custody_chain import broken
from storage.db import Store, Transaction
from storage.joining import Handling, Joined
from storage.merging import Regrouped, Unfit, merge
from storage.splitting import split, take_out
from storage.tables import fingerprints, notices, questions
from storage.tables import incidents as rows
from storage.tables import reports as report_rows
from tests.storage_samples import HANDLING, NOW, VAULT, count, file, filing

PROVINCES = ("rabat", "fes", "abroad", "")
CATEGORIES = {"hate": 1, "scam": 0, "terrorism": 2, "child_abuse": 2}
LATER = NOW + timedelta(hours=1)


def report(tx: Transaction, post: str, category: str = "hate", place: str = "", **said: Any) -> Joined:
    group = "restricted" if category == "child_abuse" else "moderators"
    handling = Handling(
        CATEGORIES[category], ("general",), group, "" if group == "restricted" else HANDLING.link, LATER
    )
    answers = ((Step.PLACE, place),) if place else ()
    return file(tx, filing(post=post, category=category, answers=answers, **said), handling=handling)


def done(outcome: Regrouped | Unfit) -> Regrouped:
    assert isinstance(outcome, Regrouped), outcome
    return outcome


def row(tx: Transaction, number: int) -> Any:
    return tx.execute(select(rows).where(rows.c.number == number)).one()


def counted(tx: Transaction, number: int) -> dict[str, int]:
    found = row(tx, number)
    return places.total(places.opened(VAULT, found.id, found.places))


def test_the_reports_of_both_are_one_incidents(tx: Transaction) -> None:
    scam, hate = report(tx, "a", "scam", "rabat"), report(tx, "b", "hate", "rabat")
    assert done(merge(tx, VAULT, hate.number, scam.number, NOW)) == Regrouped(1, scam.number, frozenset({"moderators"}))
    both, empty = row(tx, scam.number), row(tx, hate.number)
    assert (both.reports, both.category, both.severity) == (2, "hate", 1)
    assert (empty.reports, empty.merged_into) == (0, both.id)
    assert counted(tx, scam.number) == {"rabat": 2} and empty.places is None
    assert {report(tx, post).number for post in "ab"} == {scam.number}
    listed = {facts["number"]: facts["merged_into"] for facts in incidents.listing(tx)}
    assert listed == {scam.number: None, hate.number: scam.number}


def test_what_was_merged_is_taken_out_as_it_was(tx: Transaction) -> None:
    one, other, third = report(tx, "a", "scam", "rabat"), report(tx, "b", "child_abuse", "fes"), report(tx, "c")
    done(merge(tx, VAULT, third.number, other.number, NOW))
    done(merge(tx, VAULT, other.number, one.number, NOW))
    assert row(tx, one.number).card_group == "restricted" and row(tx, one.number).link is None
    came_later = report(tx, "b", "child_abuse", "fes")
    assert came_later.number == one.number
    taken = done(split(tx, VAULT, one.number, other.number, NOW))
    assert taken == Regrouped(3, other.number, frozenset({"restricted", "moderators"}))
    alone = row(tx, one.number)
    assert (alone.reports, alone.category, alone.card_group) == (1, "scam", "moderators")
    assert (counted(tx, one.number), counted(tx, other.number)) == ({"rabat": 1}, {"fes": 2})
    assert row(tx, third.number).merged_into == row(tx, other.number).id
    assert [report(tx, post).number for post in "abc"] == [one.number, other.number, other.number]


def test_a_single_report_is_taken_out_into_an_incident_of_its_own(tx: Transaction) -> None:
    report(tx, "a")
    odd = filing(post="a", category="terrorism")
    joined = file(tx, odd, handling=Handling(2, link="x", link_until=LATER))
    assert take_out(tx, VAULT, joined.number, ["IB-0000-0000-000"], NOW) is Unfit.NOT_A_PART
    taken = done(take_out(tx, VAULT, joined.number, [odd.reference], NOW))
    assert row(tx, taken.number).category == "terrorism" and row(tx, taken.number).link is None
    assert row(tx, joined.number).category == "hate" and report(tx, "a").number == joined.number
    assert take_out(tx, VAULT, taken.number, [odd.reference], NOW) is Unfit.ALL_OF_IT


def test_what_cannot_be_merged_is_not(tx: Transaction) -> None:
    one, other, third = (report(tx, post).number for post in "abc")
    assert merge(tx, VAULT, one, one, NOW) is Unfit.SAME
    assert merge(tx, VAULT, one, 999_999, NOW) is Unfit.UNKNOWN
    assert split(tx, VAULT, one, other, NOW) is Unfit.NOT_A_PART
    done(merge(tx, VAULT, third, other, NOW))
    assert merge(tx, VAULT, third, one, NOW) is Unfit.MERGED
    for state in ("analysis", "referred"):
        tx.execute(update(rows).where(rows.c.number == one).values(state=state))
        assert merge(tx, VAULT, one, other, NOW) is Unfit.FURTHER
    tx.execute(update(rows).where(rows.c.number == other).values(state="closed"))
    assert merge(tx, VAULT, one, other, NOW) is Unfit.CLOSED
    assert split(tx, VAULT, other, third, NOW) is Unfit.CLOSED


def test_reporters_are_owed_the_news_that_their_report_is_further(tx: Transaction) -> None:
    waits, referred = filing("confidential", post="a"), report(tx, "b", disclosure="confidential")
    number = file(tx, waits).number
    cases.advance(tx, referred.number, State.ANALYSIS, "", NOW)
    cases.advance(tx, referred.number, State.REFERRED, "", NOW)
    cases.ask(tx, number, "account", NOW)
    owed = count(tx, notices)
    done(merge(tx, VAULT, number, referred.number, NOW, duplicate=True))
    assert reports.state(tx, waits.reference) == "referred"
    assert count(tx, notices) == owed == 2 and count(tx, questions) == 1
    done(split(tx, VAULT, referred.number, number, NOW))
    assert reports.state(tx, waits.reference) == "referred" == row(tx, number).state, "what was told stays true"


def test_closing_destroys_the_links_of_all_that_was_merged(tx: Transaction) -> None:
    one, other, third = (report(tx, post, place="rabat").number for post in "abc")
    done(merge(tx, VAULT, third, other, NOW))
    done(merge(tx, VAULT, other, one, NOW))
    assert [row(tx, number).link is None for number in (one, other, third)] == [False] * 3
    tx.execute(update(rows).values(wanted_version=rows.c.wanted_version + 1, card_message="77"))
    deepest = incidents.stale_next(tx, VAULT, "moderators")
    while deepest and deepest.incident.number != third:
        incidents.shown(tx, deepest, "77")
        deepest = incidents.stale_next(tx, VAULT, "moderators")
    assert deepest and deepest.incident.merged_into == one, "where the reports are"
    for state in (State.ANALYSIS, State.CLOSED):
        cases.advance(tx, one, state, "", NOW)
    assert [row(tx, number).link for number in (one, other, third)] == [None] * 3


def test_both_logs_say_what_was_done_and_by_whom(tx: Transaction) -> None:
    one, other = report(tx, "a").number, report(tx, "b").number
    done(merge(tx, VAULT, one, other, NOW, actor="somebody", duplicate=True))
    done(split(tx, VAULT, other, one, NOW))
    chains = {chain.number: chain for chain in custody.chains(tx)}
    acts = {number: [(e.act, e.actor, e.detail) for e in chains[number].entries][-2:] for number in (one, other)}
    assert acts[one] == [(Act.DUPLICATE, "somebody", str(other)), (Act.MOVED_OUT, "", str(other))]
    assert acts[other] == [(Act.MOVED_IN, "somebody", str(one)), (Act.SPLIT, "", str(one))]


STEPS = st.one_of(
    st.tuples(
        st.just("report"), st.sampled_from("abcd"), st.sampled_from(list(CATEGORIES)), st.sampled_from(PROVINCES)
    ),
    st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("split"), st.integers(0, 5), st.integers(0, 5)),
    st.tuples(st.just("take out"), st.integers(0, 9)),
    st.tuples(st.just("close"), st.integers(0, 5)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEPS, min_size=4, max_size=14))
def test_nothing_is_lost_whatever_is_done(store: Store, steps: list[tuple[Any, ...]]) -> None:
    with store.begin() as tx:
        for table in (fingerprints, questions, notices, report_rows):
            tx.execute(table.delete())
        tx.execute(rows.delete())
        filed, placed = 0, 0
        for what, *which in steps:
            numbers = list(tx.execute(select(rows.c.number).order_by(rows.c.number)).scalars()) or [0]
            at = [numbers[n % len(numbers)] for n in which if isinstance(n, int)]
            if what == "report":
                post, category, place = which
                report(tx, post, category, place, disclosure="confidential")
                filed, placed = filed + 1, placed + bool(place)
            elif what == "close":
                tx.execute(
                    update(rows).where(rows.c.number == at[0], rows.c.merged_into.is_(None)).values(state="closed")
                )
            elif what == "take out":
                said = tx.execute(select(report_rows.c.reference, rows.c.number).join(rows)).all()
                if said:
                    take_out(tx, VAULT, said[which[0] % len(said)].number, [said[which[0] % len(said)].reference], NOW)
            else:
                regroup = merge if what == "merge" else split
                regroup(tx, VAULT, at[0], at[1], NOW)
        whole(tx, filed, placed)


def whole(tx: Transaction, filed: int, placed: int) -> None:
    """Every report is in one live incident, which counts it; every log is unbroken; every link leads to a live one."""
    live = tx.execute(select(rows)).all()
    assert sum(incident.reports for incident in live) == filed == count(tx, report_rows)
    by_incident = select(report_rows.c.incident, func.count().label("many")).group_by(report_rows.c.incident)
    held = {row.incident: row.many for row in tx.execute(by_incident)}
    for incident in live:
        assert incident.reports == held.get(incident.id, 0)
        assert incident.reports or incident.merged_into, "an incident without reports says where they are"
        gravest = tx.execute(
            select(func.max(report_rows.c.severity)).where(report_rows.c.incident == incident.id)
        ).scalar()
        assert incident.merged_into or incident.severity == gravest
        assert incident.link is None or incident.category != "child_abuse"
    assert sum(sum(counted(tx, incident.number).values()) for incident in live) == placed
    assert not [wrong for chain in custody.chains(tx) for wrong in broken(chain)]
    led = tx.execute(select(rows.c.merged_into).join_from(fingerprints, rows)).scalars().all()
    assert led.count(None) == len(led)
