"""The desk: parcels are pulled beside the database without any key, and opened elsewhere with the private one."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from bot.house import database, shelf

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
    """
    Copy every sealed report out of the database, with the chains of custody. Needs no key and reads nothing.

    Sealed files are copied into a folder beside the new file, OUTPUT.evidence; to standard output only reports go.
    """
    from bot.desk_files import beside, carry, noted
    from storage import custody, custody_many
    from storage.db import Store, as_it_stands, connect
    from storage.parcels import SealedExhibit, write
    from storage.reports import sealed

    exhibits: list[SealedExhibit] = []
    store = Store(connect(database()))
    with _new(output) as file:
        custody_many.pull(store, datetime.now(UTC))
        with store.begin() as tx:
            as_it_stands(tx)
            count = write(file, noted(sealed(tx), exhibits), custody.chains(tx))
    click.echo(f"{count} reports pulled", err=True)
    missing = carry(exhibits, shelf(), beside(output)) if output else 0
    if exhibits:
        click.echo(f"{len(exhibits) - missing if output else 0} of {len(exhibits)} files pulled", err=True)
    sys.exit(1 if missing else 0)


def _new(output: Path | None) -> AbstractContextManager[BinaryIO]:
    """A new file that its owner alone reads, or standard output."""
    if output is None:
        return nullcontext(sys.stdout.buffer)
    return open(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@desk.command("open")
@PARCELS
@KEY
@click.option("--evidence", type=click.Path(path_type=Path, file_okay=False), help="Open the files into this folder.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, which is how it prints anyway.")
def open_(parcels: Path, key: Path, evidence: Path | None, as_json: bool) -> None:
    """Print the reports that this key opens, as JSON, with what is known of their files and their chain of custody."""
    from bot.desk import write_json

    write_json(_opened(parcels, key, evidence), sys.stdout)


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


@desk.command()
@PARCELS
@KEY
@click.option("--incident", "number", type=int, required=True, help="The incident's number.")
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, help="The ZIP file to write.")
def export(parcels: Path, key: Path, number: int, output: Path) -> None:
    """
    Write a ZIP file with one incident: reports and files opened and sealed, chain of custody, summary, checker.

    Prints the SHA-256 of its manifest: note it where the ZIP file is not. Exits 1 if anything was not whole already.
    """
    from bot.desk_export import export as write

    with _said():
        done = write(parcels, key, number, output)
    click.echo(done.manifest)
    for problem in done.wrong:
        click.echo(f"not whole: {problem}", err=True)
    sys.exit(1 if done.wrong else 0)


def _opened(parcels: Path, key: Path, evidence: Path | None = None) -> Any:
    from bot.desk import open_parcels

    with _said():
        return open_parcels(parcels, key, evidence)


@contextmanager
def _said() -> Iterator[None]:
    """Away from the server's keys; what cannot be done, in one line."""
    from bot.desk import BesideStateKey, NoSuchIncident, NotWhole, refuse_beside_state_key

    try:
        refuse_beside_state_key(os.environ)
        yield
    except (BesideStateKey, NotWhole, NoSuchIncident, ValueError) as refused:
        raise click.ClickException(str(refused)) from None


COMMANDS = (desk,)
