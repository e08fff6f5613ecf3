"""What `iblagh doctor` says of files, and where they lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import doctor
from bot.doctor import Finding
from bot.fetching import fetch, look_for_files
from bot.house import House, shelf
from bot.settings import Refused
from storage import db
from storage.tables import fetches
from tests.evidence_house import JPEG, file, house, ids, make_due, on_the_shelf, photo, providers
from tests.providers import Providers

__all__ = ["house", "providers"]  # fixtures


def test_the_doctor_counts_what_did_not_come_and_what_is_missing(house: House, providers: Providers) -> None:
    providers.files["there"] = JPEG
    providers.refusals["getFile"] = (502, "Bad Gateway")
    file(house, photo("there"), photo("large")._replace(size=30_000_000), photo("missing"))
    for _ in range(4):
        for row in ids(house):
            fetch(house, row)
    assert seen(house) == (
        Finding(False, "citizens' files", "held up: 2 to fetch; given up in 7 days: 1 too-large"),
        Finding(True, "evidence", "every file is there"),
    )
    providers.refusals.clear()
    for row in ids(house):
        fetch(house, row)
    make_due(house, fetches, forget_at=datetime.now(UTC) - timedelta(hours=1))
    look_for_files(house)
    on_the_shelf(house)[0].unlink()
    assert seen(house) == (
        Finding(False, "citizens' files", "held up: none; given up in 7 days: 1 late, 1 too-large"),
        Finding(False, "evidence", "1 files are not where EVIDENCE_URL says"),
    )


def seen(house: House) -> tuple[Finding, Finding]:
    with db.begin(house.engine) as tx:
        return doctor._files(tx), doctor._shelf(house, tx)


@pytest.mark.parametrize(
    ("said", "folder"),
    [("", "var/evidence"), ("/srv/evidence", "/srv/evidence"), ("file:///srv/e", "/srv/e"), ("here", "here")],
)
def test_the_folder_is_named_by_a_path_or_a_file_address(said: str, folder: str) -> None:
    assert shelf({"EVIDENCE_URL": said}).folder == Path(folder)


@pytest.mark.parametrize(
    "said", ["s3://bucket/evidence", "file://host/evidence", "https://example.org/", "file:relative"]
)
def test_no_other_place_is_taken_for_a_folder(said: str) -> None:
    with pytest.raises(Refused, match="EVIDENCE_URL must be a folder's path"):
        shelf({"EVIDENCE_URL": said})
