"""Who may press buttons in the moderators' group."""

from __future__ import annotations

import click

from bot import settings
from bot.house import open_house

ROLES = ("agent", "child_protection", "supervisor", "auditor")  # `storage.moderators.Role`, which costs a start


LONGEST_NAME = 40  # what a press is told has 200 characters, this among them


def _name(_context: click.Context, _parameter: click.Parameter, given: str) -> str:
    """One line that tells whom it names, and makes no link in the group."""
    from conversations.fold import clean
    from conversations.links import find_links

    name = " ".join(clean(given).split())
    if not 1 <= len(name) <= LONGEST_NAME or not any(sign.isalnum() for sign in name) or find_links(name):
        raise click.BadParameter(f"a name has letters, at most {LONGEST_NAME} signs, and no link in it")
    return name


@click.group()
def moderators() -> None:
    """Who may press buttons in the moderators' group."""


@moderators.command()
@click.argument("telegram_id", type=click.IntRange(1))
@click.option("--name", required=True, callback=_name, help="What cards call this person; stored sealed.")
@click.option("--role", type=click.Choice(ROLES), help="What they may do; without it an agent.")
@click.option("--restricted", is_flag=True, help="The same as --role child_protection.")
def add(telegram_id: int, name: str, role: str | None, restricted: bool) -> None:
    """
    List the person with this Telegram user id, or change their name and role.

    An agent works the general queue; child_protection the restricted one too; a supervisor both, and may also release
    and merge what others hold; an auditor reads, and presses nothing.
    """
    from storage import db
    from storage.moderators import Role, add

    if restricted and role not in (None, Role.CHILD_PROTECTION):
        raise click.UsageError("--restricted is --role child_protection: say one of them")
    house, given = open_house(), Role.CHILD_PROTECTION if restricted else Role(role or Role.AGENT)
    with db.begin(house.engine) as tx:
        add(tx, house.vault, str(telegram_id), name, given)
    click.echo("listed", err=True)


@moderators.command()
@click.argument("telegram_id", type=click.IntRange(1))
def remove(telegram_id: int) -> None:
    """Strike the person with this Telegram user id off the list; what they held is anyone's again."""
    from storage import db
    from storage.moderators import remove

    house = open_house()
    with db.begin(house.engine) as tx:
        if not remove(tx, house.vault, str(telegram_id)):
            raise settings.Refused("nobody is listed with this id")
    click.echo("struck off", err=True)


@moderators.command("list")
def list_() -> None:
    """Print names and roles. Telegram ids are not kept."""
    from storage import db
    from storage.moderators import listing

    house = open_house()
    with db.begin(house.engine) as tx:
        for moderator in listing(tx, house.vault):
            click.echo(f"{moderator.name}  ({moderator.role})")


COMMANDS = (moderators,)
