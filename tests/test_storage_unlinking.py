"""
Who wrote an anonymous report is nowhere in the database's files an hour later (docs/adr/0005-unlinking.md).

PostgreSQL writes the number of its transaction into every row, keeps old rows until they are vacuumed, and fills its
pages in the order of arrival: each of these would tell, and each is looked for here, in SQL and in the files.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, func, insert, select, text

from benchmarks import unlinked
from storage import answers, deliveries, people, reports, retention
from storage.db import Store, connect
from storage.embedded import serving
from storage.people import Memory
from storage.retention import WRITERS, WRITTEN, blur, sweep
from storage.tables import deliveries as remembered
from storage.tables import metadata, sessions, ways
from storage.tables import reports as filed
from storage.turns import Delivery, Known, begin, end
from tests.conftest import Server, fresh_database
from tests.server_files import committed, folder, pages, with_toast
from tests.storage_samples import FIRST, HANDLING, LATER, NOW, SECOND, VAULT, counts, filing, vault

LONG = b"a conversation so long that PostgreSQL puts it into a table of its own" * 200
JOB = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)"
    " VALUES ('default', 'card', :lock, '{\"group\": \"moderators\"}')"
)


@dataclass
class Turns:
    """What happened: in which transactions, and in which order."""

    numbers: set[int]
    persons: list[str]
    marks: list[bytes]
    references: list[str]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Of their own: what others do on theirs moves this one's log on, and keeps old versions alive."""
    with serving(tmp_path_factory.mktemp("server")) as url:
        made = Server(url)
        yield made
        made.stop()


@pytest.fixture
def store(server: Server) -> Iterator[Store]:
    with fresh_database(server) as url:
        made = connect(url)
        yield Store(made)
        made.dispose()


@pytest.fixture
def turns(store: Store) -> Turns:
    """Some citizens file anonymously, each in one transaction, as a turn does; the cards' jobs have run since."""
    happened = Turns(set(), [], [], [])
    rotated = vault((2, SECOND), (1, FIRST))
    for at in range(24):
        with store.begin() as tx:
            people.save(tx, VAULT, people.lock(tx, VAULT, "telegram", [("id", str(at))]), LONG, LATER)
    for at in range(24):
        using = rotated if at % 3 == 0 else VAULT  # a rotated key renames within the very turn that files
        with store.begin() as tx:
            delivery = Delivery("telegram", f"update {at}", f"chat {at}")
            known = begin(tx, using, [("id", str(at))], delivery, NOW)
            assert isinstance(known, Known)
            person, said = known.person, filing()
            reports.file(tx, using, said, HANDLING, "telegram", person, f"chat {at}", NOW)
            tx.execute(text(JOB), {"lock": str(at)})
            end(tx, using, person, Memory(LONG if at % 2 else b"sent", LATER), delivery, b"the answer" * 300, NOW)
            answers.put(tx, using, "telegram", f"update {at}", f"chat {at}", b"the answer" * 300, NOW)
            happened.numbers.add(int(tx.execute(text("SELECT CAST(pg_current_xact_id() AS xid)")).scalar_one()))
        happened.persons.append(str(person))
        happened.marks.append(bytes(using.mark("telegram", f"update {at}")))
        happened.references.append(said.reference)
    with store.begin() as tx:
        tx.execute(text("DELETE FROM procrastinate_jobs"))
    return happened


def numbers(store: Store, tables: tuple[Table, ...]) -> set[int]:
    """Every transaction's number in the rows of these tables and of their long values."""
    found: set[int] = set()
    with store.begin() as tx:
        for name in with_toast(tx, tables):
            rows = tx.execute(text(f"SELECT CAST(xmin AS text), CAST(xmax AS text) FROM {name}"))
            found |= {int(number) for row in rows for number in row}
    return found - {0}


def order(store: Store, table: Table, column: str) -> list[Any]:
    with store.begin() as tx:
        return list(tx.execute(text(f"SELECT {column} FROM {table.name} ORDER BY ctid")).scalars())


def test_without_blurring_the_files_would_tell(store: Store, turns: Turns) -> None:
    assert numbers(store, WRITERS) & numbers(store, WRITTEN) == turns.numbers
    held = pages(store, (*WRITERS, *WRITTEN))
    assert turns.numbers == {xmin for page in held for xmin, _ in page.rows} & turns.numbers
    assert order(store, filed, "reference") == turns.references


OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND (backend_xmin IS NOT NULL OR backend_type LIKE 'autovacuum%')"
)


def swept(store: Store) -> None:
    """
    Blur and sweep once nobody looks on: an old version that somebody's snapshot still sees, the server's own analysis
    among them, stays for the next time.
    """
    for _ in range(100):
        blur(store)
        if not sweep(store) and not _looked_on(store):
            blur(store)
            if not sweep(store) and not _looked_on(store):
                return
        time.sleep(0.2)
    raise AssertionError("somebody looked on all the time")


def _looked_on(store: Store) -> bool:
    with store.begin() as tx:
        return bool(tx.execute(OTHERS).scalar_one())


def test_an_hour_later_no_row_of_one_side_shares_a_transaction_with_the_other(store: Store, turns: Turns) -> None:
    blur(store)
    swept(store)
    writers, written = numbers(store, WRITERS), numbers(store, WRITTEN)
    assert writers and written and not writers & written
    assert not (writers | written) & turns.numbers


def test_an_hour_later_the_files_hold_no_old_row_either(store: Store, turns: Turns) -> None:
    blur(store)
    swept(store)
    everything = pages(store, (*WRITERS, *WRITTEN))
    assert sum(page.dead for page in everything) == 0
    assert not turns.numbers & {number for page in everything for row in page.rows for number in row}
    # Of people nothing is left even between the rows, where a vacuum leaves the bytes of what it took out.
    assert not any(page.hole.strip(b"\0") for page in pages(store, WRITERS))


def test_an_hour_later_the_order_of_arrival_is_gone(store: Store, turns: Turns) -> None:
    blur(store)
    swept(store)
    assert [str(person) for person in order(store, sessions, "person")] == sorted(turns.persons)
    assert [bytes(mark) for mark in order(store, remembered, "mark")] == sorted(turns.marks)
    assert order(store, filed, "reference") != turns.references


def test_tables_too_large_to_copy_are_shuffled_and_vacuumed(
    store: Store, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "REWRITTEN_UP_TO", -1)
    monkeypatch.setattr(retention, "AT_ONCE", 5)
    blur(store)
    swept(store)
    assert not (numbers(store, WRITERS) | numbers(store, WRITTEN)) & turns.numbers
    assert sum(page.dead for page in pages(store, (*WRITERS, *WRITTEN))) == 0
    assert [str(person) for person in order(store, sessions, "person")] != turns.persons
    assert [bytes(mark) for mark in order(store, remembered, "mark")] != turns.marks


def test_the_log_keeps_nothing_of_the_filing(store: Store, turns: Turns) -> None:
    """With `wal_recycle=off` and no archive, as the operator is told: what a checkpoint lets go is removed."""
    data = folder(store)
    assert committed(data) >= turns.numbers
    _set_recycling(store, "off")
    try:
        blur(store)
        swept(store)
    finally:
        _set_recycling(store, None)
    assert not committed(data) & turns.numbers


def _set_recycling(store: Store, value: str | None) -> None:
    with store.engine.connect() as plain:
        session = plain.execution_options(isolation_level="AUTOCOMMIT")
        session.execute(text(f"ALTER SYSTEM SET wal_recycle = {value}" if value else "ALTER SYSTEM RESET wal_recycle"))
        session.execute(text("SELECT pg_reload_conf(), pg_sleep(0.3)"))


def test_blurring_again_rewrites_only_what_was_written_since(store: Store, turns: Turns) -> None:
    written = sum(counts(store, *WRITERS, *WRITTEN))
    assert blur(store) == written > len(turns.persons) * len(WRITERS)
    assert blur(store) == 0
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "telegram", [("id", "1")])
        people.save(tx, VAULT, person, b"again", LATER)
    assert blur(store) == 1


def test_blurred_values_still_open(store: Store, turns: Turns) -> None:
    blur(store)
    swept(store)
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "telegram", [("id", "1")])
        assert people.session(tx, VAULT, person, NOW) == LONG
        assert deliveries.kept(tx, VAULT, "telegram", "update 1", "chat 1") == b"the answer" * 300
        assert len(list(reports.sealed(tx))) == len(turns.references)


def test_a_turn_at_work_is_passed_over_and_blurred_the_next_time(store: Store, turns: Turns) -> None:
    with store.begin() as tx:
        person = people.lock(tx, VAULT, "telegram", [("id", "1")])
        people.save(tx, VAULT, person, b"at work", LATER)
        blur(store)
    assert blur(store) == 1


def test_a_person_stamped_by_a_foreign_key_is_rewritten(store: Store, turns: Turns) -> None:
    blur(store)
    with store.begin() as tx:
        tx.execute(insert(ways).values(_way(turns.persons[0])))
        stamp = int(tx.execute(text("SELECT CAST(pg_current_xact_id() AS xid)")).scalar_one())
    assert stamp in numbers(store, WRITERS[:1])
    blur(store)
    assert stamp not in numbers(store, WRITERS)


def _way(person: str) -> dict[str, object]:
    row = UUID(person)
    address = VAULT.seal("ways", row.bytes, b"chat")
    return {"person": row, "mailbox": uuid4(), "channel": "telegram", "address": address}


def test_a_table_in_use_is_left_for_the_next_time(store: Store, turns: Turns) -> None:
    blur(store)
    with store.begin() as tx:
        tx.execute(select(func.count()).select_from(sessions))
        assert "sessions" in sweep(store)
    swept(store)


def test_every_table_stands_on_one_side_or_has_a_reason() -> None:
    """Whoever adds a table says whose its rows are: what a citizen's turn writes must be blurred and swept."""
    assert unlinked.unplaced(set(metadata.tables)) == set()
    persons, written = {table.name for table in WRITERS}, {table.name for table in WRITTEN}
    assert persons <= {*unlinked.TO_PERSONS, *unlinked.ERRANDS} and set(unlinked.TO_PERSONS) <= persons
    assert written <= {*unlinked.TO_REPORTS, *unlinked.ERRANDS} and not persons & written
    assert {name for name, table in metadata.tables.items() if "fresh" in table.c} == persons | written
    assert not (persons | written) & set(unlinked.NEITHER)
