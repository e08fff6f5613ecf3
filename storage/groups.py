"""
The internal groups: where they are now, and when each may be called next.

A group grants 20 calls in a minute (platform.md A11). `SPACING` and `BURST` keep what the worker sends well below that:
the 18th call in a row comes 15 spacings after the first, 63.75 s. The rest is for answers to commands, `MOST_ANSWERS` of
them ahead of their time: they ride back on a webhook's response, where a refusal could not be seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.tables import MOMENT, digests, groups, incidents, waves

BURST = 3
SPACING = timedelta(seconds=4.25)
TOLERANCE = (BURST - 1) * SPACING
MOST_ANSWERS = 2


class Group(NamedTuple):
    """A group: `chat` is its id in force, `mailbox` what a job's lock names."""

    name: str
    chat: str
    mailbox: UUID


class Turn(NamedTuple):
    """`wait` 0: the call that was asked for is granted and counted. Otherwise ask again in so many seconds."""

    wait: float
    chat: str


def group(tx: Transaction, name: str, configured: str, now: datetime) -> Group:
    """
    The group of that name, made if need be.

    `chat` stays what it became when the group moved, until the environment names another. Reads only, most times.
    """
    row = tx.execute(select(groups).where(groups.c.name == name, groups.c.configured == configured)).one_or_none()
    if row is None:
        # An id that went from one name to the other: the other's row is made anew when it is asked for.
        tx.execute(delete(groups).where(groups.c.chat == configured, groups.c.name != name))
        follows = {"configured": configured, "chat": configured}
        statement = upsert(groups).values(name=name, mailbox=uuid4(), free_at=now, **follows)
        upserted = statement.on_conflict_do_update(index_elements=["name"], set_=follows).returning(groups)
        row = tx.execute(upserted).one()
        _forget_messages(tx, name)
        tx.execute(upsert(digests).values(card_group=name, given_on=now.date()).on_conflict_do_nothing())
    return Group(row.name, row.chat, row.mailbox)


def find(tx: Transaction, name: str) -> Group | None:
    """The group of that name, if there is one."""
    row = tx.execute(select(groups).where(groups.c.name == name)).one_or_none()
    return None if row is None else Group(row.name, row.chat, row.mailbox)


def turn(tx: Transaction, name: str, now: datetime) -> Turn:
    """Ask for one call to the group now. Counted when the transaction commits, made or not."""
    later = func.greatest(groups.c.free_at, literal(now, MOMENT)) + SPACING
    free = (groups.c.name == name) & (groups.c.free_at <= now + TOLERANCE)
    chat = tx.execute(update(groups).where(free).values(free_at=later).returning(groups.c.chat)).scalar()
    if chat is not None:
        return Turn(0.0, chat)
    row = tx.execute(select(groups.c.free_at, groups.c.chat).where(groups.c.name == name)).one()
    return Turn(max((row.free_at - TOLERANCE - now).total_seconds(), 0.001), row.chat)


def spend(tx: Transaction, name: str, now: datetime) -> bool:
    """Take a call for an answer that cannot wait, ahead of the worker's; False where too many were taken so."""
    later = func.greatest(groups.c.free_at, literal(now, MOMENT)) + SPACING
    may = (groups.c.name == name) & (groups.c.free_at <= now + TOLERANCE + MOST_ANSWERS * SPACING)
    return tx.execute(update(groups).where(may).values(free_at=later)).rowcount > 0


def hold(tx: Transaction, name: str, until: datetime) -> None:
    """Call the group not before `until`, and then without a burst: the provider asked for it."""
    held = func.greatest(groups.c.free_at, literal(until + TOLERANCE, MOMENT))
    tx.execute(update(groups).where(groups.c.name == name).values(free_at=held))


def moved(tx: Transaction, old: str, new: str) -> bool:
    """A group became a supergroup: it is called there, where its old cards cannot be edited. False if not ours."""
    name = tx.execute(update(groups).where(groups.c.chat == old).values(chat=new).returning(groups.c.name)).scalar()
    if name is not None:
        _forget_messages(tx, name)
    return name is not None


def named(tx: Transaction, chat: str) -> str | None:
    """
    The name of the group with this id, or None for a stranger's. Also by the id that it had before it moved: buttons of the
    cards there are pressed for a while.
    """
    now = groups.c.chat == chat
    asked = select(groups.c.name).where(now | (groups.c.configured == chat)).order_by(now.desc())
    return tx.execute(asked.limit(1)).scalar()


def _forget_messages(tx: Transaction, name: str) -> None:
    """In another chat the numbers of messages mean nothing: the next change of an incident sends its card anew."""
    tx.execute(update(incidents).where(incidents.c.card_in == name).values(card_message=None, card_in=None))
    tx.execute(update(waves).where(waves.c.card_group == name).values(message=None))
