"""What the operator decides in `operator.toml`: numbers, right doors, retention, limits. Checked at start, line by line."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot import kinds, operator_referrals
from bot.settings import Refused
from conversations.cases import State
from conversations.categories import CATEGORIES, Severity
from conversations.router import Rows

SHIPPED = Path(__file__).with_name("operator.toml")


class Door(NamedTuple):
    """A place where people are better helped than by a report; `topics` are categories, or "complaint"."""

    key: str
    name: str
    address: str
    topics: tuple[str, ...]


class Retention(NamedTuple):
    """How long what is kept."""

    draft_days: int
    sent_hours: int


class Rights(NamedTuple):
    """Within how many days the desk answers who makes use of a right over what they sent."""

    access_days: int
    correction_days: int
    objection_days: int


class Limits(NamedTuple):
    """What one person or one request may take."""

    messages_a_minute: int
    body_bytes: int


class Rhythm(NamedTuple):
    """How long what is severe may wait for somebody (0: as long as it likes), and when and where a day begins."""

    critical_minutes: int
    high_minutes: int
    digest_hour: int
    time_zone: str

    @property
    def limits(self) -> Mapping[int, timedelta]:
        """How long an incident of a severity may wait, where there is a limit."""
        minutes = {Severity.HIGH: self.high_minutes, Severity.CRITICAL: self.critical_minutes}
        return {int(severity): timedelta(minutes=limit) for severity, limit in minutes.items() if limit}


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's decisions. `numbers` are pairs such as ("police", "19"), in the order of the file."""

    numbers: tuple[tuple[str, str], ...]
    doors: tuple[Door, ...]
    retention: Retention
    limits: Limits
    rights: Rights
    rhythm: Rhythm
    referrals: Rows  # who is competent for which place or category
    periods: Mapping[str, int]  # days that a report is kept, by "category/state"; a state without a line is held

    def doors_for(self, topic: str) -> tuple[Door, ...]:
        """The right doors for a category, or for "complaint"."""
        return tuple(door for door in self.doors if topic in door.topics)


NUMBERS = ("police", "police_mobile", "gendarmerie", "ambulance", "children")
BOUNDS: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "retention": {
        "draft_days": (1, 30),
        "sent_hours": (1, 72),
    },
    "rights": {
        "access_days": (1, 90),
        "correction_days": (1, 90),
        "objection_days": (1, 90),
    },
    "rhythm": {
        "critical_minutes": (0, 1_440),
        "high_minutes": (0, 10_080),
        "digest_hour": (0, 23),
    },
    "limits": {
        "messages_a_minute": (5, 600),
        "body_bytes": (65_536, 16_777_216),
    },
}

KEPT = (State.RECEIVED.value, State.ANALYSIS.value, State.CLOSED.value)  # what was passed on is held until it is closed
DAYS = (1, 3650)


def read(path: Path | None = None) -> Operator:
    """
    The operator's file over the shipped one. Raises `Refused` with one line for each problem.
    """
    shipped = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    given = _load(path) if path else {}
    problems = [f"{_said(key)} is not known" for key in given if key not in (*shipped, "referrals")]
    numbers = _section(given, shipped, "numbers", problems)
    problems += [f"numbers.{key} must be digits, + and blanks" for key in numbers if not _is_number(numbers[key])]
    bounded = {name: _bounded(name, _section(given, shipped, name, problems), problems) for name in BOUNDS}
    problems += _odd_zone(bounded["rhythm"]["time_zone"])
    periods = _periods(given.get("reports", {}), shipped["reports"], problems)
    referrals = operator_referrals.read(given.get("referrals", []), problems)
    doors = _doors(given.get("doors", shipped["doors"]), problems)
    if problems:
        raise Refused(*(f"operator.toml: {problem}" for problem in problems))
    said = tuple((key, numbers[key]) for key in NUMBERS if numbers[key])
    return Operator(
        said,
        doors,
        Retention(**bounded["retention"]),
        Limits(**bounded["limits"]),
        Rights(**bounded["rights"]),
        Rhythm(**bounded["rhythm"]),
        referrals,
        periods,
    )


def _odd_zone(name: object) -> list[str]:
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ["rhythm.time_zone must be a zone such as Africa/Casablanca"]
    return []


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as odd:
        raise Refused(f"operator.toml: {odd}") from None
    except (OSError, UnicodeDecodeError) as trouble:
        raise Refused(f"operator.toml cannot be read ({type(trouble).__name__})") from None


def _section(given: Mapping[str, Any], shipped: Mapping[str, Any], name: str, problems: list[str]) -> dict[str, Any]:
    """One section, the operator's lines over the shipped ones."""
    own = given.get(name, {})
    if not isinstance(own, dict):
        problems.append(f"{name} must be a section, [{name}]")
        own = {}
    problems += [f"{name}.{_said(key)} is not known" for key in own if key not in shipped[name]]
    return {key: own.get(key, shipped[name][key]) for key in shipped[name]}


def _bounded(name: str, section: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    for key, (least, most) in BOUNDS[name].items():
        if type(section[key]) is not int or not least <= section[key] <= most:
            problems.append(f"{name}.{key} must be a whole number from {least} to {most}")
    return dict(section)


def _periods(given: object, shipped: Mapping[str, Any], problems: list[str]) -> Mapping[str, int]:
    """The operator's line for a kind, else theirs for all, else the shipped one for the kind, else that for all."""
    if not isinstance(given, dict):
        problems.append("reports must be a section, [reports]")
        return {}
    known = (*KEPT, *CATEGORIES)
    problems += [f"reports.{_said(key)} is not known" for key in given if key not in known]
    general = _days("reports", {key: given[key] for key in KEPT if key in given}, problems)
    periods: dict[str, int] = {}
    for category in CATEGORIES:
        name, own = f"reports.{category}", given.get(category, {})
        if not isinstance(own, dict):
            problems.append(f"{name} must be a section, [{name}]")
            continue
        problems += [f"{name}.{_said(key)} is not known" for key in own if key not in KEPT]
        theirs = {key: own[key] for key in KEPT if key in own}
        lines = {**{key: shipped[key] for key in KEPT}, **shipped.get(category, {}), **general}
        lines |= _days(name, theirs, problems)
        periods |= {f"{category}/{state}": days for state, days in lines.items()}
    return periods


def _days(name: str, lines: Mapping[str, Any], problems: list[str]) -> dict[str, int]:
    least, most = DAYS
    odd = [key for key, days in lines.items() if type(days) is not int or not least <= days <= most]
    problems += [f"{name}.{key} must be a whole number from {least} to {most}" for key in odd]
    return dict(lines)


def _is_number(said: object) -> bool:
    """A number to dial, or nothing."""
    return isinstance(said, str) and len(said) <= 20 and set(said) <= set("0123456789+ ")


def _doors(rows: object, problems: list[str]) -> tuple[Door, ...]:
    if not isinstance(rows, list):
        problems.append("doors must be sections, [[doors]]")
        return ()
    doors = [_door(number, row, problems) for number, row in enumerate(rows, start=1)]
    keys = [door.key for door in doors if door]
    problems += [f"doors: the key {key} stands twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    return tuple(door for door in doors if door)


def _door(number: int, row: object, problems: list[str]) -> Door | None:
    if not isinstance(row, dict) or set(row) != set(Door._fields):
        problems.append(f"door {number} must have {', '.join(Door._fields)}, and nothing else")
        return None
    texts, topics = [row[name] for name in ("key", "name", "address")], row["topics"]
    if not all(isinstance(text, str) and text and text.isprintable() for text in texts):
        problems.append(f"door {number}: key, name and address must be lines of text")
        return None
    if not isinstance(topics, list) or not topics or not all(isinstance(topic, str) for topic in topics):
        problems.append(f"door {number}: topics must be a list of categories")
        return None
    try:
        kinds.home_page(row["address"])
    except ValueError as odd:
        problems.append(f"door {number}: address {odd}")
        return None
    key, name, address = texts
    return Door(key, name, address, tuple(topics))


def _said(key: str) -> str:
    """An unknown key as it may stand in a line."""
    return repr(key[:40])
