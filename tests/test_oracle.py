"""Never an oracle (domain.md 9): for a link that is known and one that is new, the same answers and the same statements."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Connection, event

from tests.doors import Telegrammer, Whatsapper, client, house

CODES = re.compile(r"(IB|SC)(-[0-9A-Z]{3,4}){3}")
SAID = (
    "hello",
    "continue",
    "{link}",
    "scam",
    "victim",
    "skip",
    "skip",
    "skip",
    "it happened",
    "done",
    "anonymous",
    "send",
)
OTHER = "https://example.org/new/and-the-same-end"  # screens show a link by its host and end
KNOWN = "https://example.org/old/and-the-same-end"


def reported(citizen: Telegrammer | Whatsapper, link: str) -> list[str]:
    """All the answers of one conversation, the codes blotted out."""
    return [CODES.sub("<code>", citizen.says(words.format(link=link))) for words in SAID]


def test_a_known_link_and_a_new_one_are_answered_alike(database_url: str) -> None:
    home = house(database_url)
    doors, statements = client(home), list[str]()

    def note(_connection: Connection, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    reported(Telegrammer(doors, id=1), KNOWN)  # also makes what is made once: groups, connections
    event.listen(home.engine, "before_cursor_execute", note)
    traces = []
    for number, link in enumerate((KNOWN, OTHER), start=2):
        statements.clear()
        answers = reported(Telegrammer(doors, id=number), link)
        traces.append((answers, statements.copy()))
    home.engine.dispose()
    assert traces[0][0] == traces[1][0]
    assert traces[0][1] == traces[1][1] and len(traces[0][1]) > len(SAID)
