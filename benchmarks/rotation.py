"""
Rotation: every report goes to new keys while the commands that do it are killed again and again.

The state key in place, the desk's keys by a file of wraps that is taken in without any key, then the old wraps let go.
Afterwards nothing needs an old key, everything opens with the new ones, and not one report is missing.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from benchmarks import processes
from benchmarks.processes import ROOT, Town
from benchmarks.proof import Proof, main
from benchmarks.seeding import fill
from bot.desk import open_parcels
from storage import db, keys, rotation, wraps
from storage.vault import Vault

PROMISE = "keys are rotated over every report, killed and resumed on the way, and nothing is lost"
OLD, LATER = keys.generate(), keys.generate()
PATIENCE = 3600.0


class Size(NamedTuple):
    """How many reports, of how many links, and how often each command is killed."""

    reports: int
    links: int
    kills: int

    @property
    def most(self) -> int:
        """A command is killed after at most so many of its batches: early enough that it is at work for every kill."""
        return max(1, self.reports // wraps.AT_ONCE // (2 * self.kills))


SMALL, LONG = Size(60, 20, 1), Size(100_000, 20_000, 5)


def prove(seed: int, small: bool, *, share: float = 1.0) -> Proof:
    """Fill, rotate the state key, give everything to new desk keys, let the old ones go; killed at random throughout."""
    long = LONG._replace(reports=round(LONG.reports * share), links=round(LONG.links * share))
    size, proof, dice = SMALL if small else long, Proof("rotation", PROMISE, seed), random.Random(seed)
    with Town("http://127.0.0.1:9", ("database",), **OLD.environment) as town:
        store = db.Store(db.connect(town.database, threads=2))
        try:
            began = time.monotonic()
            made = fill(town.database, town.settings, size.reports, seed, size.links)
            proof.counts |= {"reports": len(made.references), "seconds to file them": _since(began)}
            old = rotation_needs(store)
            _state(proof, town, store, size, dice)
            _desk(proof, town, size, dice, made.references)
            _nothing_old(proof, store, old)
        finally:
            store.close()
        verified = _run(town.environ, "custody", "verify")
        proof.expect(verified.returncode == 0, "the custody log does not hold")
    return proof


def rotation_needs(store: db.Store) -> rotation.Used:
    """Which keys what is stored needs."""
    with store.begin() as tx:
        return rotation.used(tx)


def _state(proof: Proof, town: Town, store: db.Store, size: Size, dice: random.Random) -> None:
    both = f"{LATER.environment['IBLAGH_STATE_KEY']},{town.settings['IBLAGH_STATE_KEY']}"
    began = time.monotonic()
    kills = _killed({**town.environ, "IBLAGH_STATE_KEY": both}, size.kills, dice, size.most, "rotate", "state")
    proof.counts |= {"kills of rotate state": kills, "seconds of rotate state": _since(began)}
    proof.expect(kills > 0, "rotate state was never killed at work")
    new = _vault({**town.settings, "IBLAGH_STATE_KEY": LATER.environment["IBLAGH_STATE_KEY"]})
    with store.begin() as tx:
        left = {kept.name: rotation.waiting(tx, new, kept) for kept in rotation.KEPT}
    proof.expect(not any(left.values()), f"still sealed under the old state key: {left}")
    proof.counts["values under the new state key"] = sum(
        count for id, needs in rotation_needs(store).state.items() if id in new.state_ids for count in needs.values()
    )


def _desk(proof: Proof, town: Town, size: Size, dice: random.Random, references: list[str]) -> None:
    folder, desk = town.folder, {name: value for name, value in os.environ.items() if not name.startswith("IBLAGH_")}
    key, to, pulled, wraps = (folder / name for name in ("old.key", "public", "parcels", "wraps"))
    key.write_text(OLD.desk["general"] + OLD.desk["restricted"])
    to.write_text(LATER.environment["IBLAGH_DESK_PUBLIC_KEYS"])
    began = time.monotonic()
    _ended(proof, _run(town.environ, "desk", "pull", "-o", str(pulled)), "desk pull")
    rewrap = ("desk", "rewrap", str(pulled), "--key", str(key), "--to", str(to), "-o", str(wraps))
    _ended(proof, _run(desk, *rewrap), "desk rewrap")
    proof.counts["seconds of pull and rewrap"] = _since(began)
    new = {**town.environ, "IBLAGH_DESK_PUBLIC_KEYS": LATER.environment["IBLAGH_DESK_PUBLIC_KEYS"]}
    began = time.monotonic()
    took = _killed(new, size.kills, dice, size.most, "desk", "import", str(wraps))
    ids = _ids(town.settings)
    gone = sum(
        _killed(new, size.kills if at == 0 else 0, dice, max(1, size.most // 4), "desk", "retire", id)
        for at, id in enumerate(ids)
    )
    proof.counts |= {"kills of desk import": took, "kills of desk retire": gone, "seconds of both": _since(began)}
    proof.expect(took > 0 and gone > 0, "desk import or desk retire was never killed at work")
    _opens(proof, town, references, folder)


def _opens(proof: Proof, town: Town, references: list[str], folder: Path) -> None:
    """Everything that was filed is pulled again and opens with the new keys."""
    again, key = folder / "again", folder / "new.key"
    (folder / "parcels").unlink()
    key.write_text(LATER.desk["general"] + LATER.desk["restricted"])
    _ended(proof, _run(town.environ, "desk", "pull", "-o", str(again)), "desk pull")
    opened = {report["reference"] for report in open_parcels(again, key) if report["opened"]}
    proof.counts["reports that open with the new keys"] = len(opened)
    missing = len(set(references) - opened)
    proof.expect(not missing and len(opened) == len(references), f"{missing} reports do not open with the new keys")


def _nothing_old(proof: Proof, store: db.Store, before: rotation.Used) -> None:
    after = rotation_needs(store)
    proof.expect(not set(before.desk) & set(after.desk), "wraps to old desk keys are left")
    proof.expect(bool(before.desk) and bool(before.state), "nothing was there to rotate")
    tables = {name for needs in after.state.values() for name in needs}
    proof.expect(tables >= {name for needs in before.state.values() for name in needs}, "sealed values are missing")


def _killed(environ: Mapping[str, str], kills: int, dice: random.Random, most: int, *words: str) -> int:
    """
    Run a command until it ends by itself, killing it so many times when it has said how far it is, at most `most` times;
    how many kills hit.
    """
    hit = 0
    while True:
        with subprocess.Popen(
            [sys.executable, "-m", "bot.cli", *words],
            cwd=ROOT, env=dict(environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stderr
            if hit < kills and all(process.stderr.readline() for _ in range(dice.randint(1, most))):
                time.sleep(dice.uniform(0, 0.02))
                process.kill()
                hit += process.wait(10) < 0
                continue
            said = process.communicate(timeout=PATIENCE)[1]
            if process.returncode:
                raise RuntimeError(f"{words[0]} {words[1]} ended with {process.returncode}: {said[-200:]}")
            return hit


def _run(environ: Mapping[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return processes.ended(environ, *words, timeout=PATIENCE)


def _ended(proof: Proof, done: subprocess.CompletedProcess[str], what: str) -> None:
    proof.expect(done.returncode == 0, f"{what}: {done.stderr[-200:]}")


def _vault(settings: Mapping[str, str]) -> Vault:
    return Vault(
        keys.parse_state_keys(settings["IBLAGH_STATE_KEY"]),
        keys.parse_pseudonym_keys(settings["IBLAGH_PSEUDONYM_KEY"]),
        keys.parse_desk_keys(settings["IBLAGH_DESK_PUBLIC_KEYS"]),
    )


def _ids(settings: Mapping[str, str]) -> list[str]:
    return [key.id for key in keys.parse_desk_keys(settings["IBLAGH_DESK_PUBLIC_KEYS"])]


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    main(prove)
