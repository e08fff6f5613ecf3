"""
The small language in which `platforms.py` describes addresses, and the reading of an address by it.

In a shape, a {name} stands for its pattern in FIELDS, `(a|b)` for either, `*` for one part of a path, and a final
`/**` for whatever follows. A shape that begins with `/` is on the platform's own host, one with `://` is an app's
own scheme. Query parameters that a shape does not name are ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import unquote

POST, PROFILE, GROUP, CHANNEL = "post", "profile", "group", "channel"
STORY, SHORT, FILE, SITE = "story", "short", "file", "site"

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "number": r"\d+",
        "thread": r"\d+",
        "post": r"\d+",
        "owner": r"\d+",  # an account by its number
        "channel": r"UC[\w-]{22}",  # a YouTube channel by its identifier
        "phone": r"[1-9]\d{6,14}",  # E.164 without the plus
        "video": r"[\w-]{11}",  # YouTube's identifiers have eleven symbols
        "code": r"[\w-]+",
        "key": r"[\w-]+",
        "word": r"[a-z]+",
        "any": r"[^/?#]+",
        "group": r"[\w.-]+",
        "locale": r"[a-z]{2}-[a-z]{2}",
    }
)
ACCOUNTS = ("user", "owner", "channel", "phone")  # the fields that name an account
CASELESS = ("user", "group")  # names that every platform we describe compares without case


class Row(NamedTuple):
    """One shape of address and its kind; without `same_as` the shape itself is the canonical form."""

    shape: str
    kind: str
    same_as: str = ""


class Platform(NamedTuple):
    """One platform. `hosts` are other names of `home`."""

    name: str
    home: str
    rows: tuple[Row, ...]
    hosts: tuple[str, ...] = ()
    names: str = r"[\w.-]+"  # what a user name looks like
    profile: str = "/{user}"  # the shape of an account's address; empty where names do not make one
    not_users: frozenset[str] = frozenset()  # first parts of paths that are not user names
    marks: tuple[str, ...] = ()  # parameters that point at something inside a post: kept
    tracking: tuple[str, ...] = ()  # parameters that never name content here: dropped from addresses no row fits


class Fit(NamedTuple):
    """What a row says of an address."""

    canonical: str
    kind: str
    account: str


class _Reader(NamedTuple):
    place: re.Pattern[str]
    query: tuple[tuple[str, re.Pattern[str]], ...]
    kind: str
    canonical: str


def fit(platform: Platform, place: str, query: Mapping[str, str]) -> Fit | None:
    """Read `place` (host and path, or scheme and path) by the first row that fits, or None."""
    for reader in _readers(platform):
        fields = _fields(reader, place, query)
        if fields is not None and fields.get("user") not in platform.not_users:
            canonical = _with_marks(reader.canonical.format_map(fields), platform, query)
            return Fit(canonical, reader.kind, _account(fields))
    return None


def row_host(row: Row) -> str:
    """The host that a row names before its path, or "" where it is the platform's own or an app's scheme."""
    return "" if "://" in row.shape else re.split(r"[/(#?]", row.shape, maxsplit=1)[0]


def row_scheme(row: Row) -> str:
    """The app scheme that a row is about, or ""."""
    return row.shape.partition("://")[0] if "://" in row.shape else ""


def pattern(shape: str, names: str = "") -> re.Pattern[str]:
    """A shape as a regular expression; none of its parts can match in more ways than one part of a path."""
    pieces = re.split(r"(\{\w+\}|[(|)]|/\*\*$|\*)", shape)
    return re.compile("".join(_piece(piece, names) for piece in pieces), re.ASCII)


def _piece(piece: str, names: str) -> str:
    if piece.startswith("{"):
        name = piece[1:-1]
        return f"(?P<{name}>{names if name == 'user' else FIELDS[name]})"
    return {"(": "(?:", "|": "|", ")": ")", "/**": "(?:/.*)?", "*": "[^/]+"}.get(piece) or re.escape(piece)


@cache
def _readers(platform: Platform) -> tuple[_Reader, ...]:
    return tuple(_reader(platform, row) for row in platform.rows)


def _reader(platform: Platform, row: Row) -> _Reader:
    place, _, query = _absolute(platform, row.shape).partition("?")
    wanted = tuple((name, pattern(shape, platform.names)) for name, _, shape in map(_pair, query.split("&")) if name)
    canonical = _absolute(platform, row.same_as or row.shape)
    if "://" not in canonical:
        canonical = "https://" + canonical
    return _Reader(pattern(place, platform.names), wanted, row.kind, canonical)


def _pair(pair: str) -> tuple[str, str, str]:
    return pair.partition("=")


def _absolute(platform: Platform, shape: str) -> str:
    own = "://" not in shape and not row_host(Row(shape, ""))
    return platform.home + shape if own else shape


def _fields(reader: _Reader, place: str, query: Mapping[str, str]) -> dict[str, str] | None:
    found = [reader.place.fullmatch(place)]
    found += [shape.fullmatch(query.get(name, "")) for name, shape in reader.query]
    fields: dict[str, str] = {}
    for match in found:
        if match is None:
            return None
        fields.update((name, value) for name, value in match.groupdict().items() if value is not None)
    return {name: value.lower() if name in CASELESS else value for name, value in fields.items()}


def _account(fields: Mapping[str, str]) -> str:
    account = unquote(next((fields[name] for name in ACCOUNTS if name in fields), ""))
    return account if account.isprintable() else ""  # an escaped NUL or direction mark is no name


def _with_marks(canonical: str, platform: Platform, query: Mapping[str, str]) -> str:
    marks = "&".join(f"{mark}={query[mark]}" for mark in platform.marks if query.get(mark))
    if not marks:
        return canonical
    return f"{canonical}{'&' if '?' in canonical else '?'}{marks}"
