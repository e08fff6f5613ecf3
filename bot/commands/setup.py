"""Setting up: keys, webhooks, QR codes."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote

import click

from bot import settings
from bot.commands.webhooks import telegram, webhooks
from bot.house import open_house

WHERE = {
    "general": "of the general desk (keep it off the server, with a copy)",
    "restricted": "of the restricted desk (keep it off the server, with a copy)",
    "recovery": "that opens every report if another is lost (keep it apart from the others, in a safe)",
}


@click.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path(),
    help="The folder for the desk's private key files; by default the current one.",
)
@click.option("--no-passphrase", is_flag=True, help="Leave the private keys readable by whoever has the files.")
def keys(into: Path, no_passphrase: bool) -> None:
    """
    Make a new set of keys: lines for the environment on stdout, the desk's private keys as files.

    Run it away from the server: who holds the private keys reads every report. The passphrase that locks them is typed,
    or comes from the file that IBLAGH_DESK_PASSPHRASE_FILE names.
    """
    from bot.desk_key import to_lock
    from storage.keys import generate, locked, parse_desk_keys, write_desk_file

    new, passphrase = generate(), "" if no_passphrase else to_lock()
    ids = {key.queue: key.id for key in parse_desk_keys(new.environment["IBLAGH_DESK_PUBLIC_KEYS"])}
    for queue, text in new.desk.items():
        path = into / f"desk-{queue}-{ids[queue][:8]}.key"
        write_desk_file(path, locked(text, passphrase) if passphrase else text)
        click.echo(f"private key {WHERE[queue]}: {path}", err=True)
    if not passphrase:
        click.echo("these files are locked by no passphrase: `iblagh desk lock FILE` locks one", err=True)
    for name, value in new.environment.items():
        click.echo(f"{name}={value}")


@click.command()
@click.argument("channel", type=click.Choice(["telegram", "whatsapp"]))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="A .svg or .png file; without it, the terminal.")
def qr(channel: str, output: Path | None) -> None:
    """Make the QR code that opens a conversation with the bot."""
    import segno

    address = _bot_address() if channel == "telegram" else _whatsapp_address()
    code = segno.make(address, error="m", micro=False)
    if output:
        code.save(str(output), scale=8, border=4)
    else:
        code.terminal(out=sys.stdout, compact=True)
    click.echo(address, err=True)


def _bot_address() -> str:
    return f"https://t.me/{quote(telegram(open_house()).me()['username'])}"


def _whatsapp_address() -> str:
    sender = str(settings.one("TWILIO_WHATSAPP_FROM"))
    if not sender:
        raise settings.Refused("TWILIO_WHATSAPP_FROM is missing: WhatsApp is off")
    return f"https://wa.me/{sender.removeprefix('whatsapp:+')}"


COMMANDS = (keys, webhooks, qr)
