"""How the desk's page writes what a report says: all of it hostile, none of it able to act, hide or reorder."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import Any

# What would change how the words around it read: controls, directional overrides, halves of a character.
STEERING = re.compile("([\x00-\x08\x0b-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff])")
DOTS = re.compile("[.。．｡]")  # all that a browser takes for a dot in a host
ADDRESSES = re.compile(r"(?:https?://|www\.)[^\s<>]+", re.I)
LABELS = {"received_at": "Received (UTC)", "locale": "Language"}
NAMES = {
    "whatsapp": "WhatsApp",
    "youtube": "YouTube",
    "tiktok": "TikTok",
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "zgh": "Tamazight",
}


def words(value: Any) -> str:
    """A person's words, with what could steer the reading made visible."""
    pieces = STEERING.split(str(value))
    return "".join(_mark(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces))


def exact(text: str) -> str:
    """An address letter by letter: what cannot be seen in it is marked, and still copied with it."""
    return "".join(escape(sign) if sign.isprintable() else _mark(sign) for sign in text)


def defanged(address: str) -> str:
    """
    An address that nothing opens.

    >>> defanged("https://www.example.org/a.html?b=c.d")
    'hxxps://www[.]example[.]org/a.html?b=c.d'
    >>> defanged("tg://resolve?domain=x"), defanged("javascript:alert(1)"), defanged("example.org:80/a")
    ('tg[:]//resolve?domain=x', 'javascript[:]alert(1)', 'example[.]org[:]80/a')
    """
    scheme, there, rest = address.partition("://")
    if not there or re.search(r"[/?#]", scheme):
        scheme, there, rest = "", "", address
    elif scheme.strip().lower() in ("http", "https"):
        scheme = re.sub("http", "hxxp", scheme, flags=re.I)
    else:
        there = "[:]//"
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return scheme + there + DOTS.sub("[.]", host).replace(":", "[:]") + rest[len(host) :]


def without_addresses(text: str) -> str:
    """Words in which no address can be opened, by this page or by whatever they are copied into."""
    return ADDRESSES.sub(lambda found: defanged(found[0]), text)


def name(key: str) -> str:
    """A stored key as words: "illicit_goods" as "Illicit goods"."""
    text = NAMES.get(key) or key.replace("_", " ")
    return words(text[:1].upper() + text[1:])


def label(key: str) -> str:
    return LABELS.get(key) or name(key)


def moment(text: str) -> str:
    """A time in UTC, or the text as it stands where it is none."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return words(text)
    utc = read.astimezone(UTC) if read.tzinfo else read
    return f'<time datetime="{escape(text)}">{utc:%Y-%m-%d %H:%M}</time>'


def _mark(sign: str) -> str:
    """A sign that cannot be seen, as its number. It stays inside, isolated, unless HTML could not hold it."""
    held = sign if sign >= "\xa0" and not "\ud800" <= sign <= "\udfff" else ""
    return f'<bdi class="mark" data-sign="U+{ord(sign):04X}">{held}</bdi>'
