"""Content templates at Twilio: made once, then named in TWILIO_TEMPLATES; without them WhatsApp shows numbered lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot import settings
from bot import templates as ours
from bot.house import open_house

if TYPE_CHECKING:
    from bot.whatsapp import WhatsApp


@click.group()
def templates() -> None:
    """Native buttons and lists on WhatsApp."""


@templates.command()
def create() -> None:
    """Make at Twilio what is missing, and print the line for the environment. Running it again changes nothing."""
    found, made = ours.create(_whatsapp())
    click.echo(f"made {made}, already there {len(found) - made}", err=True)
    click.echo(ours.line(found))


@templates.command("list")
def list_() -> None:
    """Print the templates of ours that Twilio holds, with their ContentSids."""
    found = ours.there(_whatsapp())
    for name, sid in found.items():
        click.echo(f"{name}  {sid}")
    if missing := len(ours.NAMES) - len(found):
        click.echo(f"missing: {missing}; `iblagh templates create` makes them", err=True)


def _whatsapp() -> WhatsApp:
    found = open_house().whatsapp
    if not found:
        raise settings.Refused("TWILIO_ACCOUNT_SID is missing: WhatsApp is off")
    return found


COMMANDS = (templates,)
