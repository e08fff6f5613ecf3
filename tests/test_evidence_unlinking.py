"""
Files lead from no anonymous report to its writer: neither their rows, nor the database's files, nor the shelf.

What is looked for is what tests/test_storage_unlinking.py looks for (docs/adr/0005-unlinking.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from bot import evidence as owing
from bot.channel import Alias, Inbound
from bot.fetching import fetch
from bot.house import House
from conversations.model import Media, Message
from storage import db, people, reports
from storage.db import Store
from storage.retention import WRITERS, WRITTEN, blur, sweep
from storage.tables import evidence, evidence_keys, fetches
from tests.evidence_house import JPEG, house, ids, on_the_shelf, providers, rows
from tests.providers import Providers
from tests.server_files import pages
from tests.storage_samples import HANDLING, LATER, filing
from tests.test_storage_unlinking import numbers, order

__all__ = ["house", "providers"]  # fixtures

CITIZENS = 8


@dataclass
class Turns:
    """In which transactions citizens filed, and the sealed addresses that were kept for a moment."""

    numbers: set[int] = field(default_factory=set)
    addresses: list[bytes] = field(default_factory=list)
    fetches: list[str] = field(default_factory=list)


@pytest.fixture
def store(house: House) -> Store:
    return Store(house.engine)


@pytest.fixture
def turns(house: House, store: Store, providers: Providers) -> Turns:
    """Anonymous citizens file two files each and have a third deleted; the first comes, the second fails once."""
    happened, now = Turns(), datetime.now(UTC)
    for at in range(CITIZENS):
        providers.files[f"there-{at}"] = JPEG
        said = filing(media=(Media("photo", f"there-{at}"), Media("photo", f"missing-{at}")))
        inbound = Inbound("telegram", str(at), (Alias("id", str(at)),), f"{at}", Message())
        with store.begin() as tx:
            person = people.lock(tx, house.vault, "telegram", inbound.aliases)
            reports.file(tx, house.vault, said, HANDLING, "telegram", person, inbound.address, now)
            owing.owe_fetches(tx, house, inbound, said.reference, said.draft.media, now)
            owing.owe_discards(tx, house, inbound, [Media("photo", "unread", number="3")], now)
            people.save(tx, house.vault, person, b"sent", LATER)
            happened.numbers.add(int(tx.execute(text("SELECT CAST(pg_current_xact_id() AS xid)")).scalar_one()))
    happened.addresses = [row.address for row in rows(house, fetches)]
    happened.fetches = [str(id) for id in ids(house)]
    with db.begin(house.engine) as tx:
        tx.execute(text("DELETE FROM procrastinate_jobs"))
    return happened


def try_each(house: House) -> None:
    for row in ids(house):
        fetch(house, row)


def table_files(store: Store) -> bytes:
    """The file of `fetches` as it lies on the disk."""
    with store.begin() as tx:
        tx.execute(text("CHECKPOINT"))
        data = Path(tx.execute(text("SHOW data_directory")).scalar_one())
        if not data.is_dir():
            pytest.skip("the server's files are not on this machine")
        place: str = tx.execute(text("SELECT pg_relation_filepath('fetches')")).scalar_one()
    return (data / place).read_bytes()


def test_without_blurring_the_rows_would_tell(store: Store, turns: Turns) -> None:
    assert numbers(store, WRITERS) & numbers(store, (fetches,)) == turns.numbers
    assert all(address in table_files(store) for address in turns.addresses)


def test_rows_of_files_share_no_transaction_with_their_writers(house: House, store: Store, turns: Turns) -> None:
    try_each(house)
    blur(store)
    assert sweep(store) == []
    writers, written = numbers(store, WRITERS), numbers(store, WRITTEN)
    assert writers and written and not writers & written
    assert not (writers | written) & turns.numbers
    everything = pages(store, (*WRITERS, *WRITTEN))
    assert sum(page.dead for page in everything) == 0
    assert not turns.numbers & {number for page in everything for row in page.rows for number in row}


def test_files_not_yet_tried_share_none_either(store: Store, turns: Turns) -> None:
    blur(store)
    sweep(store)
    assert not numbers(store, WRITERS) & numbers(store, WRITTEN)
    assert order(store, fetches, "id") == sorted(order(store, fetches, "id"), key=str) != turns.fetches


def test_no_chat_of_an_anonymous_report_is_left_in_the_files_once_tried(
    house: House, store: Store, turns: Turns
) -> None:
    try_each(house)
    assert [row.address for row in rows(house, fetches)] == [None] * CITIZENS
    blur(store)
    sweep(store)
    held = table_files(store)
    assert not any(address in held for address in turns.addresses)
    assert not any(page.hole.strip(b"\0") for page in pages(store, (fetches,)))


def test_the_shelf_tells_no_order_and_no_minute(house: House, turns: Turns) -> None:
    try_each(house)
    names = [path.name for path in on_the_shelf(house)]
    assert len(set(names)) == CITIZENS
    assert {path.stat().st_mtime % 3600 for path in on_the_shelf(house)} == {0}
    assert len({path.stat().st_size for path in on_the_shelf(house)}) == 1


def test_sealed_rows_still_open_once_blurred(house: House, store: Store, turns: Turns, providers: Providers) -> None:
    blur(store)
    sweep(store)
    try_each(house)
    providers.files |= {f"missing-{at}": JPEG for at in range(CITIZENS)}
    try_each(house)
    blur(store)
    assert blur(store) == 0
    with store.begin() as tx:
        assert tx.execute(select(evidence.c.fresh).distinct()).scalars().all() == [False]
    assert len(rows(house, evidence)) == len(rows(house, evidence_keys)) // 2 == 2 * CITIZENS  # recovery's key too
    assert rows(house, fetches) == []
