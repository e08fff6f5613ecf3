"""Webhooks: where the providers call us, set, shown and dropped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from bot import settings
from bot.channel import SendFailed
from bot.house import House, open_house

if TYPE_CHECKING:
    from bot.telegram import Telegram
    from bot.whatsapp import WhatsApp


@click.group()
def webhooks() -> None:
    """Tell the providers where to call."""


@webhooks.command("set")
@click.option(
    "--max-connections",
    type=click.IntRange(1, 100),
    default=40,
    show_default=True,
    help="Calls at a time that Telegram may make.",
)
def set_(max_connections: int) -> None:
    """
    Have Telegram and Twilio call PUBLIC_URL, and set Telegram's command menus.

    Where Twilio's Senders API does not have the sender (the sandbox), what its console needs is printed.
    """
    from bot.menus import set_menus

    house = open_house()
    public = _public(house)
    if house.telegram:
        set_menus(house.telegram, house)
        house.telegram.set_webhook(f"{public}/telegram", max_connections)
        click.echo(f"Telegram calls {public}/telegram and shows its menu in your languages", err=True)
    if house.whatsapp:
        _set_at_twilio(house.whatsapp, public)


@webhooks.command()
def show() -> None:
    """Print what Telegram and Twilio know of their webhooks, as JSON."""
    house = open_house()
    known: dict[str, Any] = {}
    if house.telegram:
        known["telegram"] = house.telegram.webhook_info()
    if house.whatsapp:
        sender = house.whatsapp.sender()
        known["whatsapp"] = {"status": sender.status, **sender.webhook} if sender else None
    click.echo(json.dumps(known, indent=2))


@webhooks.command()
def drop() -> None:
    """Stop Telegram's calls; what waits there is kept."""
    telegram(open_house()).drop_webhook()
    click.echo("Telegram calls nowhere now", err=True)


def telegram(house: House) -> Telegram:
    """The bot. Raises `Refused` where Telegram is off."""
    if not house.telegram:
        raise settings.Refused("TELEGRAM_TOKEN is missing: Telegram is off")
    return house.telegram


def _set_at_twilio(whatsapp: WhatsApp, public: str) -> None:
    """Its Senders API is not everywhere: what cannot be set there is for a person and the console."""
    from bot.whatsapp_sender import webhook

    wanted = webhook(public)
    try:
        whatsapp.set_webhook()
    except SendFailed as failed:
        if failed.retry or failed.code == "token":
            raise
        click.echo(f"Twilio's Senders API did not take it ({failed.code}). {_by_hand(wanted)}", err=True)
        return
    click.echo(f"Twilio calls {wanted['callback_url']}, and {wanted['fallback_url']} where that fails", err=True)


def _by_hand(wanted: Mapping[str, str]) -> str:
    """What to enter, a line each."""
    return (
        "Enter in its console, for the WhatsApp sender or the sandbox:\n"
        f"  webhook address   {wanted['callback_url']}   POST\n"
        f"  fallback address  {wanted['fallback_url']}   POST"
    )


def _public(house: House) -> str:
    if not house.settings.public_url:
        raise settings.Refused("PUBLIC_URL is missing: providers must be told where to call")
    return house.settings.public_url
