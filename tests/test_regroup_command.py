"""`iblagh incidents merge` and `split`: what the desk found to be one, or not to be."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.house import House
from storage import db, reports
from tests.doors import ENVIRONMENT, house
from tests.storage_samples import HANDLING, NOW, filing, someone


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    made = house(database_url)
    yield made
    made.engine.dispose()


def iblagh(home: House, *words: str) -> Result:
    given = {**os.environ, **ENVIRONMENT, "DATABASE_URL": home.settings.database_url}
    return CliRunner().invoke(main, list(words), env=given)


def filed(home: House, post: str) -> tuple[int, str]:
    said = filing(post=post)
    with db.begin(home.engine) as tx:
        person = someone(tx)
        return reports.file(tx, home.vault, said, HANDLING, "telegram", person, "chat", NOW).number, said.reference


def listed(home: House) -> dict[int, tuple[int, int | None]]:
    rows = json.loads(iblagh(home, "incidents", "list", "--json").stdout)
    return {row["number"]: (row["reports"], row["merged_into"]) for row in rows}


def test_what_was_merged_is_listed_so_and_taken_out_again(home: House) -> None:
    (one, _), (other, _) = filed(home, "a"), filed(home, "b")
    done = iblagh(home, "incidents", "merge", str(other), str(one), "--duplicate")
    assert done.exit_code == 0 and done.stderr == f"incident {one}: 1 reports came over\n"
    assert listed(home) == {one: (2, None), other: (0, one)}
    assert iblagh(home, "incidents", "split", str(one), "--part", str(other)).exit_code == 0
    assert listed(home) == {one: (1, None), other: (1, None)}


def test_a_report_that_does_not_belong_is_taken_out_by_its_reference(home: House) -> None:
    (one, _), (_, odd) = filed(home, "a"), filed(home, "a")
    assert iblagh(home, "incidents", "split", str(one), "--report", odd).exit_code == 0
    assert listed(home) == {one: (1, None), one + 1: (1, None)}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("merge 101 101", "these are one incident"),
        ("merge 101 999", "there is no such incident"),
        ("split 101 --part 101", "that is not in this incident"),
        ("split 101", "say --part or --report"),
    ],
)
def test_what_cannot_be_done_is_one_line(home: House, words: str, why: str) -> None:
    filed(home, "a")
    done = iblagh(home, "incidents", *words.split())
    assert done.exit_code != 0 and why in done.stderr and "Traceback" not in done.output
