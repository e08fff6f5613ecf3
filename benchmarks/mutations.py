"""What providers never sent yet: their samples with values of every wrong kind, and words chosen to hurt."""

from __future__ import annotations

import copy
import random
from typing import Any

from benchmarks.seizure_cast import STEM

NASTY = (
    "", " ", "\x00", "\u202e\u2066", "\ud83d", "a\u0300" * 300, "😀" * 1200, "ⵜⴰⵎⴰⵣⵉⵖⵜ", "٣", "۳", "-1", "1e9", "NaN", "{name}",
    "%s%n", "{0.__class__}", "<b>&amp;", "]]>", "' OR 1=1 --", "\\u0000", "/start " + "x" * 64, "/stop@somebot", "IB-0000-0000-001",
    "https://", "http://[::1", "https://xn--/", "https://a.b/" + "%00" * 50, "hxxps://x[.]y/z", "@", "https://example.org/" + "a" * 3000,
    "x" * 4096, "\n" * 500, "AB123456", "+212 6 00 00 00 00", "mailto:a@b.example", "tg://resolve?domain=x", "\u2028", "\ufeff", "ß" * 70,
)  # fmt: skip
SENSIBLE = (
    "hello", "salam", "bonjour", "continue", "1", "2", "3", "6", "٣", "send", "details", "done", "back", "stop", "help", "language",
    "privacy", "status", "restart", "anonymous", "confidential", "with my name", "Amina Alaoui", "0612345678", "another",
    "https://www.instagram.com/p/Cabc123/", "https://vm.tiktok.com/ZMabc123/", "IB-FKRP-D2PH-YGH",
)  # fmt: skip
ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    -(2**70),
    1.5,
    1e308,
    [],
    {},
    [[]],
    {"a": {}},
    [None],
    "",
    "0",
)


def words(dice: random.Random) -> str:
    """What somebody types: sensible at that step or not, hostile, or a story of their own."""
    kind = dice.random()
    if kind < 0.5:
        return dice.choice(SENSIBLE)
    if kind < 0.6:
        return f"https://{STEM}.example.org/{dice.randrange(10**6)}"
    if kind < 0.7:
        return f"{STEM} " * dice.randrange(1, 400)
    return dice.choice(NASTY) + (STEM if dice.random() < 0.5 else "")


def mutated(dice: random.Random, sample: Any, times: int) -> Any:
    """A copy of a sample in which so many things are not as they should be."""
    changed = copy.deepcopy(sample)
    for _ in range(times):
        _change(dice, changed)
    return changed


def corrupted(dice: random.Random, body: bytes) -> bytes:
    """Bytes that are hardly JSON any more: cut, flipped, doubled, or nested too deep."""
    kind = dice.randrange(5)
    if kind == 0:
        return body[: dice.randrange(len(body) + 1)]
    if kind == 1:
        at = dice.randrange(len(body))
        return body[:at] + bytes([dice.randrange(256)]) + body[at + 1 :]
    if kind == 2:
        return body + body
    if kind == 3:
        return b"[" * 5000 + body
    return dice.randbytes(dice.randrange(200))


def _change(dice: random.Random, sample: Any) -> None:
    places = _places(sample)
    if not places:
        return
    holder, key = dice.choice(places)
    kind = dice.random()
    if kind < 0.2:
        del holder[key]
    elif kind < 0.45:
        odd = copy.deepcopy(dice.choice(ODD))
        holder[key] = int(odd) if key == "id" and isinstance(odd, bool) else odd  # no JSON writes an id as true
    elif kind < 0.7:
        holder[key] = words(dice)
    elif kind < 0.8:
        holder[key] = [holder[key]] * dice.randrange(1, 60)
    elif kind < 0.9:
        other, there = dice.choice(places)
        if there in other if isinstance(other, dict) else there < len(other):
            holder[key] = copy.deepcopy(other[there])
    elif isinstance(holder, dict):
        holder[dice.choice(("", "text", "entities", "chat", "new_field", "photo", "contact", STEM))] = words(dice)


def _places(sample: Any) -> list[tuple[Any, Any]]:
    """Every value inside, as who holds it and where."""
    if not isinstance(sample, dict | list):
        return []
    keys = list(sample) if isinstance(sample, dict) else list(range(len(sample)))
    return [place for key in keys for place in [(sample, key), *_places(sample[key])]]
