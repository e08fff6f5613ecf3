"""The chain of custody at the desk, and on the command line beside the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bot.cli import main
from bot.desk_summary_words import ACTS, STATES
from conversations.cases import State
from storage import custody
from storage.custody import Act
from storage.db import Store
from storage.shelf import Shelf
from tests.export_samples import STAFF, Made, carried, chain, sealed
from tests.storage_samples import MADE, NOW, emptied, file, filing, unguarded


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Two reports of one incident, the first with a file."""
    ours = [
        sealed(f"IB-{number}111-AAAA-111", Shelf(tmp_path / "parcels.evidence"), files=number % 2) for number in (1, 2)
    ]
    return carried(tmp_path, ours, chain(101, ours))


def opened(made: Made) -> list[dict[str, Any]]:
    done = CliRunner().invoke(main, ["desk", "open", str(made.parcels), "--key", str(made.key), "--json"])
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def acts(shown: dict[str, Any]) -> list[str]:
    return [entry["name"] for entry in shown["InvestigativeAction"]]


def test_each_report_comes_with_what_its_chain_says_of_it_and_of_all(made: Made) -> None:
    (first,), (second,) = (report["custody"] for report in opened(made))
    work = ["taken", "asked", "referred", "closed"]
    assert acts(first) == ["received", "received", "added", "fetched", *work]
    assert acts(second) == ["received", "received", "added", *work]
    assert (first["incident"], first["length"], first["whole"]) == (101, 11, True)
    assert first["hash"] == second["hash"] and "wrong" not in first


def test_what_no_entry_names_and_what_is_broken_is_said(made: Made) -> None:
    log = chain(101, made.reports[:1])
    entries = [*log.entries[:4], log.entries[4]._replace(act="released"), *log.entries[5:]]
    broken = carried(made.parcels.parent, made.reports, replace(log, entries=entries))
    (first,), (second,) = (report["custody"] for report in opened(broken))
    assert first["wrong"] == ["position 5 was changed after it was written"]
    assert second["wrong"][1:] == [
        f"{what}: no entry names it as it is" for what in ("content", "identity", "addition 1 (content)")
    ]
    assert not first["whole"] and not second["whole"]


def test_the_page_shows_the_chain_and_unfolds_what_is_broken(made: Made) -> None:
    page = made.parcels.with_suffix(".html")
    line = ["desk", "read", str(made.parcels), "--key", str(made.key), "-o", str(page)]
    assert CliRunner().invoke(main, line).exit_code == 0
    assert "Custody of incident 101: 11 entries, whole" in page.read_text() and STAFF[:8] in page.read_text()
    assert '<section class="custody"><details>' in page.read_text()
    log = chain(101, made.reports)
    carried(made.parcels.parent, made.reports, replace(log, entries=log.entries[1:]))
    assert CliRunner().invoke(main, line).exit_code == 0
    assert "NOT WHOLE" in page.read_text() and "position 1 is missing" in page.read_text()
    assert '<section class="custody"><details open>' in page.read_text()


def test_every_act_and_state_has_its_words_in_the_summary() -> None:
    assert set(ACTS) == {act.value for act in Act}
    assert set(STATES) == {state.value for state in State}
    assert all(pair.fr and pair.ar for pair in (*ACTS.values(), *STATES.values()))


@pytest.fixture
def store(module_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Store]:
    monkeypatch.setenv("DATABASE_URL", module_database_url)
    monkeypatch.setenv("EVIDENCE_URL", str(tmp_path / "shelf"))
    with emptied(module_database_url) as made:
        yield made


def run(*line: str) -> Result:
    return CliRunner().invoke(main, list(line))


def test_a_chain_travels_from_the_database_into_an_export(store: Store, tmp_path: Path) -> None:
    with store.begin() as tx:
        incident = file(tx, filing("identified"))
        custody.add(tx, incident.incident, Act.TAKEN, NOW, actor=STAFF)
    (tmp_path / "key").write_text(MADE.desk["general"])
    for name in ("first", "second"):  # a pull is an act; once more with nothing new is none
        assert run("desk", "pull", "-o", str(tmp_path / name)).exit_code == 0
    with store.begin() as tx:
        (log,) = custody.chains(tx)
    assert [(entry.act, entry.actor) for entry in log.entries[2:]] == [("taken", STAFF), ("pulled", "operator")]
    made = Made(tmp_path / "second", tmp_path / "key", [])
    (report,) = opened(made)
    assert acts(report["custody"][0]) == ["received", "received", "taken", "pulled"]
    assert report["custody"][0]["hash"] == log.hash and report["custody"][0]["whole"]
    line = ["desk", "export", str(made.parcels), "--key", str(made.key), "--incident", str(log.number)]
    done = run(*line, "-o", str(tmp_path / "out.zip"))
    assert (done.exit_code, done.stderr) == (0, "")


def test_verify_and_show_tell_the_truth(store: Store) -> None:
    nothing = run("custody", "verify", "--json")
    assert nothing.exit_code == 0 and json.loads(nothing.stdout)["incidents"] == 0
    with store.begin() as tx:
        number = file(tx).number
        custody.add(tx, file(tx, name="other").incident, Act.TAKEN, NOW, actor=STAFF)
    whole, shown = run("custody", "verify"), run("custody", "show", str(number + 1), "--json")
    assert (whole.exit_code, whole.stdout) == (0, "")
    assert whole.stderr == "2 chains, 3 entries, 2 parcels: all whole\n"
    assert acts(json.loads(shown.stdout)) == ["received", "taken"] and shown.exit_code == 0
    with store.begin() as tx, unguarded(tx):
        tx.execute(text("UPDATE custody SET detail = 'other' WHERE act = 'taken'"))
    broken, named, line = (
        run("custody", "verify"),
        run("custody", "verify", "--json"),
        run("custody", "show", str(number + 1)),
    )
    assert broken.exit_code == named.exit_code == line.exit_code == 1
    assert broken.stdout == f"incident {number + 1}, position 2: was changed after it was written\n"
    assert json.loads(named.stdout)["faults"] == [
        {"incident": number + 1, "position": 2, "wrong": "was changed after it was written"}
    ]
    assert line.stderr == "position 2: was changed after it was written\n" and STAFF in line.stdout
    assert run("custody", "show", "9999").exit_code == 1
