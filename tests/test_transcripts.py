"""Every transcript is what the conversation does today."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conversing import TRANSCRIPTS, replay

FILES = sorted(TRANSCRIPTS.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_conversation_goes_as_written(path: Path) -> None:
    now = replay(path)
    if os.environ.get("UPDATE"):
        path.write_text(now, encoding="utf-8")
    assert now == path.read_text(encoding="utf-8")


def test_there_are_transcripts() -> None:
    assert len(FILES) >= 25
