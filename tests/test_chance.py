"""Random bytes that are fetched in advance are given once: to one thread, to one process."""

from __future__ import annotations

import os
import threading
from itertools import pairwise

import storage.chance
from storage.chance import PAGE, bits, chance


def test_nothing_is_given_twice_however_it_is_asked_for() -> None:
    given = [chance(count) for count in (12, 7, 16, 4) * PAGE]
    assert [len(one) for one in given[:4]] == [12, 7, 16, 4]
    assert len({one for one in given if len(one) > 4}) == 3 * PAGE


def test_a_whole_page_is_given_and_what_was_left_is_dropped() -> None:
    chance(1)
    assert len({chance(PAGE), chance(PAGE)}) == 2


def test_what_was_given_lies_in_the_page_no_more() -> None:
    given = chance(PAGE) + chance(16)
    assert given[-16:] not in storage.chance._drawn.page and len(storage.chance._drawn.page) == PAGE


def test_threads_share_nothing() -> None:
    given: list[bytes] = []
    threads = [threading.Thread(target=lambda: given.extend(chance(16) for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(given)) == 2000


def test_a_forked_child_goes_on_with_others_than_its_parent() -> None:
    chance(1)
    reads, writes = os.pipe()
    child = os.fork()
    if not child:
        os.write(writes, chance(16))
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reads, 16) != chance(16)


def test_bits_fill_their_whole_range_and_nothing_beyond() -> None:
    drawn = sorted(bits(10) for _ in range(20_000))
    assert drawn[0] < 10 and 1013 < drawn[-1] < 1024
    assert max(after - before for before, after in pairwise(drawn)) < 10
