"""Backups: made while the service runs, restored into an empty database, and what was erased since erased again."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from bot import settings
from bot.house import database, open_house, shelf

OUTPUT = click.Path(path_type=Path, dir_okay=False)
INPUT = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command()
@click.option("--output", "-o", required=True, type=OUTPUT, help="A new file; sealed files go to OUTPUT.evidence.")
@click.option("--no-files", is_flag=True, help="Leave the folder of EVIDENCE_URL to other means.")
@click.option("--prune", is_flag=True, help="Remove the backups in that folder that have expired.")
def backup(output: Path, no_files: bool, prune: bool) -> None:
    """
    Write everything that must outlive the database into one file, while the service runs. Needs no key.

    What citizens said stays sealed. The backup says when it expires (BACKUP_DAYS): until then it holds what is erased
    from now on.
    """
    from bot import backups
    from storage.db import connect

    engine = connect(database(), threads=2)
    made, missing = backups.back_up(engine, None if no_files else shelf(), output, settings.one("BACKUP_DAYS"))
    click.echo(f"{made.rows} rows", err=True)
    if not no_files:
        click.echo(f"{len(made.files) - missing} of {len(made.files)} sealed files", err=True)
    if prune:
        click.echo(
            f"{len(backups.prune(output.absolute().parent, datetime.now(UTC)))} expired backups removed", err=True
        )
    sys.exit(1 if missing else 0)


@click.command()
@click.argument("file", type=INPUT)
@click.option(
    "--tombstones", multiple=True, type=INPUT, help="What `iblagh tombstones export` wrote, the newest there is."
)
@click.option("--without-tombstones", is_flag=True, help="There is none: what was erased after the backup comes back.")
@click.option("--expired", is_flag=True, help="Restore a backup that has expired.")
def restore(file: Path, tombstones: tuple[Path, ...], without_tombstones: bool, expired: bool) -> None:
    """
    Put a backup into an empty, migrated database, and erase again what was erased since. Before web and worker start.

    Sealed files are copied from FILE.evidence to where EVIDENCE_URL says.
    """
    from bot import backups
    from storage.schema import compatible

    if not tombstones and not without_tombstones:
        raise settings.Refused("name the newest --tombstones of the lost database, or say --without-tombstones")
    house = open_house()
    compatible(house.engine)
    stones = backups.read_tombstones(tombstones)
    done = backups.restore(house.engine, house.vault, house.shelf, file, stones, expired=expired)
    click.echo(f"{done.rows} rows restored; {_erased(done.erased)}", err=True)
    click.echo(f"{done.missing} sealed files are missing", err=True)
    sys.exit(1 if done.missing else 0)


@click.group()
def tombstones() -> None:
    """What was erased, told without saying what it was: for databases that are restored."""


@tombstones.command("export")
@click.option("--output", "-o", type=OUTPUT, help="A new file; without it, standard output.")
def export(output: Path | None) -> None:
    """Write the tombstones of this database. Keep the newest copy apart from it and from its backups. Needs no key."""
    from bot import backups
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        if output:
            with open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                count = backups.export_tombstones(tx, file)
        else:
            count = backups.export_tombstones(tx, sys.stdout.buffer)
    click.echo(f"{count} tombstones", err=True)


@tombstones.command("import")
@click.argument("files", nargs=-1, required=True, type=INPUT)
def import_(files: tuple[Path, ...]) -> None:
    """
    Erase here what these tombstones name, and drop all jobs: for a database that was restored by other means.

    Before web and worker start.
    """
    from bot import backups
    from storage.schema import compatible

    house = open_house()
    compatible(house.engine)
    stones = backups.read_tombstones(files)
    click.echo(f"{len(stones)} tombstones; {_erased(backups.replay(house.engine, house.vault, stones))}", err=True)


@click.group("shelf")
def shelf_() -> None:
    """The folder of sealed files (EVIDENCE_URL)."""


@shelf_.command()
def adopt() -> None:
    """
    Let the folder belong to this database: files that no report knows are removed from it by the worker, each night.

    Needed once after a restore. Not for a drill: the live database's newer files would go.
    """
    from storage import orphans
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        orphans.adopt(tx, shelf())
    click.echo("the folder belongs to this database now", err=True)


def _erased(done: tuple[int, int]) -> str:
    return f"erased again: {done[0]} reports, and who wrote {done[1]}"


COMMANDS = (backup, restore, tombstones, shelf_)
