"""
Answers that wait for the worker: native WhatsApp buttons and lists, which need a call, and whatever comes behind them.

A row lives until its answer has gone on its way, which is a second or two. It is found by a pseudonym of the address, not by a person: who
said *stop* is forgotten at once, and still told so. The caller holds the person's lock, so a queue grows by one at a time.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select, update

from storage.db import Transaction, hour_after
from storage.sealed import Pseudonym
from storage.tables import answers
from storage.vault import Vault

KEPT_FOR = timedelta(hours=24)  # as long as WhatsApp lets us answer freely
ANSWERED_WITHIN = timedelta(minutes=5)  # the provider says within seconds whether it can go on


class Stage(IntEnum):
    """How far an answer has come. A number that was ever written keeps its meaning."""

    WAITING = 0
    TRIED = 1  # a call was begun: it may have left
    LEFT = 2  # the provider has taken it, and may still refuse it
    REFUSED = 3  # it did: the same must be said as text


@dataclass(frozen=True, slots=True)
class Owed:
    """One answer that has not left. `mark` is the delivery's that it answers, so that there is one at most."""

    mark: Pseudonym = field(repr=False)
    channel: str
    address: str = field(repr=False)
    said: bytes = field(repr=False)
    since: datetime
    stage: Stage


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
    mine = answers.c.pseudonym.in_(_names(vault, channel, address)) & _HERE
    rows = tx.execute(select(answers).where(mine).order_by(answers.c.position))
    return [_opened(vault, row) for row in rows]


def take_back(tx: Transaction, owed: Sequence[Owed]) -> list[Owed]:
    """Those that nobody is sending at this moment: they are the caller's now, who says them in another way."""
    free = select(answers.c.mark).where(answers.c.mark.in_([one.mark for one in owed]))
    held = set(tx.execute(free.with_for_update(skip_locked=True)).scalars())
    mine = [one for one in owed if one.mark in held]
    if mine:
        tx.execute(delete(answers).where(answers.c.mark.in_([one.mark for one in mine])))
    return mine


def begin(tx: Transaction, mailbox: UUID) -> Stage | None:
    """Note that the mailbox's first answer is tried; its stage before that, or None where nothing waits."""
    row = tx.execute(_first(mailbox)).one_or_none()
    if row is None:
        return None
    if row.stage == Stage.WAITING:
        _move(tx, Pseudonym(row.mark), stage=Stage.TRIED)
    return Stage(row.stage)


def first(tx: Transaction, vault: Vault, mailbox: UUID) -> Owed | None:
    """The mailbox's oldest answer: nobody else sends it while this transaction lasts."""
    row = tx.execute(_first(mailbox)).one_or_none()
    return None if row is None else _opened(vault, row)


def left(tx: Transaction, owed: Owed, now: datetime) -> None:
    """It was taken, and may still be refused; where nobody says that soon, it has arrived."""
    _move(tx, owed.mark, stage=Stage.LEFT, forget_at=hour_after(now + ANSWERED_WITHIN), fresh=True)


def drop(tx: Transaction, mark: Pseudonym) -> None:
    """Nothing more is owed."""
    tx.execute(delete(answers).where(answers.c.mark == mark))


def refused(tx: Transaction, mark: Pseudonym, now: datetime) -> UUID | None:
    """
    An answer that had left did not arrive, and waits again; its mailbox, or None where nobody waits for it.

    This may be heard before the call has returned that sent it, which holds the row until then.
    """
    row = tx.execute(select(answers).where(answers.c.mark == mark).with_for_update()).one_or_none()
    if row is None or row.stage != Stage.LEFT:
        return None
    _move(tx, mark, stage=Stage.REFUSED, forget_at=hour_after(now + KEPT_FOR), fresh=True)
    return UUID(str(row.mailbox))


_HERE = answers.c.stage != Stage.LEFT


def _first(mailbox: UUID) -> Select[Any]:
    here = (answers.c.mailbox == mailbox) & _HERE
    return select(answers).where(here).order_by(answers.c.position).limit(1).with_for_update()


def _move(tx: Transaction, mark: Pseudonym, **changes: object) -> None:
    tx.execute(update(answers).where(answers.c.mark == mark).values(**changes))


def _names(vault: Vault, channel: str, address: str) -> tuple[Pseudonym, ...]:
    """Apart from a person's aliases: this one says only that something waits for an address."""
    return vault.pseudonyms(channel, "answers", address)


def _opened(vault: Vault, row: Any) -> Owed:
    plain = json.loads(vault.open("answers", row.mark, row.sealed))
    since = datetime.fromisoformat(plain["since"])
    said = plain["said"].encode()
    return Owed(Pseudonym(row.mark), plain["channel"], plain["address"], said, since, Stage(row.stage))
