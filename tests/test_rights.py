"""A citizen's rights through the doors of both channels, and what the operator sees of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bot.cli import main
from bot.desk import open_parcels
from bot.house import House
from storage import db, reports
from storage.parcels import write
from storage.tables import report_keys, report_parts
from storage.tables import reports as report_rows
from tests import doors
from tests.doors import NEW, Telegrammer, Whatsapper, client
from tests.storage_samples import count, emptied

CODES = re.compile(r"(?:IB|SC)-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{3,4}")
UNKNOWN = "No report has this reference"


@pytest.fixture
def home(module_database_url: str, tmp_path: Path) -> Iterator[House]:
    with emptied(module_database_url):
        made = doors.house(module_database_url, EVIDENCE_URL=str(tmp_path / "shelf"))
        yield made
        made.engine.dispose()


@pytest.fixture(params=[Telegrammer, Whatsapper])
def citizen(home: House, request: pytest.FixtureRequest) -> Telegrammer | Whatsapper:
    made: Telegrammer | Whatsapper = request.param(client(home))
    return made


def sends(citizen: Telegrammer | Whatsapper, disclosure: str = "anonymous") -> list[str]:
    """File a report; its reference, and its code if it is anonymous."""
    for said in (
        "hello",
        "continue",
        "https://example.org/post",
        "hate",
        "witness",
        "skip",
        "They call for it.",
        "done",
    ):
        citizen.says(said)
    citizen.says(disclosure)
    return CODES.findall(citizen.says("send"))


def command(home: House, *said: str) -> Result:
    return CliRunner().invoke(main, said, env={"DATABASE_URL": home.settings.database_url})


def requests(home: House) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(command(home, "requests", "list", "--json").stdout)
    return found


def move(home: House, *states: str) -> None:
    [incident] = json.loads(command(home, "incidents", "list", "--json").stdout)
    for state in states:
        assert command(home, "incidents", "move", str(incident["number"]), state).exit_code == 0


def test_a_reachable_report_is_told_of_corrected_and_erased(home: House, citizen: Telegrammer, tmp_path: Path) -> None:
    [reference] = sends(citizen, "confidential")
    assert "The way to write to you here" in citizen.says("/mydata")  # beside the report
    held = citizen.says(reference if isinstance(citizen, Whatsapper) else "1")
    assert reference in held and "Sealed" in held and "desk@example.org" in held
    assert "sealed for the desk" in citizen.says("correct")
    assert "was added" in citizen.says("It was on Tuesday.")
    assert "was added" in (citizen.says("/object"), citizen.says("Not my words."))[1]
    assert {one["kind"] for one in requests(home)} == {"access", "correction", "objection"}
    with (tmp_path / "parcels").open("wb") as stream, db.begin(home.engine) as tx:
        write(stream, reports.sealed(tx))
    (tmp_path / "key").write_text(NEW.desk["general"])
    [report] = open_parcels(tmp_path / "parcels", tmp_path / "key")
    later = {
        part: one[part]["details"] for one in report["additions"] for part in ("correction", "objection") if part in one
    }
    assert later == {"correction": "It was on Tuesday.", "objection": "Not my words."}
    assert "for good" in citizen.says("delete")
    assert reference in citizen.says("no")
    citizen.says("delete")
    assert "is erased" in citizen.says("yes, erase")
    assert citizen.says(reference).startswith(UNKNOWN)
    assert "No report of yours" in citizen.says("/delete")
    assert requests(home) == [] and command(home, "reports", "list", "--json").stdout.strip() == "[]"
    with db.begin(home.engine) as tx:
        assert count(tx, report_parts) == count(tx, report_keys) == 0


def test_an_anonymous_report_is_erased_by_whoever_has_its_code(home: House, citizen: Telegrammer) -> None:
    reference, secret = sends(citizen)
    stranger = Telegrammer(client(home), id=712345999)
    stranger.says("/delete")
    stranger.says("code")
    assert "No report opens" in stranger.says(f"{reference} SC-0000-0000-0012")
    stranger.says("back")
    assert "received" in stranger.says(reference)  # the reference alone tells the state
    other_phone = Whatsapper(client(home), phone="+212655000111")
    other_phone.says("/delete")
    other_phone.says("I have a code")
    assert "for good" in other_phone.says(f"{reference} {secret}")
    assert "is erased" in other_phone.says("yes")
    assert citizen.says(reference).startswith(UNKNOWN)


def test_an_erased_reference_is_told_as_one_that_never_was(home: House, citizen: Telegrammer) -> None:
    reference, secret = sends(citizen)
    for said in ("/delete", "code", f"{reference} {secret}", "yes"):
        citizen.says(said)
    stranger = Telegrammer(client(home), id=712345999)
    assert stranger.says("IB-0000-0000-012").replace("IB-0000-0000-012", reference) == stranger.says(reference)


def test_what_was_passed_on_says_so_and_parts_from_its_writer(home: House, citizen: Telegrammer) -> None:
    [reference] = sends(citizen, "confidential")
    move(home, "analysis", "referred")
    assert "the law makes us keep it" in citizen.says("/delete")
    assert "no longer write to you" in citizen.says("yes")
    assert "passed on" in citizen.says(reference)
    assert "No report of yours" in citizen.says("/correct")
    with db.begin(home.engine) as tx:
        assert count(tx, report_parts) == 1
        assert tx.execute(select(report_rows.c.person)).scalar_one() is None


def test_what_is_passed_on_while_they_decide_is_asked_anew(home: House, citizen: Telegrammer) -> None:
    sends(citizen, "confidential")
    assert "for good" in citizen.says("/delete")
    move(home, "analysis", "referred")
    assert "the law makes us keep it" in citizen.says("yes")
    assert "no longer write to you" in citizen.says("yes")
    with db.begin(home.engine) as tx:
        assert count(tx, report_parts) == 1


def test_a_request_is_listed_and_noted_as_answered(home: House) -> None:
    citizen = Telegrammer(client(home))
    reference, secret = sends(citizen)
    for said in ("/mydata", "code", f"{reference} {secret}"):
        citizen.says(said)
    [request] = requests(home)
    assert (request["kind"], request["reference"], request["disclosure"]) == ("access", reference, "anonymous")
    assert reference in command(home, "requests", "list").stdout
    assert command(home, "requests", "done", request["id"]).exit_code == 0
    assert requests(home) == [] and command(home, "requests", "done", request["id"]).exit_code == 1
    assert json.loads(command(home, "requests", "list", "--json", "--all").stdout)[0]["done_at"]
