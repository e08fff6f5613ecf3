"""The custody log: whether every chain is whole, and what one of them says. Needs no key and shows no content."""

from __future__ import annotations

import json
import sys

import click

from bot.house import database, shelf

AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")


@click.group()
def custody() -> None:
    """Who did what with an incident, and when: append-only, each entry bound to the one before."""


@custody.command()
@AS_JSON
def verify(as_json: bool) -> None:
    """Check every chain, and that it tells of exactly what lies sealed. Exits 1 where anything is wrong."""
    from storage.custody_check import check
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        done = check(tx, shelf())
    if as_json:
        counts = {"incidents": done.incidents, "entries": done.entries, "parcels": done.parcels}
        click.echo(json.dumps(counts | {"faults": [fault._asdict() for fault in done.faults]}, indent=1))
    else:
        for fault in done.faults:
            click.echo(f"incident {fault.incident}, position {fault.position}: {fault.wrong}")
    words = "all whole" if not done.faults else f"WRONG: {len(done.faults)}"
    click.echo(f"{done.incidents} chains, {done.entries} entries, {done.parcels} parcels: {words}", err=True)
    sys.exit(1 if done.faults else 0)


@custody.command()
@click.argument("number", type=int)
@AS_JSON
def show(number: int, as_json: bool) -> None:
    """Every entry of one incident's chain: position, time (UTC), act, detail, actor, digest. Exits 1 if it is broken."""
    from storage import custody as log
    from storage.custody_chain import broken
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        chain = next(log.chains(tx, number), None)
    if chain is None:
        raise click.ClickException(f"there is no chain of an incident {number}")
    if as_json:
        click.echo(json.dumps(chain.as_object(), indent=1))
    else:
        for entry in chain.entries:
            said = (entry.position, entry.at, entry.act, entry.detail or "-", entry.actor or "-")
            click.echo("{:>5}  {}  {:<14}  {:<14}  {:<36}".format(*said) + f"  {entry.digest[:16] or '-'}")
    wrong = list(broken(chain))
    for one in wrong:
        click.echo(f"position {one.position}: {one.wrong}", err=True)
    sys.exit(1 if wrong else 0)


COMMANDS = (custody,)
