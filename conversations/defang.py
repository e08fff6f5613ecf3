"""
Showing a link without making it one: nothing that leaves here is opened by a tap, previewed or misread.

Chat clients make links of hosts, schemes, @names, #tags, $tags, /commands and +numbers in any text (Telegram's rules
are in TDLib's MessageEntity.cpp). A square bracket round the sign that starts each of them stops all of them.
"""

from __future__ import annotations

import re

from ada_url import URL, idna_to_unicode

from conversations.model import Link
from conversations.spotting import clean, plain

LONGEST_SHOWN = 200  # domain.md 12
LAST_SIGNS = 12  # enough to recognise one's own link, too little to reach it
LONGEST_HOST = 40  # of a longer one the end is shown: who owns it stands there

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]{0,30}):(?=//|\?)")
_HARMLESS = {"http": "hxxp:", "https": "hxxps:", "ftp": "fxp:", "ftps": "fxps:"}
_STARTS = re.compile(r"[.@#$+]|:(?=//)|(?<![\w/])/(?=\w)")
_BLANKS = re.compile(r"\s+")
_HOST = re.compile(r"((?://)?(?:[^/?#@\s]*@)?)([^/?#@:\s]+)")
_PUNYCODE = re.compile(r"(?:^|\.)xn--[a-z0-9-]", re.IGNORECASE)


def defang(url: str, most: int = LONGEST_SHOWN) -> str:
    """
    The address as moderators see it, at most `most` signs, cut with an ellipsis; an IDN host in both its forms.

    >>> defang("https://exa.mple/@ali?x=t.me/y")
    'hxxps://exa[.]mple/[@]ali?x=t[.]me/y'
    """
    visible = _BLANKS.sub(" ", plain(clean(url))).strip()
    scheme = _SCHEME.match(visible)
    rest = visible[scheme.end() :] if scheme else visible
    ascii_rest, unicode_host = _both_hosts(rest)
    shown = (_harmless_scheme(scheme[1]) if scheme else "") + _without_starts(ascii_rest)
    if unicode_host and len(shown) + len(unicode_host) + 3 <= most:
        return f"{shown} ({unicode_host})"
    return shown if len(shown) <= most else shown[: max(0, most - 1)] + "…"


def short_form(link: Link) -> str:
    """
    The host and the last signs of the canonical form: enough for its sender, never the whole.

    >>> short_form(Link("", "https://www.tiktok.com/@_/video/7301234567890123456"))
    'www[.]tiktok[.]com…567890123456'
    """
    scheme, _, rest = link.canonical.partition("://" if "://" in link.canonical else ":")
    host = re.split(r"[/?#]", rest, maxsplit=1)[0] if scheme in ("https", "ftp", "ftps") else scheme
    path = rest.removeprefix(host).strip("/")
    host = host if len(host) <= LONGEST_HOST else "…" + host[1 - LONGEST_HOST :]
    tail = path[-LAST_SIGNS:] if len(path) > LAST_SIGNS else path[(len(path) + 1) // 2 :]
    return _without_starts(host) + (f"…{_without_starts(tail)}" if tail else "")


def _without_starts(text: str) -> str:
    return _STARTS.sub(lambda match: f"[{match[0]}]", text)


def _harmless_scheme(scheme: str) -> str:
    return _HARMLESS.get(scheme.lower()) or f"{_without_starts(scheme)}[:]"


def _both_hosts(rest: str) -> tuple[str, str]:
    """The address with its host in punycode, and the host as its own script writes it, if it has one."""
    parts = _HOST.match(rest)
    punycode = _punycode(parts[2]) if parts else ""
    if parts is None or not _PUNYCODE.search(punycode):
        return rest, ""
    own_script = clean(idna_to_unicode(punycode))
    return parts[1] + punycode + rest[parts.end() :], "" if own_script == punycode else _without_starts(own_script)


def _punycode(host: str) -> str:
    try:
        return URL(f"https://{host}").hostname
    except ValueError:
        return ""
