"""Merging and splitting incidents, for who reads them at the desk. In the group a supervisor does it by commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.house import open_house

if TYPE_CHECKING:
    from storage.db import Transaction
    from storage.merging import Regrouped, Unfit
    from storage.vault import Vault

WHY = {
    "unknown": "there is no such incident",
    "same": "these are one incident",
    "closed": "a closed incident is not merged or split: its reporters have been told",
    "merged": "its reports are in another incident: see `iblagh incidents list`",
    "further": "its reporters were told more than the other's: merge the other way round",
    "not_a_part": "that is not in this incident",
    "all_of_it": "nothing would be left in it",
}


@click.command()
@click.argument("number", type=int)
@click.argument("into", type=int)
@click.option("--duplicate", is_flag=True, help="Write into the custody log that it is a duplicate.")
def merge(number: int, into: int, duplicate: bool) -> None:
    """
    Move all reports of incident NUMBER to incident INTO, and what its link brings from now on.

    NUMBER stays as an empty incident that names the other, and `split INTO --part NUMBER` takes it out again.
    """
    from storage.merging import merge

    now = datetime.now(UTC)
    _done(lambda tx, vault: merge(tx, vault, number, into, now, duplicate=duplicate))


@click.command()
@click.argument("number", type=int)
@click.option("--part", type=int, help="The number of an incident that was merged into it.")
@click.option("--report", "references", multiple=True, help="A report's reference; give it several times for several.")
def split(number: int, part: int | None, references: tuple[str, ...]) -> None:
    """Take out of incident NUMBER what was merged into it, or single reports, into an incident of their own."""
    from storage.splitting import split, take_out

    if (part is None) == (not references):
        raise click.UsageError("say --part or --report")
    now = datetime.now(UTC)
    if part is not None:
        _done(lambda tx, vault: split(tx, vault, number, part, now))
    else:
        _done(lambda tx, vault: take_out(tx, vault, number, references, now))


def _done(do: Callable[[Transaction, Vault], Regrouped | Unfit]) -> None:
    from bot.queue import defer_card
    from storage import db
    from storage.merging import Unfit

    house = open_house()
    with db.begin(house.engine) as tx:
        done = do(tx, house.vault)
        if isinstance(done, Unfit):
            raise click.ClickException(WHY[done])
        for group in done.groups:
            defer_card(tx, group)
    click.echo(f"incident {done.number}: {done.reports} reports came over", err=True)


COMMANDS = (merge, split)
