"""
To whom an incident is proposed to be referred: a service, a first-instance court, a court of appeal.

The rows are data (referrals.csv), each with its source and whether a second one confirms it; an operator may put others in
their place. Jurisdiction is set commune by commune, so nothing here is more than a proposal that a person confirms.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

ABROAD, UNKNOWN, OF_CATEGORY = "abroad", "unknown", "category:"
MOST_PLACES = 3  # a card has room for so many choices


class Service(StrEnum):
    """Who takes it on. Kept by name."""

    DGSN = "dgsn"  # the police: towns
    GENDARMERIE = "gendarmerie"  # the countryside
    CENTRAL = "central"  # for the whole country, in Rabat


class Why(StrEnum):
    """What a proposal rests on."""

    CATEGORY = "category"
    TOWN = "town"
    COUNTRYSIDE = "countryside"
    ABROAD = "abroad"
    UNKNOWN = "unknown"
    CHOSEN = "chosen"  # by a person, beside what was proposed


class Row(NamedTuple):
    """Who is competent for a place, or for a category wherever it is."""

    key: str
    town: Service
    countryside: Service
    court: str  # of first instance; both courts are empty where a person must say
    appeal: str
    source: str
    date: str
    verified: bool


class Proposal(NamedTuple):
    """What a person confirms or changes."""

    service: Service
    place: str
    court: str
    appeal: str
    verified: bool
    why: Why
    source: str = ""
    date: str = ""


class Choice(NamedTuple):
    """One of the proposals, by the key that its button carries."""

    key: str
    proposal: Proposal


Rows = Mapping[str, Row]


def propose(category: str, place: str = "", countryside: bool = False, rows: Rows | None = None) -> Proposal:
    """
    The competent service as far as data tell: a category's own rule before all, then the place.

    What is published has no commune: a province proposes its town's service unless it is said to be countryside.
    """
    rows = ROWS if rows is None else rows
    ruled = rows.get(OF_CATEGORY + category)
    if ruled:
        return _proposal(ruled, ruled.town, Why.CATEGORY, place)
    if place == ABROAD:
        return _proposal(rows[ABROAD], rows[ABROAD].town, Why.ABROAD, place)
    row = rows.get(place)
    if row is None or place == UNKNOWN:
        return _proposal(rows[UNKNOWN], rows[UNKNOWN].town, Why.UNKNOWN, "")
    if countryside:
        return _proposal(row, row.countryside, Why.COUNTRYSIDE, place)
    return _proposal(row, row.town, Why.TOWN, place)


def choices(category: str, places: Sequence[str], rows: Rows | None = None) -> tuple[Choice, ...]:
    """
    What a person chooses from: the proposal for the place that most reports name, then what else is likely.

    A choice's key tells the service, and by its number which of the places; never the place itself.

    >>> [choice.key for choice in choices("hate", ("fes", "taza"))]
    ['dgsn', 'gendarmerie', 'dgsn-2', 'gendarmerie-2', 'central']
    >>> [choice.key for choice in choices("terrorism", ("fes",))]
    ['central', 'dgsn', 'gendarmerie']
    """
    found: dict[str, Proposal] = {}
    first = propose(category, places[0] if places else "", rows=rows)
    found[first.service.value] = first
    for number, place in enumerate(places[:MOST_PLACES], 1):
        for countryside in (False, True):
            one = propose("", place, countryside, rows)
            key = one.service.value if number == 1 or one.service is Service.CENTRAL else f"{one.service}-{number}"
            found.setdefault(key, one)
    found.setdefault(Service.CENTRAL.value, propose("", UNKNOWN, rows=rows)._replace(why=Why.CHOSEN))
    return tuple(Choice(key, proposal) for key, proposal in found.items())


def with_rows(own: Iterable[Row]) -> Rows:
    """The shipped rows with an operator's own in their place."""
    return MappingProxyType({**ROWS, **{row.key: row for row in own}})


def _proposal(row: Row, service: Service, why: Why, place: str) -> Proposal:
    return Proposal(service, place, row.court, row.appeal, row.verified, why, row.source, row.date)


def _read() -> Iterator[Row]:
    text = files("conversations").joinpath("referrals.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(line for line in text.splitlines() if not line.startswith("#")):
        yield Row(
            key=row["key"],
            town=Service(row["town"]),
            countryside=Service(row["countryside"]),
            court=row["court"],
            appeal=row["appeal"],
            source=row["source"],
            date=row["date"],
            verified=row["verified"] == "yes",
        )


ROWS: Rows = MappingProxyType({row.key: row for row in _read()})
