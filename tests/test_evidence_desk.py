"""Sealed files travel beside the parcels file, and are opened at the desk into a folder, if they are what was sealed."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from bot.cli import main
from bot.fetching import fetch
from bot.house import House
from conversations.model import Media
from storage import db
from storage.tables import evidence
from storage.tables import reports as report_rows
from tests import doors
from tests.evidence_house import JPEG, environment, file, house, ids, photo, providers, rows
from tests.providers import Providers

__all__ = ["house", "providers"]  # fixtures

PDF = b"%PDF-1.7\n" + b"x" * 200_000


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "desk.key"
    path.write_text("".join(doors.NEW.desk.values()))
    return path


@pytest.fixture
def report(house: House, providers: Providers) -> UUID:
    """A report with a picture, a document, one file that is still wanted and one that was given up."""
    providers.files |= {"picture": JPEG, "document": PDF}
    large = photo("large")._replace(size=30_000_000)
    made = file(house, photo("picture"), Media("document", "document", 0, "text/html"), large, photo("missing"))
    for row in ids(house):
        fetch(house, row)
    return made


def reference(house: House, report: UUID) -> str:
    with db.begin(house.engine) as tx:
        name: str = tx.execute(select(report_rows.c.reference).where(report_rows.c.id == report)).scalar_one()
    return name


def pull(house: House, providers: Providers, tmp_path: Path, *more: str) -> Result:
    given = environment(providers, tmp_path) | {"DATABASE_URL": house.url}
    return CliRunner().invoke(main, ["desk", "pull", *more], env=given)


def opened(parcels: Path, key: Path, *more: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(main, ["desk", "open", str(parcels), "--key", str(key), *more])
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture
def parcels(house: House, providers: Providers, report: UUID, tmp_path: Path) -> Path:
    path = tmp_path / "parcels.jsonl"
    done = pull(house, providers, tmp_path, "-o", str(path))
    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines() == ["1 reports pulled", "2 of 2 files pulled"]
    return path


def test_the_desk_lists_and_opens_files(house: House, report: UUID, parcels: Path, key: Path, tmp_path: Path) -> None:
    (found,) = opened(parcels, key, "--evidence", str(tmp_path / "opened"))
    assert (found["files_wanted"], found["files_given_up"]) == (1, 1)
    first, second = found["evidence"]
    name = reference(house, report)
    assert (first["exhibit"], first["type"], first["size"], first["file"]) == (
        1,
        "image/jpeg",
        len(JPEG),
        f"{name}-1.jpg",
    )
    assert (second["exhibit"], second["type"], second["declared"]) == (2, "application/pdf", "text/html")
    assert second["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert (tmp_path / "opened" / f"{name}-1.jpg").read_bytes() == JPEG
    assert (tmp_path / "opened" / f"{name}-2.pdf").read_bytes() == PDF
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "opened").iterdir()}
    assert modes == {0o600} and stat.S_IMODE((tmp_path / "opened").stat().st_mode) == 0o700
    assert opened(parcels, key, "--evidence", str(tmp_path / "opened"))[0]["evidence"] == found["evidence"]


def test_without_a_folder_files_are_listed_and_not_opened(parcels: Path, key: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    (found,) = opened(parcels, key)
    assert [row["size"] for row in found["evidence"]] == [len(JPEG), len(PDF)]
    assert "file" not in found["evidence"][0]
    assert sorted(tmp_path.rglob("*")) == before


def test_what_travels_tells_nothing_of_a_file(parcels: Path) -> None:
    carried = parcels.read_bytes() + b"".join(path.read_bytes() for path in Path(f"{parcels}.evidence").iterdir())
    for told in (
        b"/jpeg",
        b"/pdf",
        b"%PDF",
        JPEG[:20],
        hashlib.sha256(PDF).hexdigest().encode(),
        str(len(PDF)).encode(),
    ):
        assert told not in carried


def test_a_file_that_was_changed_or_left_behind_is_not_opened(parcels: Path, key: Path, tmp_path: Path) -> None:
    first, second = sorted(Path(f"{parcels}.evidence").iterdir(), key=lambda path: path.stat().st_size)
    first.unlink()
    content = second.read_bytes()
    second.write_bytes(content[:100_000] + bytes([content[100_000] ^ 1]) + content[100_001:])
    (found,) = opened(parcels, key, "--evidence", str(tmp_path / "opened"))
    assert [row["why"] for row in found["evidence"]] == [
        "not in the folder beside the parcels file",
        "changed or damaged",
    ]
    assert list((tmp_path / "opened").iterdir()) == []


def test_two_files_that_changed_places_do_not_open(
    house: House, providers: Providers, report: UUID, key: Path, tmp_path: Path
) -> None:
    first, second = (row.file for row in rows(house, evidence))
    shelf = house.shelf.folder
    os.replace(shelf / first.hex, shelf / "held")
    os.replace(shelf / second.hex, shelf / first.hex)
    os.replace(shelf / "held", shelf / second.hex)
    path = tmp_path / "parcels.jsonl"
    assert pull(house, providers, tmp_path, "-o", str(path)).exit_code == 0
    (found,) = opened(path, key, "--evidence", str(tmp_path / "opened"))
    assert [row["why"] for row in found["evidence"]] == ["changed or damaged"] * 2


def test_a_file_that_is_missing_on_the_shelf_is_said(
    house: House, providers: Providers, report: UUID, tmp_path: Path
) -> None:
    next(house.shelf.folder.iterdir()).unlink()
    done = pull(house, providers, tmp_path, "-o", str(tmp_path / "parcels.jsonl"))
    assert done.exit_code == 1 and done.stderr.splitlines()[-1] == "1 of 2 files pulled"


def test_to_standard_output_only_reports_go(house: House, providers: Providers, report: UUID, tmp_path: Path) -> None:
    done = pull(house, providers, tmp_path)
    assert done.exit_code == 0 and done.stderr.splitlines() == ["1 reports pulled", "0 of 2 files pulled"]


def test_another_key_sees_no_list(
    house: House, providers: Providers, report: UUID, parcels: Path, tmp_path: Path
) -> None:
    other = tmp_path / "restricted.key"
    other.write_text(doors.NEW.desk["restricted"])
    (found,) = opened(parcels, other, "--evidence", str(tmp_path / "opened"))
    assert found["why"] == "another key" and "evidence" not in found
    assert not (tmp_path / "opened").exists()


def test_a_reference_that_somebody_changed_leads_nowhere(
    house: House, providers: Providers, report: UUID, key: Path, tmp_path: Path
) -> None:
    with db.begin(house.engine) as tx:
        tx.execute(update(report_rows).values(reference="../../../evil"))
    path = tmp_path / "parcels.jsonl"
    assert pull(house, providers, tmp_path, "-o", str(path)).exit_code == 0
    (found,) = opened(path, key, "--evidence", str(tmp_path / "opened"))
    assert not found["opened"]
    assert not list(tmp_path.rglob("*evil*"))


def test_the_page_shows_what_is_known_of_files(parcels: Path, key: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        main, ["desk", "read", str(parcels), "--key", str(key), "-o", str(tmp_path / "page.html")]
    )
    assert done.exit_code == 0, done.output
    page = (tmp_path / "page.html").read_text()
    assert "<h3>Evidence</h3>" in page
    assert hashlib.sha256(PDF).hexdigest() in page and "application/pdf" in page
    assert "<img" not in page and "href" not in page


def test_parcels_of_before_are_still_read(parcels: Path, key: Path, tmp_path: Path) -> None:
    header, line, *_ = parcels.read_bytes().replace(b'"format":2', b'"format":1', 1).splitlines(keepends=True)
    older = json.loads(line)
    del older["evidence"]
    body = header + json.dumps(older).encode() + b"\n"
    foot = json.dumps({"reports": 1, "sha256": hashlib.sha256(body).hexdigest()}).encode() + b"\n"
    path = tmp_path / "older.jsonl"
    path.write_bytes(body + foot)
    (found,) = opened(path, key)
    assert found["opened"] and "evidence" not in found
