"""Looking: what is reported, what is open, whether all is well. None of it shows content or needs a private key."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from bot.commands import cases, regroup
from bot.house import database

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.db import Transaction

AS_JSON = click.option("--json", "as_json", is_flag=True, help="A JSON array, for programs.")


@click.group()
def reports() -> None:
    """What was reported, without its content."""


@reports.command("list")
@AS_JSON
def list_reports(as_json: bool) -> None:
    """Every report: reference, incident, category, channel, locale, disclosure, state, the hour it came."""
    from storage.reports import listing

    columns = "reference incident category channel locale disclosure state received_at"
    _show(_listed(listing), columns.split(), as_json)


@click.group()
def incidents() -> None:
    """What the moderators work on."""


@incidents.command("list")
@AS_JSON
def list_incidents(as_json: bool) -> None:
    """Every incident: number, category, state, how many reports, whether somebody has taken it, where it was merged."""
    from storage.incidents import listing

    columns = "number category severity state reports taken opened_at last_at merged_into"
    _show(_listed(listing), columns.split(), as_json)


for command in (*cases.COMMANDS, *regroup.COMMANDS):
    incidents.add_command(command)


@click.command()
def doctor() -> None:
    """Look at everything that an operator can put right; exits 1 when something is wrong."""
    from bot.doctor import findings

    wrong = False
    for finding in findings():
        wrong |= not finding.well
        click.echo(f"{'ok' if finding.well else 'WRONG':<5} {finding.about}: {finding.words}")
        if not finding.well:
            click.echo(f"      what to do: {finding.advice}")
    sys.exit(1 if wrong else 0)


def _listed(listing: Callable[[Transaction], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        return listing(tx)


def _show(rows: list[dict[str, Any]], columns: list[str], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows, indent=1))
        return
    table = [columns, *([str(row[name]) for name in columns] for row in rows)]
    widths = [max(len(line[at]) for line in table) for at in range(len(columns))]
    for line in table:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


COMMANDS = (reports, incidents, doctor)
