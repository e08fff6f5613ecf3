"""
Random bytes of the operating system's, fetched a page at a time.

Each call for them lets go of Python's lock, and wakes whoever waits for it for nothing: with eight calls a turn that was a third
of all changes of thread (docs/adr/0024-one-processor.md). Keys are not made from these, but from the system's own.
"""

from __future__ import annotations

import os
import threading

PAGE = 4096


class _Drawn(threading.local):
    """What a thread has fetched; what was given of it lies there no more, for it may have become somebody's secret code."""

    def __init__(self) -> None:
        self.page, self.used = bytearray(), 0


_drawn = _Drawn()


def chance(count: int) -> bytes:
    """So many random bytes, never given before; at most a page."""
    start, end = _drawn.used, _drawn.used + count
    if end > len(_drawn.page):
        _drawn.page, start, end = bytearray(os.urandom(PAGE)), 0, count
    _drawn.used, given = end, bytes(_drawn.page[start:end])
    _drawn.page[start:end] = bytes(count)
    return given


def bits(count: int) -> int:
    """A random number below two to the power of `count`."""
    whole = -(-count // 8)
    return int.from_bytes(chance(whole), "big") >> (8 * whole - count)


def _forget() -> None:
    """A forked child must not give what its parent gives."""
    global _drawn
    _drawn = _Drawn()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
