"""
Values of an update as what they claim to be: what a request brought in another shape raises TypeError.

An update is read as the JSON that it is: making the library's objects of it costs twenty times as much (docs/adr/0013-cpu-per-turn.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

Part = Mapping[str, Any]  # an object of an update


def whole_part(value: object) -> Part:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def part(holder: Part, name: str) -> Part | None:
    """The object of this name, None where there is none."""
    value = holder.get(name)
    return None if value is None else whole_part(value)


def parts(holder: Part, name: str) -> Sequence[Part]:
    """The objects in the list of this name."""
    return [whole_part(value) for value in listed(holder.get(name))]


def listed(value: object) -> Sequence[object]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def text_of(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def whole(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value


def degrees(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError("not an angle")
    return float(value)
