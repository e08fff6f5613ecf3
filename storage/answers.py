"""
Answers that wait for the worker: native WhatsApp buttons and lists, which need a call, and whatever comes behind them.

A row lives until its answer has left, which is a second. It is found by a pseudonym of the address, not by a person: who
said *stop* is forgotten at once, and still told so. The caller holds the person's lock, so a queue grows by one at a time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, select, update

from storage.db import Transaction, hour_after
from storage.sealed import Pseudonym
from storage.tables import answers
from storage.vault import Vault

KEPT_FOR = timedelta(hours=24)  # as long as WhatsApp lets us answer freely


@dataclass(frozen=True, slots=True)
class Owed:
    """One answer that has not left. `mark` is the delivery's that it answers, so that there is one at most."""

    mark: Pseudonym = field(repr=False)
    channel: str
    address: str = field(repr=False)
    said: bytes = field(repr=False)
    since: datetime


def put(tx: Transaction, vault: Vault, channel: str, delivery: str, address: str, said: bytes, now: datetime) -> UUID:
    """Queue the answer to a delivery behind those that wait for this address; the mailbox, which a job's lock names."""
    newest, *older = _names(vault, channel, address)
    mine = answers.c.pseudonym.in_((newest, *older))
    last = select(answers.c.mailbox, answers.c.position).where(mine).order_by(answers.c.position.desc()).limit(1)
    mailbox, position = tx.execute(last).one_or_none() or (uuid4(), 0)
    mark = vault.mark(channel, delivery)
    plain = {"channel": channel, "address": address, "said": said.decode(), "since": now.isoformat()}
    row = {
        "mark": mark,
        "pseudonym": newest,
        "mailbox": mailbox,
        "position": position + 1,
        "sealed": vault.seal("answers", mark, json.dumps(plain).encode()),
        "forget_at": hour_after(now + KEPT_FOR),
    }
    tx.execute(answers.insert().values(**row))
    return UUID(str(mailbox))


def waiting(tx: Transaction, vault: Vault, channel: str, address: str) -> list[Owed]:
    """What has not left for this address, oldest first; one may be on its way at this moment."""
    mine = answers.c.pseudonym.in_(_names(vault, channel, address))
    rows = tx.execute(select(answers.c.mark, answers.c.sealed).where(mine).order_by(answers.c.position))
    return [_opened(vault, row.mark, row.sealed) for row in rows]


def take_back(tx: Transaction, owed: Sequence[Owed]) -> list[Owed]:
    """Those that nobody is sending at this moment: they are the caller's now, who says them in another way."""
    free = select(answers.c.mark).where(answers.c.mark.in_([one.mark for one in owed]))
    held = set(tx.execute(free.with_for_update(skip_locked=True)).scalars())
    mine = [one for one in owed if one.mark in held]
    if mine:
        tx.execute(delete(answers).where(answers.c.mark.in_([one.mark for one in mine])))
    return mine


def begin(tx: Transaction, mailbox: UUID) -> bool | None:
    """Note that the mailbox's first answer is tried; whether it was tried before, or None where nothing waits."""
    row = tx.execute(_first(mailbox)).one_or_none()
    if row is None:
        return None
    tx.execute(update(answers).where(answers.c.mark == Pseudonym(row.mark)).values(tried=True))
    return bool(row.tried)


def first(tx: Transaction, vault: Vault, mailbox: UUID) -> Owed | None:
    """The mailbox's oldest answer, gone when this transaction commits: who sends it holds it until then."""
    row = tx.execute(_first(mailbox)).one_or_none()
    if row is None:
        return None
    tx.execute(delete(answers).where(answers.c.mark == Pseudonym(row.mark)))
    return _opened(vault, row.mark, row.sealed)


def count(tx: Transaction) -> int:
    """How many wait."""
    return tx.execute(select(func.count()).select_from(answers)).scalar_one()


def _first(mailbox: UUID) -> Select[Any]:
    columns = (answers.c.mark, answers.c.sealed, answers.c.tried)
    return select(*columns).where(answers.c.mailbox == mailbox).order_by(answers.c.position).limit(1).with_for_update()


def _names(vault: Vault, channel: str, address: str) -> tuple[Pseudonym, ...]:
    """Apart from a person's aliases: this one says only that something waits for an address."""
    return vault.pseudonyms(channel, "answers", address)


def _opened(vault: Vault, mark: bytes, sealed: bytes) -> Owed:
    plain = json.loads(vault.open("answers", mark, sealed))
    since = datetime.fromisoformat(plain["since"])
    return Owed(Pseudonym(mark), plain["channel"], plain["address"], plain["said"].encode(), since)
