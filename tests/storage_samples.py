"""What the tests of storage put in: keys, people, reports."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, select, text

from conversations.model import Draft, Filing, Link
from storage import keys, people, reports
from storage.db import Store, Transaction, connect
from storage.joining import Handling, Joined
from storage.tables import metadata
from storage.vault import Vault

NOW = datetime(2026, 11, 22, 2, 33, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
MADE = keys.generate()
DESK = keys.parse_desk_keys(MADE.environment["IBLAGH_DESK_PUBLIC_KEYS"])
STATE, FIRST, SECOND = bytes([1]) * 32, bytes([2]) * 32, bytes([3]) * 32
POSTS = itertools.count()
NAME, CONTACT, LINK, DETAILS = "Amina Sentinel", "+212611223344", "https://bad.example/p/7?sentinel", "seen sentinel"


def vault(*pseudonym_keys: tuple[int, bytes]) -> Vault:
    """A vault that finds by these keys, by the first of all if none is given."""
    return Vault([("one", STATE)], pseudonym_keys or [(1, FIRST)], DESK)


VAULT = vault()


def reference() -> str:
    """Something like a reference; its check symbol is the conversation's business."""
    signs = secrets.token_hex(6).upper()
    return f"IB-{signs[:4]}-{signs[4:8]}-{signs[8:11]}"


def filing(disclosure: str = "anonymous", post: str = "", **said: Any) -> Filing:
    """A report of one post, which nobody else reports unless it is named."""
    named = {"name": NAME, "contact": CONTACT} if disclosure == "identified" else {}
    link = Link(LINK, f"https://bad.example/p/{post or next(POSTS)}", "web", "sentinel")
    told = {"links": (link,), "category": "hate", "details": DETAILS, "disclosure": disclosure}
    draft = Draft(**{**told, **named, **said})
    secret = "seven words" if disclosure == "anonymous" else ""
    return Filing(reference(), secret, "fr", draft, "2026-11 2026-11-22T02:33Z")


HANDLING = Handling(severity=1, link="hxxps://bad[.]example/p/7", link_until=NOW + timedelta(days=30))


def file(
    tx: Transaction, said: Filing | None = None, name: str = "4711", handling: Handling = HANDLING, now: datetime = NOW
) -> Joined:
    """File a report of the person who bears this name on Telegram, and save their session, as a turn does."""
    person = someone(tx, name)
    filed = reports.file(tx, VAULT, said or filing(), handling, "telegram", person, f"chat-{name}", now)
    people.save(tx, VAULT, person, b"sent", LATER)
    return filed


def someone(tx: Transaction, name: str = "4711") -> UUID:
    return people.lock(tx, VAULT, "telegram", [("id", name)])


def who(store: Store, names: Sequence[tuple[str, str]], using: Vault = VAULT) -> UUID:
    """The WhatsApp user of these names, in a transaction of its own, with a session so that they stay."""
    with store.begin() as tx:
        person = people.lock(tx, using, "whatsapp", names)
        people.save(tx, using, person, b"{}", LATER)
        return person


@contextmanager
def emptied(url: str) -> Iterator[Store]:
    """A store on this database once all our tables are empty: quicker than a database for each test."""
    store = Store(connect(url))
    try:
        with store.begin() as tx:
            _empty(tx)
        yield store
    finally:
        store.close()


def _empty(tx: Transaction) -> None:
    """Most tables are empty already, and a few rows are deleted sooner than fifty tables are made anew."""
    names = [table.name for table in reversed(metadata.sorted_tables)]
    look = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
    filled = set(tx.execute(text(look)).scalars())
    with unguarded(tx) if filled & {"custody", "custody_heads"} else nullcontext():
        for name in names:
            if name in filled:
                tx.execute(text(f"DELETE FROM {name}"))


@contextmanager
def unguarded(tx: Transaction) -> Iterator[None]:
    """Without the triggers that keep the custody log from being changed, which its tables' owner may take off."""
    for table in ("custody", "custody_heads"):
        tx.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    for table in ("custody", "custody_heads"):
        tx.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def count(tx: Transaction, table: Table) -> int:
    return tx.execute(select(func.count()).select_from(table)).scalar_one()


def counts(store: Store, *tables: Table) -> list[int]:
    with store.begin() as tx:
        return [count(tx, table) for table in tables]
