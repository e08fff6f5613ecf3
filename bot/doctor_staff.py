"""Whether enough people are listed for what is critical to be closed by two."""

from __future__ import annotations

from typing import NamedTuple

from bot.house import House
from bot.moderators import configured
from storage import moderators
from storage.db import Transaction
from storage.work import EYES


class Staffed(NamedTuple):
    """What `iblagh doctor` says of it."""

    well: bool
    words: str


def four_eyes(tx: Transaction, house: House) -> Staffed:
    """For each configured group: how many may work it."""
    found = {name: moderators.eligible(tx, name) for name in configured(house)}
    few = [name for name, count in found.items() if count < EYES]
    counted = "; ".join(f"{name}: {count} who may press" for name, count in found.items()) or "no group is configured"
    if not few:
        return Staffed(True, counted)
    return Staffed(False, f"{counted}. Critical incidents of {' and '.join(few)} are closed by one person alone")
