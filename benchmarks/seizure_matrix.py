"""Every attacker with every key they hold, against the written list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks import seizure_attack as attack
from benchmarks import seizure_clear, unlinked
from benchmarks.processes import Town
from benchmarks.proof import Proof
from benchmarks.seizure_attack import Find
from benchmarks.seizure_cast import Person
from benchmarks.seizure_expected import ATTACKERS, BACKUP, KEYS, expected
from benchmarks.seizure_stage import backed_up, shelf
from bot.house import House
from storage import db, reports
from storage.keys import NewKeys
from storage.opening import Desk

Told = set[tuple[str, str, str]]  # where, what, of which role


def compare(proof: Proof, town: Town, house: House, made: NewKeys, cast: Sequence[Person]) -> None:
    """Use each key, and hold what it gives against what it is to give: of each role, of each of its people."""
    taken = attack.seized(town.database, shelf(town), cast)
    with db.begin(house.engine) as tx:
        sealed = list(reports.sealed(tx))
        _clear(proof, seizure_clear.readable(tx), {str(row["relname"]) for row in taken.rows(TABLES)})
    found = {
        "no key": set(attack.without_keys(taken)),
        "pseudonym key": set(attack.with_pseudonym_key(taken, house.vault)),
        "state key": set(attack.with_state_key(taken, house.vault)),
        **{f"{queue} key": set(attack.with_desk_key(taken, Desk(text), sealed)) for queue, text in made.desk.items()},
    }
    for key in KEYS:
        _as_listed(proof, key, found[key], cast)
    for attacker, held in ATTACKERS.items():
        proof.counts[f"{attacker}: finds"] = len(set[Find]().union(*(found[key] for key in held)))
    _nobody_named(proof, found, cast)
    _backup(proof, backed_up(house), attack.values(taken))
    taken.link.close()


TABLES = "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public'"


def _clear(proof: Proof, readable: set[str], tables: set[str]) -> None:
    listed = seizure_clear.listed()
    proof.expect(not readable - listed, f"stands in clear and in no list: {sorted(readable - listed)}")
    proof.expect(not listed - readable, f"listed as in clear and is not: {sorted(listed - readable)}")
    proof.expect(not unlinked.unplaced(tables), f"on no side of any join: {sorted(unlinked.unplaced(tables))}")
    proof.counts["columns in clear, each with its reason"] = len(listed)


def _as_listed(proof: Proof, key: str, found: Iterable[Find], cast: Sequence[Person]) -> None:
    """Everybody who plays a role must be found as all of that role are."""
    roles = {person.mark: person.role for person in cast} | {"": ""}
    told = [(find.where, find.what, roles[find.who]) for find in found]
    for more in sorted(set(told) - expected(key)):
        proof.expect(False, f"{key}: {more} is on no list")
    for role in sorted({role for *_, role in expected(key)}):
        people = sum(person.role == role for person in cast) if role else 1
        for fewer in sorted(one for one in expected(key) if one[2] == role and told.count(one) != people):
            proof.expect(False, f"{key}: {fewer} was found of {told.count(fewer)} of {people}")
    proof.expect(bool(told), f"{key}: nothing was found")
    proof.counts[f"finds with the {key}"] = len(told)


def _nobody_named(proof: Proof, found: dict[str, set[Find]], cast: Sequence[Person]) -> None:
    """With every key but the desk's, no anonymous report older than an hour leads to an account."""
    names = {find.who for key in ("pseudonym key", "state key") for find in found[key] if find.what == "writer"}
    older = [person for person in cast if person.secret and person.role in OLDER]
    proof.expect(len(older) >= len(OLDER), "nobody wrote anonymously an hour ago")
    for person in older:
        proof.expect(person.mark not in names, f"{person.role}: named by a running host's keys")


OLDER = ("anonymous", "anonymous on WhatsApp", "of a child", "with a file", "closed")


def _backup(proof: Proof, backup: bytes, values: Iterable[tuple[str, bytes]]) -> None:
    """Of what the state key opens a backup holds these columns and no other; a copy writes bytes in hex."""
    held = {name for name, value in values if value.hex().encode() in backup}
    proof.expect(held == set(BACKUP), f"a backup holds for the state key: {sorted(held)}")
