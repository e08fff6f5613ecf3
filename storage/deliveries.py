"""Deliveries: which have been answered and how, and which failed by our own fault."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Busy, Transaction, hour_after
from storage.sealed import Pseudonym
from storage.tables import deliveries, failures
from storage.vault import Vault

REMEMBERED = timedelta(hours=48)  # Telegram repeats for 24 hours
SIGNED = timedelta(days=30)  # Twilio's signatures never age: who captured a request can bring it again
PARKED_FOR = timedelta(days=7)  # what an operator has to look into a failure
TRIES = 3
AT_ONCE = 1_000  # ids looked up in one statement
KEEP = upsert(deliveries).on_conflict_do_nothing().returning(deliveries.c.mark)


class Fault(NamedTuple):
    """How many deliveries of a channel failed with one exception, for the operator's eyes."""

    channel: str
    fault: str
    parked: bool
    times: int


def first(tx: Transaction, vault: Vault, channel: str, delivery: str, now: datetime) -> bool:
    """Remember a delivery; False if it has been here before. The same one elsewhere waits until we are done."""
    newest, *older = vault.marks(channel, delivery)
    if older and tx.execute(select(exists().where(deliveries.c.mark.in_(older)))).scalar_one():
        return False
    statement = upsert(deliveries).values(mark=newest, forget_at=_until(channel, now))
    return tx.execute(statement.on_conflict_do_nothing().returning(deliveries.c.mark)).first() is not None


def known(tx: Transaction, vault: Vault, channel: str, delivery: str) -> bool:
    """Whether it has been here before."""
    return tx.execute(select(exists().where(deliveries.c.mark.in_(vault.marks(channel, delivery))))).scalar_one()


def heard(tx: Transaction, vault: Vault, channel: str, ids: Sequence[str]) -> set[str]:
    """Those of these deliveries that have been here before, or failed so often that they are not tried again."""
    found = set[str]()
    for start in range(0, len(ids), AT_ONCE):
        marks = {mark: id for id in ids[start : start + AT_ONCE] for mark in vault.marks(channel, id)}
        parked = failures.c.mark.in_(marks) & failures.c.parked.is_not(None)
        known = select(deliveries.c.mark).where(deliveries.c.mark.in_(marks))
        found |= {
            marks[Pseudonym(mark)] for mark in tx.execute(known.union(select(failures.c.mark).where(parked))).scalars()
        }
    return found


def keep(tx: Transaction, vault: Vault, channel: str, delivery: str, address: str, plain: bytes, now: datetime) -> None:
    """Remember a delivery with its answer, for its repeat alone. Raises `Busy` if another has answered it meanwhile."""
    if tx.execute(KEEP, row(vault, channel, delivery, address, plain, now)).first() is None:
        raise Busy("answered elsewhere")


def row(vault: Vault, channel: str, delivery: str, address: str, plain: bytes, now: datetime) -> dict[str, Any]:
    """What `KEEP` keeps."""
    sealed = vault.seal_kept(delivery, address, plain)
    return {"mark": vault.mark(channel, delivery), "kept": sealed, "forget_at": _until(channel, now)}


def kept(tx: Transaction, vault: Vault, channel: str, delivery: str, address: str) -> bytes | None:
    """The answer that was given, or None if none was kept."""
    found = select(deliveries.c.kept).where(deliveries.c.mark.in_(vault.marks(channel, delivery)))
    return opened(vault, delivery, address, tx.execute(found).scalar())


def opened(vault: Vault, delivery: str, address: str, sealed: bytes | None) -> bytes | None:
    """The answer in what was kept, if anything was."""
    return None if sealed is None else vault.open_kept(delivery, address, sealed)


def failed(tx: Transaction, vault: Vault, channel: str, delivery: str, fault: str, raw: bytes, now: datetime) -> int:
    """
    Count a failure of our own, in a transaction of its own; how many there were.

    `fault` is the exception's class name and nothing of its text. From the third on, `raw` is kept sealed.
    """
    mark = _known(tx, vault, channel, delivery)
    row = {"fault": fault[:80], "forget_at": hour_after(now + REMEMBERED)}
    statement = upsert(failures).values(mark=mark, channel=channel, attempts=1, **row)
    again = statement.on_conflict_do_update(index_elements=["mark"], set_={**row, "attempts": failures.c.attempts + 1})
    attempts: int = tx.execute(again.returning(failures.c.attempts)).scalar_one()
    if attempts >= TRIES:
        parked = {"parked": vault.seal("failures", mark, raw), "forget_at": hour_after(now + PARKED_FOR)}
        tx.execute(update(failures).where(failures.c.mark == mark).values(**parked))
    return attempts


def is_parked(tx: Transaction, vault: Vault, channel: str, delivery: str) -> bool:
    """Whether this delivery failed so often that it is not tried again."""
    parked = failures.c.mark.in_(vault.marks(channel, delivery)) & failures.c.parked.is_not(None)
    return tx.execute(select(exists().where(parked))).scalar_one()


def parked_count(tx: Transaction) -> int:
    """How many deliveries are parked."""
    return tx.execute(select(func.count()).select_from(failures).where(failures.c.parked.is_not(None))).scalar_one()


def faults(tx: Transaction) -> list[Fault]:
    """What failed by our own fault and is not yet forgotten."""
    rows = tx.execute(select(failures.c.channel, failures.c.fault, failures.c.parked.is_not(None)))
    counted = Counter((channel, fault, parked) for channel, fault, parked in rows)
    return [Fault(*kind, times) for kind, times in sorted(counted.items())]


def _until(channel: str, now: datetime) -> datetime:
    return hour_after(now + (SIGNED if channel == "whatsapp" else REMEMBERED))


def _known(tx: Transaction, vault: Vault, channel: str, delivery: str) -> Pseudonym:
    """The mark under which the failure is already counted, else the newest."""
    newest, *older = vault.marks(channel, delivery)
    found = tx.execute(select(failures.c.mark).where(failures.c.mark.in_(older))).scalar() if older else None
    return newest if found is None else Pseudonym(found)
