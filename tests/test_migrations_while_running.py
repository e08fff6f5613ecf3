"""
A migration that runs while the version before it serves takes nothing away from it: it adds.

What must go or become stricter goes in two releases: the first stops using it, the second takes it away, and says so here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import pytest
from sqlalchemy import Engine

from storage.migrate import upgrade
from tests.test_migrations import REVISIONS, catalogue, empty, is_ours

__all__ = ["empty"]  # a fixture

Catalogue = Mapping[tuple[str, str], str]

# What a revision may change of what was there, and why the version before it goes on all the same.
FIRST = "no version was released before it"
ALLOWED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "0007": dict.fromkeys(("answers.tried", "answers.answers_tried_not_null"), FIRST),
        "0009": dict.fromkeys(
            (
                *("incidents.channel", "incidents.disclosure", "incidents.locale"),
                *("incidents.incidents_channel_not_null", "incidents.incidents_disclosure_not_null"),
                *("incidents.incidents_locale_not_null", "incidents.last_at", "reports.origin"),
            ),
            FIRST,
        ),
        "0013": dict.fromkeys(("moderators.restricted", "moderators.moderators_restricted_not_null"), FIRST),
        "0014": {"notices.owed_at": FIRST},
    }
)


def seen(engine: Engine) -> Catalogue:
    return {(kind, name): what for kind, name, what in catalogue(engine) if is_ours((kind, name, what))}


def breaks(before: Catalogue, after: Catalogue) -> Iterator[tuple[str, str]]:
    """What the version before this one would miss, or be refused: the thing's name, and why."""
    for (kind, name), what in before.items():
        if kind != "index" and (why := _missed(kind, what, after.get((kind, name)))):  # an index lacking is no fault
            yield name, why
    tables = {name.partition(".")[0] for kind, name in before if kind == "column"}
    fresh = {name for kind, name in after if kind == "column" and (kind, name) not in before}
    for (kind, name), what in after.items():
        table = name.partition(".")[0]
        new = (kind, name) not in before and table in tables
        if new and (why := _refuses(kind, table, what, fresh)):
            yield name, why


def _missed(kind: str, what: str, now: str | None) -> str:
    if now is None:
        return "is gone"
    same = now == what or kind == "function" or (kind == "column" and _looser(what, now))
    return "" if same else "is another, or stricter"


def _refuses(kind: str, table: str, what: str, fresh: set[str]) -> str:
    if kind == "column" and what.endswith(" NO NO"):  # not empty, and no default; the last word: no identity
        return "must be filled, and is not by who does not know it"
    stricter = kind == "trigger" or (kind == "constraint" and not _of_new_columns(table, what, fresh))
    return "may refuse what was allowed" if stricter else ""


def _looser(what: str, now: str) -> bool:
    """A column that may be empty now, or fills itself."""
    return what.replace(" NO", " YES", 1) == now or now.startswith(what.removesuffix("NO"))


def _of_new_columns(table: str, what: str, fresh: set[str]) -> bool:
    """Whether a constraint speaks of a column that the version before does not write."""
    return any(name.partition(".")[2] in what for name in fresh if name.startswith(f"{table}."))


@pytest.mark.parametrize("revision", REVISIONS[1:])
def test_the_version_before_goes_on(revision: str, empty: Engine, empty_database_url: str) -> None:
    upgrade(empty_database_url, REVISIONS[REVISIONS.index(revision) - 1])
    before = seen(empty)
    upgrade(empty_database_url, revision)
    found = dict(breaks(before, seen(empty)))
    assert set(found) == set(ALLOWED.get(revision, {})), found


def test_what_would_break_it_is_seen() -> None:
    was: Catalogue = {
        ("column", "reports.state"): "integer NO 0 NO",
        ("column", "reports.note"): "text YES NO",
        ("constraint", "reports.ck_state"): "CHECK (state >= 0)",
    }
    assert not list(breaks(was, was))
    assert not list(breaks(was, {**was, ("column", "reports.more"): "text YES NO"}))
    assert not list(breaks(was, {**was, ("column", "reports.more"): "integer NO 0 NO"}))
    assert not list(breaks(was, {**was, ("column", "fresh.must"): "integer NO NO"}))
    for change in (
        {name: what for name, what in was.items() if name[1] != "reports.note"},
        {**was, ("column", "reports.note"): "text NO NO"},
        {**was, ("column", "reports.state"): "bigint NO 0 NO"},
        {**was, ("column", "reports.must"): "integer NO NO"},
        {**was, ("constraint", "reports.ck_state"): "CHECK (state > 0)"},
        {**was, ("constraint", "reports.ck_note"): "CHECK (note <> '')"},
    ):
        assert len(list(breaks(was, change))) == 1
