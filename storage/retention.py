"""
Forgetting: what has had its time goes, and what tells who wrote an anonymous report goes within the hour.

Three verbs for a periodic job. `forget` deletes. `blur` rewrites what was written lately, and `sweep` takes the old
versions out of the files: PostgreSQL keeps in every row the number of the transaction that wrote it, which a report and
its writer's session share. Reasons and limits: docs/adr/0005-unlinking.md.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Column, Delete, Table, delete, literal_column, or_, select, text, update

from storage import bare, upkeep
from storage import incidents as cards
from storage.db import Busy, Store, Transaction, alone, told_apart
from storage.deliveries import REMEMBERED, SIGNED
from storage.tables import (
    addition_keys,
    additions,
    aliases,
    answers,
    custody,
    custody_heads,
    deliveries,
    discards,
    evidence,
    evidence_keys,
    failures,
    fetches,
    fingerprints,
    guesses,
    incidents,
    notices,
    people,
    purges,
    questions,
    removals,
    report_keys,
    report_parts,
    reports,
    requests,
    sessions,
    tombstones,
    ways,
    wipes,
    written,
)

WRITERS = (people, aliases, ways, sessions, deliveries, discards, purges, answers, guesses, written, wipes)
FOLLOWING = (additions, addition_keys, questions, notices, requests, removals)
LOGGED = (custody, custody_heads, tombstones)
WRITTEN = (
    incidents,
    fingerprints,
    reports,
    report_parts,
    report_keys,
    fetches,
    evidence,
    evidence_keys,
    *FOLLOWING,
    *LOGGED,
)
COPIED = (*WRITERS, fetches)  # what a fetch must know leads to a chat while it lasts
QUEUE = ("procrastinate_jobs", "procrastinate_events")  # the card of a new report is deferred in its transaction
SEALED = (
    "sealed",
    "wrapped",
    "kept",
    "address",
    "link",
    "places",
)  # may lie in a table of its own (TOAST), which is blurred too

# Where the end of a delivery's row lies while its answer is to go, for each of the two times that rows last: five minutes old
# at the least, and since the end is known to the hour alone, no older than that hour and ten minutes. What silence left for
# its writer ends within 25 hours and is passed over.
JUST_GIVEN = timedelta(minutes=5)
KEPT_WITHIN = (
    (timedelta(hours=26), REMEMBERED - JUST_GIVEN),
    (REMEMBERED + timedelta(hours=1), SIGNED - JUST_GIVEN),
)

IN_USE = timedelta(hours=1)  # what was passed over is asked for again so long

AT_ONCE = 500  # rows locked together: a citizen's turn waits for some milliseconds
REWRITTEN_UP_TO = 32 * 1024 * 1024  # bytes of a table that is copied while nobody else may use it, within a second
PATIENCE_MS = 500
MAY_CHECKPOINT = text(
    "SELECT has_function_privilege('pg_switch_wal()', 'EXECUTE') AND EXISTS"
    " (SELECT FROM pg_roles WHERE rolname = 'pg_checkpoint' AND pg_has_role(oid, 'USAGE'))"
)

_dice = random.SystemRandom()


class Forgotten(NamedTuple):
    """How many rows went (0: none is left), and the groups that are owed a card job because a card loses its link."""

    rows: int
    groups: frozenset[str]


def forget(tx: Transaction, now: datetime, batch: int = 500) -> Forgotten:
    """
    Forget up to `batch` of each kind of thing that has had its time. Waits for nobody: what is in use goes later.
    """
    rows = _left(tx, sessions, sessions.c.person, sessions.c.expires_at, now, batch)
    rows += _expired(tx, deliveries, deliveries.c.mark, deliveries.c.forget_at, now, batch)
    rows += _expired(tx, answers, answers.c.mark, answers.c.forget_at, now, batch)
    rows += _expired(tx, failures, failures.c.mark, failures.c.forget_at, now, batch)
    rows += _left(tx, written, written.c.id, written.c.forget_at, now, batch)
    rows += _left(tx, guesses, guesses.c.person, guesses.c.forget_at, now, batch)
    rows += _expired(tx, notices, notices.c.id, notices.c.forget_at, now, batch)
    rows += _unkept(tx, now, batch) + bare.walk(tx)
    over = select(incidents.c.id).where(incidents.c.link_until <= now).limit(batch).with_for_update(skip_locked=True)
    ids = tx.execute(over).scalars().all()
    return Forgotten(rows + len(ids), frozenset(cards.drop_links(tx, ids)) if ids else frozenset())


def blur(store: Store) -> int:
    """
    Rewrite all that was written since the last time, in random order, people and reports in transactions apart.

    Afterwards no row of one side shares a transaction with one of the other. Rows in use are left for the next time.
    How many were rewritten.
    """
    return sum(_blur(store, table) for table in (*WRITERS, *WRITTEN))


def sweep(store: Store) -> list[str]:
    """
    Take the old versions out of the files. What could not be done now, for a table in use or for want of a right.

    Small tables of people are copied in the order of their random keys; the rest is vacuumed. Where the database's
    role may, the log ends and a checkpoint lets its past go (`wal_recycle=off`, no archive: docs/adr/0005-unlinking.md).
    """
    with alone(store.engine) as connection, unhurried(connection):
        left = [name for name, statement in _sweeping(connection) if not done(connection, statement)]
        if not connection.execute(MAY_CHECKPOINT).scalar_one():
            return [*left, "checkpoint"]
        connection.execute(text("SELECT pg_switch_wal()"))
        connection.execute(text("CHECKPOINT"))
    return left


def _expired(tx: Transaction, table: Table, id: Column[Any], ends: Column[datetime], now: datetime, batch: int) -> int:
    return tx.execute(_over(table, id, ends, now, batch)).rowcount


def _left(tx: Transaction, table: Table, id: Column[Any], ends: Column[datetime], now: datetime, batch: int) -> int:
    """`_expired` for what leads to people: those of whom nothing else is left go too."""
    whose = list(tx.execute(_over(table, id, ends, now, batch).returning(table.c.person)).scalars())
    return len(whose) + bare.forget(tx, whose)


def _over(table: Table, id: Column[Any], ends: Column[datetime], now: datetime, batch: int) -> Delete:
    some = select(id).where(ends <= now).limit(batch).with_for_update(skip_locked=True).cte("some")
    return delete(table).where(id.in_(select(some.c[id.name])))


def _unkept(tx: Transaction, now: datetime, batch: int) -> int:
    """
    An answer is kept for the repeat of its delivery, which comes within minutes. Later it would only tell, to whom tries
    every account under the web machine's key, who was given which reference. What silence left for its writer stays a day.

    Only what came since all was done is read, and an hour before that: what was in use then.
    """
    since = upkeep.last(tx, upkeep.ANSWERS).done_at
    before = since - IN_USE if since and since <= now else now - REMEMBERED - SIGNED
    given = or_(
        *(deliveries.c.forget_at.between(max(now + first, before + last), now + last) for first, last in KEPT_WITHIN)
    )
    kept = select(deliveries.c.mark).where(deliveries.c.kept.is_not(None), given).limit(batch)
    some = kept.with_for_update(skip_locked=True).cte("some")
    gone = tx.execute(update(deliveries).where(deliveries.c.mark.in_(select(some.c.mark))).values(kept=None)).rowcount
    if gone < batch:
        upkeep.done(tx, upkeep.ANSWERS, now)
    return gone


def _blur(store: Store, table: Table) -> int:
    with store.begin() as tx:
        places = list(tx.execute(select(_place()).select_from(table).where(_fresh(table))).scalars())
    _dice.shuffle(places)
    return sum(_rewrite(store, table, places[at : at + AT_ONCE]) for at in range(0, len(places), AT_ONCE))


def _rewrite(store: Store, table: Table, places: Sequence[str]) -> int:
    """A row that has moved since is not found at its place, and waits for the next time."""
    at = text("ctid = ANY (CAST(:places AS tid[]))").bindparams(places=list(places))
    anew: dict[str, Any] = {name: literal_column(f"{name} || ''") for name in SEALED if name in table.c}
    with store.begin() as tx:
        locked = select(_place()).select_from(table).where(at, _fresh(table))
        free = set(tx.execute(locked.with_for_update(key_share=True, skip_locked=True)).scalars())
        rewriting = update(table).where(text("ctid = CAST(:place AS tid)")).values(fresh=False, **anew)
        if free:
            tx.execute(rewriting, [{"place": place} for place in places if place in free])
    return len(free)


def _place() -> Any:
    return literal_column("CAST(ctid AS text)")


def _fresh(table: Table) -> Any:
    """A foreign key's check leaves its transaction's number in a person's row (as blurring leaves its own)."""
    return or_(table.c.fresh, text("xmax <> '0' AND xmax <> xmin")) if table is people else table.c.fresh


def _sweeping(connection: Transaction) -> Iterator[tuple[str, str]]:
    size = text("SELECT pg_total_relation_size(CAST(:name AS regclass))")
    for table in COPIED:
        small = connection.execute(size, {"name": table.name}).scalar_one() <= REWRITTEN_UP_TO
        yield table.name, f"CLUSTER {table.name} USING pk_{table.name}" if small else _vacuum(table.name)
    for name in (*(table.name for table in (*WRITTEN, failures) if table not in COPIED), *QUEUE):
        yield name, _vacuum(name)


@contextmanager
def unhurried(connection: Transaction) -> Iterator[None]:
    """For copying and vacuuming: a large table takes its time; but whoever comes while we wait for a table's lock waits behind us, so not long."""
    connection.execute(text(f"SET statement_timeout = 0; SET lock_timeout = {PATIENCE_MS}"))
    try:
        yield
    except Exception:
        connection.invalidate()  # broken or not, it goes with its settings
        raise
    connection.execute(text("RESET statement_timeout; RESET lock_timeout"))


def _vacuum(name: str) -> str:
    return f"VACUUM (INDEX_CLEANUP ON, TRUNCATE OFF) {name}"


def done(connection: Transaction, statement: str) -> bool:
    """Whether a statement could be carried out now; others may be using its table."""
    try:
        with told_apart():
            connection.execute(text(statement))
    except Busy:
        return False
    return True
