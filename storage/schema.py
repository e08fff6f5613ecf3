"""Which revision the database is at, and whether this program can work on it: asked at every start, without Alembic."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import Engine, text

from storage.db import begin

VERSIONS = Path(__file__).parent / "migrations" / "versions"
NAMED = re.compile(r"r(\d{4})_\w+\.py")  # a file's name begins with its revision


class Incompatible(Exception):
    """The database's schema is not the one this program was written for. One line that says what to do."""


def current(engine: Engine) -> str | None:
    """The database's revision; None before the first."""
    with begin(engine) as tx:
        if tx.execute(text("SELECT to_regclass('alembic_version')")).scalar() is None:
            return None
        revision: str | None = tx.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
        return revision


def revisions() -> list[str]:
    """All that this program knows, the newest last."""
    return sorted(named[1] for path in VERSIONS.iterdir() if (named := NAMED.fullmatch(path.name)))


def head() -> str | None:
    """The revision that this program was written for."""
    return max(revisions(), default=None)


def compatible(engine: Engine) -> None:
    """Raises `Incompatible` unless the database is at this program's revision: asked at every start."""
    found, wanted = current(engine), head()
    if found == wanted:
        return
    if found is None:
        raise Incompatible("the database has no schema yet: run `iblagh migrate`")
    if found in revisions():
        raise Incompatible(f"the database is at revision {found} and this program needs {wanted}: run `iblagh migrate`")
    raise Incompatible(f"the database is at revision {found}, which this program does not know: run a newer program")
