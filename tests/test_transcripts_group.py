"""Every transcript of the moderators' group is what happens there today."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.group_talk import TRANSCRIPTS, replay

FILES = sorted(TRANSCRIPTS.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_group_goes_as_written(path: Path, module_database_url: str) -> None:
    now = replay(path, module_database_url)
    if os.environ.get("UPDATE"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 11
