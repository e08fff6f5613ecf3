"""Sister processes keep to a processor each, every thread of theirs; where the machine has none left, they run anywhere."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from bot.processor import Processor, Seen, Spent, better, seen

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="this machine has one processor, or no way to keep to one",
)

SISTER = """
import os, sys, threading
from pathlib import Path
from bot.processor import Processor

stays = threading.Event()
threading.Thread(target=stays.wait, daemon=True).start()  # there before
processor = Processor(Path(sys.argv[1]))
processor.take()
threads = [int(thread) for thread in os.listdir("/proc/self/task")]
print(*sorted({one for thread in threads for one in os.sched_getaffinity(thread)}), flush=True)
sys.stdin.read()
"""


@contextmanager
def sister(folder: Path) -> Iterator[list[int]]:
    """A process that has taken its own, and may run on these."""
    words = [sys.executable, "-c", SISTER, str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout
        yield [int(one) for one in process.stdout.readline().split()]
        process.stdin.close()


def test_sisters_have_one_each_and_one_too_many_runs_anywhere(tmp_path: Path) -> None:
    machine = sorted(os.sched_getaffinity(0))
    with ExitStack() as held:
        taken = [held.enter_context(sister(tmp_path)) for _ in machine]
        assert sorted(one for (one,) in taken) == machine
        with sister(tmp_path) as late:
            assert late == machine


def test_who_ends_leaves_theirs_to_the_next(tmp_path: Path) -> None:
    with ExitStack() as held:
        for _ in range(len(os.sched_getaffinity(0)) - 1):
            held.enter_context(sister(tmp_path))
        with sister(tmp_path) as last:
            assert len(last) == 1
        with sister(tmp_path) as next_one:
            assert next_one == last


def test_it_moves_to_the_idlest_where_others_want_its_own(tmp_path: Path) -> None:
    machine = os.sched_getaffinity(0)
    found: list[set[int]] = []

    def moves() -> None:
        """In a thread, whose own processors are then told."""
        now = [Seen(0, 0, dict.fromkeys(machine, Spent(0, 0)))]
        processor = Processor(tmp_path, lambda: now[0])
        processor.take()
        (first,) = os.sched_getaffinity(0)
        for at in (4, 6):
            others = dict.fromkeys(machine, Spent(1, at - 1))
            now[0] = Seen(at, at / 2, {**others, first: Spent(at, 0)})
            processor.look()
            found.append(os.sched_getaffinity(0) - {first})

    thread = threading.Thread(target=moves)
    try:
        thread.start()
        thread.join()
    finally:
        for each in os.listdir("/proc/self/task"):
            os.sched_setaffinity(int(each), machine)
    too_early, then = found
    assert not too_early and len(then) == 1


def test_it_stays_where_nothing_is_told() -> None:
    assert better(0, {}, ours=1.0, elapsed=5.0) is None


def test_what_each_processor_did_is_told() -> None:
    told = seen()
    assert set(told.every) >= os.sched_getaffinity(0)
    assert all(one.busy > 0 and one.idle >= 0 for one in told.every.values())
    assert 0 < told.ours < told.at
