"""
What was deleted is in no file of the database after the night: not in tables, indexes or the write-ahead log.

The files are read as they lie, on a server of the test's own, and the search has to find the key before.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import select, text, update

from bot import doctor_forgetting, expiry
from bot.house import House
from storage import erasing, shredding, tombstones, upkeep
from storage.db import Store, connect
from storage.embedded import serving
from storage.migrate import upgrade
from storage.tables import report_keys, report_parts, reports
from storage.tables import upkeep as rounds
from tests import doors, forks
from tests.storage_samples import NOW, VAULT, file, filing

OTHERS = ("1", "4", "5")  # the databases that initdb made: nobody writes there


class Ground(NamedTuple):
    """A server whose files may be looked into."""

    store: Store
    url: str
    data: Path


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with serving(tmp_path_factory.mktemp("ground")) as url:
        upgrade(url)
        store = Store(connect(url))
        with store.begin() as tx:
            data = Path(tx.execute(text("SHOW data_directory")).scalar_one())
        yield Ground(store, url, data)
        store.close()


@pytest.fixture
def ground(server: Ground) -> Iterator[Ground]:
    yield server
    with server.store.begin() as tx:
        tx.execute(text("TRUNCATE reports, people, incidents, tombstones, upkeep CASCADE"))


def erased(ground: Ground, among: int = 12) -> tuple[list[bytes], list[bytes]]:
    """The wrapped keys of a report that was erased, and those of others that were not; all of it on the disk."""
    for at in range(among):
        with ground.store.begin() as tx:
            file(tx, filing("identified"), name=str(at))
    with ground.store.begin() as tx:
        tx.execute(text("CHECKPOINT"))
        report = tx.execute(select(reports.c.id).limit(1)).scalar_one()
        keys = tx.execute(select(report_keys.c.wrapped, report_keys.c.report)).all()
        erasing.erase(tx, VAULT, report, NOW)
    return [bytes(k.wrapped) for k in keys if k.report == report], [
        bytes(k.wrapped) for k in keys if k.report != report
    ]


def found(data: Path, needles: list[bytes]) -> set[str]:
    """In which folders of the cluster any of these bytes lie. A slice will do, wherever a page ends."""
    slices = [needle[at : at + 48] for needle in needles for at in (100, 700)]
    places = set()
    ours = [one for one in (data / "base").iterdir() if one.name not in OTHERS]
    with_copies = [data / "pg_wal", data / "global", *ours]
    for path in (path for folder in with_copies for path in folder.rglob("*")):
        try:
            held = path.read_bytes() if path.is_file() else b""
        except FileNotFoundError:
            continue
        if any(one in held for one in slices):
            places.add(path.relative_to(data).parts[0])
    return places


def test_a_deleted_key_is_in_no_file_after_the_night(ground: Ground) -> None:
    gone, stay = erased(ground)
    with ground.store.begin() as tx:
        tx.execute(text("CHECKPOINT"))
    assert len(gone) >= 2 and {"base", "pg_wal"} <= found(ground.data, gone)
    assert shredding.shred(ground.store) == []
    assert found(ground.data, gone) == set()
    assert "base" in found(ground.data, stay)
    with ground.store.begin() as tx:
        assert sorted(bytes(key) for key in tx.execute(select(report_keys.c.wrapped)).scalars()) == sorted(stay)


def test_a_name_that_was_taken_back_goes_too_while_its_report_stays(ground: Ground) -> None:
    with ground.store.begin() as tx:
        file(tx, filing("identified"))
        name = bytes(tx.execute(select(report_parts.c.sealed).where(report_parts.c.part == "identity")).scalar_one())
    with ground.store.begin() as tx:
        tx.execute(text("DELETE FROM report_parts WHERE part = 'identity'"))
        tx.execute(text("CHECKPOINT"))
    needle = [name[:1200]]
    assert found(ground.data, needle)
    assert shredding.shred(ground.store) == []
    assert not found(ground.data, needle)


def test_a_snapshot_that_still_sees_it_is_waited_for_and_told(ground: Ground) -> None:
    gone, _ = erased(ground, among=3)
    with ground.store.engine.connect() as other:
        reading = other.execution_options(isolation_level="REPEATABLE READ")
        reading.execute(text("SELECT 1 FROM people LIMIT 1"))
        assert shredding.shred(ground.store, patience=0.3) == ["a snapshot"]
        reading.rollback()
    assert shredding.shred(ground.store) == [] and found(ground.data, gone) == set()


def test_a_table_in_use_is_not_waited_for_and_told(ground: Ground) -> None:
    erased(ground, among=3)
    with ground.store.begin() as tx:
        tx.execute(text("LOCK TABLE report_keys IN ROW EXCLUSIVE MODE"))
        assert "report_keys" in shredding.shred(ground.store, patience=0.3)
    assert shredding.shred(ground.store) == []


SHREDDER = (
    "import sys; from storage import shredding; from storage.db import Store, connect; store = Store(connect(sys.argv[1]));"
    "print('begins', flush=True)\nwhile True: shredding.shred(store)"
)


def test_it_is_killed_again_and_again_and_then_does_it(ground: Ground) -> None:
    gone, stay = erased(ground)
    for at in range(2):
        said, says = os.pipe()
        process = forks.start(ground.url, environ=os.environ, script=SHREDDER, out=says)
        assert os.read(said, 6) == b"begins"
        time.sleep(0.03 * (at + 1))
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        for end in (said, says):
            os.close(end)
    assert shredding.shred(ground.store) == [] and found(ground.data, gone) == set()
    with ground.store.begin() as tx:
        assert sorted(bytes(key) for key in tx.execute(select(report_keys.c.wrapped)).scalars()) == sorted(stay)


@pytest.fixture
def house(ground: Ground) -> Iterator[House]:
    made = doors.house(ground.url)
    yield made
    made.engine.dispose()


def test_each_night_once_and_again_until_it_is_done(house: House, ground: Ground) -> None:
    with ground.store.begin() as tx:
        tx.execute(text("LOCK TABLE addition_keys IN ROW EXCLUSIVE MODE"))
        expiry.shred(house)
    with ground.store.begin() as tx:
        missed = upkeep.last(tx, upkeep.SHRED)
    assert (missed.done_at, missed.failures) == (None, 1) and "addition_keys" in missed.fault
    expiry.shred(house)
    with ground.store.begin() as tx:
        done = upkeep.last(tx, upkeep.SHRED)
    assert done.done_at and done.failures == 0
    expiry.shred(house)
    with ground.store.begin() as tx:
        assert upkeep.last(tx, upkeep.SHRED) == done


def test_doctor_tells_when_nights_went_by_without_it(house: House, ground: Ground) -> None:
    def well() -> bool:
        with ground.store.begin() as tx:
            return {one.about: one.well for one in doctor_forgetting.forgetting(tx, house)}["shredding"]

    assert well()
    with ground.store.begin() as tx:
        tombstones.bury(tx, VAULT, "IB-0000-0000-000", NOW)  # long ago, and never shredded since
        tx.execute(text("UPDATE tombstones SET buried_on = current_date - 4"))
    assert not well()
    expiry.shred(house)
    assert well()
    with ground.store.begin() as tx:
        tx.execute(update(rounds).values(done_at=text("now() - interval '3 days'")))
    assert not well()


def test_this_server_has_all_it_needs(ground: Ground) -> None:
    with ground.store.begin() as tx:
        assert shredding.lacking(tx) == [] and shredding.copies(tx) == []
        assert {table.name for table in shredding.KEYS} >= {"report_keys", "addition_keys", "evidence_keys"}
