"""
Many processes that do the same at one moment, each with a database connection of its own: `python -m tests.crowd DEED URL
COUNT …`. Prints what each was told, a line each.

`report` files a report of one post. `take` presses *Take* on the card of the incident of that number, each as a moderator
of its own.
"""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import text

from storage import moderators, work
from storage.db import Busy, Store, connect
from storage.pressing import Pressed
from tests.storage_samples import NOW, VAULT, file, filing

ROOT = Path(__file__).resolve().parent.parent
TRIES = 5  # whoever waits for more than two seconds is answered "later", and comes again
PATIENCE = 60  # seconds until all are ready, on a slow machine
Deed = Callable[[Store, int, list[str]], object]


def at_once(deed: str, url: str, count: int, *more: object) -> list[str]:
    """What each of so many processes was told."""
    crowd = [sys.executable, "-m", "tests.crowd", deed, url, str(count), *map(str, more)]
    return subprocess.run(crowd, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()


def moderator(place: int) -> str:
    """The platform id of the moderator that a process presses as."""
    return f"moderator {place}"


def _report(store: Store, place: int, _: list[str]) -> object:
    with store.begin() as tx:
        return file(tx, filing(post="the-one"), name=f"person {place}").number


def _take(store: Store, place: int, more: list[str]) -> object:
    with store.begin() as tx:
        who = moderators.find(tx, VAULT, moderator(place))
        assert who is not None
        return work.take(tx, Pressed(int(more[0]), 0, "take", who), NOW)


DEEDS: dict[str, Deed] = {"report": _report, "take": _take}


def _one(deed: Deed, url: str, place: int, together: Barrier, more: list[str]) -> None:
    store = Store(connect(url, threads=1))
    with store.begin() as tx:
        tx.execute(text("SELECT 1"))
    together.wait(PATIENCE)
    for attempt in range(TRIES):
        try:
            print(deed(store, place, more), flush=True)
            return
        except Busy:
            if attempt == TRIES - 1:
                raise


def main(deed: str, url: str, count: int, more: list[str]) -> int:
    # Forked, so that fifty of them load the program once; nothing here has a thread or a connection yet.
    here = multiprocessing.get_context("fork")
    together = here.Barrier(count)
    crowd = [here.Process(target=_one, args=(DEEDS[deed], url, place, together, more)) for place in range(count)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join()
    return sum(process.exitcode != 0 for process in crowd)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:]))
