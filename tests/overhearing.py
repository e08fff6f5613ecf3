"""Every statement that goes to the database, whichever way it goes; its values go apart."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from storage import wire
from storage.wire import Rows, Said


def overheard(engine: Engine, patched: pytest.MonkeyPatch) -> list[str]:
    """What is said from now on, in order."""
    noted: list[str] = []
    travel = wire.journey

    def journey(tx: Connection, *said: Said, commit: bool = False) -> list[Rows]:
        noted.extend(one.statement.sql for one in said)
        return travel(tx, *said, commit=commit)

    def note(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        noted.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    patched.setattr(wire, "journey", journey)
    return noted
