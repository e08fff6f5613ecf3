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
    few = [name for name, count in found.items() if 0 < count < EYES]
    none = [name for name, count in found.items() if count == 0]
    counted = "; ".join(f"{name}: {count} who may press" for name, count in found.items()) or "no group is configured"
    if not few and not none:
        return Staffed(True, counted)
    words = [f"Critical incidents of {' and '.join(few)} are closed by one person alone"] if few else []
    words += [f"Nobody works the incidents of {' and '.join(none)}"] if none else []
    return Staffed(False, ". ".join((counted, *words)))
