"""Keys are rotated while the service runs: state in place, the desk's by new wraps, and nothing is lost on the way."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text

from bot import doctor_keys
from bot.cli import main
from bot.desk import open_parcels
from storage import keys, parcels, probes, rotation
from storage.columns import SealedColumn
from storage.db import begin, connect
from storage.migrate import downgrade, upgrade
from storage.reports import sealed
from storage.tables import metadata
from storage.vault import Vault
from tests.doors import NEW, Telegrammer, client, house

LATER = keys.generate()
TO_THE_DESK = {  # what only the desk's keys open, and what only the repeat of a delivery does
    "report_parts.sealed",
    "report_keys.wrapped",
    "additions.sealed",
    "addition_keys.wrapped",
    "evidence.sealed",
    "evidence_keys.wrapped",
    "referrals.sealed",
    "referral_keys.wrapped",
    "deliveries.kept",
}
SAID = ("hello", "continue", "https://example.org/post/1", "scam", "victim", "skip", "skip", "skip", "told", "done")


def vault(*sets: keys.NewKeys) -> Vault:
    joined = {name: ",".join(made.environment[name] for made in sets) for name in NEW.environment}
    return Vault(
        keys.parse_state_keys(joined["IBLAGH_STATE_KEY"]),
        keys.parse_pseudonym_keys(NEW.environment["IBLAGH_PSEUDONYM_KEY"]),
        keys.parse_desk_keys(joined["IBLAGH_DESK_PUBLIC_KEYS"]),
    )


@pytest.fixture
def lived_in(database_url: str) -> Iterator[str]:
    """A database with a filed report, two open conversations, and a way back."""
    home = house(database_url)
    doors = client(home)
    for number, ending in ((1, ("confidential", "send")), (2, ()), (3, ())):
        citizen = Telegrammer(doors, id=number)
        for words in (*SAID, *ending):
            citizen.says(words)
    home.engine.dispose()
    yield database_url


def iblagh(url: str, *words: str, **environ: str) -> Result:
    given = {**os.environ, **NEW.environment, "DATABASE_URL": url, "OPERATOR_NAME": "x", "OPERATOR_CONTACT": "x@y.ma",
             "OPERATOR_URL": "https://y.ma", **environ}  # fmt: skip
    return CliRunner().invoke(main, list(words), env=given)


def at_the_desk(*words: str) -> Result:
    return CliRunner().invoke(main, list(words), env=dict.fromkeys(NEW.environment, ""))


def test_every_sealed_column_is_rotated_or_known_not_to_be() -> None:
    every = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, SealedColumn)
    }
    assert every == {kept.name for kept in rotation.KEPT} | TO_THE_DESK


def test_what_an_old_state_key_sealed_is_sealed_anew_in_batches(lived_in: str) -> None:
    engine, both, new = connect(lived_in), vault(LATER, NEW), vault(LATER)
    with begin(engine) as tx:
        before = rotation.used(tx).state
        assert list(before) == [NEW.environment["IBLAGH_STATE_KEY"].partition(":")[0]]
        assert rotation.waiting(tx, both, rotation.KEPT[0]) == 3
    for kept in rotation.KEPT:
        with begin(engine) as tx:
            expected, done = rotation.waiting(tx, both, kept), 0
        while done < expected:  # one at a time: each is a transaction that a kill may come after
            with begin(engine) as tx:
                done += rotation.reseal(tx, both, kept, batch=1)
    with begin(engine) as tx:
        after = rotation.used(tx).state
        assert not {name for needs in after.values() for name in needs} - {
            name for needs in before.values() for name in needs
        }
        old = after.pop(next(iter(before)))
        assert set(old) <= {"deliveries.kept"}, "all but what ends by itself"
        people = tx.execute(text("SELECT person, sealed FROM sessions")).all()
        assert len(people) == 3 and all(new.open("sessions", row.person.bytes, row.sealed) for row in people)
    engine.dispose()


def test_the_command_rotates_and_says_what_is_needed(lived_in: str) -> None:
    state = f"{LATER.environment['IBLAGH_STATE_KEY']},{NEW.environment['IBLAGH_STATE_KEY']}"
    done = iblagh(lived_in, "rotate", "state", IBLAGH_STATE_KEY=state)
    assert done.exit_code == 0 and "sessions.sealed: 3 of 3" in done.stderr
    told = json.loads(iblagh(lived_in, "rotate", "status", "--json", IBLAGH_STATE_KEY=state).stdout)
    assert told["state"][LATER.environment["IBLAGH_STATE_KEY"].partition(":")[0]]["sessions.sealed"] == 3
    assert set(told["pseudonym"]) == {"1"} and len(told["desk"]) == 2, "the general key and recovery's"
    alone = iblagh(lived_in, "rotate", "status", IBLAGH_STATE_KEY=LATER.environment["IBLAGH_STATE_KEY"])
    assert "NOT LISTED" in alone.stdout
    again = iblagh(lived_in, "rotate", "state", IBLAGH_STATE_KEY=state)
    assert again.exit_code == 0 and "3 of 3" not in again.stderr


def test_one_value_that_opens_no_more_is_named_and_holds_up_no_other_column(lived_in: str) -> None:
    state = f"{LATER.environment['IBLAGH_STATE_KEY']},{NEW.environment['IBLAGH_STATE_KEY']}"
    engine = connect(lived_in)
    with begin(engine) as tx:
        tx.execute(
            text(
                "UPDATE sessions SET sealed = sealed || 'x' WHERE person = (SELECT min(person::text)::uuid FROM sessions)"
            )
        )
    done = iblagh(lived_in, "rotate", "state", IBLAGH_STATE_KEY=state)
    assert done.exit_code == 1 and "not everything opens (sessions.sealed: " in done.stderr
    with begin(engine) as tx:
        assert [rotation.waiting(tx, vault(LATER, NEW), kept) for kept in rotation.KEPT] == [3] + [0] * (
            len(rotation.KEPT) - 1
        )
    engine.dispose()


def test_filed_reports_go_to_a_new_desk_key_and_leave_the_old(lived_in: str, tmp_path: Path) -> None:
    pulled, old, new, wraps = (tmp_path / name for name in ("parcels", "old.key", "new.key", "wraps"))
    old.write_text(NEW.desk["general"])
    new.write_text(LATER.desk["general"])
    to = tmp_path / "public"
    to.write_text(LATER.environment["IBLAGH_DESK_PUBLIC_KEYS"])
    assert iblagh(lived_in, "desk", "pull", "-o", str(pulled)).exit_code == 0
    made = at_the_desk("desk", "rewrap", str(pulled), "--key", str(old), "--to", str(to), "-o", str(wraps))
    assert made.exit_code == 0 and "1 things wrapped to new keys; 0 did not open" in made.stderr

    listed = {"IBLAGH_DESK_PUBLIC_KEYS": LATER.environment["IBLAGH_DESK_PUBLIC_KEYS"]}
    assert "lacks" in iblagh(lived_in, "desk", "import", str(wraps)).stderr, "not to a key that is not listed"
    early = iblagh(lived_in, "desk", "retire", _id(NEW, "general"), **listed)
    assert early.exit_code == 1 and "1 things have no other reader yet" in early.stderr
    assert "2 new wraps" in iblagh(lived_in, "desk", "import", str(wraps), **listed).stderr
    assert "0 new wraps" in iblagh(lived_in, "desk", "import", str(wraps), **listed).stderr
    refused = iblagh(lived_in, "desk", "retire", _id(NEW, "general"))
    assert refused.exit_code == 1 and "still sealed to this key" in refused.stderr
    assert iblagh(lived_in, "desk", "retire", _id(NEW, "general"), **listed).exit_code == 0

    again = tmp_path / "again"
    assert iblagh(lived_in, "desk", "pull", "-o", str(again)).exit_code == 0
    assert [report["opened"] for report in open_parcels(again, new)] == [True]
    assert [report["opened"] for report in open_parcels(again, old)] == [False]


def test_recovery_gives_reports_back_when_a_desk_key_is_lost(lived_in: str, tmp_path: Path) -> None:
    pulled, recovery, to, wraps = (tmp_path / name for name in ("parcels", "recovery.key", "public", "wraps"))
    recovery.write_text(NEW.desk["recovery"])
    to.write_text(LATER.environment["IBLAGH_DESK_PUBLIC_KEYS"])
    assert iblagh(lived_in, "desk", "pull", "-o", str(pulled)).exit_code == 0
    made = at_the_desk("desk", "rewrap", str(pulled), "--key", str(recovery), "--to", str(to), "-o", str(wraps))
    assert made.exit_code == 0 and "1 things wrapped" in made.stderr
    kept = wraps.read_bytes()
    assert _id(LATER, "general").encode() in kept and _id(LATER, "restricted").encode() not in kept
    wraps.write_bytes(kept[:-9])
    cut = iblagh(lived_in, "desk", "import", str(wraps), IBLAGH_DESK_PUBLIC_KEYS=to.read_text())
    assert cut.exit_code == 1 and "cut or damaged" in cut.stderr


def test_a_desk_key_is_proven_by_what_it_opens(lived_in: str, tmp_path: Path) -> None:
    file, key = tmp_path / "probes", tmp_path / "key"
    assert iblagh(lived_in, "desk", "probe", "-o", str(file)).exit_code == 0
    key.write_text(LATER.desk["general"])
    assert "none of those" in at_the_desk("desk", "check", str(file), "--key", str(key)).stderr
    key.write_text(NEW.desk["restricted"])
    checked = at_the_desk("desk", "check", str(file), "--key", str(key))
    assert checked.exit_code == 0 and len(checked.stdout.split()) == 1
    wrong = iblagh(lived_in, "desk", "proven", "AAAA-AAAA-AAAA-AAAA")
    assert wrong.exit_code == 1 and "nobody asked" in wrong.stderr
    right = iblagh(lived_in, "desk", "proven", checked.stdout.strip().lower())
    assert right.exit_code == 0 and _id(NEW, "restricted") in right.stderr
    assert iblagh(lived_in, "desk", "proven", checked.stdout.strip()).exit_code == 1, "a word is taken once"
    engine = connect(lived_in)
    with begin(engine) as tx:
        assert list(probes.proofs(tx)) == [_id(NEW, "restricted")]
        home = house(lived_in)
        state = doctor_keys.desk_keys(tx, home)
        assert state.well and state.words.startswith("never proven: general, recovery (")
        month = doctor_keys.desk_keys(tx, home, datetime.now(UTC) + timedelta(days=32))
        assert not month.well and "not proven for more than 31 days: restricted" in month.words
    engine.dispose()
    at_server = iblagh(lived_in, "desk", "check", str(file), "--key", str(key))
    assert at_server.exit_code == 1 and "another machine" in at_server.stderr


def test_a_file_that_is_no_file_of_probes_or_wraps_is_one_line(lived_in: str, tmp_path: Path) -> None:
    odd, key = tmp_path / "odd", tmp_path / "key"
    key.write_text(NEW.desk["general"])
    for content in ("[]", '[{"queue": 1}]', '{"a": 1}', "nothing", '[{"queue":"general","key":"x","probe":"!"}]'):
        odd.write_text(content)
        said = at_the_desk("desk", "check", str(odd), "--key", str(key))
        assert said.exit_code == 1 and len(said.stderr.splitlines()) == 1 and not said.stdout
        took = iblagh(lived_in, "desk", "import", str(odd))
        assert took.exit_code == 1 and "no file of wraps" in took.stderr


def test_the_revision_goes_up_and_down(empty_database_url: str) -> None:
    engine: Engine = connect(empty_database_url)
    upgrade(empty_database_url)
    with begin(engine) as tx:
        tx.execute(text("INSERT INTO probes (desk_key, made_at) VALUES ('0123456789abcdef', now())"))
    engine.dispose()
    downgrade(empty_database_url, "0011")
    upgrade(empty_database_url)
    with begin(engine) as tx:
        assert tx.execute(text("SELECT count(*) FROM probes")).scalar_one() == 0
    engine.dispose()


def test_a_pulled_report_still_names_its_wraps(lived_in: str, tmp_path: Path) -> None:
    engine = connect(lived_in)
    with begin(engine) as tx, (tmp_path / "file").open("wb") as file:
        assert parcels.write(file, sealed(tx)) == 1
    engine.dispose()
    line: dict[str, Any] = json.loads((tmp_path / "file").read_bytes().splitlines()[1])
    assert {wrap[0] for wrap in line["wraps"]} == {_id(NEW, "general"), _id(NEW, "recovery")}


def _id(made: keys.NewKeys, queue: str) -> str:
    listed = keys.parse_desk_keys(made.environment["IBLAGH_DESK_PUBLIC_KEYS"])
    return next(key.id for key in listed if key.queue == queue)
