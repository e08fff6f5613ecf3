"""
Commands in the moderators' groups: what waits, one incident, how the work stands; and for supervisors to merge and split.

Chatter and commands that are not ours are met with silence. Who is not listed is told so. A group is told of its own
incidents alone: a child's are not found from the general one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple

from bot.alerts import SIGNS
from bot.card_texts import PressText
from bot.channel import Asked
from bot.digest import digest, today
from bot.group_texts import GroupText
from bot.house import House
from bot.moderators import locale
from bot.queue import defer_card
from bot.wording import sentence, translate
from conversations.categories import CATEGORIES
from conversations.model import Ltr
from storage import alerts, db, figures, groups, merging, moderators, pressing, splitting
from storage.db import Transaction
from storage.figures import Listed
from storage.merging import Regrouped, Unfit
from storage.moderators import Moderator

MOST_LISTED = 10
LONGEST_NUMBER = 18  # digits that fit the column


class Answered(NamedTuple):
    """What the group is told, and the message it is told under, "" for the command's own."""

    text: str
    under: str = ""


class Room(NamedTuple):
    """Where a command is answered: the group, who asks, in which language, and when."""

    house: House
    group: str
    who: Moderator
    locale: str
    now: datetime

    def say(self, text: GroupText, **values: str | Ltr) -> str:
        return translate(self.locale, text, **values)


Command = Callable[[Transaction, Room, list[int]], Answered]

UNFIT: Mapping[Unfit, GroupText] = MappingProxyType({
    Unfit.UNKNOWN: GroupText.UNKNOWN, Unfit.SAME: GroupText.SAME, Unfit.CLOSED: GroupText.CLOSED,
    Unfit.MERGED: GroupText.MERGED_ALREADY, Unfit.FURTHER: GroupText.FURTHER, Unfit.NOT_A_PART: GroupText.NOT_A_PART,
    Unfit.ALL_OF_IT: GroupText.ALL_OF_IT,
})  # fmt: skip


def answer(house: House, asked: Asked) -> Answered | None:
    """What a command is answered; None for silence, also where a group has been told so much that it may take no more."""
    command = COMMANDS.get(asked.command)
    if command is None:
        return None
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        group = groups.named(tx, asked.group)
        if group is None or not groups.spend(tx, group, now):
            return None
        return _answered(tx, house, asked, group, command, now)


def menu(language: str) -> list[tuple[str, str]]:
    """The commands as Telegram's menu in a group shows them."""
    return [(name, sentence(language, command.what)) for name, command in COMMANDS.items()]


def _answered(
    tx: Transaction, house: House, asked: Asked, group: str, command: Spoken, now: datetime
) -> Answered:  # fmt: skip
    spoken = locale(house)
    if not asked.asker:
        return Answered(translate(spoken, PressText.AS_THE_GROUP))
    who = moderators.find(tx, house.vault, asked.asker)
    if who is None:
        return Answered(translate(spoken, PressText.NOT_LISTED))
    if group == "restricted" and not (who.restricted or not who.works("moderators")):
        return Answered(translate(spoken, GroupText.NOT_HERE))
    if command.supervisors and not who.supervises:
        return Answered(translate(spoken, PressText.SUPERVISORS_ONLY))
    numbers = [int(word) for word in asked.rest.split() if word.isdecimal() and len(word) <= LONGEST_NUMBER]
    if len(numbers) < command.numbers:
        example = " ".join([f"/{asked.command}", "104", "101"][: command.numbers + 1])
        return Answered(translate(spoken, GroupText.WHICH, example=Ltr(example)))
    return command.does(tx, Room(house, group, who, spoken, now), numbers)


def _queue(tx: Transaction, room: Room, _: list[int]) -> Answered:
    found = figures.queue(tx, room.group, MOST_LISTED)
    more = figures.figures(tx, room.group, today(room.house, room.now), room.now).waiting - len(found)
    lines = [
        room.say(
            GroupText.QUEUE_LINE, **_facts(one, room), since=Ltr(f"{one.opened_at.astimezone(UTC):%Y-%m-%d %H:00}")
        )
        for one in found
    ]
    lines += [room.say(GroupText.QUEUE_MORE, count=str(more))] if more > 0 else []
    return Answered("\n".join(lines) or room.say(GroupText.QUEUE_EMPTY))


def _find(tx: Transaction, room: Room, numbers: list[int]) -> Answered:
    """
    The answer stands under the card, so that a touch leads to it. One that has none gets it now, and so does one whose
    card somebody deleted, which only showing it anew can tell.
    """
    found = figures.one(tx, _seen_from(room.group), numbers[0])
    if found is None:
        return Answered(room.say(GroupText.NOT_FOUND, number=str(numbers[0])))
    text = room.say(GroupText.FOUND, **_facts(found, room))
    here = found.card_group == room.group
    if here:
        alerts.summon(tx, found.number)
        pressing.show_again(tx, found.number)
        defer_card(tx, room.group)
    if not found.message and here:
        return Answered(f"{text}\n{room.say(GroupText.FOUND_COMING)}")
    return Answered(text, found.message if here else "")


def _stats(tx: Transaction, room: Room, _: list[int]) -> Answered:
    return Answered(digest(tx, room.house, room.group, room.now))


def _help(_tx: Transaction, room: Room, _: list[int]) -> Answered:
    lines = (
        room.say(GroupText.COMMAND, name=name, what=sentence(room.locale, command.what))
        for name, command in COMMANDS.items()
    )
    return Answered("\n".join([room.say(GroupText.HELP), *lines]))


def _merge(tx: Transaction, room: Room, numbers: list[int], *, duplicate: bool = False) -> Answered:
    if not _all_here(tx, room, numbers[:2]):
        return Answered(room.say(GroupText.UNKNOWN))
    (source, into), actor = numbers[:2], str(room.who.id)
    came = merging.merge(tx, room.house.vault, source, into, room.now, actor=actor, duplicate=duplicate)
    return _regrouped(tx, room, came)


def _split(tx: Transaction, room: Room, numbers: list[int]) -> Answered:
    if not _all_here(tx, room, numbers[:2]):
        return Answered(room.say(GroupText.UNKNOWN))
    whole, part = numbers[:2]
    came = splitting.split(tx, room.house.vault, whole, part, room.now, actor=str(room.who.id))
    return _regrouped(tx, room, came)


def _regrouped(tx: Transaction, room: Room, came: Regrouped | Unfit) -> Answered:
    if isinstance(came, Unfit):
        return Answered(room.say(UNFIT[came]))
    for group in sorted(came.groups):
        defer_card(tx, group)
    return Answered(room.say(GroupText.MERGED, count=str(came.reports), number=str(came.number)))


def _all_here(tx: Transaction, room: Room, numbers: list[int]) -> bool:
    return all(figures.one(tx, _seen_from(room.group), number) for number in numbers)


def _seen_from(group: str) -> tuple[str, ...]:
    return ("moderators", "restricted") if group == "restricted" else ("moderators",)


def _facts(one: Listed, room: Room) -> dict[str, str]:
    category = sentence(room.locale, CATEGORIES[one.category].label)
    return {"sign": SIGNS[one.severity], "number": str(one.number), "category": category, "count": str(one.reports)}


class Spoken(NamedTuple):
    """One command: what it does, what the menu says of it, how many numbers it needs, and whose it is."""

    does: Command
    what: GroupText
    numbers: int = 0
    supervisors: bool = False


COMMANDS: Mapping[str, Spoken] = MappingProxyType({
    "queue": Spoken(_queue, GroupText.HELP_QUEUE),
    "find": Spoken(_find, GroupText.HELP_FIND, 1),
    "stats": Spoken(_stats, GroupText.HELP_STATS),
    "help": Spoken(_help, GroupText.HELP_HELP),
    "merge": Spoken(_merge, GroupText.HELP_MERGE, 2, supervisors=True),
    "duplicate": Spoken(lambda *given: _merge(*given, duplicate=True), GroupText.HELP_DUPLICATE, 2, supervisors=True),
    "split": Spoken(_split, GroupText.HELP_SPLIT, 2, supervisors=True),
})  # fmt: skip
