"""A seeded database beside one that was filed into through the doors: nothing tells them apart but what they hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from benchmarks.seeding import KINDS, Filed, fill
from bot.house import House
from conversations.codes import read_reference
from conversations.memory import recall
from storage import custody_check, db, people, reports, rotation, tables
from storage.opening import Desk
from tests.conftest import fresh_database
from tests.doors import ENVIRONMENT, NEW, Telegrammer, Whatsapper, client, house

COUNT, LINKS, PERSON = 60, 12, 712_345_001
TOLD = ("hello", "https://example.org/7", "hate", "witness", "abroad", "done")
NAMED = ("identified", "Amina Alaoui", "0612345678")
# What a group has of it, of which no filing tells.
SHOWN = {
    "alerted",
    "digests",
    "groups",
    "rings",
    "incidents.card_message",
    "incidents.card_in",
}

Seeded = tuple[House, Filed]


@pytest.fixture(scope="module")
def seeded() -> Iterator[Seeded]:
    with fresh_database() as url:
        filed = fill(url, ENVIRONMENT, COUNT, 7, LINKS, days=0.1, processes=1)
        made = house(url)
        yield made, filed
        made.engine.dispose()


@pytest.fixture
def filed(database_url: str) -> Iterator[House]:
    made = house(database_url)
    doors = client(made)
    for at, ends in enumerate((("anonymous",), ("confidential",), NAMED)):
        for citizen in (Telegrammer(doors, PERSON + at), Whatsapper(doors, f"+21265544330{at}")):
            for said in (*TOLD, *ends, "send"):
                citizen.says(said)
    Telegrammer(doors, PERSON + 9).says("hello")
    yield made
    made.engine.dispose()


def held(home: House) -> dict[str, set[str]]:
    """Which columns hold something, in the rows of each table; of reports by who may be reached, of others on which channel."""
    found: dict[str, set[str]] = defaultdict(set)
    with db.begin(home.engine) as tx:
        for table in tables.metadata.sorted_tables:
            for row in tx.execute(select(table)).mappings():
                kind = f"{table.name} {row.get('disclosure') or row.get('channel') or ''}"
                found[kind] |= {
                    name for name, value in row.items() if value is not None and f"{table}.{name}" not in SHOWN
                }
    return {kind: columns for kind, columns in found.items() if kind.split()[0] not in SHOWN}


def test_the_same_columns_of_the_same_tables_are_filled(seeded: Seeded, filed: House) -> None:
    assert held(seeded[0]) == held(filed)


def test_every_report_opens_at_the_desk_and_stands_in_a_chain_that_holds(seeded: Seeded) -> None:
    home, filed = seeded
    desks = {queue: Desk(NEW.desk[queue]) for queue in ("general", "restricted", "recovery")}
    with db.begin(home.engine) as tx:
        every = {one.reference: one for one in reports.sealed(tx)}
    assert set(every) == set(filed.references) and len(filed.references) == COUNT
    for one in every.values():
        queue = "restricted" if one.facts["category"] == "child_abuse" else "general"
        for desk in (desks[queue], desks["recovery"]):
            assert str(one.facts["category"]).encode() in desk.open(one.reference, one.parts, one.wraps)["content"]
        assert read_reference(one.reference) == one.reference
    with db.begin(home.engine) as tx:
        checked = custody_check.check(tx, home.shelf)
    assert not checked.faults and checked.parcels == checked.entries >= COUNT


def test_incidents_are_those_of_the_links_in_the_order_in_which_they_opened(seeded: Seeded) -> None:
    with db.begin(seeded[0].engine) as tx:
        rows = tx.execute(select(tables.incidents).order_by(tables.incidents.c.number)).all()
    assert sum(row.reports for row in rows) == COUNT and len(rows) <= LINKS
    assert [row.opened_at for row in rows] == sorted(row.opened_at for row in rows)
    assert {row.category for row in rows} <= set(KINDS)


def test_who_wrote_is_known_again_and_what_they_were_saying(seeded: Seeded) -> None:
    home, _ = seeded
    with db.begin(home.engine) as tx:
        rows = tx.execute(select(tables.sessions.c.person)).scalars().all()
        kept = [people.session(tx, home.vault, person, datetime.now(UTC)) for person in rows]
        ways = [people.way(tx, home.vault, row) for row in tx.execute(select(tables.ways.c.person)).scalars()]
        needed = rotation.used(tx)
    assert all(plain and recall(plain) for plain in kept) and len(kept) > COUNT
    assert all(way and way.address for way in ways)
    assert set(needed.state) == set(home.vault.state_ids) and set(needed.desk) == set(home.vault.desk_keys)


def test_a_report_of_a_seeded_link_joins_its_incident_and_a_new_one_gets_the_next_number(seeded: Seeded) -> None:
    home, _ = seeded
    citizen = Telegrammer(client(home), PERSON)
    with db.begin(home.engine) as tx:
        before = tx.execute(select(tables.incidents.c.number, tables.incidents.c.reports)).all()
    for link in ("https://example.org/7/3", "https://example.org/another"):
        for said in (link, "continue", "hate", "send", "another"):
            citizen.says(said)
    with db.begin(home.engine) as tx:
        after = tx.execute(select(tables.incidents.c.number, tables.incidents.c.reports)).all()
    assert len(after) == len(before) + 1
    assert max(row.number for row in after) == max(row.number for row in before) + 1
    assert sum(row.reports for row in after) == COUNT + 2
