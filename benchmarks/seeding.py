"""
Filling a database with what years of service leave: reports as they are filed, people, conversations of the last days.

Every report is sealed under a key of its own which is wrapped to the desk, every incident has its chain of custody, and
all rows stand as those of a citizen's turn do an hour later, when they are blurred and their cards are shown. They are
copied in, some hundred incidents at a time, by several processes: a filing of its own would take ten times as long.
"""

from __future__ import annotations

import random
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import chain
from multiprocessing import get_context
from typing import NamedTuple

import psycopg

from benchmarks.seeding_copy import copy, tidy
from benchmarks.seeding_rows import Came, Rows, incident, passing
from conversations.categories import CATEGORIES
from storage import keys
from storage.db import plain
from storage.vault import Vault

TOGETHER = 2_000  # reports copied in one transaction, or some more
DAYS = 200.0  # over which they came
KINDS = tuple(CATEGORIES)
TALKING = 0.1  # so many people for each report have a conversation open in the end
FIRST_PERSON = 10**12  # people of a seed have numbers of their own: no seed is used twice in one database
NUMBERS = "SELECT setval(pg_get_serial_sequence('incidents', 'number'), nextval(pg_get_serial_sequence('incidents', 'number')) + %s)"


class Filed(NamedTuple):
    """What was filed, in the order of filing: the references."""

    references: list[str]


class Order(NamedTuple):
    """What is to be filed; the same order in every process is the same reports."""

    url: str
    keys: Mapping[str, str]
    reports: int
    seed: int
    links: int
    latest: datetime
    days: float


def fill(
    url: str, keys: Mapping[str, str], count: int, seed: int, links: int, now: datetime | None = None,
    *, days: float = DAYS, processes: int = 2,
) -> Filed:  # fmt: skip
    """
    File `count` reports of so many different links, each by somebody of their own, evenly over the days before `now`.

    `url` is a migrated database into which nobody has filed of this seed; `keys` holds the environment's three keys. Of
    what is soon forgotten (sessions, deliveries, messages' numbers) there is what a house that forgets in time has left.
    """
    order = Order(plain(url), _three(keys), count, seed, links, now or datetime.now(UTC), days)
    first = _numbers(order)
    if processes == 1:
        filed = [_share(order, 0, 1, first)]
    else:
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            shares = [pool.submit(_share, order, at, processes, first) for at in range(processes)]
            filed = [share.result() for share in shares]
    with psycopg.connect(order.url, autocommit=True) as link:
        tidy(link)
    return Filed([reference for _, reference in sorted(chain(*filed))])


def _three(keys: Mapping[str, str]) -> dict[str, str]:
    return {name: keys[name] for name in ("IBLAGH_STATE_KEY", "IBLAGH_PSEUDONYM_KEY", "IBLAGH_DESK_PUBLIC_KEYS")}


def _numbers(order: Order) -> int:
    """The first of the incidents' numbers that are given to this order, and to nobody else."""
    count = len(set(_links(order)))
    with psycopg.connect(order.url) as link:
        row = link.execute(NUMBERS, (count - 1,)).fetchone()
    assert row
    return int(row[0]) - count + 1


def _share(order: Order, share: int, of: int, first: int) -> list[tuple[int, str]]:
    """File every incident that falls to one process; each report's place in the order of filing, and its reference."""
    vault = Vault(
        keys.parse_state_keys(order.keys["IBLAGH_STATE_KEY"]),
        keys.parse_pseudonym_keys(order.keys["IBLAGH_PSEUDONYM_KEY"]),
        keys.parse_desk_keys(order.keys["IBLAGH_DESK_PUBLIC_KEYS"]),
    )
    filed, rows, dice = list[tuple[int, str]](), Rows(vault, order.latest), random.Random(f"{order.seed}/{share}")
    with psycopg.connect(order.url, options="-c timezone=UTC") as link:
        for number, address, places in _incidents(order, share, of, first):
            came = [Came(_person(order, at), _moment(order, at, dice)) for at in places]
            kind = KINDS[number % len(KINDS)]
            filed += zip(places, incident(rows, number, kind, address, came, dice), strict=True)
            if rows.reports >= TOGETHER:
                copy(link, rows.taken())
        for at in range(share, round(order.reports * TALKING), of):
            passing(rows, _person(order, order.reports + at), dice)
        copy(link, rows.taken())
    return filed


def _incidents(order: Order, share: int, of: int, first: int) -> Iterator[tuple[int, str, list[int]]]:
    """This process's incidents: number, link, and which reports are theirs; numbered in the order in which they opened."""
    numbers, theirs = dict[int, int](), defaultdict[int, list[int]](list)
    for at, link in enumerate(_links(order)):
        if numbers.setdefault(link, len(numbers)) % of == share:
            theirs[link].append(at)
    for link, reports in theirs.items():
        yield first + numbers[link], f"https://example.org/{order.seed}/{link}", reports


def _links(order: Order) -> array[int]:
    dice = random.Random(order.seed)
    return array("l", (dice.randrange(order.links) for _ in range(order.reports)))


def _moment(order: Order, at: int, dice: random.Random) -> datetime:
    """Report by report later, so that each incident's are in their order."""
    return order.latest - timedelta(days=order.days * (order.reports - at - dice.random()) / order.reports)


def _person(order: Order, at: int) -> int:
    return FIRST_PERSON + order.seed * 10**8 + at
