"""
Retention: reports go on their day, wholly and no others, while the process that erases them is killed again and again.

Then their files leave the shelf, their keys leave the database's own files, and a backup from before, restored with
the tombstones, holds exactly who is left.
"""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from sqlalchemy import insert, select, text

from benchmarks import processes
from benchmarks.processes import Town
from benchmarks.proof import Proof, main
from benchmarks.retention_kills import Work, chore, killed, shredded
from benchmarks.seeding import fill
from bot import backups, expiry
from bot.house import House, open_house
from storage import custody, custody_chain, db, erasing, keeping, tombstones, upkeep
from storage.tables import evidence, removals, report_keys, reports

PROMISE = "what has had its time goes, wholly and nothing else, killed and resumed on the way"
PERIODS = "[reports]\nreceived = 100\nanalysis = 150\nclosed = 30\n"
OPEN = {"received": 100, "analysis": 150}
HELD = ("referred", "prosecutor", "instructed")
CLOSED_FOR = 60  # days since what is closed was found closed; what was closed today is there as well
PATIENCE = 3600.0
SEARCHED = 60  # erased keys that are looked for in the files


class Size(NamedTuple):
    """
    How many reports, of how many links, how many are erased and how many files dropped at once; how often each is killed, and
    shredding and restoring; how often one looks.
    """

    reports: int
    links: int
    batch: int
    files: int
    kills: int
    kills_of_the_rest: int
    look: float


# A small database is shredded and restored before anybody could look.
SMALL, LONG = Size(90, 30, 4, 1, 1, 0, 0.005), Size(100_000, 20_000, 50, 5, 8, 3, 0.05)
COPIES = "SELECT -count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '{}%'"


class Fate(NamedTuple):
    """Which references must go and which stay, and how many files go with the first."""

    gone: set[str]
    stay: set[str]
    files: int


def prove(seed: int, small: bool, *, share: float = 1.0) -> Proof:
    """Fill, tell every report its state and day, erase under kills, look everywhere, restore from before."""
    long = LONG._replace(reports=round(LONG.reports * share), links=round(LONG.links * share))
    size, proof, dice = SMALL if small else long, Proof("retention", PROMISE, seed), random.Random(seed)
    with Town("http://127.0.0.1:9", ("database",)) as town:
        (town.folder / "operator.toml").write_text(PERIODS)
        with psycopg.connect(_other(town, "postgres"), autocommit=True) as server:
            server.execute("CREATE DATABASE drill TEMPLATE iblagh")  # migrated, and empty as yet
        given = {"IBLAGH_OPERATOR": str(town.folder / "operator.toml"), "EVIDENCE_URL": str(town.folder / "shelf")}
        house = open_house({**town.environ, **given, "DATABASE_URL": town.database})
        try:
            fate = _filled(proof, town, house, size, seed, dice)
            keys = _keys(house, fate.gone, dice)
            before = town.folder / "before.backup"
            proof.counts["rows backed up"] = backups.back_up(house.engine, house.shelf, before, 30)[0].rows
            proof.expect(_lie(town, keys), "blind: the keys were not found before they were erased")
            for work in _works(house, size, fate):
                killed(proof, town, {**town.environ, **given, "DATABASE_URL": town.database}, work, dice)
            _compare(proof, house, fate)
            with db.begin(house.engine) as tx:
                proof.expect(upkeep.last(tx, upkeep.SHRED).done_at is not None, "shredding was not done to the end")
            proof.expect(not _lie(town, keys), "erased keys still lie in the database's files")
            _restored(proof, town, house, {**town.environ, **given}, before, fate, size, dice)
        finally:
            house.engine.dispose()
    return proof


def _filled(proof: Proof, town: Town, house: House, size: Size, seed: int, dice: random.Random) -> Fate:
    """Reports of every state and age, some with files; which of them must go."""
    began, now = time.monotonic(), datetime.now(UTC)
    made = fill(town.database, town.settings, size.reports, seed, size.links, now)
    with db.begin(house.engine) as tx:
        tx.execute(text("SET LOCAL statement_timeout = 0"))
        states = ("received", "analysis", *HELD, "closed", "received", "closed")
        tx.execute(
            text("UPDATE reports SET state = (CAST(:states AS text[]))[1 + abs(hashtext(reference)) % 8]"),
            {"states": list(states)},
        )
    while _dated(house, now - timedelta(days=CLOSED_FOR)):
        pass
    with db.begin(house.engine) as tx:  # some were closed today and have their time before them
        young = text(
            "UPDATE reports SET state = 'closed' WHERE state = 'instructed' AND abs(hashtext(reference)) % 16 < 8"
        )
        tx.execute(young)
        rows = tx.execute(
            select(reports.c.id, reports.c.reference, reports.c.state, reports.c.received_at, reports.c.kept_as)
        ).all()
        some = dice.sample(rows, max(30, len(rows) // 100))
        _shelve(tx, house, [row.id for row in some])
    gone = {row.reference for row in rows if _goes(row, now)}
    proof.counts |= {"reports": len(made.references), "that must go": len(gone), "seconds to file them": _since(began)}
    proof.expect(len(rows) == len(made.references) and 0 < len(gone) < len(rows), "nothing goes, or everything")
    return Fate(gone, {row.reference for row in rows} - gone, sum(row.reference in gone for row in some))


def _goes(row: Any, now: datetime) -> bool:
    """By the rules as an operator reads them."""
    if row.state in OPEN:
        return bool((now.date() - row.received_at.date()).days >= OPEN[row.state])
    return bool(row.state == "closed" and row.kept_as.endswith("/closed"))


def _dated(house: House, at: datetime) -> int:
    with db.begin(house.engine) as tx:
        return keeping.date_anew(tx, house.operator.periods, at.date(), 2_000)


def _shelve(tx: db.Transaction, house: House, ids: list[Any]) -> None:
    for report in ids:
        name = uuid4()
        house.shelf.put(name, [b"sealed"])
        facts = house.vault.seal("evidence", report.bytes, b"{}")
        tx.execute(insert(evidence).values(report=report, exhibit=1, file=name, sealed=facts, digest=bytes(32)))


def _keys(house: House, gone: set[str], dice: random.Random) -> list[bytes]:
    """A piece of some wrapped keys that must leave every file."""
    some = dice.sample(sorted(gone), min(SEARCHED, len(gone)))
    asked = select(report_keys.c.wrapped).join(reports).where(reports.c.reference.in_(some))
    with db.begin(house.engine) as tx:
        return [bytes(key)[200:232] for key in tx.execute(asked).scalars()]


def _lie(town: Town, keys: list[bytes]) -> bool:
    """Whether any of these bytes lie in a file of the server's."""
    paths = [path for path in (town.var / "postgres").rglob("*") if path.is_file()]
    return any(any(key in held for key in keys) for held in (path.read_bytes() for path in paths))


def _works(house: House, size: Size, fate: Fate) -> list[Work]:
    """The chores of a night, and how far each is at most when it is killed."""
    names = ("erase_due", 1), ("remove_files", fate.files), ("shred", 1)
    erase, drop, shred = (chore(name, size.batch, size.files, rounds) for name, rounds in names)
    most, files = len(fate.gone) // (2 * size.kills), fate.files // (2 * size.kills)
    reports, left, often = "SELECT count(*) FROM reports", "SELECT count(*) FROM removals", size.look / 5
    return [
        Work("erasing", erase, reports, most, size.kills, size.look, lambda: expiry.erase_due(house)),
        Work("dropping files", drop, left, files, size.kills, often, lambda: _dropped(house)),
        Work("shredding", shred, COPIES.format("CLUSTER"), 1, size.kills_of_the_rest, often, lambda: shredded(house)),
    ]


def _dropped(house: House) -> None:
    while _waiting(house):
        expiry.remove_files(house)


def _waiting(house: House) -> bool:
    with db.begin(house.engine) as tx:
        return bool(erasing.to_remove(tx, datetime.now(UTC), 1))


def _compare(proof: Proof, house: House, fate: Fate) -> None:
    with db.begin(house.engine) as tx:
        left = set(tx.execute(select(reports.c.reference)).scalars())
        files = {file.hex for file in tx.execute(select(evidence.c.file)).scalars()}
        graves = tombstones.all_of(tx)
        waiting = tx.execute(select(removals.c.file)).all()
        loose = tx.execute(
            text("SELECT count(*) FROM report_keys LEFT JOIN reports ON id = report WHERE id IS NULL")
        ).scalar_one()
    proof.counts |= {"reports left": len(left), "tombstones": len(graves), "files left": len(files)}
    proof.expect(left == fate.stay, f"{len(left - fate.stay)} reports too many, {len(fate.stay - left)} too few")
    marks = {bytes(house.vault.tombstones(reference)[0]) for reference in fate.gone}
    proof.expect(set(graves) == marks, "tombstones and erased references are not the same")
    proof.expect(
        set(house.shelf.names()) == files and not waiting and not loose, "files or keys of erased reports are left"
    )


def _restored(
    proof: Proof, town: Town, house: House, environ: dict[str, str], before: Path, fate: Fate, size: Size, dice: random.Random
) -> None:  # fmt: skip
    """The backup from before, restored by the command, brings back nobody who was erased since."""
    graves = town.folder / "tombstones"
    with db.begin(house.engine) as tx, graves.open("wb") as file:
        tombstones.write(tx, file)
    drill = {**environ, "DATABASE_URL": _other(town, "drill"), "EVIDENCE_URL": str(town.folder / "drill")}
    command = ("-m", "bot.cli", "restore", str(before), "--tombstones", str(graves))

    def restores() -> None:
        ended = processes.ended(drill, *command[2:], timeout=PATIENCE)
        proof.expect(ended.returncode == 0, f"restore: {ended.stderr[-200:]}")

    often = size.look / 5
    killed(
        proof,
        town,
        drill,
        Work("restoring", command, COPIES.format("COPY"), 1, size.kills_of_the_rest, often, restores),
        dice,
    )
    engine = db.connect(drill["DATABASE_URL"], threads=1)
    try:
        with db.begin(engine) as tx:
            there = set(tx.execute(select(reports.c.reference)).scalars())
            broken = sum(any(custody_chain.broken(chain)) for chain in custody.chains(tx))
    finally:
        engine.dispose()
    proof.counts["erased again by the restore"] = len(fate.gone) + len(fate.stay) - len(there)
    proof.expect(there == fate.stay, "the restored database holds other reports than the live one")
    proof.expect(not broken, f"{broken} restored chains of custody do not hold")


def _other(town: Town, name: str) -> str:
    return town.database.replace("/iblagh?", f"/{name}?")


def _since(began: float) -> float:
    return round(time.monotonic() - began, 1)


if __name__ == "__main__":
    main(prove)
