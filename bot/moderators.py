"""
The moderators' groups: which there are, which of them works a category, and where they have moved to.
"""

from __future__ import annotations

from datetime import UTC, datetime

from bot.channel import Moved, Stranger
from bot.house import House
from bot.queue import defer_card
from conversations.categories import CATEGORIES
from storage import db, groups
from storage.db import Transaction


def configured(house: House) -> dict[str, str]:
    """Our groups as the environment names them: name -> id."""
    given = house.settings
    ids = {"moderators": given.telegram_moderators_chat_id, "restricted": given.telegram_restricted_chat_id}
    return {name: str(id) for name, id in ids.items() if id is not None}


def group_for(house: House, category: str) -> str:
    """The group that works a category. Without a restricted group all go to the one there is."""
    restricted = CATEGORIES[category].queue == "restricted" and "restricted" in configured(house)
    return "restricted" if restricted else "moderators"


def settle(tx: Transaction, house: House) -> None:
    """Have a row for each configured group, so that cards can be deferred; cheap where they are there."""
    for name, id in configured(house).items():
        groups.group(tx, name, id, datetime.now(UTC))


def settle_once(tx: Transaction, house: House) -> None:
    """`settle` for a process that has not done so yet. Should that be undone, a look each minute does it again."""
    if not house.settled:
        house.settled.append(True)
        settle(tx, house)


def locale(house: House) -> str:
    """The groups' language."""
    return house.settings.group_language or house.settings.languages[0]


def moved(house: House, event: Moved) -> None:
    """One of our groups has a new id: cards go there from now on."""
    with db.begin(house.engine) as tx:
        if groups.moved(tx, event.group, event.new_group):
            name = groups.named(tx, event.new_group)
            if name is not None:
                defer_card(tx, name)


def stranger(house: House, event: Stranger) -> bool:
    """Whether to leave that group: not if it is ours under an id that it got by moving."""
    with db.begin(house.engine) as tx:
        settle(tx, house)
        return groups.named(tx, event.group) is None
