"""
The reading side of the link coach: which links a message holds, what each one is, and which are the same.

Links are hostile: nothing here or anywhere fetches one. `find_links` reads, `defang.py` shows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conversations import canonical
from conversations.handles import bare_handle, named_accounts
from conversations.model import Link
from conversations.open_web import SHORTENERS
from conversations.shapes import PROFILE, SHORT, SITE
from conversations.spotting import Sighting, clean, sightings

LONGEST_LINK = (
    2048  # what browsers open and our column holds; a longer one is not taken, as half a link is another link
)
_HOST = re.compile(r"(?:https|ftps?)://([^/?#:]*)")
MOST_LINKS = 10  # domain.md, Link coaching


def find_links(text: str, marked: Sequence[str] = ()) -> tuple[Link, ...]:
    """
    The first ten distinct links: those in the text, in order, then those that the platform marked.

    Two addresses of one post are one link, as first received.

    >>> [link.canonical for link in find_links("vu sur youtu.be/dQw4w9WgXcQ, c'est @ali_1 sur tiktok")]
    ['https://www.youtube.com/watch?v=dQw4w9WgXcQ', 'https://www.tiktok.com/@ali_1']
    """
    return tuple(_distinct(text, marked))[:MOST_LINKS]


def count_links(text: str, marked: Sequence[str] = ()) -> int:
    """How many distinct links there are, those beyond the first ten included."""
    return len(tuple(_distinct(text, marked)))


def find_handle(text: str) -> str:
    """
    The first @name, without its sign, of a text that names no platform for it; "" where there is none.

    >>> find_handle("le compte @ali_1 me menace"), find_handle("@ali_1 sur tiktok"), find_handle("ali@example.com")
    ('ali_1', '', '')
    """
    readable = clean(text)
    return "" if _sighted(readable) else bare_handle(readable)


def profile_link(platform: str, name: str) -> Link | None:
    """The account of that name on that platform; None if such a name cannot be there, or nobody has names there."""
    name = clean(name).strip().removeprefix("@")
    reading = canonical.profile(platform, name)
    return Link(f"@{name}", *_told(reading)) if reading else None


def kind(link: Link) -> str:
    """Which of post, profile, group, channel, story, short, file or site a link is."""
    reading = canonical.read_address(link.canonical)
    return reading.kind if reading else SITE


def less_telling(link: Link) -> str:
    """
    "short" or "profile" for a link of that kind, where another would help more; "" for all others.

    >>> less_telling(find_links("bit.ly/abc")[0]), less_telling(find_links("https://example.org/a")[0])
    ('short', '')
    """
    if link.platform == "web":  # then its host tells, and nothing else can be short
        host = _HOST.match(link.canonical)
        return SHORT if host and host[1] in SHORTENERS else ""
    found = kind(link)
    return found if found in (SHORT, PROFILE) else ""


def fingerprint_input(link: Link) -> str:
    """What copies of one post have in common and different posts never have."""
    return link.canonical


def _distinct(text: str, marked: Sequence[str]) -> Iterator[Link]:
    seen: set[str] = set()
    for link in _links(text, marked):
        if link.canonical not in seen and len(link.received) <= LONGEST_LINK:
            seen.add(link.canonical)
            yield link


def _links(text: str, marked: Sequence[str]) -> Iterator[Link]:
    for found in _sighted(clean(text)):
        yield Link(found.written, *_told(found.reading))
    for address in map(clean, marked):
        reading = canonical.read_address(address)
        if reading is not None:
            yield Link(address, *_told(reading))
        else:
            yield from (Link(found.written, *_told(found.reading)) for found in sightings(address))


def _sighted(readable: str) -> list[Sighting]:
    """Addresses and named accounts, in order; an account that stands inside an address is part of it."""
    found = list(sightings(readable))
    inside = {place for sighting in found for place in range(sighting.start, sighting.end)}
    found += [account for account in named_accounts(readable) if account.start not in inside]
    return sorted(found, key=lambda sighting: sighting.start)


def _told(reading: canonical.Reading) -> tuple[str, str, str]:
    return reading.canonical, reading.platform, reading.account
