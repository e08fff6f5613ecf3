"""
Session to JSON and back, with the number of its shape, so that a conversation survives a restart and an update.

A shape that ever shipped is still read, or restarts politely: `recall` then gives None.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import starmap
from typing import Any

import orjson

from conversations.about import About
from conversations.changed import changed
from conversations.model import Before, Draft, Link, Media, Session, Step

SHAPE = 1
_AS_IT_IS = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=asdict).encode
_STEPS = {step.value: step for step in Step}
_step = _STEPS.__getitem__
_BLANK = Session(Step.START, "", "", "")  # what is recalled is made from this, at half the cost of making it
_EMPTY = _BLANK.draft


def remember(session: Session) -> bytes:
    """The session as JSON, UTF-8."""
    kept = {
        "shape": SHAPE,
        "step": session.step,
        "locale": session.locale,
        "reference": session.reference,
        "secret": session.secret,
        "draft": _draft(session.draft),
        "notice": session.notice,
        "answered": sorted(session.answered),
        "trail": session.trail,
        "aside": session.aside,
        "welcomed": session.welcomed,
        "warned": sorted(session.warned),
        "before": _before(session.before) if session.before else None,
        "unfinished": session.unfinished,
        "about": list(vars(session.about).values()) if session.about else None,
        "listed": session.listed,
        "wants": session.wants,
    }
    return packed(kept)


def packed(kept: object) -> bytes:
    """JSON in UTF-8, an Arabic letter as two bytes; also of half a pair of UTF-16, which a provider may bring."""
    try:
        return orjson.dumps(kept)
    except orjson.JSONEncodeError:  # it knows no halves
        return _AS_IT_IS(kept).encode("utf-8", "surrogatepass")


def unpacked(kept: bytes) -> Any:
    """What was packed. Raises ValueError for what is no JSON."""
    try:
        return orjson.loads(kept)
    except orjson.JSONDecodeError:
        return json.loads(kept)


def recall(kept: bytes) -> Session | None:
    """The session that was remembered; None for a shape or a step that no longer exists."""
    try:
        found = unpacked(kept)
        return _session(found) if found["shape"] == SHAPE else None
    except (KeyError, TypeError, ValueError):
        return None


def _draft(draft: Draft) -> dict[str, Any]:
    return {
        "links": [tuple(link) for link in draft.links],
        "category": draft.category,
        "details": draft.details,
        "disclosure": draft.disclosure,
        "name": draft.name,
        "contact": draft.contact,
        "answers": draft.answers,
        "media": [tuple(item) for item in draft.media],
    }


def _before(before: Before) -> dict[str, Any]:
    return {
        "number": before.number,
        "step": before.step,
        "draft": _draft(before.draft),
        "answered": sorted(before.answered),
        "trail": before.trail,
        "unfinished": before.unfinished,
        "said": before.said,
    }


def _session(found: dict[str, Any]) -> Session:
    return changed(
        _BLANK,
        step=_step(found["step"]),
        locale=found["locale"],
        reference=found["reference"],
        secret=found["secret"],
        draft=_read_draft(found["draft"]),
        notice=found["notice"],
        answered=frozenset(map(_step, found["answered"])),
        trail=tuple(map(_step, found["trail"])),
        aside=_step(found["aside"]) if found["aside"] else None,
        welcomed=found.get("welcomed", True),  # before it was remembered, nobody came this far without
        warned=frozenset(found.get("warned", ())),
        before=_read_before(found["before"]) if found["before"] else None,
        unfinished=bool(found.get("unfinished")),  # sessions kept before 0.2 have none
        about=About(*found["about"]) if found.get("about") else None,
        listed=tuple(found.get("listed", ())),
        wants=found.get("wants", ""),
    )


def _read_before(found: dict[str, Any]) -> Before:
    return Before(
        found["number"],
        _step(found["step"]),
        _read_draft(found["draft"]),
        frozenset(map(_step, found["answered"])),
        tuple(map(_step, found["trail"])),
        bool(found.get("unfinished")),
        found.get("said", ""),  # kept by an earlier version: none
    )


def _read_draft(found: dict[str, Any]) -> Draft:
    return changed(
        _EMPTY,
        links=tuple(starmap(Link, found["links"])),
        category=found["category"],
        details=found["details"],
        disclosure=found["disclosure"],
        name=found["name"],
        contact=found["contact"],
        answers=tuple([(key, answer) for key, answer in found["answers"]]),
        media=tuple(starmap(Media, found["media"])),
    )
