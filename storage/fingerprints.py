"""
Fingerprints: which incident a link or an account leads to, and who else may not change that meanwhile.

Whoever lets a report join, merges or splits holds the fingerprints concerned, by advisory locks that stand nowhere on
disk: after the person's lock and before any incident's row, which is taken in the order of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from storage import wire
from storage.db import Transaction
from storage.named import Named
from storage.people import key
from storage.sealed import Pseudonym
from storage.tables import fingerprints
from storage.wire import Said, Statement

LOCKS = Statement("marked", "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST($1 AS bigint[])) AS key")
# What is known of the places of an open incident's reports, whose row is held from then on. No plan may walk all incidents
# by number until one fits: see `counting.py`.
PLACES = Named(
    "places",
    """
    SELECT id, (SELECT origin FROM fingerprints WHERE mark = ANY (CAST(:marks AS bytea[])) AND incident = incidents.id LIMIT 1),
        places
    FROM incidents
    WHERE id = ANY (ARRAY(SELECT incident FROM fingerprints WHERE mark = ANY (CAST(:marks AS bytea[]))))
        AND state <> CAST(:closed AS text)
    ORDER BY number + 0 LIMIT 1 FOR NO KEY UPDATE
    """,
)


def locks(marks: Sequence[Pseudonym]) -> list[Said]:
    """
    What is to be said so that nobody else joins, merges or splits what these lead to until the transaction ends.

    All versions of a fingerprint are to be locked, so that processes on both sides of a key's rotation exclude each other.
    """
    keys = sorted({key(mark[1:]) for mark in marks})
    return [Said(LOCKS, [wire.array(wire.WHOLE, [wire.whole(one) for one in keys])])] if keys else []


def lock_all_of(tx: Transaction, ids: Sequence[UUID]) -> None:
    """Lock everything that leads to one of these incidents. Call it before their rows are locked."""
    found = tx.execute(select(fingerprints.c.mark).where(fingerprints.c.incident.in_(ids)))
    if wanted := locks([Pseudonym(mark) for mark in found.scalars()]):
        wire.journey(tx, *wanted)
