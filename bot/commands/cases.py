"""What the desk does with an incident: asking its reporters by a template, moving it up the ladder."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.house import database
from conversations.cases import Outcome, Refused, State
from conversations.questions import QUESTIONS, may_ask

if TYPE_CHECKING:
    from storage.cases import Moved

NUMBER = click.argument("number", type=int)


@click.command()
@NUMBER
@click.argument("template", type=click.Choice(list(QUESTIONS)))
def ask(number: int, template: str) -> None:
    """Ask each reporter of an incident one of the questions; who can be reached is told that there is news."""
    from bot.queue import defer_card
    from storage.cases import ask as put
    from storage.cases import categories
    from storage.db import begin, connect

    with begin(connect(database(), threads=1)) as tx:
        if not all(may_ask(category, template) for category in categories(tx, number)):
            raise click.ClickException(f"incident {number}: that is not asked about this kind of content")
        done = _done(number, put(tx, number, template, datetime.now(UTC)))
        defer_card(tx, done.group)
    click.echo(f"incident {number}: {done.reports} asked", err=True)


@click.command()
@NUMBER
@click.argument("state", type=click.Choice([state.value for state in State]))
@click.option(
    "--outcome",
    type=click.Choice([outcome.value for outcome in Outcome]),
    help="What came of it: the reason that a closing has.",
)
def move(number: int, state: str, outcome: str | None) -> None:
    """
    Move an incident to another state, at once and for good.

    As from its card, its reporters are told in neutral words that it was passed on or closed, and of no other move.
    """
    from bot.queue import defer_card
    from storage.cases import advance
    from storage.db import begin, connect

    if outcome and state != State.CLOSED:
        raise click.UsageError("--outcome belongs to a closed incident")
    if state == State.CLOSED and not outcome:
        raise click.UsageError("a closing has a reason: say --outcome")
    with begin(connect(database(), threads=1)) as tx:
        done = _done(number, advance(tx, number, State(state), outcome or "", datetime.now(UTC)))
        defer_card(tx, done.group)
    click.echo(f"incident {number}: {state}, {done.reports} reports", err=True)


def _done(number: int, done: Moved | Refused | None) -> Moved:
    if done is None:
        raise click.ClickException(f"there is no incident {number}")
    if isinstance(done, Refused):
        raise click.ClickException(f"incident {number} cannot do that from where it stands")
    return done


COMMANDS = (ask, move)
