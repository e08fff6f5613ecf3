"""What citizens ask of the desk: access to their words, a correction, an objection; by when, and that it was answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import UUID

import click

from bot.house import database

BY = "operator"  # who answered, in the custody log: nobody of the list of moderators


@click.group()
def requests() -> None:
    """What citizens have a right to, and a person at the desk owes them."""


@requests.command("list")
@click.option("--json", "as_json", is_flag=True, help="An array of objects instead of lines.")
@click.option("--all", "everything", is_flag=True, help="Those that were answered, too.")
def listed(as_json: bool, everything: bool) -> None:
    """List them, the soonest due first. No word of a report is shown."""
    from storage.db import begin, connect
    from storage.rights import listing

    with begin(connect(database(), threads=1)) as tx:
        found = listing(tx, done=everything)
    if as_json:
        click.echo(json.dumps(found, indent=1))
        return
    for one in found:
        state = f"answered {one['done_at']}" if one["done_at"] else f"due {one['due_at']}"
        click.echo(f"{one['id']}  {one['kind']}  {one['reference']}  incident {one['incident']}  {state}")


@requests.command("done")
@click.argument("id", type=click.UUID)
def done(id: UUID) -> None:
    """Note that a request was answered. Answer it first: by the contact in the report, or who writes to yours."""
    from storage.db import begin, connect
    from storage.rights import done as answered

    with begin(connect(database(), threads=1)) as tx:
        if not answered(tx, id, datetime.now(UTC), BY):
            raise click.ClickException("there is no such request that waits")
    click.echo("noted", err=True)


COMMANDS = (requests,)
