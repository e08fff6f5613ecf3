"""The hour after: what joined a report to its writer is gone, from the rows, from the order, from the files, from the log."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from benchmarks import joins, needles, unlinked
from benchmarks.processes import Town
from benchmarks.proof import Proof
from benchmarks.seizure_stage import an_hour_later
from bot.house import House
from storage import db
from storage.db import Transaction
from storage.rotation import ENDS_BY_ITSELF, KEPT

TAIL = 32  # bytes at the end of a sealed value that are found in no other
ROUNDS = 2  # what the server's own analysis looked on at stays for the next round, ten minutes later
MOST = 60  # values that are looked for in the files


def passes(proof: Proof, town: Town, house: House, crowd: int, dice: random.Random) -> set[int]:
    """Let the hour pass; the transactions that joined a report to its writer before."""
    truth = joins.write(house, crowd, dice, db.hour(datetime.now(UTC)) + timedelta(hours=2))
    both = unlinked.transactions(town, unlinked.REPORTS) & unlinked.transactions(town, unlinked.PERSONS)
    proof.expect(bool(both), "before blurring nothing joins a report to its writer: the test looks at the wrong place")
    _told_apart(proof, town, truth, dice, blurred=False)
    with db.begin(house.engine) as tx:
        before = _sealed(tx)
    for _ in range(ROUNDS):
        left = an_hour_later(house)
    proof.expect(not left, f"could not be done: {left}")
    reports, persons = (unlinked.transactions(town, side) for side in (unlinked.REPORTS, unlinked.PERSONS))
    proof.expect(not reports & persons, f"{len(reports & persons)} transactions still stand on both sides")
    proof.expect(not unlinked.out_of_order(town), f"not in the order of random keys: {unlinked.out_of_order(town)}")
    proof.expect((lying := unlinked.arrival(town)) != sorted(lying, key=str), "reports lie in the order of arrival")
    _told_apart(proof, town, truth, dice, blurred=True)
    with db.begin(house.engine) as tx:
        after = _sealed(tx)
    _gone(proof, town, sorted(before - after)[:MOST], sorted(before & after)[:MOST])
    return both


def log_is_clean(proof: Proof, town: Town, both: set[int]) -> None:
    """Nothing of those transactions stands in the write-ahead log."""
    still = unlinked.committed(town.var / "postgres") & both
    proof.counts |= {
        "transactions that joined a report to its writer": len(both),
        "of them in the log afterwards": len(still),
    }
    proof.expect(not still, f"{len(still)} of them still stand in the write-ahead log")


def _told_apart(proof: Proof, town: Town, truth: joins.Truth, dice: random.Random, *, blurred: bool) -> None:
    """Each join names each report's writer, one of fifty: how often rightly, against what chance would."""
    found = joins.joined(town.database, truth, dice)
    reports, best = len(truth.reports), found[0]
    if not blurred:
        worst = min(best.right for best in (best, next(one for one in found if " by order of " in one.how)))
        proof.expect(worst >= joins.WORKS * reports, f"before blurring the joins are blind: {best}")
        proof.counts |= {"anonymous reports of fifty people in an hour": reports, "joins tried": len(found)}
        return
    most = joins.chance(reports, len(found))
    proof.counts |= {"most writers that a join named": best.right, "what chance would not reach": most}
    proof.expect(best.right < most, f"{best.how} names {best.right} of {reports} writers, chance not {most}")


def _sealed(tx: Transaction) -> frozenset[bytes]:
    """The ends of what is sealed under the state key."""
    columns = (*(kept.column for kept in KEPT), *ENDS_BY_ITSELF)
    return frozenset(
        bytes(value)[-TAIL:]
        for column in columns
        for value in tx.execute(select(column).where(column.is_not(None))).scalars()
    )


def _gone(proof: Proof, town: Town, gone: Sequence[bytes], stays: Sequence[bytes]) -> None:
    """What was forgotten lies in no file of the database: not between the rows, not in an index, not in the log."""
    held = b"".join(_files(town.var / "postgres"))
    left = sum(value in held for value in gone)
    proof.expect(bool(gone), "nothing was forgotten within the hour: the test looks at nothing")
    proof.expect(not left, f"{left} of {len(gone)} forgotten values still lie in the database's files")
    proof.expect(any(value in held for value in stays), "the search in the files is blind")
    proof.counts["forgotten values looked for in the files"] = len(gone)


def _files(data: Path) -> list[bytes]:
    return [
        needles.filled(path.read_bytes())
        for part in ("base", "pg_wal")
        for path in (data / part).rglob("*")
        if path.is_file()
    ]
