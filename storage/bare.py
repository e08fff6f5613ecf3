"""
People of whom nothing is left but names: forgotten with the last that leads to them.

Whoever deletes that says whose it was. For whatever else may leave somebody bare a walk passes by everybody in the end, some
thousand people at a time: to ask all of them each time would cost more with everyone who ever wrote.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, ColumnElement, Table, Uuid, any_, literal, select, text, true

from storage.db import Transaction
from storage.people import forget_if_bare, key
from storage.tables import guesses, people, reports, sessions, ways, written

WALKED = 2_000  # people, from one by chance on
TRY_LOCKS = text("SELECT key FROM unnest(CAST(:keys AS bigint[])) AS key WHERE pg_try_advisory_xact_lock(key)")


def forget(tx: Transaction, persons: Iterable[UUID]) -> int:
    """
    Forget those of whom nothing is left; how many. Asked again under their locks: one may have written just now, and is passed
    over. Waits for nobody.
    """
    found = {key(person.bytes): person for person in persons}
    if not found:
        return 0
    free = tx.execute(TRY_LOCKS, {"keys": list(found)}).scalars()
    return forget_if_bare(tx, [found[lock] for lock in free])


def walk(tx: Transaction) -> int:
    """Forget who is bare among some people, of a small house among all; how many."""
    first = uuid4()
    some = select(people.c.id).order_by(people.c.id).limit(WALKED)
    passed = list(tx.execute(some.where(people.c.id >= first)).scalars())
    if len(passed) < WALKED:
        passed += tx.execute(some.where(people.c.id < first)).scalars()
    here = people.c.id == any_(literal(passed, ARRAY(Uuid)))
    bare = select(people.c.id).where(here, *(_none(table) for table in (sessions, ways, reports, guesses, written)))
    return forget(tx, tx.execute(bare).scalars())


def _none(table: Table) -> ColumnElement[bool]:
    """Whether nothing in a table leads to the person: looked up for each, where a condition could have all of it read."""
    return select(true()).select_from(table).where(table.c.person == people.c.id).limit(1).scalar_subquery().is_(None)
