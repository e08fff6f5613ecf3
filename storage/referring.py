"""What a card offers when an incident is to be referred; a press on an offer is compared with the places it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from zlib import crc32

from conversations.router import MOST_PLACES, ROWS, Proposal, Rows, choices


class Offer(NamedTuple):
    """One service for one place. `key` names it on a button: the place itself stands in no callback data."""

    key: str
    proposal: Proposal


def offers(category: str, places: Mapping[str, int], rows: Rows = ROWS) -> tuple[Offer, ...]:
    """
    What a person chooses from, what data propose first; `places` are counted, the most first.

    Reports that come meanwhile may put the places into another order: then the keys are others, too.

    >>> [offer.key for offer in offers("hate", {"fes": 2})][:2]
    ['dgsn-e4', 'gendarmerie-e4']
    """
    ordered = tuple(places)[:MOST_PLACES]
    mark = crc32(",".join(ordered).encode()) & 0xFF
    return tuple(Offer(f"{choice.key}-{mark:02x}", choice.proposal) for choice in choices(category, ordered, rows))
