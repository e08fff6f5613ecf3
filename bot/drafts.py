"""Which languages still wait for their native reader. A catalogue says it of itself, in its first lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from bot.wording import LOCALES

_WAITS = re.compile(r"^# Reviewed-By:", re.MULTILINE)
_READ = re.compile(r"^# Reviewed-By:[ \t]*\S.*\n# Review-Date:[ \t]*\d{4}-\d{2}-\d{2}[ \t]*$", re.MULTILINE)


def unchecked(languages: Sequence[str], folder: Path = LOCALES) -> tuple[tuple[str, str], ...]:
    """
    The offered languages whose reader has not signed, each with the one that its grave sentences are repeated in.

    That is Arabic, or French where Arabic is not offered.
    """
    beside = "ar" if "ar" in languages else "fr"
    return tuple((language, beside) for language in languages if waits(language, folder))


@lru_cache
def waits(language: str, folder: Path = LOCALES) -> bool:
    """Whether the catalogue asks for a reader, and no name with a date answers yet."""
    path = folder / language / "LC_MESSAGES" / "iblagh.po"
    if not path.exists():
        return False
    head = path.read_text(encoding="utf-8").partition("\nmsgid ")[0]
    return bool(_WAITS.search(head)) and not _READ.search(head)
