"""What can be killed in a town, and whose number that is at the moment."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from benchmarks.processes import Town, children


def owner(town: Town, dice: random.Random) -> list[int]:
    return _living(town.alive("database"))


def postmaster(town: Town, dice: random.Random) -> list[int]:
    return _living(town.postmaster)


def backend(town: Town, dice: random.Random) -> list[int]:
    """One server process of PostgreSQL: then all of them end, and the server recovers."""
    server = town.postmaster
    there = children(server) if server else []
    return dice.sample(there, 1) if there else []


def web_supervisor(town: Town, dice: random.Random) -> list[int]:
    return _living(town.alive("web"))


def web_process(town: Town, dice: random.Random) -> list[int]:
    """One of those that serve; its supervisor starts another."""
    supervisor = town.alive("web")
    there = children(supervisor) if supervisor else []
    return dice.sample(there, 1) if there else []


def worker(town: Town, dice: random.Random) -> list[int]:
    return _living(town.alive("worker"))


def _living(pid: int) -> list[int]:
    return [pid] if pid else []


KILLINGS: Mapping[str, Callable[[Town, random.Random], list[int]]] = {
    "owner of the database": owner,
    "postmaster": postmaster,
    "a server process of the database": backend,
    "web supervisor": web_supervisor,
    "a web process": web_process,
    "all of web": web_supervisor,
    "worker": worker,
}
