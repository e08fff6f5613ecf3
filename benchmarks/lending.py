"""Lending a town: proofs that need running processes use the one they are given, or build one for themselves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.processes import PARTS, Town
from benchmarks.provider import BotApi


@contextmanager
def running(town: Town | None = None, **settings: str) -> Iterator[Town]:
    """A town with all its parts and a group that takes every card; an empty one unless it was lent."""
    if town:
        yield town
        return
    api = BotApi(a_minute=20)
    try:
        with Town(api.address, PARTS, **settings) as own:
            own.api = api
            yield own
    finally:
        api.close()


def quantile(sample: list[float], share: float) -> float:
    """The value that such a share of a sample does not exceed; 0 for none."""
    return sorted(sample)[min(len(sample) - 1, int(share * len(sample)))] if sample else 0.0
