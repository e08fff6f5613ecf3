"""
Words of danger in free text: they bring help at once and never hold up the report (domain.md 3, 17).

The words are data, in `alarm_words.py`; here is how they are compared. Only whole words count, in any of our languages
and in any mixture of them, exactly as listed once folded: in these words one letter apart is another meaning
(انتحار and انتحال, *viol* and *vol*). What stands inside an address or an @name does not count.

A line of the table is one sign:
    phrase                  words in this order; ( | ) alternatives, ( )? may be absent, ... up to four other words,
                            <name> one of a list
    phrase + phrase         both, in any order, within a sentence's length of each other
    phrase unless phrase    not where the second stands within that length
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from conversations.alarm_lists import HARMLESS, LISTS
from conversations.alarm_words import SIGNS
from conversations.fold import clean, fold

NEAR = 70  # characters: about twelve words, what one breath holds on a phone

_ADDRESS = re.compile(
    r"(?:[a-z*]{2,6}\[?:\]?//|www\.|[\w-]{1,63}(?:\.|\[\.\])(?:[a-z]{2,10}[/?]|(?:com|net|org|info)\b)).*",
    re.IGNORECASE,
)
_MONEY = {"$": " dollars ", "€": " euros "}
_AS_TYPED = re.compile("[\u200c\u200d\u00ad$€]")  # joiners inside words, and money
_WORD = re.compile(r"[^\W_]+|[😂🤣]|[.!?؟;؛]+")
_PIECE = re.compile(r"[^\W_]+")
_LIST = re.compile(r"<(\w+)>")
_AND = "وف"  # "and" is written on the Arabic word that follows it
_GAP = "(?: [^ .]+){0,4} "  # up to four other words
_SIGN = re.compile(r"\(\?:|[^()|? ]+(?!\?)|.")


class Sign(NamedTuple):
    """What must stand together, and what must not stand beside it."""

    parts: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


class First(NamedTuple):
    """The first phrase of a sign, and the alarm that the sign tells of."""

    name: str
    phrase: re.Pattern[str]


def alarm(said: str) -> str:
    """The strongest of "suicide", "danger", "blackmail", "money" that the words tell of, or ""."""
    firsts, harmless = _firsts(), _harmless()  # both are made by the first call, which is nobody's
    words = _spaced(said)
    if not _suspected(firsts, words):
        return ""  # nearly every message
    words = harmless.sub(" .", words)
    begun = _suspected(firsts, words)
    return next((name for name in SIGNS if name in begun and _told(name, words)), "")


def _spaced(said: str) -> str:
    """The folded words with one blank around each; the end of a sentence is a dot of its own."""
    plain = _AS_TYPED.sub(_typed, clean(said))
    if "." in plain or "/" in plain or "@" in plain:
        plain = " ".join([_without_address(chunk) for chunk in plain.split()])
    return " " + " ".join(["." if word[0] in ".!?؟;؛" else word for word in _WORD.findall(fold(plain))]) + " "


def _typed(sign: re.Match[str]) -> str:
    return _MONEY.get(sign[0], "")


def _without_address(chunk: str) -> str:
    return "" if chunk.startswith("@") else _ADDRESS.sub("", chunk)


def _suspected(firsts: Mapping[str, Sequence[First]], words: str) -> set[str]:
    """The alarms of whose signs a first phrase is there; one is looked for only where a word stands that it begins with."""
    begun, place = set[str](), 0
    for word in words.split():
        starting = firsts.get(word, ())
        if word[0] in _AND:
            starting = (*starting, *firsts.get(word[1:], ()))
        for first in starting:
            if first.name not in begun and first.phrase.match(words, place):
                begun.add(first.name)
        place += len(word) + 1
    return begun


def _told(name: str, words: str) -> bool:
    return any(_tells(sign, words) for sign in _signs(name))


def _tells(sign: Sign, words: str) -> bool:
    first, *others = sign.parts
    places = _places(first, words)
    if not places:
        return False
    company = [_places(part, words) for part in others]
    spoilers = _places(sign.unless, words) if sign.unless else []
    return any(all(_near(place, each) for each in company) and not _near(place, spoilers) for place in places)


def _places(pattern: re.Pattern[str], words: str) -> list[int]:
    return [match.start() for match in pattern.finditer(words)]


def _near(place: int, places: list[int]) -> bool:
    after = bisect_left(places, place - NEAR)
    return after < len(places) and places[after] <= place + NEAR


@cache
def _firsts() -> dict[str, tuple[First, ...]]:
    """By each word that they can begin with: the first phrases of all signs. Where none is found, none of the signs is."""
    firsts: dict[str, tuple[First, ...]] = {}
    for name, text in SIGNS.items():
        for phrase in map(_first, lines(text)):
            first = First(name, _pattern(phrase))
            for word in beginnings(expression(phrase)):
                firsts[word] = (*firsts.get(word, ()), first)
    return firsts


def _first(row: str) -> str:
    return row.partition(" unless ")[0].partition(" + ")[0]


def beginnings(expression: str) -> frozenset[str]:
    """
    Every first word of what the expression of a phrase can be.

    >>> sorted(beginnings(expression("(j ai|ai) ((très )?peur|mal)|à l? aide")))
    ['a', 'ai', 'j']
    """
    signs = deque(_SIGN.findall(expression.replace(_GAP, " ")))
    return frozenset(word.strip() for word in _begun(signs))


def _begun(signs: deque[str]) -> set[str]:
    """Of the alternatives up to the closing bracket: their first words, each with a blank where it has ended."""
    found, words = set[str](), {""}
    while signs and (sign := signs.popleft()) != ")":
        if sign == "|":
            found |= words
            words = {""}
            continue
        parts = _begun(signs) if sign == "(?:" else {sign}
        if signs and signs[0] == "?":
            parts = parts | {signs.popleft()[:0]}
        going = [word for word in words if not word.endswith(" ")]
        words = {word for word in words if word.endswith(" ")} | {word + part for word in going for part in parts}
    return found | words


@cache
def _signs(name: str) -> tuple[Sign, ...]:
    """Those of a single phrase become one pattern."""
    return tuple(_gathered(lines(SIGNS[name])))


def _gathered(rows: list[str]) -> Iterator[Sign]:
    special = [row for row in rows if " + " in row or " unless " in row]
    yield Sign((_pattern("|".join(row for row in rows if row not in special)),), None)
    for row in special:
        together, _, unless = row.partition(" unless ")
        yield Sign(tuple(map(_pattern, together.split(" + "))), _pattern(unless) if unless else None)


@cache
def _harmless() -> re.Pattern[str]:
    return re.compile(f" [{_AND}]?(?:{expression('|'.join(lines(HARMLESS)))})(?= )")


@cache
def _pattern(phrase: str) -> re.Pattern[str]:
    """Finds every start of the phrase, those inside another occurrence too."""
    return re.compile(f"(?= [{_AND}]?(?:{expression(phrase)}) )")


def lines(text: str) -> list[str]:
    """The lines of a table, without remarks."""
    return [line for line in map(str.strip, text.splitlines()) if line and not line.startswith("#")]


def expression(phrase: str) -> str:
    """A phrase of the table as a regular expression over folded words."""
    names = iter(_LIST.findall(phrase))
    folded = _PIECE.sub(lambda piece: fold(piece[0]), _LIST.sub("<>", phrase))
    plain = folded.replace("(", "(?:").replace(" ... ", _GAP)
    return re.sub("<>", lambda _: f"(?:{expression('|'.join(lines(LISTS[next(names)])))})", plain)
