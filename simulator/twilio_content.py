"""Twilio's Content API: templates with buttons or lists, their limits, and what becomes of them on the phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from simulator.twilio_messages import Json, sid

LONGEST_BODY, LONGEST_TEXT = 1024, 1600
MOST_BUTTONS, MOST_UNAPPROVED, LONGEST_TITLE, LONGEST_ID = 10, 3, 20, 200
MOST_ITEMS, LONGEST_ITEM, LONGEST_DESCRIPTION = 10, 24, 72
MOST_VARIABLES = 100
_VARIABLE = re.compile(r"\{\{(\d+)}}")


class Misfit(Exception):
    """Content outside WhatsApp's limits; `code` is Twilio's."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


def create(given: Any, account: str, now: float) -> Json:
    """A new content resource. Raises `Misfit`."""
    if not isinstance(given, dict) or set(given) - {"friendly_name", "language", "variables", "types"}:
        raise Misfit(20001)
    if not given.get("language") or not given.get("types"):
        raise Misfit(20001)
    for kind, content in given["types"].items():
        check(kind, content, sample=True)
    content_sid = sid("HX")
    links = {"approval_create": f"https://content.twilio.com/v1/Content/{content_sid}/ApprovalRequests/whatsapp"}
    head = {"sid": content_sid, "account_sid": account, "url": f"https://content.twilio.com/v1/Content/{content_sid}"}
    times = {"date_created": _iso(now), "date_updated": _iso(now)}
    return head | {"friendly_name": None, "variables": {}} | given | times | {"links": links}


def check(kind: str, content: Json, sample: bool = False, approved: bool = False) -> None:
    """Refuse what WhatsApp would not show. With `sample`, labels may still hold variables."""
    body = content.get("body", "")
    longest = LONGEST_TEXT if kind == "twilio/text" else LONGEST_BODY
    if kind not in ("twilio/text", "twilio/quick-reply", "twilio/list-picker") or not body or len(body) > longest:
        raise Misfit(63013)
    if kind == "twilio/quick-reply":
        most = MOST_BUTTONS if sample or approved else MOST_UNAPPROVED
        _fit(content.get("actions", []), most, {"title": LONGEST_TITLE, "id": LONGEST_ID})
    if kind == "twilio/list-picker":
        if not 1 <= len(content.get("button", "")) <= LONGEST_TITLE:
            raise Misfit(63013)
        sizes = {"item": LONGEST_ITEM, "id": LONGEST_ID, "description": LONGEST_DESCRIPTION}
        _fit(content.get("items", []), MOST_ITEMS, sizes)


def _fit(rows: list[Json], most: int, sizes: dict[str, int]) -> None:
    if not 1 <= len(rows) <= most:
        raise Misfit(63013)
    for row in rows:
        for name, size in sizes.items():
            if len(row.get(name, "")) > size or (not row.get(name) and name != "description"):
                raise Misfit(63013)


def rendered(content: Json, variables: str) -> tuple[str, Json]:
    """The text of a content message, and what else the phone shows. Raises `Misfit`."""
    values = _values(variables)
    kind, filled = next(iter(_filled(content, values)))
    check(kind, filled, approved=bool(content.get("approved")))
    said: Json = {"approved": bool(content.get("approved"))}
    said |= {"buttons": filled["actions"]} if "actions" in filled else {}
    said |= {"list": {"button": filled["button"], "items": filled["items"]}} if "items" in filled else {}
    return filled["body"], said


def _values(variables: str) -> dict[str, str]:
    try:
        values = json.loads(variables or "{}")
    except ValueError as error:
        raise Misfit(21656) from error
    if (
        not isinstance(values, dict)
        or len(values) > MOST_VARIABLES
        or not all(isinstance(v, str) for v in values.values())
    ):
        raise Misfit(21656)
    return values


def _filled(content: Json, values: dict[str, str]) -> Iterator[tuple[str, Json]]:
    known = content.get("variables", {}) | values

    def fill(part: Any) -> Any:
        if isinstance(part, str):
            return _VARIABLE.sub(lambda match: str(known.get(match.group(1), match.group())), part)
        if isinstance(part, list):
            return [fill(piece) for piece in part]
        return {name: fill(piece) for name, piece in part.items()} if isinstance(part, dict) else part

    for kind, shown in content["types"].items():
        yield kind, fill(shown)


def _iso(now: float) -> str:
    return datetime.fromtimestamp(int(now), UTC).isoformat().replace("+00:00", "Z")
