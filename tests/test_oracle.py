"""Never an oracle (domain.md 9): for a link that is known and one that is new, the same answers and the same statements."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.house import House
from storage.merging import Regrouped, merge
from tests.doors import Telegrammer, Whatsapper, client, house
from tests.overhearing import overheard

REFERENCE = re.compile(r"IB(-[0-9A-Z]{3,4}){3}")
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
ELSEWHERE = "https://example.org/elsewhere"

# How the incident of a known link may stand when the next report of it comes.
STANDS = {
    "it waits": "",
    "somebody has it": "UPDATE incidents SET state = 'analysis'; UPDATE reports SET state = 'analysis'",
    "it was passed on": "UPDATE incidents SET state = 'referred'; UPDATE reports SET state = 'referred'",
    "it is closed": "UPDATE incidents SET state = 'closed'; UPDATE reports SET state = 'closed'",
}


def reported(citizen: Telegrammer | Whatsapper, link: str) -> list[str]:
    """All the answers of one conversation and of asking at once how far the report is, the codes blotted out."""
    answers = [citizen.says(words.format(link=link)) for words in SAID]
    code = REFERENCE.search(answers[-1])
    assert code
    answers += [citizen.says("status"), citizen.says(code[0])]
    return [CODES.sub("<code>", answer) for answer in answers]


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    made = house(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def statements(home: House, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is executed."""
    return overheard(home.engine, monkeypatch)


def test_a_known_link_and_a_new_one_are_answered_alike(home: House, statements: list[str]) -> None:
    doors, people, traces = client(home), itertools.count(1), {}

    def trace(link: str) -> tuple[list[str], list[str]]:
        statements.clear()
        return reported(Telegrammer(doors, id=next(people)), link), statements.copy()

    trace(KNOWN)  # also makes what is made once: groups, connections
    for how, stands in STANDS.items():
        with home.engine.begin() as tx:
            tx.execute(text(stands or "SELECT"))
        traces[how] = trace(KNOWN)
    new = trace(OTHER)
    for how, known in traces.items():
        assert known[0] == new[0], how
        assert known[1] == new[1] and len(new[1]) > len(SAID), how
    with home.engine.begin() as tx:
        counted = tx.execute(text("SELECT reports FROM incidents ORDER BY number")).scalars().all()
    assert counted == [4, 1, 1], "or nothing was known"


def test_a_link_that_was_merged_is_answered_like_a_new_one(home: House, statements: list[str]) -> None:
    doors, traces = client(home), []
    for number, link in enumerate((KNOWN, ELSEWHERE), start=1):
        reported(Telegrammer(doors, id=number), link)
    with home.engine.begin() as tx:
        first, second = tx.execute(text("SELECT number FROM incidents ORDER BY number")).scalars()
        assert isinstance(merge(tx, home.vault, first, second, datetime.now(UTC)), Regrouped)
    for number, link in enumerate((KNOWN, OTHER), start=3):
        statements.clear()
        traces.append((reported(Telegrammer(doors, id=number), link), statements.copy()))
    assert traces[0] == traces[1]
