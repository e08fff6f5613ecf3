"""
Fifty people of one hour, a thousand anonymous reports: does any join of the one with the other name their writers?

Joined are all tables of both sides in every way that a holder of the database and of the pseudonym key has: equal or
nearest numbers of transactions and times, and the order in which rows lie or which any of their columns gives.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from benchmarks.citizens import REFERENCE
from benchmarks.unlinked import TO_PERSONS, TO_REPORTS
from bot import chores
from bot.channel import Alias, Inbound
from bot.house import House
from bot.receive import Receiver
from conversations.codes import read_reference
from conversations.model import Message
from storage import db
from storage.tables import aliases

PEOPLE, PARTS = 50, 6
FIRST = 7_333_000_000
BY_CHANCE = 1e-6  # how likely any join of a run may seem to work where none does
WORKS = 0.9  # the share that a join names rightly where nothing was blurred
SYSTEM = (
    "x.xmin::text::bigint AS xmin, x.xmax::text::bigint AS xmax, x.cmin::text::bigint AS cmin, x.cmax::text::bigint AS cmax,"
    " split_part(trim('()' FROM x.ctid::text), ',', 1)::bigint * 1000 + split_part(trim('()' FROM x.ctid::text), ',', 2)::bigint"
    " AS ctid"
)


class Truth(NamedTuple):
    """Who wrote what: a person's place in the crowd, by the reference of each report, by their id, by their deliveries."""

    reports: dict[str, int]
    people: dict[str, int]
    marks: dict[bytes, int]


class Join(NamedTuple):
    """How two tables were joined, and of how many reports it named how many writers rightly."""

    how: str
    right: int
    reports: int


Features = dict[str, list[tuple[float, int]]]  # by name: for each row its value and whose it is


def write(house: House, count: int, dice: random.Random, hour: datetime) -> Truth:
    """
    Let the crowd write, one conversation behind the other, each person in ten minutes of their own and the worker's round
    after each ten minutes: that is what a join likes best.
    """
    truth, receiver, update = Truth({}, {}, {}), Receiver(house), 300_000_000
    chores.blur(house, hour)
    for at in range(count):
        now, part = hour + timedelta(hours=at / count), at * PARTS // count
        if part != max(at - 1, 0) * PARTS // count:
            chores.blur(house, now)
        who = dice.choice(range(part, PEOPLE, PARTS))
        address, heard = str(FIRST + who), ""
        for said in ("another", f"https://example.org/joins/{at}", "continue", "scam", "send"):
            update += 1
            inbound = Inbound("telegram", str(update), (Alias("id", address),), address, Message(text=said))
            with db.begin(house.engine) as tx:
                words = receiver.receive(tx, inbound, now)
            heard = words.text if words else ""
            truth.marks[bytes(house.vault.mark("telegram", str(update)))] = who
        found = REFERENCE.search(heard)
        assert found, "a conversation of the crowd did not end with a receipt"
        truth.reports[read_reference(found[0])] = who
    with db.begin(house.engine) as tx:
        for who in range(PEOPLE):
            names = house.vault.pseudonyms("telegram", "id", str(FIRST + who))
            truth.people.update(
                {str(row.person): who for row in tx.execute(aliases.select().where(aliases.c.pseudonym.in_(names)))}
            )
    return truth


def joined(url: str, truth: Truth, dice: random.Random) -> list[Join]:
    """Every join of every table of one side with every table of the other; the best first."""
    with psycopg.connect(url) as link:
        persons = {
            f"{table}.{name}": rows for table in TO_PERSONS for name, rows in _persons(link, table, truth).items()
        }
        reports = {
            f"{table}.{name}": rows for table in TO_REPORTS for name, rows in _reports(link, table, truth, dice).items()
        }
    ordered = {name: _ordered(rows, dice) for name, rows in reports.items()}
    found = []
    for left, theirs in persons.items():
        index = Index(theirs, dice)
        for right, ours in ordered.items():
            found.append(Join(f"{right} by order of {left}", index.by_order(ours), len(ours)))
            if _kind(left) == _kind(right):
                found.append(Join(f"{right} nearest {left}", index.by_value(ours), len(ours)))
    return sorted(found, key=lambda join: join.right / max(join.reports, 1), reverse=True)


def chance(reports: int, joins: int) -> int:
    """So many right ones no join among so many reaches, where each guess is one of fifty, but once in a million runs."""
    term, tail, counts = (1 - 1 / PEOPLE) ** reports, 0.0, []
    for right in range(reports + 1):
        counts.append(term)
        term *= (reports - right) / (right + 1) / (PEOPLE - 1)
    for right in range(reports, -1, -1):
        tail += counts[right]
        if tail * joins > BY_CHANCE:
            return right + 1
    return 0


class Index:
    """One column of a person's table, to look for who is nearest."""

    def __init__(self, rows: Sequence[tuple[float, int]], dice: random.Random) -> None:
        self._rows = _ordered(rows, dice)
        self._values, self._dice = [value for value, _ in self._rows], dice

    def by_order(self, ours: Sequence[tuple[float, int]]) -> int:
        """How many are named rightly when both sides are laid beside each other in their order."""
        if not self._rows:
            return 0
        share = len(self._rows) / max(len(ours), 1)
        return sum(
            self._rows[min(int((at + 0.5) * share), len(self._rows) - 1)][1] == who for at, (_, who) in enumerate(ours)
        )

    def by_value(self, ours: Sequence[tuple[float, int]]) -> int:
        """How many are named rightly by who has the same value, or else the nearest; of several one at random."""
        return sum(self._nearest(value) == who for value, who in ours) if self._rows else 0

    def _nearest(self, value: float) -> int:
        at = min(bisect_left(self._values, value), len(self._values) - 1)
        if at and value - self._values[at - 1] < abs(self._values[at] - value):
            at -= 1
        first, last = bisect_left(self._values, self._values[at]), bisect_right(self._values, self._values[at])
        return self._rows[self._dice.randrange(first, last)][1]


def _ordered(rows: Sequence[tuple[float, int]], dice: random.Random) -> list[tuple[float, int]]:
    """By value; what is equal in any order."""
    return sorted(dice.sample(rows, len(rows)), key=lambda row: row[0])


def _persons(link: psycopg.Connection[Any], table: str, truth: Truth) -> Features:
    key = TO_PERSONS[table]
    rows = _rows(link, f"SELECT x.{key} AS whose, {SYSTEM}, x.* FROM {table} AS x")
    if key == "mark":
        return _features([(truth.marks.get(bytes(row["whose"])), row) for row in rows])
    return _features([(truth.people.get(str(row["whose"])), row) for row in rows])


def _reports(link: psycopg.Connection[Any], table: str, truth: Truth, dice: random.Random) -> Features:
    """One row of each report, chosen by chance where it has several."""
    query = f"SELECT r.reference AS whose, {SYSTEM}, x.* FROM {table} AS x JOIN reports AS r ON {TO_REPORTS[table]}"
    rows = _rows(link, query)
    one = {str(row["whose"]): row for row in dice.sample(rows, len(rows))}
    return _features([(truth.reports.get(reference), row) for reference, row in one.items()])


def _rows(link: psycopg.Connection[Any], query: str) -> list[dict[str, Any]]:
    with link.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.encode()).fetchall()


def _features(rows: Sequence[tuple[int | None, dict[str, Any]]]) -> Features:
    """Every column that has an order, for the rows whose owner is of the crowd."""
    ours = [(who, row) for who, row in rows if who is not None]
    names = [name for name in (ours[0][1] if ours else {}) if name != "whose"]
    found = {name: [(_number(row[name]), who) for who, row in ours] for name in names}
    return {name: [(value, who) for value, who in rows if value is not None] for name, rows in found.items()}


def _number(value: Any) -> float | None:
    match value:
        case datetime():
            return value.timestamp()
        case date():
            return float(value.toordinal())
        case UUID():
            return float(value.int)
        case bytes():
            return float(int.from_bytes(value[-8:], "big"))
        case int() | float():
            return float(value)
    return None


def _kind(name: str) -> str:
    """What may be held beside what: numbers of transactions, and times."""
    column = name.rpartition(".")[2]
    return "transaction" if column in ("xmin", "xmax") else "time" if column.endswith(("_at", "_until")) else column
