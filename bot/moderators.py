"""
The moderators' groups: what a card says, and what a press does.

A card speaks of an incident by its number. It never holds a reference, a name, a phone or the reporter's words. Its
language is the first of `LANGUAGES`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from bot.card_texts import CardText
from bot.channel import Moved, Press, Stranger
from bot.house import House
from bot.queue import defer_card
from bot.wording import translate
from conversations.cases import is_open
from conversations.categories import CATEGORIES
from conversations.model import Ltr, Own
from conversations.texts import Text
from storage import db, groups, incidents, moderators
from storage.db import Transaction
from storage.incidents import Incident, Outcome

SEVERITIES = (CardText.NORMAL, CardText.HIGH, CardText.CRITICAL)
DISCLOSURES = {
    "anonymous": CardText.ANONYMOUS,
    "confidential": CardText.CONFIDENTIAL,
    "identified": CardText.IDENTIFIED,
}
LANGUAGES = {"ar": Text.ARABIC, "en": Text.ENGLISH, "es": Text.SPANISH, "fr": Text.FRENCH, "zgh": Text.TAMAZIGHT}
NAMES = {  # what channels and platforms call themselves
    "facebook": "Facebook",
    "instagram": "Instagram",
    "snapchat": "Snapchat",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}
PRESSED = {
    Outcome.TAKEN: CardText.YOURS,
    Outcome.YOURS: CardText.YOURS,
    Outcome.ANOTHERS: CardText.TAKEN_ALREADY,
    Outcome.CLOSED: CardText.GONE,
    Outcome.NOT_ALLOWED: CardText.NOT_RESTRICTED,
    Outcome.UNKNOWN: CardText.GONE,
}

TAKE = "take"
VERSION = "1"  # of our buttons: a press on one of another version is answered, and does nothing
SUBJECT = re.compile(rf"{VERSION}:([0-9]{{1,18}})", re.ASCII)  # 18 digits fit the column, and 64 bytes hold it all
LONGEST_ANSWER = 200  # of answerCallbackQuery


class Card(NamedTuple):
    """One card as a group is to see it. `quiet`: nobody's phone rings for what is of normal severity."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]  # rows of (label, callback data)
    quiet: bool


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


def locale(house: House) -> str:
    """The groups' language."""
    return house.settings.languages[0]


def card(incident: Incident, locale: str) -> Card:
    """What a group reads about an incident."""
    category = CATEGORIES[incident.category]
    severity = translate(locale, SEVERITIES[incident.severity])
    lines = [
        translate(locale, CardText.HEAD, number=str(incident.number), severity=severity),
        translate(locale, CardText.CATEGORY, category=category.label),
        translate(locale, CardText.CHANNEL, channel=Ltr(NAMES[incident.channel])),
        translate(locale, CardText.SPOKEN, language=Own(LANGUAGES.get(incident.locale, incident.locale))),
        translate(locale, CardText.DISCLOSURE, disclosure=translate(locale, DISCLOSURES[incident.disclosure])),
        translate(locale, CardText.REPORTS, count=str(incident.reports)),
    ]
    if incident.platform in NAMES:
        lines.append(translate(locale, CardText.PLATFORM, platform=Ltr(NAMES[incident.platform])))
    if incident.link and category.card_link:
        lines.append(translate(locale, CardText.LINK, link=Ltr(incident.link)))
    text = "\n".join([*lines, "", _state(incident, locale)])
    return Card(text, _buttons(incident, locale), quiet=incident.severity == 0)


def pressed(house: House, press: Press) -> str:
    """
    Do what a press in a group asks, and say in a few words what came of it.

    The same press again is told the same and changes nothing: an incident is taken once, and stays its taker's.
    """
    with db.begin(house.engine) as tx:
        return _pressed(tx, house, press)[:LONGEST_ANSWER]


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


def _pressed(tx: Transaction, house: House, press: Press) -> str:
    spoken = locale(house)
    moderator = moderators.find(tx, house.vault, press.presser)
    if moderator is None:
        return translate(spoken, CardText.NOT_LISTED)
    subject = SUBJECT.fullmatch(press.subject)
    if press.key != TAKE or subject is None or groups.named(tx, press.group) is None:
        return translate(spoken, CardText.GONE)
    number = int(subject[1])
    taken = incidents.take(tx, house.vault, number, moderator)
    if taken.outcome is Outcome.TAKEN:
        defer_card(tx, taken.group)
    return translate(spoken, PRESSED[taken.outcome], number=str(number), name=Own(taken.by))


def _state(incident: Incident, locale: str) -> str:
    if not is_open(incident.state):
        return translate(locale, CardText.CLOSED)
    if incident.taken_by:
        return translate(locale, CardText.TAKEN, name=Own(incident.taken_by))
    return translate(locale, CardText.WAITING)


def _buttons(incident: Incident, locale: str) -> tuple[tuple[tuple[str, str], ...], ...]:
    if incident.taken_by or not is_open(incident.state):
        return ()
    return (((translate(locale, CardText.TAKE), f"{VERSION}:{incident.number}:{TAKE}"),),)
