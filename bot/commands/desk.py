"""The desk: parcels are pulled beside the database without any key, and opened elsewhere with the private one."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from bot.house import database

PARCELS = click.argument("parcels", type=click.Path(path_type=Path, dir_okay=False, exists=True))
KEY = click.option(
    "--key", required=True, type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The desk's private key."
)


@click.group()
def desk() -> None:
    """Take sealed reports away and read them elsewhere."""


@desk.command()
@click.option("--output", "-o", type=click.Path(path_type=Path), help="A new file; without it, standard output.")
def pull(output: Path | None) -> None:
    """Copy every sealed report out of the database. Needs no key and reads nothing."""
    from storage.db import begin, connect
    from storage.parcels import write
    from storage.reports import sealed

    with begin(connect(database())) as tx:
        if output:
            with open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                count = write(file, sealed(tx))
        else:
            count = write(sys.stdout.buffer, sealed(tx))
    click.echo(f"{count} reports pulled", err=True)


@desk.command("open")
@PARCELS
@KEY
def open_(parcels: Path, key: Path) -> None:
    """Print the reports that this key opens, as JSON."""
    from bot.desk import write_json

    write_json(_opened(parcels, key), sys.stdout)


@desk.command()
@PARCELS
@KEY
@click.option("--output", "-o", type=click.Path(path_type=Path), help="The page to write; by default PARCELS.html.")
def read(parcels: Path, key: Path, output: Path | None) -> None:
    """Write one local page with the reports that this key opens."""
    from bot.desk import write_page

    page = output or parcels.with_suffix(".html")
    write_page(_opened(parcels, key), page)
    click.echo(page)


def _opened(parcels: Path, key: Path) -> Any:
    from bot.desk import BesideStateKey, NotWhole, open_parcels, refuse_beside_state_key

    try:
        refuse_beside_state_key(os.environ)
        return open_parcels(parcels, key)
    except (BesideStateKey, NotWhole, ValueError) as refused:
        raise click.ClickException(str(refused)) from None


COMMANDS = (desk,)
