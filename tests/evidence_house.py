"""A house whose citizens sent files: reports with something to fetch, a shelf of the test's own, a desk that opens it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, select, text, update

from bot import evidence
from bot.channel import Alias, Inbound
from bot.house import House
from conversations.categories import CATEGORIES
from conversations.model import Draft, Filing, Link, Media, Message
from storage import db, people, reports
from storage.joining import Handling
from storage.opening import Desk
from storage.sealed import Sealed, Wrap
from storage.tables import evidence as kept
from storage.tables import evidence_keys, fetches
from storage.tables import reports as report_rows
from tests import doors
from tests.providers import Providers
from tests.storage_samples import reference

DESK = Desk("".join(doors.NEW.desk.values()))
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"a picture that nobody sees. " * 40
CHAT = "712345001"


@pytest.fixture
def providers() -> Iterator[Providers]:
    with Providers() as made:
        yield made
        made.flows.set()
        made.shutdown()


@pytest.fixture
def house(database_url: str, providers: Providers, tmp_path: Path) -> Iterator[House]:
    made = doors.house(database_url, **environment(providers, tmp_path))
    yield made
    assert made.telegram
    made.telegram.close()
    made.engine.dispose()


def environment(providers: Providers, folder: Path) -> dict[str, str]:
    return {
        "TELEGRAM_API_BASE": providers.address,
        "TWILIO_API_BASE": providers.address,
        "EVIDENCE_URL": str(folder / "shelf"),
        "LANGUAGES": "en",
    }


def message(channel: str = "telegram", *media: Media, number: str = "9") -> Inbound:
    whom = {"telegram": ("id", CHAT), "whatsapp": ("phone", "+212655443322")}[channel]
    address = {"telegram": CHAT, "whatsapp": "whatsapp:+212655443322"}[channel]
    return Inbound(channel, "delivery", (Alias(*whom),), address, Message(media=media, number=number))


def file(
    house: House, *media: Media, category: str = "scam", disclosure: str = "confidential", channel: str = "telegram"
) -> UUID:
    """File a report with these files, as a turn does; its id."""
    draft = Draft(
        (Link("https://bad.example/p", "https://bad.example/p"),), category, disclosure=disclosure, media=media
    )
    filing = Filing(reference(), "seven words" if disclosure == "anonymous" else "", "en", draft, "2026-11")
    known = CATEGORIES[category]
    inbound, now = message(channel), datetime.now(UTC)
    with db.begin(house.engine) as tx:
        person = people.lock(tx, house.vault, channel, inbound.aliases)
        handling = Handling(severity=known.severity, queues=(known.queue,))
        reports.file(tx, house.vault, filing, handling, channel, person, inbound.address, now)
        evidence.owe_fetches(tx, house, inbound, filing.reference, media, now)
        people.save(tx, house.vault, person, b"sent", now)
        found: UUID = tx.execute(
            select(report_rows.c.id).where(report_rows.c.reference == filing.reference)
        ).scalar_one()
    return found


def photo(handle: str = "AgAC-photo", number: str = "9") -> Media:
    return Media("photo", handle, 0, "image/jpeg", number)


def ids(house: House, table: Table = fetches) -> list[UUID]:
    with db.begin(house.engine) as tx:
        return list(tx.execute(select(table.c.id)).scalars())


def rows(house: House, table: Table) -> list[Any]:
    with db.begin(house.engine) as tx:
        return list(tx.execute(select(table)).all())


def jobs(house: House) -> list[tuple[str, str, str, str]]:
    """Every job that waits: task, queue, lock and argument."""
    asked = "SELECT task_name, queue_name, lock, args->>'row' FROM procrastinate_jobs ORDER BY id"
    with db.begin(house.engine) as tx:
        return [(row[0], row[1], row[2], row[3]) for row in tx.execute(text(asked))]


def categorise(house: House, report: UUID, category: str) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(update(report_rows).where(report_rows.c.id == report).values(category=category))


def make_due(house: House, table: Table = fetches, **values: Any) -> None:
    past = datetime(2020, 1, 1, tzinfo=UTC)
    with db.begin(house.engine) as tx:
        tx.execute(update(table).values(**(values or {"due_at": past})))


def opened(house: House, report: UUID, exhibit: int = 1, desk: Desk = DESK) -> tuple[dict[str, Any], bytes]:
    """What the desk reads of a file: its facts and its bytes."""
    with db.begin(house.engine) as tx:
        name = tx.execute(select(report_rows.c.reference).where(report_rows.c.id == report)).scalar_one()
        row = tx.execute(select(kept).where(kept.c.report == report, kept.c.exhibit == exhibit)).one()
        keys = tx.execute(
            select(evidence_keys).where(evidence_keys.c.report == report, evidence_keys.c.exhibit == exhibit)
        )
        wraps = [Wrap(key.desk_key, Sealed(key.wrapped)) for key in keys]
    seal = desk.exhibit(name, exhibit, wraps)
    with house.shelf.open(row.file) as sealed:
        return json.loads(seal.open_facts(row.sealed)), b"".join(seal.open_file(sealed))


def on_the_shelf(house: House) -> list[Path]:
    return sorted(house.shelf.folder.iterdir()) if house.shelf.folder.exists() else []
