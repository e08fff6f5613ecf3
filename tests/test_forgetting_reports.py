"""Reports go when their day has come, by kind and state, and never while the law may ask for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, insert, select, update

from bot import doctor_forgetting, expiry, operator
from bot.house import House
from bot.settings import Refused
from storage import keeping, orphans, tombstones
from storage.db import Store, begin
from storage.shelf import Shelf
from storage.tables import evidence, removals, report_keys, reports
from storage.tables import tombstones as stones
from tests import doors
from tests.storage_samples import NOW, VAULT, counts, file, filing

PERIODS = {"hate/received": 10, "hate/analysis": 20, "hate/closed": 5, "scam/received": 30, "scam/closed": 3}
TODAY = NOW.date()


@pytest.fixture
def house(store: Store, module_database_url: str, tmp_path: Path) -> Iterator[House]:
    made = doors.house(module_database_url, EVIDENCE_URL=str(tmp_path / "shelf"))
    yield replace(made, operator=replace(made.operator, periods=PERIODS))
    made.engine.dispose()


def report(store: Store) -> UUID:
    with store.begin() as tx:
        incident = file(tx, filing("confidential")).incident
        found: UUID = tx.execute(select(reports.c.id).where(reports.c.incident == incident)).scalar_one()
    return found


def change(store: Store, report: UUID, **values: object) -> None:
    with store.begin() as tx:
        tx.execute(update(reports).where(reports.c.id == report).values(**values))


def dated(store: Store, report: UUID, today: date = TODAY) -> date | None:
    with store.begin() as tx:
        while keeping.date_anew(tx, PERIODS, today, 2):
            pass
        row = tx.execute(select(reports).where(reports.c.id == report)).one()
        assert keeping.ends(tx, row.reference, PERIODS, today) == row.erase_on
        found: date | None = row.erase_on
        return found


def days(count: int, since: date = TODAY) -> date:
    return since + timedelta(days=count)


def test_each_report_has_its_day_and_another_when_it_is_moved(store: Store) -> None:
    one = report(store)
    assert dated(store, one) == days(10)
    assert dated(store, one, days(4)) == days(10)  # counted from the day it came, whenever it is reckoned
    change(store, one, state="analysis")
    assert dated(store, one, days(6)) == days(20)
    change(store, one, state="received")  # given up again: no younger for that
    assert dated(store, one, days(7)) == days(10)
    change(store, one, category="scam")
    assert dated(store, one, days(8)) == days(30)
    for state in ("referred", "prosecutor", "instructed"):
        change(store, one, state=state)
        assert dated(store, one, days(9)) is None
    change(store, one, state="closed")
    assert dated(store, one, days(100)) == days(103)
    assert dated(store, one, days(101)) == days(103)  # from the day on which it was first found closed


def test_a_period_that_the_operator_changes_holds_for_what_is_there(store: Store) -> None:
    one = report(store)
    dated(store, one)
    with store.begin() as tx:
        assert keeping.date_anew(tx, {**PERIODS, "hate/received": 2}, days(1), 10) == 1
        assert tx.execute(select(reports.c.erase_on)).scalar_one() == days(2)
        assert keeping.date_anew(tx, {}, days(1), 10) == 1
        assert tx.execute(select(reports.c.erase_on)).scalar_one() is None


def test_what_is_due_goes_with_its_keys_and_a_tombstone_stays(house: House, store: Store) -> None:
    gone, held, moved = (report(store) for _ in range(3))
    change(store, held, state="referred")
    assert expiry.erased(house, NOW + timedelta(days=9)) == 0
    change(store, moved, state="analysis")
    with store.begin() as tx:
        name = tx.execute(select(reports.c.reference).where(reports.c.id == gone)).scalar_one()
    assert expiry.erased(house, NOW + timedelta(days=11)) == 1
    with store.begin() as tx:
        assert set(tx.execute(select(reports.c.id)).scalars()) == {held, moved}
        assert set(tx.execute(select(report_keys.c.report)).scalars()) == {held, moved}
        marks = house.vault.tombstones(name)
        assert tx.execute(select(stones.c.mark, stones.c.what)).all() == [(marks[0], "report")]
    assert expiry.erased(house, NOW + timedelta(days=11)) == 0


def test_what_is_referred_between_reckoning_and_erasing_stays(house: House, store: Store) -> None:
    one = report(store)
    dated(store, one)
    later = NOW + timedelta(days=11)
    with store.begin() as tx:
        assert keeping.due(tx, later.date(), 10) == [one]
    change(store, one, state="referred")
    with store.begin() as tx:
        assert not keeping.erase_if_due(tx, VAULT, [one], later)
        assert keeping.due(tx, later.date(), 10) == [] and keeping.overdue(tx, later.date()) == 0


def test_doctor_tells_what_should_be_gone(house: House, store: Store) -> None:
    dated(store, report(store))
    with store.begin() as tx:
        fine = [one.well for one in doctor_forgetting.forgetting(tx, house, NOW + timedelta(days=10))]
        late = {one.about: one for one in doctor_forgetting.forgetting(tx, house, NOW + timedelta(days=12))}
    assert all(fine) and not late["retention"].well and late["retention"].words.startswith("1 reports should")


def test_tombstones_go_when_no_backup_is_so_old(house: House, store: Store) -> None:
    now = datetime.now(UTC)
    with store.begin() as tx:
        for age in (1, 36, 38):
            tombstones.bury(tx, house.vault, f"IB-{age}", now - timedelta(days=age))
    expiry.forget_tombstones(house)
    assert counts(store, stones) == [2]


def owed(store: Store, *files: UUID) -> None:
    with store.begin() as tx:
        tx.execute(insert(removals), [{"file": name, "due_at": NOW - timedelta(days=400)} for name in files])


def test_files_of_erased_reports_leave_the_shelf_however_long_it_takes(house: House, store: Store) -> None:
    stuck, easy, never = uuid4(), uuid4(), uuid4()
    house.shelf.put(easy, [b"sealed"])
    (house.shelf.folder / stuck.hex).mkdir()  # what no unlink removes
    owed(store, stuck, easy, never)
    expiry.remove_files(house)
    assert counts(store, removals) == [3]
    (house.shelf.folder / stuck.hex).rmdir()
    expiry.remove_files(house)
    assert counts(store, removals) == [0] and house.shelf.names() == frozenset()


def lying(shelf: Shelf, name: UUID, old: timedelta) -> UUID:
    shelf.put(name, [b"sealed"])
    moment = (datetime.now(UTC) - old).timestamp()
    os.utime(shelf.folder / name.hex, (moment, moment))
    return name


def test_orphans_leave_the_shelf_after_a_day_and_nothing_else_does(house: House, store: Store) -> None:
    expiry.sweep_shelf(house)  # no folder yet
    shelf, old = house.shelf, timedelta(hours=26)
    known, waiting = lying(shelf, uuid4(), old), lying(shelf, uuid4(), old)
    one = report(store)
    with store.begin() as tx:
        sealed = {"file": known, "sealed": VAULT.seal("evidence", b"row", b"facts"), "digest": bytes(32)}
        tx.execute(insert(evidence).values(report=one, exhibit=1, **sealed))
    owed(store, waiting)
    expiry.sweep_shelf(house)
    young, orphan = lying(shelf, uuid4(), timedelta(hours=22)), lying(shelf, uuid4(), old)
    (shelf.folder / "read-me").touch()
    expiry.sweep_shelf(house)
    assert shelf.names() == {known.hex, waiting.hex, young.hex, "read-me", orphans.MARK}
    assert orphan.hex not in shelf.names()


@pytest.mark.parametrize("mark", [None, uuid4().hex], ids=["unmarked", "anothers"])
def test_a_folder_that_may_be_anothers_is_left_alone_until_it_is_taken_over(
    house: House, store: Store, mark: str | None
) -> None:
    foreign = lying(house.shelf, uuid4(), timedelta(days=3))
    if mark:
        (house.shelf.folder / orphans.MARK).write_text(mark)
    expiry.sweep_shelf(house)
    assert foreign.hex in house.shelf.names()
    with begin(house.engine) as tx:
        assert not {one.about: one.well for one in doctor_forgetting.forgetting(tx, house)}["shelf"]
        orphans.adopt(tx, house.shelf)
    expiry.sweep_shelf(house)
    assert foreign.hex not in house.shelf.names()
    with begin(house.engine) as tx:
        assert {one.about: one.well for one in doctor_forgetting.forgetting(tx, house)}["shelf"]


def test_an_operator_sets_periods_for_all_or_for_one_kind(tmp_path: Path) -> None:
    own = tmp_path / "operator.toml"
    own.write_text("[reports]\nclosed = 100\n[reports.hate]\nreceived = 7\n")
    periods, shipped = operator.read(own).periods, operator.read().periods
    assert periods["hate/received"] == 7 and periods["hate/closed"] == periods["scam/closed"] == 100
    assert periods["hate/analysis"] == shipped["hate/analysis"] and shipped["scam/closed"] > shipped["hate/closed"]
    assert not any(key.endswith(("/referred", "/prosecutor", "/instructed")) for key in shipped)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("[reports]\nclosed = 0", "reports.closed must be a whole number from 1 to 3650"),
        ("[reports]\nclosed = true", "reports.closed must be a whole number"),
        ("[reports]\nreferred = 9", "reports.'referred' is not known"),
        ("[reports.hate]\nnever = 9", "reports.hate.'never' is not known"),
        ("[reports]\nhate = 9", "reports.hate must be a section"),
        ("reports = 9", "reports must be a section"),
    ],
)
def test_an_odd_period_is_refused_in_one_line(line: str, problem: str, tmp_path: Path) -> None:
    own = tmp_path / "operator.toml"
    own.write_text(line)
    with pytest.raises(Refused) as refused:
        operator.read(own)
    assert [one for one in refused.value.problems if problem in one]


def test_nothing_is_reckoned_twice(store: Store) -> None:
    for _ in range(3):
        report(store)
    with store.begin() as tx:
        assert [keeping.date_anew(tx, PERIODS, TODAY, 2) for _ in range(3)] == [2, 1, 0]
        assert tx.execute(select(func.count()).where(reports.c.erase_on == days(10))).scalar_one() == 3
