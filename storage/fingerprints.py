"""
Fingerprints: which incident a link or an account leads to, and who else may not change that meanwhile.

Whoever lets a report join, merges or splits holds the fingerprints concerned, by advisory locks that stand nowhere on
disk: after the person's lock and before any incident's row, which is taken in the order of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, literal, select, update
from sqlalchemy import text as sql
from sqlalchemy.sql.dml import Update

from conversations.cases import State
from storage.db import Transaction
from storage.people import key
from storage.sealed import Pseudonym
from storage.tables import fingerprints, incidents

LOCKS = sql("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
OPEN = incidents.c.state != State.CLOSED.value


def lock(tx: Transaction, marks: Sequence[Pseudonym]) -> None:
    """
    Nobody else joins, merges or splits what these lead to until the transaction ends. Raises `Busy` through it.

    All versions of a fingerprint are to be locked, so that processes on both sides of a key's rotation exclude each other.
    """
    tx.execute(LOCKS, {"keys": sorted({key(mark[1:]) for mark in marks})})


def lock_all_of(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Lock everything that leads to one of these incidents. Call it before their rows are locked."""
    found = tx.execute(select(fingerprints.c.mark).where(fingerprints.c.incident.in_(ids)))
    lock(tx, [Pseudonym(mark) for mark in found.scalars()])


def held(tx: Transaction, marks: Sequence[Pseudonym]) -> Row[Any] | None:
    """
    The open incident that one of these leads to, with `origin`: its row is ours until the transaction ends.

    A closed one is not locked: that would leave a citizen's transaction's number in a row that is not written.
    """
    asked = select(incidents, fingerprints.c.origin).join_from(fingerprints, incidents)
    asked = asked.where(fingerprints.c.mark.in_(marks), OPEN).order_by(incidents.c.number).limit(1)
    return tx.execute(asked.with_for_update(key_share=True, of=incidents)).first()


def earlier(marks: Sequence[Pseudonym]) -> Any:
    """As a column: the number of the last incident that one of these led to."""
    asked = select(incidents.c.number).join_from(fingerprints, incidents).where(fingerprints.c.mark.in_(marks))
    return asked.order_by(incidents.c.number.desc()).limit(1).scalar_subquery()


def led(marks: Sequence[Pseudonym], incident: UUID, origin: UUID) -> Update:
    """As a statement: all of these lead there from now on."""
    elsewhere = fingerprints.c.mark.in_(marks) & (fingerprints.c.incident != incident)
    return update(fingerprints).where(elsewhere).values(incident=incident, origin=origin, fresh=True)


def noted(marks: Sequence[Pseudonym], incident: UUID, origin: UUID) -> Any:
    """As rows: the newest of these, where it is not known yet."""
    types = [fingerprints.c[name].type for name in ("mark", "incident", "origin")]
    row = (literal(value, type) for value, type in zip((marks[0], incident, origin), types, strict=True))
    return select(*row).where(~select(fingerprints.c.mark).where(fingerprints.c.mark == marks[0]).exists())
