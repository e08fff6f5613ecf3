"""The loop that doors and worker share: it returns, raises, gives up in time, and cannot wait for itself."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from bot import loop


async def double(number: int) -> int:
    return 2 * number


def test_it_gives_what_the_work_gives() -> None:
    assert loop.run(double(21), 1) == 42


def test_it_raises_what_the_work_raises() -> None:
    async def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        loop.run(fail(), 1)


def test_it_gives_up_in_time_and_cancels() -> None:
    cancelled = threading.Event()

    async def dawdle() -> None:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        loop.run(dawdle(), 0.05)
    assert time.monotonic() - begun < 5
    assert cancelled.wait(5)


def test_it_does_not_wait_for_itself() -> None:
    async def nested() -> int:
        return loop.run(double(1), 1)

    with pytest.raises(RuntimeError, match="cannot wait for itself"):
        loop.run(nested(), 5)


def test_many_threads_share_one_loop() -> None:
    async def where() -> int:
        return id(asyncio.get_running_loop())

    seen: set[int] = set()
    threads = [threading.Thread(target=lambda: seen.add(loop.run(where(), 5))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1
