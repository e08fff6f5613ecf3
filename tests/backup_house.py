"""Two houses, each with a database and a shelf: one that is backed up, one that it is restored into."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select

from bot import backups
from bot.house import House
from conversations.model import Draft, Filing, Link
from storage import deliveries, erasing, people, reports, tombstones
from storage.db import begin
from storage.joining import Handling
from storage.opening import Desk
from storage.parcels import SealedReport
from storage.tables import evidence
from storage.tables import reports as rows
from tests import doors
from tests.conftest import fresh_database
from tests.storage_samples import NAME, reference

DESK = Desk("".join(doors.NEW.desk.values()))
QUEUES = ("general",)


@contextmanager
def opened(url: str, folder: Path) -> Iterator[House]:
    made = doors.house(url, EVIDENCE_URL=str(folder))
    yield made
    made.engine.dispose()


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    with opened(database_url, tmp_path / "shelf") as made:
        yield made


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[House]:
    with fresh_database() as url, opened(url, tmp_path / "other-shelf") as made:
        yield made


def file(house: House, number: int, disclosure: str = "identified") -> str:
    """A report of somebody's, with a session and an answered delivery, as a turn leaves them; its reference."""
    link = Link(f"https://bad.example/{number}", f"https://bad.example/{number}")
    named = NAME if disclosure == "identified" else ""
    draft = Draft((link,), "hate", details=f"story {number}", disclosure=disclosure, name=named, contact=named)
    filing = Filing(reference(), "seven words" if disclosure == "anonymous" else "", "en", draft, "2026-11")
    now = datetime.now(UTC)
    with begin(house.engine) as tx:
        person = people.lock(tx, house.vault, "telegram", [("id", str(number))])
        reports.file(tx, house.vault, filing, Handling(1, queues=QUEUES), "telegram", person, str(number), now)
        people.save(tx, house.vault, person, b"sent", now + timedelta(days=1))
        deliveries.keep(tx, house.vault, "telegram", str(number), str(number), b"the answer", now)
    return filing.reference


def with_file(house: House, name: str) -> UUID:
    """A sealed file of the report's."""
    shelved = uuid4()
    house.shelf.put(shelved, [b"sealed bytes"])
    with begin(house.engine) as tx:
        report = tx.execute(select(rows.c.id).where(rows.c.reference == name)).scalar_one()
        facts = house.vault.seal("evidence", b"row", b"facts")
        tx.execute(insert(evidence).values(report=report, exhibit=1, file=shelved, sealed=facts, digest=bytes(32)))
    return shelved


def erase(house: House, name: str) -> None:
    with begin(house.engine) as tx:
        report = tx.execute(select(rows.c.id).where(rows.c.reference == name)).scalar_one()
        erasing.erase(tx, house.vault, report, datetime.now(UTC))


def at_the_desk(house: House) -> dict[str, str]:
    """What the desk reads in a database: each report's story."""
    with begin(house.engine) as tx:
        return {one.reference: story(one) for one in reports.sealed(tx)}


def story(one: SealedReport) -> str:
    said: dict[str, Any] = json.loads(DESK.open(one.reference, one.parts, one.wraps)["content"])
    return str(said["details"])


def saved(house: House, path: Path) -> Path:
    backups.back_up(house.engine, house.shelf, path, 30)
    return path


def stones(house: House, path: Path) -> list[tombstones.Tombstone]:
    with begin(house.engine) as tx, path.open("wb") as out:
        tombstones.write(tx, out)
    return backups.read_tombstones([path])


def restore(house: House, path: Path, stones: list[tombstones.Tombstone], **how: Any) -> backups.Restored:
    return backups.restore(house.engine, house.vault, house.shelf, path, stones, **{"expired": False, **how})
