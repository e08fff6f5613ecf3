"""Erasing where reports were merged and taken out again, and while others write: nothing too much goes, and nothing stays."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy import select, text

from bot.desk import plain
from conversations.about import Right
from conversations.cases import State
from conversations.model import Media
from conversations.router import propose
from conversations.steps import Step
from storage import cases, erasing, evidence, keys, merging, places, referrals, rights, splitting, wraps
from storage.custody_objects import naming
from storage.db import Store
from storage.joining import Joined
from storage.merging import Regrouped
from storage.opening import Desk
from storage.reports import sealed as sealed_reports
from storage.rewrapping import rewrap
from storage.tables import custody, fetches, incidents, reports, ways
from storage.tables import fingerprints as fingerprint_rows
from storage.tables import referrals as referral_rows
from tests.storage_samples import DESK, MADE, NOW, VAULT, count, emptied, file, filing, someone

ID = text("SELECT id FROM reports WHERE reference = :reference")


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    with emptied(module_database_url) as made:
        yield made


def report(store: Store, post: str, disclosure: str = "anonymous", place: str = "fes") -> tuple[str, Joined]:
    made = filing(disclosure, post, answers=((Step.PLACE, place),))
    with store.begin() as tx:
        return made.reference, file(tx, made)


def climb(store: Store, number: int, *states: State) -> None:
    with store.begin() as tx:
        for state in states:
            assert isinstance(cases.advance(tx, number, state, "", NOW), cases.Moved)


def erase(store: Store, reference: str, *, referred: bool = False) -> bool:
    with store.begin() as tx:
        return rights.erase(tx, VAULT, reference, someone(tx), referred, NOW)


def is_held(store: Store, reference: str) -> bool:
    return not erase(store, reference)


def test_what_was_taken_out_of_a_referred_incident_was_passed_on(store: Store) -> None:
    """Also through two incidents; what was taken out before was not."""
    (early, whole), (one, _), (two, _), _ = (report(store, "p") for _ in range(4))
    taken: list[int] = []
    for at, references in enumerate(([early], [one, two], [two])):
        with store.begin() as tx:
            out = splitting.take_out(tx, VAULT, taken[1] if at == 2 else whole.number, references, NOW)
            assert isinstance(out, Regrouped)
        number_of = select(incidents.c.number).join(reports, reports.c.incident == incidents.c.id)
        with store.begin() as tx:
            taken.append(tx.execute(number_of.where(reports.c.reference == references[0])).scalar_one())
        if at == 0:
            climb(store, whole.number, State.ANALYSIS, State.REFERRED)
    climb(store, taken[0], State.ANALYSIS, State.CLOSED)
    climb(store, taken[1], State.CLOSED)
    climb(store, taken[2], State.CLOSED)
    assert is_held(store, one) and is_held(store, two)
    assert not is_held(store, early)


def test_what_was_merged_referred_and_taken_out_was_passed_on(store: Store) -> None:
    (one, part), (_, whole) = report(store, "p"), report(store, "q")
    with store.begin() as tx:
        merging.merge(tx, VAULT, part.number, whole.number, NOW)
    climb(store, whole.number, State.ANALYSIS, State.REFERRED)
    with store.begin() as tx:
        splitting.split(tx, VAULT, whole.number, part.number, NOW)
    climb(store, part.number, State.CLOSED)
    assert is_held(store, one)


def test_the_last_report_of_what_was_merged_takes_its_link_and_its_places_along(store: Store) -> None:
    (one, part), (two, _), (_, whole) = report(store, "p"), report(store, "p"), report(store, "q", place="rabat")
    with store.begin() as tx:
        merging.merge(tx, VAULT, part.number, whole.number, NOW)

    def left() -> tuple[bool, dict[str, int], int, bool]:
        with store.begin() as tx:
            rows = {row.number: row for row in tx.execute(select(incidents))}
            there = places.total(places.opened(VAULT, whole.incident, rows[whole.number].places))
            linked = rows[part.number].link is not None
            return linked, there, count(tx, fingerprint_rows), rows[whole.number].link is not None

    assert left() == (True, {"fes": 2, "rabat": 1}, 2, True)
    assert erase(store, one)
    assert left() == (True, {"fes": 2, "rabat": 1}, 2, True), "another report still tells so"
    assert erase(store, two)
    assert left() == (False, {"rabat": 1}, 1, True)


def test_no_chat_is_led_to_by_the_files_of_a_report_that_is_parted_from_its_writer(store: Store) -> None:
    reference, joined = report(store, "p", "identified")
    with store.begin() as tx:
        id = tx.execute(select(reports.c.id)).scalar_one()
        evidence.owe(tx, VAULT, id, "telegram", [Media("photo", "a-handle")], "chat-4711", NOW)
    climb(store, joined.number, State.ANALYSIS, State.REFERRED)
    assert erase(store, reference, referred=True)
    with store.begin() as tx:
        assert tx.execute(select(fetches.c.address, fetches.c.sealed.is_not(None))).all() == [(None, True)]


def test_a_way_back_stays_for_a_report_that_is_being_filed(store: Store) -> None:
    """The erasure by time holds no person's lock: it waits for whoever writes at that moment."""
    report(store, "p", "confidential")
    with store.begin() as tx:
        old = tx.execute(select(reports.c.id)).scalar_one()

    def by_time() -> None:
        with store.begin() as tx:
            erasing.erase(tx, VAULT, old, NOW, "time")

    with store.begin() as tx:
        file(tx, filing("confidential", "q"))
        other = threading.Thread(target=by_time)
        other.start()
        wait_until_somebody_waits(store)
    other.join()
    with store.begin() as tx:
        assert count(tx, reports) == 1 and count(tx, ways) == 1


def wait_until_somebody_waits(store: Store) -> None:
    waits = text("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
                 " AND wait_event_type = 'Lock')")  # fmt: skip
    for _ in range(500):
        with store.begin() as tx:
            if tx.execute(waits).scalar_one():
                return
            tx.execute(text("SELECT pg_sleep(0.01)"))
    raise AssertionError("nobody waits")


def test_a_request_names_its_report_among_those_of_an_incident(store: Store) -> None:
    (one, _), (two, _) = report(store, "p"), report(store, "p")
    with store.begin() as tx:
        rights.ask(tx, two, Right.ACCESS, 30, NOW)
        (asked,) = rights.listing(tx)
        assert rights.done(tx, UUID(str(asked["id"])), NOW, "operator")
        ids = dict(tx.execute(select(reports.c.reference, reports.c.id)).all())
        told = tx.execute(select(custody.c.act, custody.c.digest).where(custody.c.act.in_(["requested", "settled"])))
        named = {row.act: bytes(row.digest) for row in told}
        assert named == {"requested": naming(tx, ids[two]), "settled": naming(tx, ids[two])}
        assert naming(tx, ids[one]) != naming(tx, ids[two])


def test_where_it_was_passed_on_to_travels_with_the_reports_and_goes_with_the_last(store: Store) -> None:
    (one, part), (two, whole) = report(store, "p"), report(store, "q")
    for joined in (part, whole):
        climb(store, joined.number, State.ANALYSIS, State.REFERRED)
        with store.begin() as tx:
            referrals.put(tx, VAULT, joined.incident, propose("hate", "fes"), NOW)
    new = keys.generate()
    to = keys.parse_desk_keys(new.environment["IBLAGH_DESK_PUBLIC_KEYS"])
    with store.begin() as tx:
        merging.merge(tx, VAULT, part.number, whole.number, NOW)
        told = {sealed.reference: sealed for sealed in sealed_reports(tx)}
        assert [len(told[reference].referrals) for reference in (one, two)] == [2, 2]
        lines = [line for line in rewrap(told.values(), Desk(MADE.desk["general"]), to, lambda _: "general") if line]
        listed = [key.id for key in (*DESK, *to)]
        wraps.take_in(tx, lines, listed, NOW)
        (old,) = (key.id for key in DESK if key.queue == "general")
        assert wraps.only_readers(tx, old, [key.id for key in to]) == 0
        again = {sealed.reference: plain(sealed, Desk(new.desk["general"])) for sealed in sealed_reports(tx)}
    assert [told["referral"]["place"] for told in again[one]["referrals"]] == ["fes", "fes"]
    for reference, left in ((one, 2), (two, 0)):
        with store.begin() as tx:
            erasing.erase(tx, VAULT, tx.execute(ID, {"reference": reference}).scalar_one(), NOW, "time")
            assert referrals.forget(tx) == 2 - left
            assert count(tx, referral_rows) == left


def test_what_is_erased_while_its_wraps_are_taken_in_is_passed_over(store: Store) -> None:
    """Whoever comes second waits; neither fails."""
    (one, _), (two, _) = report(store, "p"), report(store, "q")
    new = keys.parse_desk_keys(keys.generate().environment["IBLAGH_DESK_PUBLIC_KEYS"])
    with store.begin() as tx:
        ids = {reference: tx.execute(ID, {"reference": reference}).scalar_one() for reference in (one, two)}
        made = rewrap(sealed_reports(tx), Desk(MADE.desk["general"]), new, lambda _: "general")
        lines = {line.name: line for line in made if line}
    taken: list[int] = []

    def take(*references: str) -> None:
        with store.begin() as tx:
            taken.append(wraps.take_in(tx, [lines[name] for name in references], [key.id for key in new], NOW))

    with store.begin() as tx:
        erasing.erase(tx, VAULT, ids[one], NOW)
        other = threading.Thread(target=take, args=(one, two))
        other.start()
        wait_until_somebody_waits(store)
    other.join()
    assert taken == [2]
    take(one)
    assert taken == [2, 0]
