"""The custody log: unbroken however many write, whole after an erasure, and no byte of it can change unseen."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Table, delete, insert, select, text

from storage import custody, migrate, retention
from storage.custody import Act
from storage.custody_chain import Chain, broken, from_object
from storage.custody_check import Fault, check
from storage.custody_objects import erasing
from storage.custody_tables import custody as log
from storage.custody_tables import custody_heads
from storage.db import Rejected, Store, connect
from storage.shelf import Shelf
from storage.tables import report_parts, reports
from tests.storage_samples import emptied, file, filing, unguarded

SOMEBODY = str(uuid4())
AT = datetime(2026, 11, 22, 2, 33, 9, 500_000, tzinfo=UTC)
WRITERS, EACH = 6, 8
TABLES = (log, custody_heads)


@pytest.fixture
def store(module_database_url: str) -> Iterator[Store]:
    with emptied(module_database_url) as made:
        yield made


def faults(store: Store, folder: Path) -> list[Fault]:
    with store.begin() as tx:
        return check(tx, Shelf(folder)).faults


def only(store: Store) -> Chain:
    with store.begin() as tx:
        (chain,) = custody.chains(tx)
    return chain


def worked(store: Store) -> UUID:
    """An incident that came, was taken, and was closed."""
    with store.begin() as tx:
        incident = file(tx, filing("identified")).incident
        custody.add(tx, incident, Act.TAKEN, AT, actor=SOMEBODY)
        custody.add(tx, incident, Act.CLOSED, AT, actor=SOMEBODY, detail="insufficient")
    return incident


def test_a_report_is_received_to_the_hour_and_staff_act_to_the_second(store: Store, tmp_path: Path) -> None:
    worked(store)
    chain = only(store)
    assert [(entry.act, entry.detail, entry.actor, entry.at) for entry in chain.entries] == [
        ("received", "content", "", "2026-11-22T02:00:00Z"),
        ("received", "identity", "", "2026-11-22T02:00:00Z"),
        ("taken", "", SOMEBODY, "2026-11-22T02:33:09Z"),
        ("closed", "insufficient", SOMEBODY, "2026-11-22T02:33:09Z"),
    ]
    assert [len(entry.digest) for entry in chain.entries] == [64, 64, 0, 0]
    assert (chain.number, chain.length, chain.hash) == (chain.number, 4, chain.entries[-1].hash)
    assert faults(store, tmp_path) == []
    assert from_object(chain.as_object()) == chain


@pytest.mark.parametrize(
    "said",
    [
        {"actor": "Amina"},
        {"actor": "4711"},
        {"actor": "desk\n"},
        {"detail": "https://bad.example"},
        {"detail": "two words"},
        {"detail": "+212611223344"},
        {"detail": "612345678"},
        {"detail": "IB-7K3M-P9QD-24X"},
        {"digest": b"short"},
    ],
)
def test_an_entry_holds_fixed_words_alone(store: Store, said: dict[str, Any]) -> None:
    with store.begin() as tx:
        incident = file(tx).incident
    with pytest.raises(ValueError) as refused, store.begin() as tx:
        custody.add(tx, incident, Act.TAKEN, AT, **said)
    assert not any(str(value) in str(refused.value) for value in said.values())
    (name, value), row = *said.items(), rows(store, log)[0]
    with pytest.raises(Rejected, match="custody"), store.begin() as tx:
        tx.execute(log.insert().values(**row | {"position": 9, name: value}))


def test_a_citizen_is_no_actor_and_their_minute_cannot_be_kept(store: Store) -> None:
    with store.begin() as tx:
        incident = file(tx).incident
    with pytest.raises(ValueError, match="citizen"), store.begin() as tx:
        custody.add(tx, incident, Act.RECEIVED, AT, actor=SOMEBODY)
    with pytest.raises(Rejected, match="to_the_hour"), store.begin() as tx:
        tx.execute(log.insert().values(**rows(store, log)[0] | {"position": 9, "at": AT.replace(microsecond=0)}))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM custody",
        "DELETE FROM custody_heads",
        "TRUNCATE custody",
        "TRUNCATE custody_heads CASCADE",
        "UPDATE custody SET detail = 'other'",
        "UPDATE custody SET digest = sha256('x'), fresh = false",
        "UPDATE custody_heads SET length = 1",
        "UPDATE custody_heads SET number = number + 1",
        "UPDATE custody_heads SET hash = sha256('x')",
    ],
)
def test_the_database_itself_refuses_every_change(store: Store, statement: str) -> None:
    worked(store)
    before = only(store)
    with pytest.raises(Rejected, match="23001 custody"), store.begin() as tx:
        tx.execute(text(statement))
    assert only(store) == before


def test_blurring_leaves_the_chain_as_it_is(store: Store, tmp_path: Path) -> None:
    worked(store)
    before = only(store)
    assert retention.blur(store) > 0
    assert retention.blur(store) == 0
    assert only(store) == before and faults(store, tmp_path) == []


def test_many_who_write_at_once_leave_unbroken_chains(module_database_url: str, tmp_path: Path) -> None:
    """Threads with engines of their own, as web processes have: two incidents, some transactions rolled back."""
    with emptied(module_database_url) as store, store.begin() as tx:
        incidents = [file(tx, name=str(at)).incident for at in range(2)]
    start = threading.Barrier(WRITERS)

    def write(seed: int) -> None:
        mine, dice = Store(connect(module_database_url, threads=1)), random.Random(seed)
        start.wait()
        for _ in range(EACH):
            with mine.begin() as tx:
                custody.add(tx, dice.choice(incidents), Act.NOTED, AT, actor=SOMEBODY)
            with pytest.raises(ZeroDivisionError), mine.begin() as tx:
                custody.add(tx, dice.choice(incidents), Act.MUTED, AT, actor=SOMEBODY)
                raise ZeroDivisionError
        mine.close()

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    store = Store(connect(module_database_url, threads=1))
    with store.begin() as tx:
        chains = list(custody.chains(tx))
    assert faults(store, tmp_path) == []
    store.close()
    assert sum(chain.length for chain in chains) == 2 + WRITERS * EACH
    assert {entry.act for chain in chains for entry in chain.entries} == {"received", "noted"}


def test_an_erasure_leaves_the_chain_whole_and_one_that_is_not_logged_is_named(store: Store, tmp_path: Path) -> None:
    worked(store)
    with store.begin() as tx:
        kept = file(tx, name="other").number
        report = tx.execute(select(reports.c.id).where(reports.c.disclosure == "identified")).scalar_one()
        erasing(tx, report, AT)
        tx.execute(delete(reports).where(reports.c.id == report))
    assert faults(store, tmp_path) == []
    with store.begin() as tx:
        first, second = custody.chains(tx)
        assert [(entry.act, entry.detail) for entry in first.entries[4:]] == [
            ("erased", "content"),
            ("erased", "identity"),
        ]
        assert {entry.digest for entry in first.entries[:2]} == {entry.digest for entry in first.entries[4:]}
        tx.execute(delete(reports).where(reports.c.disclosure == "anonymous"))
    assert faults(store, tmp_path) == [Fault(kept, 1, "the parcel that was received is not there, or was changed")]
    assert second.number == kept


def test_one_byte_of_a_sealed_part_is_named(store: Store, tmp_path: Path) -> None:
    worked(store)
    number = only(store).number
    with store.begin() as tx:
        sealed = tx.execute(select(report_parts.c.sealed).where(report_parts.c.part == "identity")).scalar_one()
        one_off = f"UPDATE report_parts SET sealed = set_byte(sealed, 200, {sealed[200] ^ 1}) WHERE part = 'identity'"
        tx.execute(text(one_off))
    assert faults(store, tmp_path) == [
        Fault(number, 0, "a report's identity lies there sealed, and no entry tells of it as it is"),
        Fault(number, 2, "the parcel that was received is not there, or was changed"),
    ]


@pytest.mark.parametrize("seed", range(2))
def test_any_one_byte_changed_in_the_log_is_named_where_it_is(store: Store, tmp_path: Path, seed: int) -> None:
    """By somebody who may do anything with the database, in any column of any row."""
    worked(store)
    kept, dice = [rows(store, table) for table in TABLES], random.Random(seed)
    for column in (name for name in kept[0][0] if name != "fresh"):
        row = dice.choice([row for row in kept[0] if row[column] != ""])
        put(store, kept[0], row | {column: other(row[column], dice)}, log)
        named = {fault.position for fault in faults(store, tmp_path)}
        assert row["position"] in named, column
        put(store, kept[0], row, log)
    for column in ("incident", "number", "length", "hash"):
        (head,) = kept[1]
        put(store, kept[1], head | {column: other(head[column], dice)}, custody_heads)
        assert faults(store, tmp_path), column
        put(store, kept[1], head, custody_heads)
    assert faults(store, tmp_path) == []


@pytest.mark.parametrize("position", [1, 2, 4])
def test_an_entry_that_was_taken_out_is_named(store: Store, tmp_path: Path, position: int) -> None:
    worked(store)
    with store.begin() as tx, unguarded(tx):
        tx.execute(delete(log).where(log.c.position == position))
    assert (position, "is missing") in {(fault.position, fault.wrong) for fault in faults(store, tmp_path)}


def test_a_chain_written_anew_from_a_place_on_does_not_fit_its_end(store: Store, tmp_path: Path) -> None:
    """Who changes an entry and computes all the hashes after it is betrayed by the head, unless they change it too."""
    worked(store)
    chain = only(store)
    changed = [*chain.entries[:2], chain.entries[2]._replace(act="released", hash="")]
    changed.append(chain.entries[3])
    for at in (2, 3):
        changed[at] = changed[at]._replace(previous=changed[at - 1].hash)
        changed[at] = changed[at]._replace(hash=changed[at].computed(chain.number))
    found = list(broken(Chain(chain.number, chain.length, chain.hash, changed)))
    assert [one.position for one in found] == [4] and "end" in found[0].wrong


def rows(store: Store, table: Table) -> list[dict[str, Any]]:
    with store.begin() as tx:
        return [dict(row) for row in tx.execute(select(table)).mappings()]


def put(store: Store, kept: list[dict[str, Any]], changed: dict[str, Any], table: Table) -> None:
    """The table as it was, but for one row."""
    place = "position" if "position" in changed else "fresh"
    at = next(at for at, row in enumerate(kept) if row[place] == changed[place] or row["hash"] == changed["hash"])
    with store.begin() as tx, unguarded(tx):
        tx.execute(delete(table))
        tx.execute(insert(table), [*kept[:at], changed, *kept[at + 1 :]])


def other(value: Any, dice: random.Random) -> Any:
    """The same kind of value, one byte or so apart, such as the column takes."""
    match value:
        case UUID():
            return UUID(int=value.int ^ 1 << dice.randrange(60))
        case int():
            return value + 7
        case datetime():
            return value + timedelta(hours=dice.choice([-1, 1]))
        case bytes():
            at = dice.randrange(len(value)) if value else 0
            return value[:at] + bytes([value[at] ^ 1 << dice.randrange(8)]) + value[at + 1 :] if value else bytes(32)
        case str():
            at = dice.choice([at for at, sign in enumerate(value) if sign.isalnum()])
            return value[:at] + dice.choice([sign for sign in "abcdef" if sign != value[at]]) + value[at + 1 :]
    raise AssertionError(type(value))


def test_what_lay_there_before_the_log_began_is_its_beginning(empty_database_url: str, tmp_path: Path) -> None:
    migrate.upgrade(empty_database_url, "0007")
    store, one = Store(connect(empty_database_url, threads=1)), uuid4()
    with store.begin() as tx:
        for statement in BEFORE:
            tx.execute(text(statement), {"one": one})
    migrate.upgrade(empty_database_url)
    (missing,) = faults(store, tmp_path)
    assert missing.incident == 101 and missing.wrong == "a report's file 1 is not on the shelf"
    chain = only(store)
    assert [entry.act for entry in chain.entries] == ["inherited"] * 3
    Shelf(tmp_path).put(one, [b"sealed"])
    assert faults(store, tmp_path) == []
    store.close()


BEFORE = (
    "INSERT INTO incidents (id, category, severity, state, opened_at, reports, channel, locale, disclosure, card_group)"
    " VALUES (:one, 'scam', 0, 'received', '2026-11-22T02:00Z', 1, 'whatsapp', 'ar', 'anonymous', 'moderators')",
    "INSERT INTO reports (id, reference, incident, category, severity, channel, locale, disclosure, state, received_at,"
    " secret) VALUES (:one, 'IB-0000-0000-000', :one, 'scam', 0, 'whatsapp', 'ar', 'anonymous', 'received',"
    " '2026-11-22T02:00Z', '\\x01')",
    "INSERT INTO report_parts (report, part, sealed) VALUES (:one, 'content', '\\xfa01')",
    "INSERT INTO additions (id, report, part, sealed, added_at) VALUES (:one, :one, 'content', '\\xfa02', now())",
    "INSERT INTO evidence (report, exhibit, file, sealed) VALUES (:one, 1, :one, '\\xfa03')",
)
