"""
Fingerprints: which incident a link or an account leads to, and who else may not change that meanwhile.

Whoever lets a report join, merges or splits holds the fingerprints concerned, by advisory locks that stand nowhere on
disk: after the person's lock and before any incident's row, which is taken in the order of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, Select, any_, bindparam, select
from sqlalchemy import text as sql

from conversations.cases import State
from storage.columns import PseudonymColumn
from storage.db import Transaction
from storage.people import key
from storage.sealed import Pseudonym
from storage.tables import fingerprints, incidents

LOCKS = sql("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
CHANGING = ("category", "severity", "card_group", "link", "link_until", "places")  # by a report that joins
MARKS = bindparam("marks", type_=ARRAY(PseudonymColumn()))
HELD: Select[Any] = (
    select(incidents.c.id, *(incidents.c[name] for name in CHANGING), fingerprints.c.origin)
    .join_from(fingerprints, incidents)
    .where(fingerprints.c.mark == any_(MARKS), incidents.c.state != State.CLOSED.value)
    .order_by(incidents.c.number)
    .limit(1)
    .with_for_update(key_share=True, of=incidents)
)


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
    return tx.execute(HELD, {"marks": list(marks)}).first()
