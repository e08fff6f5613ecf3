"""The chores of forgetting, and a restore, in processes that are killed at work again and again; then they go on to their end."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from benchmarks.processes import ROOT, Town
from benchmarks.proof import Proof
from bot import expiry
from bot.house import House
from storage import db, upkeep

NIGHT = 120.0  # seconds
CHORE = (
    "import sys; from bot import expiry; from bot.house import open_house; house = open_house();"
    " expiry.ERASED, expiry.FILES, rounds = map(int, sys.argv[2:]);"
    " [getattr(expiry, sys.argv[1])(house) for _ in range(rounds)]"
)


class Work(NamedTuple):
    """
    Something that is killed. `left` is a query for a number that falls while it is at work, by `most` at most before a kill;
    it is looked at every `look` seconds. `ends` does the rest.
    """

    name: str
    command: tuple[str, ...]
    left: str
    most: int
    kills: int
    look: float
    ends: Callable[[], None]


def chore(name: str, *given: int) -> tuple[str, ...]:
    """A function of `bot.expiry` as a command: how many reports it erases and how many files it drops at once, how often."""
    return ("-c", CHORE, name, *map(str, given))


def killed(proof: Proof, town: Town, environ: Mapping[str, str], work: Work, dice: random.Random) -> None:
    """Kill it as often as is said, then do what is left of it."""
    began, hits = time.monotonic(), 0
    while hits < work.kills and _hit(town, environ, work, dice):
        hits += 1
    if work.kills:
        proof.expect(hits > 0, f"{work.name} was never killed at work")
        proof.counts[f"kills of {work.name}"] = hits
    work.ends()
    proof.counts[f"seconds of {work.name}"] = round(time.monotonic() - began, 1)


def shredded(house: House) -> None:
    """What the hours of the night do: a table in use, as by the server's process of one that was killed, is tried again."""
    end = time.monotonic() + NIGHT
    while time.monotonic() < end:
        expiry.shred(house)
        with db.begin(house.engine) as tx:
            if upkeep.last(tx, upkeep.SHRED).done_at is not None:
                return
        time.sleep(1)


def _hit(town: Town, environ: Mapping[str, str], work: Work, dice: random.Random) -> bool:
    """Whether it was still at work when it was killed."""
    before, far = _left(town, work), dice.randint(1, max(1, work.most))
    with subprocess.Popen([sys.executable, *work.command], cwd=ROOT, env=dict(environ)) as process:
        while process.poll() is None and before - _left(town, work) < far:
            time.sleep(work.look)
        time.sleep(dice.uniform(0, work.look))
        process.kill()
        return process.wait() < 0


def _left(town: Town, work: Work) -> int:
    return int(str(town.ask(work.left)[0][0]))
