"""
Soak: people report as on a busy day, for long, and nothing grows that should not.

Watched: memory of every process, connections, rows and bytes of every table, dead rows. People come and go: what is
kept of each is bounded, and what a report takes stays what it took.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.carriers import Post
from benchmarks.crowd import Crowd
from benchmarks.lending import running
from benchmarks.processes import Town, children, megabytes
from benchmarks.proof import Proof, main
from storage import db, retention

PROMISE = "under a steady load memory, connections, job rows and dead rows do not grow, and a report takes what it took"
TABLES = [
    "people",
    "aliases",
    "ways",
    "sessions",
    "deliveries",
    "failures",
    "incidents",
    "reports",
    "report_parts",
    "report_keys",
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_workers",
]
MOST_CONNECTIONS = 40  # web: 10 a process; worker: 6 and its own 10; psql and chores
MOST_JOBS = 60
GROWTH, SLACK = 1.15, 24.0  # memory: in proportion, and megabytes that an allocator may take for itself
DEAD = 1.0  # dead rows for each living one, after sweeping


class Size(NamedTuple):
    """People on each channel, seconds between two of their messages, how long, and how often one looks."""

    telegram: int
    whatsapp: int
    thinks: float
    seconds: float
    look: float


SMALL, LONG = Size(6, 4, 0.1, 4.0, 0.3), Size(30, 20, 0.5, 1800.0, 15.0)


class Look(NamedTuple):
    """What was seen at one moment."""

    memory: dict[str, float]  # megabytes of each part
    connections: int
    jobs: int
    reports: int
    stored: int  # bytes of all tables


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """Report for so long, and compare the first third of the time with the last."""
    proof = Proof("soak", PROMISE, seed)
    size = SMALL if small else LONG._replace(seconds=LONG.seconds * share, look=max(2.0, LONG.look * share))
    with running(lent) as town:
        crowd = Crowd(Post(town.port), size.telegram, size.whatsapp, seed, size.thinks)
        crowd.start()
        looks = _watch(town, size)
        proof.expect(crowd.finish(town, 60), f"citizens did not finish: {[type(bug).__name__ for bug in crowd.bugs]}")
        dead = _dead(town)
    ended = len([told for told in crowd.told if told.end in ("receipt", "left", "stopped")])
    proof.expect(ended == len(crowd.told) > 0, f"{len(crowd.told) - ended} conversations came to no end")
    proof.counts |= {"minutes": round(size.seconds / 60, 1), "conversations": ended, "looks": len(looks)}
    proof.counts |= {f"deliveries: {name}": count for name, count in sorted(crowd.post.counts.items())}
    _memory(proof, looks)
    _most(proof, looks)
    _dead_rows(proof, dead)
    return proof


def _watch(town: Town, size: Size) -> list[Look]:
    """Look every so often until the time is over."""
    looks, over = [], time.monotonic() + size.seconds
    while time.monotonic() < over:
        looks.append(_look(town))
        time.sleep(size.look)
    return looks


def _look(town: Town) -> Look:
    memory = {part: megabytes(_family(process.pid)) for part, process in town.processes.items()}
    names = ", ".join(f"('{table}')" for table in TABLES)
    stored = f"SELECT sum(pg_total_relation_size(name::regclass)) FROM (VALUES {names}) AS of(name)"
    queries = (
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'",
        "SELECT count(*) FROM procrastinate_jobs",
        "SELECT count(*) FROM reports",
        stored,
    )
    return Look(memory, *(int(str(town.ask(query)[0][0])) for query in queries))


def _family(parent: int) -> list[int]:
    return [parent, *(below for child in children(parent) for below in _family(child))]


def _dead(town: Town) -> dict[str, tuple[int, int]]:
    """Living and dead rows of each table once blurred and swept, as the worker does every few minutes."""
    store = db.Store(db.connect(town.database))
    try:
        retention.blur(store)
        retention.sweep(store)
    finally:
        store.close()
    town.ask("ANALYZE")
    rows = town.ask("SELECT relname, n_live_tup, n_dead_tup FROM pg_stat_user_tables")
    return {str(name): (int(str(living)), int(str(dead))) for name, living, dead in rows}


def _memory(proof: Proof, looks: list[Look]) -> None:
    """The medians of the second and of the last third: in the first one processes still fill their caches."""
    third = max(1, len(looks) // 3)
    for part in ("web", "worker"):
        second, last = (
            statistics.median(look.memory[part] for look in some) for some in (looks[third : 2 * third], looks[-third:])
        )
        proof.counts[f"{part}: megabytes in the second third"] = round(second, 1)
        proof.counts[f"{part}: megabytes in the last third"] = round(last, 1)
        proof.expect(last <= second * GROWTH + SLACK, f"{part} grew from {second:.0f} to {last:.0f} MB")


def _most(proof: Proof, looks: list[Look]) -> None:
    figures: tuple[tuple[str, Callable[[Look], int], int], ...] = (
        ("connections", lambda look: look.connections, MOST_CONNECTIONS),
        ("rows of jobs", lambda look: look.jobs, MOST_JOBS),
    )
    for name, of, limit in figures:
        most = max(of(look) for look in looks)
        proof.counts[f"most {name}"] = most
        proof.expect(most <= limit, f"{most} {name}")
    early, late = looks[len(looks) // 3], looks[-1]
    filed = late.reports - early.reports
    if proof.expect(filed > 0, "nothing was filed while we looked"):
        proof.counts["reports filed"] = late.reports - looks[0].reports
        proof.counts["kilobytes stored for each report, all tables"] = round(
            (late.stored - early.stored) / filed / 1000, 1
        )


def _dead_rows(proof: Proof, dead: dict[str, tuple[int, int]]) -> None:
    proof.counts["rows"] = sum(living for living, _ in dead.values())
    proof.counts["dead rows after sweeping"] = sum(gone for _, gone in dead.values())
    for table, (living, gone) in dead.items():
        proof.expect(gone <= 200 + DEAD * living, f"{table}: {gone} dead rows beside {living}")


if __name__ == "__main__":
    main(prove)
