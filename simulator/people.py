"""The people of the demonstration: made-up citizens with made-up numbers, and who is in the moderators' groups."""

from __future__ import annotations

import secrets
import threading
from typing import NamedTuple

from simulator.telegram_chats import Person
from simulator.twilio_messages import Citizen

NAMES = (
    "Amina", "Youssef", "Salma", "Karim", "Nadia", "Omar", "Hind", "Rachid", "Leïla", "Idir", "Tiziri", "Samir",
    "Imane", "Mehdi", "Ghita", "Anas",
)  # fmt: skip
# Country code and the digits that follow it; # is any digit. Ranges that are kept free for films and examples where
# the country has them.
NUMBERS = {
    "MA": "+2126000#####",
    "DZ": "+2135500#####",
    "FR": "+33639980###",
    "ES": "+34600000###",
    "BE": "+32460000###",
    "GB": "+447700900###",
    "US": "+12025550###",
}


class Colleague(NamedTuple):
    """Somebody in the moderators' groups. `role` as the bot lists them; empty: the bot does not know them."""

    id: int
    name: str
    role: str


LISTED, UNLISTED = 7001001, 7001002  # Telegram ids: an agent's, and a stranger's to the bot's list
STAFF = (
    Colleague(LISTED, "Malika", "agent"),
    Colleague(7001003, "Driss", "child_protection"),
    Colleague(7001004, "Zineb", "supervisor"),
    Colleague(7001005, "Aziz", "auditor"),
    Colleague(UNLISTED, "Visitor", ""),
)
MODERATORS = tuple(Person(one.id, one.name, "en", started=True) for one in STAFF)

_seats = iter(range(10**9))
_lock = threading.Lock()


def _name() -> str:
    with _lock:
        return NAMES[next(_seats) % len(NAMES)]


def number(country: str) -> str:
    """A phone number of that country."""
    return "".join(str(secrets.randbelow(10)) if digit == "#" else digit for digit in NUMBERS[country])


def somebody_on_telegram(language: str = "", country: str = "MA") -> Person:
    """A new person with the Telegram client in `language`."""
    return Person(secrets.randbelow(4 * 10**9) + 10**9, _name(), language, number(country))


def somebody_on_whatsapp(country: str = "MA", shows: str = "phone") -> Citizen:
    """A new person with a number of `country`; `shows` is phone, both or bsuid."""
    bsuid = f"{country}.{10**19 + secrets.randbelow(9 * 10**19)}"
    return Citizen(number(country), bsuid, _name(), shows)
