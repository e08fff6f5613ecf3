"""The operator's own rows of the router, `[[referrals]]` in `operator.toml`: who is competent for a place, or for a category."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from conversations.categories import CATEGORIES
from conversations.router import OF_CATEGORY, ROWS, Row, Rows, Service, with_rows

NAMES = ("town", "countryside", "court", "appeal", "source", "date")
LONGEST = 200


def read(given: object, problems: list[str]) -> Rows:
    """The shipped rows with the operator's in their place; what is wrong with one is said, and it is left out."""
    if not isinstance(given, list):
        problems.append("referrals must be sections, [[referrals]]")
        return ROWS
    rows = [_row(number, row, problems) for number, row in enumerate(given, start=1)]
    return with_rows(row for row in rows if row)


def _row(number: int, given: object, problems: list[str]) -> Row | None:
    wrong = list(_wrong(given))
    problems += [f"referral {number}: {what}" for what in wrong]
    if wrong or not isinstance(given, dict):
        return None
    key = given["place"] if "place" in given else f"{OF_CATEGORY}{given['category']}"
    town = Service(given["town"])
    countryside = Service(given.get("countryside", town))
    texts = {name: str(given.get(name, "")) for name in NAMES[2:]}
    return Row(key=key, town=town, countryside=countryside, **texts, verified=given.get("verified", False))


def _wrong(given: object) -> Iterator[str]:
    if not isinstance(given, dict) or ("place" in given) == ("category" in given):
        yield "must have either a place or a category"
        return
    yield from (f"{key[:40]!r} is not known" for key in given if key not in ("place", "category", "verified", *NAMES))
    if "place" in given and (given["place"] not in ROWS or given["place"].startswith(OF_CATEGORY)):
        yield "place must be a province's key, abroad or unknown"
    if "category" in given and given["category"] not in CATEGORIES:
        yield "category is not known"
    services = [service.value for service in Service]
    if given.get("town") not in services or given.get("countryside", given.get("town")) not in services:
        yield f"town and countryside must be of {', '.join(services)}"
    if not all(_is_line(given.get(name, "")) for name in NAMES[2:]):
        yield f"{', '.join(NAMES[2:])} must be lines of text"
    if not isinstance(given.get("verified", False), bool):
        yield "verified must be true or false"


def _is_line(said: Any) -> bool:
    return isinstance(said, str) and len(said) <= LONGEST and (not said or said.isprintable())
