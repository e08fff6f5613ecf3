"""
One address, read: its canonical form, platform, kind and account. Nothing is ever fetched.

The canonical form serves only to recognise copies: two copies of one post reach one form, two posts never do. It is
parsed as browsers do (WHATWG), host in lower case and punycode, http told as https, fragments and tracking
parameters dropped, and what a platform writes in several ways written in one. Reading a canonical form gives itself.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple
from urllib.parse import unquote_plus

from ada_url import URL

from conversations.open_web import FILE_ENDINGS, SHORTENERS, TRACKING, TRACKING_PREFIXES, WRAPPERS
from conversations.platforms import PLATFORMS
from conversations.shapes import FILE, POST, SHORT, SITE, Platform, fit, pattern, row_host, row_scheme

WEB_SCHEMES = frozenset({"https", "ftp", "ftps"})
APP_SCHEMES = frozenset(row_scheme(row) for platform in PLATFORMS for row in platform.rows) - {""}

_UNRESERVED = re.compile(r"%(?:2[DdEe]|3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa]|5[Ff]|7[Ee])")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_INTENT = re.compile(r"intent:(//[^#]*)#Intent;(?:[^#]*;)?scheme=([a-z][a-z0-9+.-]*);", re.IGNORECASE)
_MAGNET = re.compile(r"xt=(urn:[a-z0-9]+:[a-z0-9]+)", re.IGNORECASE)
_HTTP = re.compile(r"\s*http:", re.IGNORECASE)


class Reading(NamedTuple):
    """What an address is."""

    canonical: str
    platform: str
    kind: str
    account: str = ""


class _Address(NamedTuple):
    """A parsed address, in the spelling that all comparisons use."""

    scheme: str
    host: str
    port: str
    path: str
    query: tuple[tuple[str, str], ...]  # name and rest of each pair, the sign between them kept in the rest
    fragment: str

    def values(self) -> dict[str, str]:
        """The first value of each parameter."""
        return {name: rest[1:] for name, rest in reversed(self.query)}


def read_address(address: str) -> Reading | None:
    """
    Read one absolute address; None for what is none, or is of a kind that names no content on the internet.

    >>> read_address("http://youtu.be/dQw4w9WgXcQ?si=x").canonical
    'https://www.youtube.com/watch?v=dQw4w9WgXcQ'
    >>> read_address("javascript:alert(1)") is None
    True
    """
    parsed = _parse(address)
    if parsed is None:
        return None
    if parsed.scheme == "magnet":
        return _torrent(parsed)
    parsed = _unwrapped(parsed)
    return _on_platform(parsed) or _on_web(parsed)


def known_host(host: str) -> bool:
    """Whether a host belongs to a platform or a link shortener that we know by name."""
    return host in SHORTENERS or _platform_of(host)[0] is not None


def profile(platform: str, name: str) -> Reading | None:
    """The account of that name on that platform; None where such a name cannot be."""
    found = next((known for known in PLATFORMS if known.name == platform and known.profile), None)
    if found is None or not re.fullmatch(found.names, name, re.ASCII):
        return None
    return read_address(f"https://{found.home}{found.profile.format(user=name)}")


def _parse(address: str) -> _Address | None:
    intent = _INTENT.match(address.strip())
    if intent is not None:
        address = f"{intent[2]}:{intent[1]}"
    try:
        url = URL(_HTTP.sub("https:", address, count=1) if _HTTP.match(address) else address)
    except ValueError:  # a lone surrogate among them
        return None
    parsed = _spelt(url)
    return parsed if _names_content(parsed) else None


def _spelt(url: URL) -> _Address:
    pairs = (_percent(pair) for pair in url.search[1:].split("&"))
    query = tuple(
        (name, sign + value) for name, sign, value in (pair.partition("=") for pair in pairs) if name or value
    )
    host = url.hostname.removesuffix(".")
    return _Address(url.protocol[:-1], host, url.port, _percent(url.pathname), query, _percent(url.hash[1:]))


def _names_content(parsed: _Address) -> bool:
    if parsed.scheme in WEB_SCHEMES:
        return parsed.host.startswith("[") or ("." in parsed.host.strip(".") and ".." not in parsed.host)
    return parsed.scheme in APP_SCHEMES or parsed.scheme == "magnet"


def _percent(text: str) -> str:
    """One spelling of escapes (RFC 3986, 6.2.2): needless ones undone, the others in upper case."""
    if "%" not in text:
        return text
    text = _LONE_PERCENT.sub("%25", text)
    text = _UNRESERVED.sub(lambda match: chr(int(match[0][1:], 16)), text)
    return _ESCAPE.sub(lambda match: match[0].upper(), text)


def _unwrapped(parsed: _Address) -> _Address:
    """What a page that only sends on sends to; each step is shorter than the one before, so it ends."""
    while True:
        home = _platform_of(parsed.host)[1] if not parsed.port else ""
        values = parsed.values()
        names = WRAPPERS.get(home + parsed.path.rstrip("/"), ())
        inner = [_parse(unquote_plus(values[name])) for name in names if name in values]
        target = next((found for found in inner if found and found.scheme in WEB_SCHEMES), None)
        if target is None:
            return parsed
        parsed = target


def _on_platform(parsed: _Address) -> Reading | None:
    platform, home = _platform_of(parsed.host) if parsed.scheme in WEB_SCHEMES else (None, "")
    place = f"{home}{parsed.path}".rstrip("/") + _content_fragment(parsed.host, parsed.fragment)
    if parsed.scheme in APP_SCHEMES:
        platform = _by_scheme()[parsed.scheme]
        place = f"{parsed.scheme}://{parsed.host}{parsed.path}".rstrip("/")
    if platform is None or parsed.port:
        return None
    found = fit(platform, place, parsed.values())
    if found is not None:
        return Reading(_percent(found.canonical), platform.name, found.kind, found.account)
    return _unknown_shape(platform, place, parsed)


def _unknown_shape(platform: Platform, place: str, parsed: _Address) -> Reading:
    """On a platform we know, but no row fits: keep everything that may name content."""
    place, sharp, fragment = place.partition("#")
    query = _query(parsed, frozenset(platform.tracking))
    scheme = "" if parsed.scheme in APP_SCHEMES else f"{parsed.scheme}://"
    bare = "/" not in place and not query and not sharp
    return Reading(f"{scheme}{place}{query}{sharp}{fragment}", platform.name, SITE if bare else POST)


def _on_web(parsed: _Address) -> Reading:
    port = f":{parsed.port}" if parsed.port else ""
    fragment = _content_fragment(parsed.host, parsed.fragment)
    query = _query(parsed)
    canonical = f"{parsed.scheme}://{parsed.host}{port}{parsed.path}{query}{fragment}"
    if parsed.host in SHORTENERS:
        return Reading(canonical, "web", SHORT)
    if parsed.path.rpartition(".")[2].lower() in FILE_ENDINGS:
        return Reading(canonical, "web", FILE)
    return Reading(canonical, "web", POST if parsed.path != "/" or query or fragment else SITE)


def _torrent(parsed: _Address) -> Reading | None:
    """A magnet link is its content's hash; the rest of it are names and servers."""
    for name, rest in parsed.query:
        found = _MAGNET.fullmatch(name + rest)
        if found is not None:
            return Reading(f"magnet:?xt={found[1].lower()}", "web", FILE)
    return None


def _query(parsed: _Address, tracking: frozenset[str] = frozenset()) -> str:
    kept = [(name, rest) for name, rest in parsed.query if not _tracks(name, tracking)]
    kept.sort(key=lambda pair: pair[0])  # stable: equal names keep their order, which may mean something
    return "?" + "&".join(name + rest for name, rest in kept) if kept else ""


def _tracks(name: str, tracking: frozenset[str]) -> bool:
    name = unquote_plus(name)
    return name in tracking or name.lower() in TRACKING or name.lower().startswith(TRACKING_PREFIXES)


def _content_fragment(host: str, fragment: str) -> str:
    """A fragment is a place on the page, unless it is a route or a key (mega.nz) that says which page it is."""
    speaks = fragment.startswith(("!", "/")) or host in ("mega.nz", "www.mega.nz", "mega.co.nz", "web.telegram.org")
    return f"#{fragment}" if fragment and speaks else ""


def _platform_of(host: str) -> tuple[Platform | None, str]:
    """The platform of a host, and the host that stands for it in canonical forms."""
    if host in _by_host():
        return _by_host()[host]
    for shape, platform, home in _host_patterns():
        if shape.fullmatch(host):
            return platform, home or host
    return None, host


@cache
def _by_host() -> dict[str, tuple[Platform, str]]:
    hosts: dict[str, tuple[Platform, str]] = {}
    for platform in PLATFORMS:
        for name in {row_host(row) for row in platform.rows if row_host(row)}:
            hosts[name] = hosts[f"www.{name}"] = (platform, name)
        for name in (platform.home, *platform.hosts):
            hosts[name] = (platform, platform.home)
    return hosts


@cache
def _host_patterns() -> tuple[tuple[re.Pattern[str], Platform, str], ...]:
    aliases = [(name, platform, platform.home) for platform in PLATFORMS for name in platform.hosts]
    own = [(row_host(row), platform, "") for platform in PLATFORMS for row in platform.rows]
    return tuple(
        (pattern(name, platform.names), platform, home) for name, platform, home in aliases + own if "{" in name
    )


@cache
def _by_scheme() -> dict[str, Platform]:
    return {row_scheme(row): platform for platform in PLATFORMS for row in platform.rows if row_scheme(row)}
