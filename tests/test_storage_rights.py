"""What citizens may erase is gone everywhere; what the law keeps stays; what they ask of the desk waits with its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select, text, update

from bot import doctor
from conversations.about import About, Addition, Change, Right
from conversations.cases import State
from conversations.model import Media
from storage import cases, custody, evidence, follow, people, reports, rights, tombstones
from storage.custody import Act
from storage.db import Store, Transaction
from storage.sealed import Sealed
from storage.shelf import Shelf
from storage.tables import custody as custody_rows
from storage.tables import discards as discard_rows
from storage.tables import evidence as evidence_rows
from storage.tables import evidence_keys, fetches, incidents, metadata, notices, questions, removals, ways
from storage.tables import people as person_rows
from storage.tables import reports as report_rows
from storage.tables import requests as request_rows
from storage.tombstones import What
from tests.storage_samples import NOW, VAULT, count, emptied, file, filing, someone

QUEUES = ("general",)
PERIODS = {"hate/received": 30}


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    with emptied(module_database_url) as made:
        yield made


def filed(store: Store, disclosure: str = "identified") -> tuple[str, UUID, int]:
    """A report with everything that can hang on one: its reference, its id, the incident's number."""
    made = filing(disclosure)
    with store.begin() as tx:
        number = file(tx, made).number
        row = tx.execute(select(report_rows).where(report_rows.c.reference == made.reference)).one()
        follow.add(tx, VAULT, Addition(made.reference, "more of it"), QUEUES, now=NOW)
        media = Media("photo", "a-handle-of-the-provider")
        evidence.owe(tx, VAULT, row.id, "telegram", [media], "chat-4711", NOW)
        exhibit = {"report": row.id, "exhibit": 7}
        sealed = Sealed(b"\xfafacts of a file")
        tx.execute(insert(evidence_rows).values(**exhibit, file=uuid4(), sealed=sealed))
        tx.execute(insert(evidence_keys).values(**exhibit, desk_key="one", wrapped=Sealed(b"\xfba wrapped key")))
        cases.ask(tx, number, "account", NOW)
        rights.ask(tx, made.reference, Right.ACCESS, 30, NOW)
    return made.reference, row.id, number


def everything(tx: Transaction) -> dict[str, bytes]:
    """All that stands in any table of ours or of the queue, as PostgreSQL writes it, by table."""
    names = [table.name for table in metadata.sorted_tables]
    names += ["procrastinate_jobs", "procrastinate_events"]
    return {name: repr(tx.execute(text(f"SELECT {name}::text FROM {name}")).all()).encode() for name in names}


def needles(tx: Transaction, reference: str, report: UUID) -> list[str]:
    """Whatever could only be of this report: ids, sealed parts, wrapped keys, names on the shelf, marks."""
    found: set[Any] = {reference, str(report)}
    for table, column in (("report_parts", "report"), ("report_keys", "report"), ("additions", "report"),
                          ("fetches", "report"), ("evidence", "report"), ("evidence_keys", "report"),
                          ("requests", "report"), ("questions", "report"), ("notices", "report")):  # fmt: skip
        rows = tx.execute(text(f"SELECT * FROM {table} WHERE {column} = :report"), {"report": report}).mappings().all()
        assert rows, table
        for row in rows:
            found |= {value.hex() for value in row.values() if isinstance(value, bytes)}
            found |= {str(value) for value in row.values() if isinstance(value, UUID)}
    keys = text("SELECT wrapped FROM addition_keys JOIN additions ON addition = id WHERE report = :report")
    found |= {bytes(wrapped).hex() for wrapped in tx.execute(keys, {"report": report}).scalars()}
    return sorted(str(one) for one in found)


def erase(store: Store, reference: str, name: str = "4711", *, referred: bool = False) -> bool:
    with store.begin() as tx:
        return rights.erase(tx, VAULT, reference, someone(tx, name), referred, NOW)


def opened(tx: Transaction, reference: str) -> About:
    about = follow.opened(tx, reference, someone(tx))
    assert about
    return about


def climb(store: Store, number: int, *states: State) -> None:
    with store.begin() as tx:
        for state in states:
            cases.advance(tx, number, state, "", NOW)


@pytest.mark.parametrize("disclosure", ["identified", "anonymous"])
def test_nothing_of_an_erased_report_is_left_in_any_table(store: Store, disclosure: str, tmp_path: Any) -> None:
    reference, report, number = filed(store, disclosure)
    if disclosure == "anonymous":
        with store.begin() as tx:  # nobody is owed news about it, but a row may be there from before
            owed = {"id": uuid4(), "report": report, "due_at": NOW, "owed_at": NOW, "forget_at": NOW}
            tx.execute(insert(notices).values(**owed))
    shelf = Shelf(tmp_path / "shelf")
    with store.begin() as tx:
        name = tx.execute(select(evidence_rows.c.file)).scalar_one()
        shelf.put(name, [b"sealed"])
        sought = needles(tx, reference, report)
        before = tx.execute(select(custody_rows)).all()
    assert len(sought) > 14
    assert erase(store, reference)
    with store.begin() as tx:
        left = everything(tx)
        assert [(table, one) for table, said in left.items() for one in sought if one.encode() in said
                and (table, one) != ("removals", str(name))] == []  # fmt: skip
        entries = tx.execute(select(custody_rows).order_by(custody_rows.c.position)).all()[len(before) :]
        assert {(entry.act, entry.actor, entry.detail) for entry in entries} == {("erased", "", "asked")}
        assert {entry.at for entry in entries} == {NOW.replace(minute=0)}
        erased = sorted(bytes(entry.digest) for entry in entries)
        came = [bytes(row.digest) for row in before if row.act in ("received", "added", "answered")]
        assert erased[0] and set(came) < set(erased) and len(erased) == len(came) + 1  # and the file that was put in
        row = tx.execute(select(incidents)).one()
        assert (row.number, row.reports, row.link, row.places) == (number, 1, None, None)
        assert row.wanted_version > row.shown_version
        assert count(tx, ways) == 0
        assert reports.state(tx, reference) is None
        assert follow.by_code(tx, VAULT, reference, "seven words", someone(tx, "x"), NOW) is None
        assert list(tombstones.all_of(tx).values()) == [What.REPORT]
        assert (
            count(tx, removals) == 1 and count(tx, discard_rows) == 1
        )  # the file, and what the provider may still have
        assert shelf.names()


def test_somebody_elses_try_does_nothing(store: Store) -> None:
    reference, _, _ = filed(store)
    with store.begin() as tx:
        before = everything(tx)
    assert erase(store, reference, "somebody else")
    with store.begin() as tx:
        after = everything(tx)
        assert follow.by_own(tx, reference, someone(tx, "somebody else")) is None
    for table in before.keys() - {"people", "aliases"}:
        assert after[table] == before[table], table


def test_what_was_passed_on_is_parted_from_its_writer_and_kept(store: Store) -> None:
    reference, _, number = filed(store)
    climb(store, number, State.ANALYSIS)
    with store.begin() as tx:
        assert not opened(tx, reference).referred
    climb(store, number, State.REFERRED)
    assert not erase(store, reference)  # it was passed on since they decided: they are asked again
    with store.begin() as tx:
        parts = everything(tx)["report_parts"], everything(tx)["report_keys"], everything(tx)["additions"]
        assert opened(tx, reference).referred
    assert erase(store, reference, referred=True)
    with store.begin() as tx:
        now = everything(tx)
        assert (now["report_parts"], now["report_keys"], now["additions"]) == parts
        assert count(tx, ways) == count(tx, notices) == 0
        assert count(tx, questions) == 0 and count(tx, evidence_rows) == 1 and count(tx, fetches) == 1
        row = tx.execute(select(report_rows)).one()
        assert (row.person, row.notify, row.state) == (None, False, "referred")
        assert reports.state(tx, reference) == "referred"
        assert follow.own(tx, someone(tx)) == ()
        last = tx.execute(select(custody_rows).order_by(custody_rows.c.position.desc()).limit(1)).one()
        assert (last.act, last.detail, bytes(last.digest)) == ("erased", "way", b"")
        assert list(tombstones.all_of(tx).values()) == [What.WAY]


def test_the_law_keeps_what_was_passed_on_after_it_is_closed_too(store: Store) -> None:
    passed, _, first = filed(store, "anonymous")
    dismissed, _, second = filed(store, "anonymous")
    climb(store, first, State.ANALYSIS, State.REFERRED, State.CLOSED)
    climb(store, second, State.ANALYSIS, State.CLOSED)
    assert not erase(store, passed) and erase(store, passed, referred=True)
    assert erase(store, dismissed)
    with store.begin() as tx:
        assert reports.state(tx, passed) == "closed" and reports.state(tx, dismissed) is None


def test_a_referral_that_was_undone_is_none(store: Store) -> None:
    reference, _, number = filed(store, "anonymous")
    climb(store, number, State.ANALYSIS, State.REFERRED)
    with store.begin() as tx:
        incident = tx.execute(select(incidents.c.id)).scalar_one()
        for table in (incidents, report_rows):
            tx.execute(update(table).values(state="analysis"))
        custody.add(tx, incident, Act.UNDONE, NOW, actor="operator", detail="referred")
    climb(store, number, State.CLOSED)
    assert erase(store, reference)
    with store.begin() as tx:
        assert count(tx, report_rows) == 0


def test_what_lay_here_before_the_log_began_may_have_been_passed_on(store: Store) -> None:
    reference, _, number = filed(store, "anonymous")
    with store.begin() as tx:
        custody.add(tx, tx.execute(select(incidents.c.id)).scalar_one(), Act.INHERITED, NOW)
        assert not opened(tx, reference).referred
    climb(store, number, State.ANALYSIS, State.CLOSED)
    assert not erase(store, reference)


def test_the_way_back_stays_for_who_has_another_report(store: Store) -> None:
    first, _, _ = filed(store)
    second, _, _ = filed(store, "confidential")
    assert erase(store, first)
    with store.begin() as tx:
        assert count(tx, ways) == 1
    assert erase(store, second)
    with store.begin() as tx:
        assert count(tx, ways) == 0
        people.save(tx, VAULT, someone(tx), None, NOW)
        assert count(tx, person_rows) == 0


def test_what_is_held_is_told_in_kinds(store: Store) -> None:
    reference, _, _ = filed(store)
    with store.begin() as tx:
        held = rights.held(tx, reference, PERIODS, NOW)
        person = someone(tx)
        assert rights.holding(tx, person, NOW).reports[0].reference == reference
        holding = rights.holding(tx, person, NOW)
        assert (holding.way, holding.written, holding.tries) == (True, False, False)
        follow.by_code(tx, VAULT, reference, "wrong", person, NOW)
        assert rights.holding(tx, person, NOW).tries
    assert (held.named, held.files, held.additions, held.way, held.news) == (True, 2, 1, True, 2)
    assert (held.until, held.asked_until) == ("2026-12-22", "2026-12-22")


def test_a_request_waits_with_its_day_until_it_is_answered(store: Store) -> None:
    reference, _, number = filed(store, "confidential")
    with store.begin() as tx:
        rights.ask(tx, reference, Right.ACCESS, 5, NOW)  # asked before: it keeps its day
        rights.ask(tx, reference, Right.OBJECTION, 10, NOW)
        first, second = rights.listing(tx)
        assert (first["kind"], second["kind"]) == ("objection", "access")
        assert (first["reference"], first["incident"], first["asked_at"]) == (reference, number, "2026-11-22T02:00:00Z")
        assert (first["due_at"], second["due_at"]) == ("2026-12-02T03:00:00Z", "2026-12-22T03:00:00Z")
        assert rights.overdue(tx, NOW + timedelta(days=11)) == (2, 1)
        assert doctor._requests(tx).words.startswith("2 of citizens wait for the desk")
        assert rights.done(tx, UUID(str(first["id"])), NOW, "operator")
        assert not rights.done(tx, UUID(str(first["id"])), NOW, "operator")
        assert [one["kind"] for one in rights.listing(tx)] == ["access"]
        assert len(rights.listing(tx, done=True)) == 2
        acts = tx.execute(select(custody_rows.c.act, custody_rows.c.detail, custody_rows.c.actor)).all()
        assert ("requested", "access", "") in acts and ("settled", "objection", "operator") in acts
        rights.ask(tx, reference, Right.OBJECTION, 10, NOW)
        assert count(tx, request_rows) == 3


def test_a_correction_is_sealed_as_one_and_stays_with_its_report(store: Store) -> None:
    reference, _, _ = filed(store, "confidential")
    with store.begin() as tx:
        follow.add(tx, VAULT, Addition(reference, "it was Tuesday", part="correction"), QUEUES, NOW)
        follow.add(tx, VAULT, Addition(reference, "not my name", part="objection"), QUEUES, NOW)
        acts = tx.execute(select(custody_rows.c.act, custody_rows.c.detail)).all()
        assert {"corrected", "objected"} <= {act for act, _ in acts}
        [sealed] = reports.sealed(tx)
        assert sorted(part for one in sealed.additions for part in one.parts) == ["content", "correction", "objection"]
        whom = (someone(tx), "telegram", "chat-4711")
        follow.change(tx, VAULT, Change(reference, "anonymous", secret="other"), *whom, QUEUES, NOW)
        [sealed] = reports.sealed(tx)
        assert len(sealed.additions) == 3
