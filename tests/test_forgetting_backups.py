"""A backup made while citizens write is restored elsewhere: what was erased since is gone, the rest opens at the desk."""

from __future__ import annotations

import gzip
import io
import json
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert, select, text

from bot.house import House
from conversations.about import Change
from storage import (
    backup,
    custody,
    custody_chain,
    custody_check,
    deliveries,
    follow,
    people,
    reports,
    restoring,
    tombstones,
)
from storage.backup import LEFT_OUT, kept_tables
from storage.custody import Act
from storage.db import begin
from storage.retention import WRITERS
from storage.sealed import Pseudonym
from storage.tables import aliases, fetches, incidents, metadata, sessions, ways
from storage.tables import custody as log
from storage.tables import people as everyone
from storage.tables import reports as rows
from storage.tables import tombstones as tombstone_rows
from storage.tombstones import Tombstone, What
from tests.backup_house import (
    DESK,
    QUEUES,
    at_the_desk,
    elsewhere,
    erase,
    file,
    house,
    opened,
    restore,
    saved,
    stones,
    story,
    with_file,
)
from tests.conftest import fresh_database

__all__ = ["elsewhere", "house"]  # fixtures


def faults(house: House) -> list[custody_check.Fault]:
    with begin(house.engine) as tx:
        return custody_check.check(tx, house.shelf).faults


def test_a_drill(house: House, elsewhere: House, tmp_path: Path) -> None:
    before, gone, kept = (file(house, number) for number in range(3))
    erase(house, before)
    hidden, shown = with_file(house, gone), with_file(house, kept)
    path = saved(house, tmp_path / "day.backup")
    erase(house, gone)
    late = file(house, 3)
    with begin(elsewhere.engine) as tx:  # a job of the time before
        tx.execute(text("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('default', 'card')"))
    done = restore(elsewhere, path, stones(house, tmp_path / "stones"))
    assert done.erased == (1, 0) and done.missing == 0
    assert at_the_desk(elsewhere) == {kept: "story 2"} and late in at_the_desk(house)
    assert elsewhere.shelf.names() == {shown.hex} and hidden.hex not in elsewhere.shelf.names()
    with begin(elsewhere.engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one() == 0
        last = tx.execute(select(incidents.c.number).order_by(incidents.c.number.desc())).scalars().first()
        assert last is not None
        entries = tx.execute(select(log.c.act).order_by(log.c.incident, log.c.position)).scalars().all()
        assert entries.count(Act.RESTORED) == len(set(tx.execute(select(log.c.incident)).scalars()))
        assert [list(custody_chain.broken(chain)) for chain in custody.chains(tx)] == [[], [], []]
    file(elsewhere, 9)
    with begin(elsewhere.engine) as tx:
        numbers = tx.execute(select(incidents.c.number).order_by(incidents.c.number)).scalars().all()
    assert numbers[-1] == numbers[-2] + restoring.GAP + 1


def test_who_became_anonymous_after_the_backup_stays_so(house: House, elsewhere: House, tmp_path: Path) -> None:
    name = file(house, 1)
    path = saved(house, tmp_path / "day.backup")
    with begin(house.engine) as tx:
        tombstones.bury(tx, house.vault, name, datetime.now(UTC), What.PERSON)
    assert restore(elsewhere, path, stones(house, tmp_path / "stones")).erased == (0, 1)
    with begin(elsewhere.engine) as tx:
        row = tx.execute(select(rows)).one()
        assert (row.disclosure, row.person) == ("anonymous", None) and row.secret
        assert tx.execute(select(ways)).all() == []
        (report,) = reports.sealed(tx)
        assert set(report.parts) == {"content"} and story(report) == "story 1"
        person = people.lock(tx, elsewhere.vault, "telegram", [("id", "1")])
        assert follow.opened(tx, name, person) is None or not follow.by_own(tx, name, person)
    assert faults(elsewhere) == []


def test_a_name_that_was_taken_back_after_the_backup_stays_gone(house: House, elsewhere: House, tmp_path: Path) -> None:
    name = file(house, 1)
    path = saved(house, tmp_path / "day.backup")
    with begin(house.engine) as tx:
        tombstones.bury_identity(tx, house.vault, name, "confidential", datetime.now(UTC))
    assert restore(elsewhere, path, stones(house, tmp_path / "stones")).erased == (0, 1)
    with begin(elsewhere.engine) as tx:
        row = tx.execute(select(rows)).one()
        assert row.disclosure == "confidential" and row.person
        (report,) = reports.sealed(tx)
        assert set(report.parts) == {"content"}
    assert faults(elsewhere) == []


def change(house: House, name: str, disclosure: str, named: str = "") -> None:
    with begin(house.engine) as tx:
        person = people.lock(tx, house.vault, "telegram", [("id", "1")])
        secret = "seven words" if disclosure == "anonymous" else ""
        asked = Change(name, disclosure, named, named, secret)
        follow.change(tx, house.vault, asked, person, "telegram", "1", QUEUES, datetime.now(UTC))


def named(house: House) -> list[str]:
    """What the desk finds as names, in the report and in what was added to it."""
    with begin(house.engine) as tx:
        (report,) = reports.sealed(tx)
    sealed = [(report.reference, report.parts, report.wraps), *((a.name, a.parts, a.wraps) for a in report.additions)]
    opened = [DESK.open(name, parts, wraps) for name, parts, wraps in sealed]
    return [json.loads(parts["identity"])["name"] for parts in opened if "identity" in parts]


def test_each_change_of_who_wrote_is_remembered(house: House) -> None:
    name = file(house, 1)
    kept = []
    for disclosure in ("anonymous", "confidential", "identified"):
        change(house, name, disclosure, "Amina" if disclosure == "identified" else "")
        with begin(house.engine) as tx:
            (stone,) = tx.execute(select(tombstone_rows)).all()
            kept.append((stone.what, stone.burial))
    assert [what for what, _ in kept] == [What.PERSON, What.NAME, What.NAME]
    assert len({burial for _, burial in kept}) == 3


def test_a_name_that_was_taken_back_and_given_again_does_not_return_as_it_was(
    house: House, elsewhere: House, tmp_path: Path
) -> None:
    name = file(house, 1)
    path = saved(house, tmp_path / "day.backup")
    for disclosure, said in (("anonymous", ""), ("identified", "Another Name")):
        change(house, name, disclosure, said)
    assert named(house) == ["Another Name"]
    assert restore(elsewhere, path, stones(house, tmp_path / "stones")).erased == (0, 1)
    assert named(elsewhere) == []
    with begin(elsewhere.engine) as tx:
        row = tx.execute(select(rows)).one()
    assert row.disclosure == "confidential" and row.person, "they can be written to, as they can again by now"
    assert faults(elsewhere) == []


def test_a_name_that_was_given_again_before_the_backup_stays(house: House, elsewhere: House, tmp_path: Path) -> None:
    name = file(house, 1)
    for disclosure, said in (("anonymous", ""), ("identified", "Another Name")):
        change(house, name, disclosure, said)
    path = saved(house, tmp_path / "day.backup")
    assert restore(elsewhere, path, stones(house, tmp_path / "stones")).erased == (0, 0)
    assert named(elsewhere) == ["Another Name"]
    change(house, name, "confidential")
    with fresh_database() as url, opened(url, tmp_path / "third") as third:
        assert restore(third, path, stones(house, tmp_path / "later")).erased == (0, 1)
        assert named(third) == []


def test_of_two_tombstones_of_one_reference_the_later_counts_and_a_whole_report_is_gone_once(house: House) -> None:
    mark, day = house.vault.tombstones("IB-0000-0000-000")[0], date(2026, 11, 22)

    def kept(*stones: Tombstone) -> Tombstone:
        with begin(house.engine) as tx:
            tombstones.keep(tx, stones)
            row = tx.execute(select(tombstone_rows)).one()
            return Tombstone(Pseudonym(row.mark), What(row.what), row.buried_on, row.burial)

    name = Tombstone(mark, What.NAME, day, uuid4())
    person = Tombstone(mark, What.PERSON, day - timedelta(days=1), uuid4())
    whole = Tombstone(mark, What.REPORT, day - timedelta(days=2), uuid4())
    assert kept(person) == person and kept(name) == name
    assert kept(person) == name, "that was before"
    assert kept(whole) == whole and kept(name) == whole


def test_tombstones_of_an_earlier_version_are_read(house: House) -> None:
    mark = house.vault.tombstones("IB-0000-0000-000")[0]
    lines = [{"file": "iblagh-tombstones", "format": 1, "count": 1}, [mark.hex(), "name", "2026-11-22"]]
    told = tombstones.read(io.BytesIO("".join(f"{json.dumps(line)}\n" for line in lines).encode()))
    assert told == [Tombstone(mark, What.NAME, date(2026, 11, 22))]


def test_what_tells_who_wrote_stays_out(house: House, elsewhere: House, tmp_path: Path) -> None:
    file(house, 1, "anonymous")
    file(house, 2, "confidential")
    path = saved(house, tmp_path / "day.backup")
    restore(elsewhere, path, [])
    with begin(elsewhere.engine) as tx:
        counts = [len(tx.execute(select(table)).all()) for table in (rows, everyone, aliases, ways, sessions)]
        assert counts == [2, 1, 1, 1, 0]
        assert not deliveries.kept(tx, elsewhere.vault, "telegram", "1", "1")
        assert deliveries.known(tx, elsewhere.vault, "telegram", "1")


def test_a_file_that_was_wanted_counts_as_given_up(house: House, elsewhere: House, tmp_path: Path) -> None:
    file(house, 1)
    now = datetime.now(UTC)
    with begin(house.engine) as tx:
        report, sealed = tx.execute(select(rows.c.id)).scalar_one(), house.vault.seal("fetches", b"row", b"media id")
        row = {
            "id": uuid4(),
            "report": report,
            "exhibit": 1,
            "channel": "telegram",
            "sealed": sealed,
            "address": sealed,
        }
        tx.execute(insert(fetches).values(**row, due_at=now, forget_at=now))
    restore(elsewhere, saved(house, tmp_path / "day.backup"), [])
    with begin(elsewhere.engine) as tx:
        found = tx.execute(select(fetches)).one()
        assert (found.sealed, found.address, found.file, found.fault) == (None, None, None, "restored")


def test_every_table_is_kept_or_left_out_on_purpose() -> None:
    """A table that a citizen's turn writes beside their person must be thought about before it is kept for weeks."""
    assert set(metadata.tables) > LEFT_OUT
    thought_about = {*LEFT_OUT, *backup.INSTEAD, *backup.BLANK, "ways"}
    assert {table.name for table in WRITERS} <= thought_about
    kept = {table.name for table in kept_tables()}
    assert all({key.column.table.name for key in table.foreign_keys} <= kept for table in kept_tables())


def test_rows_stand_in_the_order_of_their_random_keys(house: House, tmp_path: Path) -> None:
    for number in range(12):
        file(house, number)
    with gzip.open(saved(house, tmp_path / "day.backup")) as packed:
        lines = packed.read().decode().splitlines()
    for table in ("reports", "people", "ways"):
        at = next(at for at, line in enumerate(lines) if line.startswith(f'{{"table":"{table}"'))
        keys = [line.split("\t")[0] for line in lines[at + 1 : lines.index("\\.", at)]]
        assert len(keys) == 12 and keys == sorted(keys)


def one_more(written: list[str]) -> None:
    """Wait until something else was written: on a busy machine all backups would be made before that."""
    count, end = len(written), time.monotonic() + 30
    while len(written) == count and time.monotonic() < end:
        time.sleep(0.005)
    assert len(written) > count


def test_nobody_waits_for_a_backup(house: House, tmp_path: Path) -> None:
    """One snapshot: what is written meanwhile is written, and is either wholly in it or not at all."""
    stop, written = threading.Event(), list[str]()

    def writes() -> None:
        while not stop.is_set():
            written.append(file(house, len(written)))

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        made = []
        for at in range(3):
            one_more(written)
            made.append(saved(house, tmp_path / f"{at}.backup"))
        one_more(written)
    finally:
        stop.set()
        writer.join(30)
    with fresh_database() as url, opened(url, tmp_path / "third") as other:
        restore(other, made[-1], [])
        found = at_the_desk(other)
    assert list(found) and set(found) <= set(written) and len(written) > len(found)
