"""
Where a report comes from: a typed place name or a shared location, reduced to its province and nothing finer.

The rows are in provinces.py, the towns and their coordinates in places.csv. Whatever is found here is a proposal that
the person sees and confirms in the review; a location itself is never kept.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from conversations.fold import fold
from conversations.provinces import PROVINCE_ROWS, REGION_ROWS, Province, Region

__all__ = ["PROVINCES", "REGIONS", "Province", "Region", "at", "find", "name", "of_region"]

REGIONS: Mapping[str, Region] = MappingProxyType({region.key: region for region in REGION_ROWS})
PROVINCES: Mapping[str, Province] = MappingProxyType({province.key: province for province in PROVINCE_ROWS})
_OF_REGION = {key: tuple(row for row in PROVINCE_ROWS if row.region == key) for key in REGIONS}

FARTHEST = 60.0  # km from the nearest known place; the deserts are emptier than that, and then nothing is found
_EARTH = 6371.0  # km
_LONGEST = 300  # characters read of what was said: a place name is shorter
_WORDS = 30  # words read
_WINDOW = 6  # words in the longest name

_BREAKS = re.compile(r"[\s\W_]+")
_THE_AND_OF = "al el l es er ed ech as ad la le the de du des d of n"
_IN_THE_TOWN_OF = (  # folded, as all that is compared
    "a ana at au aux b chez city ciudad commune dans depuis desde en estoy f fe fi from habite in j je kan men mn"
    " prefecture prefectura province provincia region sakn sakna suis town ville vivo"
    " في من ب ف انا علي ساكن ساكنه مدينه اقليم عماله جماعه جهه ⴳ ⴷⴳ ⵖ ⵙⴳ ⵜⴰⵎⴷⵉⵏⵜ ⵜⴰⵙⴳⴰ"
)
_ARTICLES = frozenset(_THE_AND_OF.split())
_SMALL = frozenset(_IN_THE_TOWN_OF.split())
_PREPOSITION = re.compile(r"^[fbl](?=\w{4})|^[فبل](?=\w{3})")  # written onto the word: fkaza, فمراكش
_SOUNDS = (
    (re.compile("tch|sh|ch"), "ç"),  # one sign, so that a c beside it stays a k
    (re.compile("dj"), "j"),
    (re.compile("5|kh"), "x"),
    (re.compile("c(?=[eiy])"), "s"),
    (re.compile("ck|qu(?=[ei])|[cq9]"), "k"),
    (re.compile("ou|w"), "u"),
    (re.compile("y"), "i"),
    (re.compile("7"), "h"),
    (re.compile("3"), "a"),
    (re.compile("2"), ""),
    (re.compile(r"(?<=\w{4})e$|(?<=\w\wa)h$"), ""),
    (re.compile("^ال(?=.)"), ""),
    (re.compile("ه$"), "ا"),
    (re.compile(r"([^\W\d_])\1+"), r"\1"),
)
_LETTERS = str.maketrans("طصضظقثذݣچ", "تسددكتدكج", "ء")


class Place(NamedTuple):
    """A place with its province, "" for one abroad, and where it lies, if that is known."""

    province: str
    names: tuple[str, ...]
    latitude: float | None
    longitude: float | None


def of_region(key: str) -> tuple[Province, ...]:
    """The provinces of a region in the official order; none if there is no such region."""
    return _OF_REGION.get(key, ())


def name(place: Province | Region, locale: str) -> str:
    """What a place is called in a language: Tamazight falls back to Arabic, English and Spanish to French."""
    if locale.startswith("zgh"):
        return place.zgh or place.ar
    if locale.startswith("ar"):
        return place.ar
    if isinstance(place, Region) and locale[:2] in ("en", "es"):
        return place.en if locale.startswith("en") else place.es
    return place.fr


def find(said: str) -> tuple[Province, ...]:
    """
    The provinces a message may mean, the likeliest first; none if it names no place in Morocco.

    A whole name or known spelling wins, then a town's; then names that start like the message; then a region, which
    stands for all its provinces; then the longest name standing anywhere in the message. Two letters are the least.
    """
    words = _words(said)
    said_key = _key(_without_small(words))
    if not said_key or sum(map(len, words)) < 2:
        return ()
    return (
        _exact(said_key)
        or _starting(_NAMES, said_key)
        or _REGIONS_BY_NAME.get(said_key, ())
        or (_starting(_TOWNS, said_key) if len(said_key) > 2 else ())
        or _starting(_REGIONS_BY_NAME, said_key)
        or _within([word for word in words if word not in _SMALL])
    )


def at(latitude: float, longitude: float) -> Province | None:
    """
    The province of the nearest known place; None abroad, farther than 60 km from any, or for no point at all.

    A point near a border between provinces may get the neighbour, because towns are known and borders are not; one near
    Ceuta, Melilla or a town of Algeria or Mauritania counts as abroad. The person confirms it in the review.
    """
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # also false for a NaN
        return None
    nearest, distance = min(
        ((place, _distance(latitude, longitude, *point)) for place, point in _POINTS), key=lambda pair: pair[1]
    )
    return PROVINCES.get(nearest.province) if distance <= FARTHEST else None


def _distance(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Kilometres along a great circle."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


def _words(said: str) -> list[str]:
    return [word for word in _BREAKS.split(fold(said[:_LONGEST])) if word][:_WORDS]


def _without_small(words: list[str]) -> list[str]:
    """A message without the "in" or "from" it begins with, if anything is left."""
    start = next((index for index, word in enumerate(words) if word not in _SMALL), 0)
    return words[start:]  # "in" alone may be Inezgane


def _key(words: Iterable[str]) -> str:
    """What the spellings of one name have in common: no articles, no spaces, one sign for one sound."""
    sounds = "".join(_sound(word) for word in words if word not in _ARTICLES)
    return re.sub(r"([^\W\d_])\1+", r"\1", sounds)


def _sound(word: str) -> str:
    for pattern, sign in _SOUNDS:
        word = pattern.sub(sign, word)
    return word.translate(_LETTERS)


def _exact(key: str) -> tuple[Province, ...]:
    """Whose whole name this is; with a letter of the Arabic article before it where nobody's is."""
    return _NAMES.get(key) or _TOWNS.get(key) or (_NAMES.get(key[1:], ()) if re.match("[lل]....", key) else ())


def _starting(named: Mapping[str, tuple[Province, ...]], key: str) -> tuple[Province, ...]:
    """Whose name starts like this, in the official order."""
    meant = {province.key for written, provinces in named.items() if written.startswith(key) for province in provinces}
    return tuple(province for province in PROVINCE_ROWS if province.key in meant)


def _within(words: list[str]) -> tuple[Province, ...]:
    """The longest names standing in a message, each with its provinces."""
    for length in range(min(_WINDOW, len(words)), 0, -1):
        windows = (words[start : start + length] for start in range(len(words) - length + 1))
        meant = {province.key: province for window in windows for province in _window(window)}
        if meant:
            return tuple(meant.values())
    return ()


def _window(words: list[str]) -> tuple[Province, ...]:
    """Whose name these words are, also with a preposition written onto the first: فمراكش, fkaza."""
    for first in (words[0], _PREPOSITION.sub("", words[0])):
        key = _key([first, *words[1:]])
        found = (_exact(key) or _REGIONS_BY_NAME.get(key, ())) if len(key) > 2 else ()
        if found:
            return found
    return ()


def _named(pairs: Iterable[tuple[str, tuple[Province, ...]]]) -> dict[str, tuple[Province, ...]]:
    """Names by their key; a name that several bear gives them all, in the order of the rows."""
    named: dict[str, dict[str, Province]] = {}
    for written, provinces in pairs:
        named.setdefault(_key(_words(written)), {}).update({province.key: province for province in provinces})
    return {key: tuple(provinces.values()) for key, provinces in named.items()}


def _read_places() -> Iterator[Place]:
    text = files("conversations").joinpath("places.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    for row in csv.DictReader(lines):
        latitude, longitude = (float(row[column]) if row[column] else None for column in ("latitude", "longitude"))
        yield Place(row["province"], tuple(filter(None, (row["fr"], row["ar"]))), latitude, longitude)


_PLACES = tuple(_read_places())
_POINTS = tuple(
    (place, (place.latitude, place.longitude))
    for place in _PLACES
    if place.latitude is not None and place.longitude is not None
)
_NAMES = _named(
    (written, (row,)) for row in PROVINCE_ROWS for written in (row.fr, row.ar, row.zgh, *row.spellings) if written
)
_TOWNS = _named(
    (written, (PROVINCES[place.province],)) for place in _PLACES if place.province for written in place.names
)
_REGIONS_BY_NAME = _named(
    (written, of_region(row.key))
    for row in REGION_ROWS
    for written in (row.fr, row.ar, row.zgh, row.es, row.en, *row.spellings)
    if written
)
