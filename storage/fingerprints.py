"""
Fingerprints: which incident a link or an account leads to, and who else may not change that meanwhile.

Whoever lets a report join, merges or splits holds the fingerprints concerned, by advisory locks that stand nowhere on
disk: after the person's lock and before any incident's row, which is taken in the order of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Row, bindparam, select
from sqlalchemy import text as sql

from conversations.cases import State
from storage.columns import PseudonymColumn
from storage.db import Transaction
from storage.people import key
from storage.sealed import Pseudonym
from storage.tables import fingerprints

LOCKS = sql("SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS key")
CHANGING = ("category", "severity", "card_group", "link", "link_until", "places")  # by a report that joins
MARKS = bindparam("marks", type_=ARRAY(PseudonymColumn()))
# What leads where under the locks, with the end of its chain of custody; else the number of an incident to be made.
# Rows are held in this order: the incident's, its chain's.
HELD = sql("""
    SELECT asked.taken, known.*, coalesce(known.known_number, nextval('incidents_number_seq')) AS number
    FROM (SELECT EXISTS (SELECT FROM reports WHERE reference = :reference) AS taken) AS asked LEFT JOIN (
        SELECT incidents.id, incidents.number AS known_number, category, severity, card_group, link, link_until, places,
            fingerprints.origin, custody_heads.length, custody_heads.hash
        FROM fingerprints JOIN incidents ON incidents.id = fingerprints.incident
            JOIN custody_heads ON custody_heads.incident = incidents.id
        WHERE mark = ANY (:marks) AND state <> :closed
        ORDER BY incidents.number LIMIT 1 FOR NO KEY UPDATE OF incidents, custody_heads
    ) AS known ON true
""").bindparams(MARKS, closed=State.CLOSED.value)


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


def held(tx: Transaction, marks: Sequence[Pseudonym], reference: str = "") -> Row[Any]:
    """
    The open incident that one of these leads to, with `origin` and its chain's end: both rows are ours until the
    transaction ends. Where there is none, `id` is None, and `number` a new one. `taken`: a report has this reference.

    A closed one is not locked: that would leave a citizen's transaction's number in a row that is not written.
    """
    return tx.execute(HELD, {"marks": list(marks), "reference": reference}).one()
