"""
What each attacker gets: with the keys they hold, from everything that those keys open or test, and from every row.

A find says where it was, what it told, and of whom. Nothing here knows what was to be expected.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from benchmarks.seizure_cast import STEM, Person
from benchmarks.unlinked import TO_PERSONS, TO_REPORTS
from conversations.links import find_links, fingerprint_input
from storage import rotation
from storage.opening import Desk
from storage.parcels import SealedReport
from storage.sealed import Unopened, Wrap
from storage.vault import Vault

STRANGERS = 200
POISON, STAFF_NAME = f"{STEM}poison".encode(), f"{STEM}staffname".encode()


class Find(NamedTuple):
    """One thing that an attacker learns."""

    where: str
    what: str
    who: str  # the mark of one of the cast


class Town(NamedTuple):
    """What was seized: the database, the folder of sealed files, and the cast whom the attacker may suspect."""

    link: psycopg.Connection[dict[str, Any]]
    shelf: Path
    cast: Sequence[Person]

    def rows(self, query: str) -> list[dict[str, Any]]:
        return self.link.execute(query.encode()).fetchall()


def seized(url: str, shelf: Path, cast: Sequence[Person]) -> Town:
    """A connection that reads."""
    return Town(psycopg.connect(url, autocommit=True, row_factory=dict_row), shelf, cast)


def told(where: str, plain: bytes, cast: Sequence[Person]) -> Iterator[Find]:
    """Everything in opened bytes that tells of one of the cast."""
    for person in cast:
        if person.mark.encode() in plain or person.account.removeprefix("+").encode() in plain or _code(person, plain):
            yield from (Find(where, kind, person.mark) for kind, word in person.needles().items() if word in plain)


def _code(person: Person, plain: bytes) -> bool:
    return bool(person.reference) and (person.reference.encode() in plain or person.secret.encode() in plain)


def without_keys(town: Town) -> Iterator[Find]:
    """What stands in clear, and which random person wrote what: by the transactions' numbers, where they still tell."""
    for row in town.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"):
        name = row["tablename"]
        for held in town.rows(f'SELECT t::text AS said FROM "{name}" AS t'):
            yield from told(name, held["said"].encode(), town.cast)
    by_reference = {person.reference: person.mark for person in town.cast if person.reference}
    for reference, _ in linked(town):
        if reference in by_reference:
            yield Find("xmin", "random person", by_reference[reference])
    for row in town.rows("SELECT reference FROM reports WHERE person IS NOT NULL"):
        if row["reference"] in by_reference:
            yield Find("reports.person", "random person", by_reference[row["reference"]])


def linked(town: Town) -> set[tuple[str, str]]:
    """Which anonymous report and which person's or delivery's row, by its key in hex, bear one transaction's number."""
    stamps = "x.xmin::text::bigint AS first, x.xmax::text::bigint AS last"
    theirs, found = defaultdict(set), set()
    for table, key in TO_PERSONS.items():
        for row in town.rows(f"SELECT encode({_bytes(table, key)}, 'hex') AS whose, {stamps} FROM {table} AS x"):
            for number in {row["first"], row["last"]} - {0}:
                theirs[number].add(row["whose"])
    for table, leads in TO_REPORTS.items():
        query = f"SELECT r.reference, {stamps} FROM {table} AS x JOIN reports AS r ON {leads} WHERE r.disclosure = 'anonymous'"
        for row in town.rows(query):
            for number in {row["first"], row["last"]} - {0}:
                found |= {(row["reference"], whose) for whose in theirs.get(number, ())}
    return found


def _bytes(table: str, key: str) -> str:
    return f"x.{key}" if key == "mark" else f"uuid_send(x.{key})"


def with_pseudonym_key(town: Town, vault: Vault) -> Iterator[Find]:
    """Whoever is known by account, link, delivery or reference is tried; an account leads on to what names its person."""
    bearers = {bytes(row["pseudonym"]): row["person"] for row in town.rows("SELECT pseudonym, person FROM aliases")}
    marks = {name: {bytes(row["mark"]) for row in town.rows(f"SELECT mark FROM {name}")} for name in (*BROUGHT, *ASKED)}
    by_transaction = linked(town)
    for person in town.cast:
        channel, kind = person.voice.channel, "id" if person.voice.channel == "telegram" else "phone"
        theirs = [bearers[tried] for tried in vault.pseudonyms(channel, kind, person.account) if tried in bearers]
        brought = [mark for delivery in person.voice.brought for mark in vault.marks(channel, delivery)]
        tried = {
            "fingerprints": vault.fingerprints(fingerprint_input(find_links(person.link)[0])),
            "tombstones": vault.tombstones(person.reference),
            **dict.fromkeys(BROUGHT, brought),
        }
        for name, values in tried.items():
            if any(mark in marks[name] for mark in values):
                yield Find(f"{name}.mark", ASKED.get(name, "delivery"), person.mark)
        yield from (find for whose in theirs for find in _of_person(town, whose, person))
        known = {*(whose.hex for whose in theirs), *(mark.hex() for mark in brought)}
        if any(reference == person.reference and seen in known for reference, seen in by_transaction):
            yield Find("xmin", "writer", person.mark)


BROUGHT = ("deliveries", "answers", "failures")
ASKED = {"fingerprints": "link", "tombstones": "reference"}


def _of_person(town: Town, whose: UUID, person: Person) -> Iterator[Find]:
    yield Find("aliases", "account", person.mark)
    for table in ("ways", "sessions", "guesses", "written"):
        if town.rows(f"SELECT FROM {table} WHERE person = '{whose}' LIMIT 1"):
            yield Find(f"{table}.person", "account", person.mark)
    if town.rows(f"SELECT FROM reports WHERE person = '{whose}' LIMIT 1"):
        yield Find("reports.person", "writer", person.mark)


def with_state_key(town: Town, vault: Vault) -> Iterator[Find]:
    """Every column that the state key seals, and kept answers for every account and delivery that is known."""
    incidents = {row["incident"]: row["reference"] for row in town.rows("SELECT incident, reference FROM reports")}
    by_reference = {person.reference: person.mark for person in town.cast if person.reference}
    for kept in rotation.KEPT:
        (key,) = kept.column.table.primary_key.columns
        for row in town.rows(
            f"SELECT {key.name} AS id, {kept.column.name} AS sealed FROM {kept.column.table.name} WHERE {kept.column.name} IS NOT NULL"
        ):
            place = kept.place(row["id"].bytes if hasattr(row["id"], "bytes") else bytes(row["id"]))
            plain = vault.open(kept.room, place, bytes(row["sealed"]))
            yield from told(kept.name, plain, town.cast)
            if (whose := by_reference.get(incidents.get(row["id"], ""))) and kept.name in (
                "incidents.places",
                "alerted.waiting",
            ):
                yield Find(kept.name, "place" if kept.name == "incidents.places" else "minute", whose)
            if kept.name == "failures.parked" and POISON in plain:
                yield Find(kept.name, "poison", "")
            if kept.name == "moderators.name" and STAFF_NAME in plain:
                yield Find(kept.name, "name of staff", "")
            if kept.name == "written.sealed":
                yield Find(kept.name, "numbers of messages", "")
    yield from _kept_answers(town, vault)


def _kept_answers(town: Town, vault: Vault) -> Iterator[Find]:
    """Each with each account and delivery that is known; of those that are nobody's of the cast some hundred, which stay shut."""
    tries = [
        (person.voice.channel, name, person.address)
        for person in town.cast
        for name in (*person.voice.brought, f"receipt of {person.address}")
    ]
    ours = {bytes(mark) for channel, name, _ in tries for mark in vault.marks(channel, name)}
    every = town.rows("SELECT mark, kept FROM deliveries WHERE kept IS NOT NULL ORDER BY mark")
    others = [row for row in every if bytes(row["mark"]) not in ours]
    for row in [*(row for row in every if bytes(row["mark"]) in ours), *others[:STRANGERS]]:
        for _, delivery, address in tries:
            with suppress(Unopened):
                plain = vault.open_kept(delivery, address, bytes(row["kept"]))
                where = "receipt of silence" if delivery.startswith("receipt") else "deliveries.kept"
                owner = next(person for person in town.cast if person.address == address)
                found = {find.what for find in told(where, plain, [owner])}
                yield from (Find(where, what, owner.mark) for what in found)


def with_desk_key(town: Town, desk: Desk, sealed: Iterable[SealedReport]) -> Iterator[Find]:
    """Every report of the database's, with what was added, its files, and the referrals of its incident."""
    for report in sealed:
        with suppress(Unopened):
            for name, plain in desk.open(report.reference, report.parts, report.wraps).items():
                yield from told(f"report_parts.{name}", plain, town.cast)
        for addition in report.additions:
            with suppress(Unopened):
                for name, plain in desk.open(addition.name, addition.parts, addition.wraps).items():
                    yield from told(f"additions.{name}", plain, town.cast)
        for exhibit in report.evidence:
            with suppress(Unopened):
                seal = desk.exhibit(report.reference, exhibit.number, exhibit.wraps)
                with (town.shelf / exhibit.file.hex).open("rb") as file:
                    yield from told("evidence", b"".join(seal.open_file(file)), town.cast)
    yield from _referrals(town, desk)


def _referrals(town: Town, desk: Desk) -> Iterator[Find]:
    by_incident = {
        row["number"]: row["reference"]
        for row in town.rows("SELECT number, reference FROM reports JOIN incidents ON incidents.id = incident")
    }
    by_reference = {person.reference: person.mark for person in town.cast if person.reference}
    query = "SELECT referrals.id, number, sealed FROM referrals JOIN incidents ON incidents.id = incident"
    for row in town.rows(query):
        wraps = [
            Wrap(one["desk_key"], one["wrapped"])
            for one in town.rows(f"SELECT * FROM referral_keys WHERE referral = '{row['id']}'")
        ]
        with suppress(Unopened):
            plain = desk.open(
                f"incident {row['number']}/referral/{row['id']}", {"referral": bytes(row["sealed"])}, wraps
            )
            if json.loads(plain["referral"])["place"]:
                yield Find("referrals", "place", by_reference[by_incident[row["number"]]])


def values(town: Town) -> Iterator[tuple[str, bytes]]:
    """Every value that the state key seals, as it lies there, by its column."""
    columns = [(kept.name, kept.column) for kept in rotation.KEPT]
    for name, column in (*columns, *((str(column), column) for column in rotation.ENDS_BY_ITSELF)):
        for row in town.rows(
            f"SELECT {column.name} AS sealed FROM {column.table.name} WHERE {column.name} IS NOT NULL"
        ):
            yield name, bytes(row["sealed"])
