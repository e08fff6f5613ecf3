"""A process that files many reports of one post at once, each in a thread: `python -m tests.joining_crowd URL COUNT FIRST`."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from storage.db import Busy, Store, connect
from tests.storage_samples import file, filing

TRIES = 5  # whoever waits for more than two seconds is answered "later", and comes again


def main(url: str, count: int, first: int) -> None:
    store, together = Store(connect(url, threads=count)), Barrier(count)

    def report(at: int) -> None:
        together.wait(30)
        for attempt in range(TRIES):
            try:
                with store.begin() as tx:
                    file(tx, filing(post="the-one"), name=f"person {first + at}")
                return
            except Busy:
                if attempt == TRIES - 1:
                    raise

    with ThreadPoolExecutor(count) as pool:
        list(pool.map(report, range(count)))
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
