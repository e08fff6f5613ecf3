"""
Where an incident's reports come from: how many from which province, sealed under the state key.

Counted apart for everything that was merged, so that it can be taken out again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from conversations.territory import PROVINCES, REGIONS
from storage.sealed import Sealed
from storage.vault import Vault

ABROAD = "abroad"

Places = Mapping[UUID, Mapping[str, int]]  # origin -> place -> reports


def known(place: str) -> str:
    """A province, a region whose province was not said, or "abroad"; "" for whatever else was answered."""
    return place if place in PROVINCES or place in REGIONS or place == ABROAD else ""


def with_one_more(places: Places, origin: UUID, place: str) -> Places:
    """One report more from there; none where it is not known."""
    if not known(place):
        return places
    counted = Counter(places.get(origin, {}))
    counted[place] += 1
    return {**places, origin: counted}


def total(places: Places) -> dict[str, int]:
    """How many reports from where, the most first."""
    every: Counter[str] = Counter()
    for counted in places.values():
        every.update(counted)
    return dict(sorted(every.items(), key=lambda pair: (-pair[1], pair[0])))


def seal(vault: Vault, incident: UUID, places: Places) -> Sealed | None:
    """As it is kept in the incident's row; None for no place at all."""
    plain = {str(origin): dict(counted) for origin, counted in places.items() if counted}
    return vault.seal("incidents", _row(incident), json.dumps(plain, separators=(",", ":")).encode()) if plain else None


def opened(vault: Vault, incident: UUID, sealed: bytes | None) -> Places:
    """What `seal` kept. Raises `Unopened`."""
    if sealed is None:
        return {}
    plain = json.loads(vault.open("incidents", _row(incident), sealed))
    return {UUID(origin): counted for origin, counted in plain.items()}


def _row(incident: UUID) -> bytes:
    """The card's link is bound to the same row."""
    return incident.bytes + b"places"
