"""
Unfinished conversations whose writers chose that silence sends them: who is due, taken one person a transaction.

Rows are found by index and taken by the person's advisory lock, which passes over who is in use just as a locked row would,
and stays nowhere on disk (docs/adr/0005-unlinking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction, hour_after
from storage.people import IfSilent, if_silent, key
from storage.tables import deliveries, sessions
from storage.vault import Vault

RECEIPT_KEPT = timedelta(hours=24)
TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True)
class Silent:
    """A conversation whose time has come, and what was chosen for it. Its person is locked until the transaction ends."""

    plain: bytes = field(repr=False)
    then: IfSilent


def to_file(tx: Transaction, now: datetime, most: int) -> Sequence[UUID]:
    """People whose conversation is to be filed, in no order: one that fails does not stand before the others."""
    return _due(tx, sessions.c.file_at, now, most)


def to_nudge(tx: Transaction, now: datetime, most: int) -> Sequence[UUID]:
    """People whose one nudge is due, in no order."""
    return _due(tx, sessions.c.nudge_at, now, most)


def take_to_file(tx: Transaction, vault: Vault, person: UUID, now: datetime) -> Silent | None:
    """
    The conversation to be filed, if it still is to be and nobody is at work on its person.

    Its row stays as it is: the caller files it and saves what comes after, in this transaction.
    """
    return _taken(tx, vault, person, sessions.c.file_at, now)


def take_nudge(tx: Transaction, vault: Vault, person: UUID, now: datetime) -> Silent | None:
    """The conversation to be nudged, if it still is to be; from this transaction on it has been."""
    silent = _taken(tx, vault, person, sessions.c.nudge_at, now)
    if silent:
        tx.execute(update(sessions).where(sessions.c.person == person).values(nudge_at=None, fresh=True))
    return silent


def nudge_again(tx: Transaction, person: UUID, at: datetime) -> None:
    """The nudge did not leave: let it be due once more, unless they have written, been filed or stopped since."""
    waits = (sessions.c.person == person) & sessions.c.nudge_at.is_(None) & (sessions.c.file_at > at)
    if tx.execute(TRY_LOCK, {"key": key(person.bytes)}).scalar_one():
        tx.execute(update(sessions).where(waits).values(nudge_at=at, fresh=True))


def keep_receipt(tx: Transaction, vault: Vault, channel: str, address: str, plain: bytes, now: datetime) -> None:
    """
    Keep the receipt of what silence sent for a day, for its writer alone.

    It is kept as answers are: nothing here joins it to a person, and only a message from this address opens it.
    """
    name = _receipt(address)
    row = {"kept": vault.seal_kept(name, address, plain), "forget_at": hour_after(now + RECEIPT_KEPT), "fresh": True}
    statement = upsert(deliveries).values(mark=vault.mark(channel, name), **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["mark"], set_=row))


def take_receipt(tx: Transaction, vault: Vault, channel: str, address: str) -> bytes | None:
    """The receipt that was kept for who writes from this address; from this transaction on there is none."""
    name = _receipt(address)
    gone = delete(deliveries).where(deliveries.c.mark.in_(vault.marks(channel, name))).returning(deliveries.c.kept)
    sealed = tx.execute(gone).scalar()
    return None if sealed is None else vault.open_kept(name, address, sealed)


def _due(tx: Transaction, at: Column[Any], now: datetime, most: int) -> Sequence[UUID]:
    return tx.execute(select(sessions.c.person).where(at <= now).order_by(func.random()).limit(most)).scalars().all()


def _taken(tx: Transaction, vault: Vault, person: UUID, at: Column[Any], now: datetime) -> Silent | None:
    """The lock first, then the row as it is under the lock."""
    if not tx.execute(TRY_LOCK, {"key": key(person.bytes)}).scalar_one():
        return None
    row: Row[Any] | None = tx.execute(select(sessions).where(sessions.c.person == person, at <= now)).one_or_none()
    then = if_silent(vault, row) if row else None
    return Silent(vault.open("sessions", person.bytes, row.sealed), then) if row and then else None


def _receipt(address: str) -> str:
    return f"receipt of {address}"
