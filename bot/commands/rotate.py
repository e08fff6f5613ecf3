"""Which keys are needed, and rotating those of the service while it runs."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import click

from bot.house import open_house

if TYPE_CHECKING:
    from bot.house import House
    from storage.rotation import Kept

PATIENCE = 50  # rounds without progress, a fifth of a second each, before rows that are always in use are left


@click.group()
def rotate() -> None:
    """Rotate the service's keys. Put the new key first in its variable and restart; then run this."""


@rotate.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def status(as_json: bool) -> None:
    """Say which keys what is stored still needs. It reads every table."""
    from storage.db import begin
    from storage.rotation import used

    house = open_house()
    with begin(house.engine) as tx:
        found = used(tx)
    vault = house.vault
    sections = (
        ("state", found.state, vault.state_ids),
        ("pseudonym", found.pseudonym, vault.versions),
        ("desk", found.desk, tuple(vault.desk_keys)),
    )
    if as_json:
        told = {kind: {str(name): dict(count) for name, count in needs.items()} for kind, needs, _ in sections}
        click.echo(json.dumps(told, indent=1))
        return
    for kind, needs, listed in sections:
        for name in dict.fromkeys((*listed, *needs)):
            where = ", ".join(f"{count} {place}" for place, count in needs.get(name, {}).items())
            note = "" if name in listed else "  NOT LISTED"
            click.echo(f"{kind} {name}: {where or 'not needed by anything stored'}{note}")


@rotate.command()
def state() -> None:
    """Seal anew under the first state key what an older one sealed, in batches; running it again goes on."""
    from storage.rotation import KEPT
    from storage.sealed import Unopened

    house = open_house()
    left, shut = 0, []
    for kept in KEPT:
        try:
            left += _sealed_anew(house, kept)
        except Unopened as why:  # damaged, or of a key that is listed no more: the other columns go on
            shut.append(str(why))
    if shut:
        raise click.ClickException(f"not everything opens ({'; '.join(shut)}): keep every older key listed")
    if left:
        raise click.ClickException(f"{left} values are in use: run it again")
    click.echo("every value is sealed under the first state key; answers kept for a repeat end within hours", err=True)


def _sealed_anew(house: House, kept: Kept) -> int:
    """How many values of a column are left, because they are in use. Raises `Unopened`."""
    from storage.db import begin
    from storage.rotation import reseal, waiting

    with begin(house.engine) as tx:
        total = waiting(tx, house.vault, kept)
    done, idle = 0, 0
    while done < total and idle < PATIENCE:
        with begin(house.engine) as tx:
            some = reseal(tx, house.vault, kept)
        done, idle = done + some, 0 if some else idle + 1
        if some:
            click.echo(f"{kept.name}: {done} of {total}", err=True)
        else:
            time.sleep(0.2)
    with begin(house.engine) as tx:
        return waiting(tx, house.vault, kept)


COMMANDS = (rotate,)
