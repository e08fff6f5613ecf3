"""
Finding addresses in what people write: with or without a scheme, glued to words and signs, or made harmless.

Someone who sends `Bonjour.je` forgot a blank, someone who sends `avito.ma` means a site. Where the two look alike, an
address without a scheme must end in a public suffix (the ICANN section of the shipped list) and show some evidence
of being one. A missed address is asked for again; a false one is shown in the review. Both are cheap, neither is lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from publicsuffixlist import PublicSuffixList

from conversations.canonical import APP_SCHEMES, Reading, known_host, read_address
from conversations.open_web import CLOSING_WORDS, CUE_WORDS, FILES_NOT_HOSTS, WORDS_NOT_SUFFIXES


class Sighting(NamedTuple):
    """Something in a text that reads as an address: where, as written, and what it is."""

    start: int
    end: int
    written: str
    reading: Reading


# fmt: off
_BRACKETED = r"\ ?[\[({]\ ?(?:\.|dot|point|punto|نقطة)\ ?[\])}]\ ?"
_SPOKEN = r"\ (?:dot|point|punto|نقطة)\ "
_LATIN = r"[a-z0-9À-ɏ][a-z0-9À-ɏ_-]{0,62}+"
_OTHER = r"[^\W\x00-\u024f](?:[^\W\x00-\u024f]|-){0,62}+"  # one script per label: no registry mixes Arabic and Latin
_HOST = rf"(?:{_LATIN}|{_OTHER})(?:(?:\.|{_BRACKETED}|{_SPOKEN})(?:{_LATIN}|{_OTHER})){{1,20}}+"
_HARMLESS_HOST = rf"(?:{_LATIN}(?:(?:\.|{_BRACKETED}){_LATIN}){{1,20}}+)?+"
_REST = r"""[^\s<>"«»“”„`|،؛؟]"""
_WEB = r"(?:h(?:t{1,3}|xx|\*\*|__)p{1,2}s?|(?<![a-z])ttps?|(?<![a-z])f(?:t|x)ps?)"  # hxxp, htpp, a lost first letter
_COLON = r"\ ?(?:[\[({]?\ ?:\ ?[\])}]?\ ?[\[({]?[/\\]{1,3}[\])}]?\ ?|//)"
_APP = "|".join(sorted(APP_SCHEMES | {"intent"}))
_ADDRESS = re.compile(
    rf"""
    (?P<scheme>{_WEB}){_COLON}(?P<web>{_HARMLESS_HOST}{_REST}{{0,4096}}+)
    | (?P<app>(?<![a-z])(?:{_APP})://{_REST}{{1,4096}}+ | (?<![a-z])magnet:\?{_REST}{{1,4096}}+)
    | (?: (?<![A-Za-z0-9_@./\\=&#%~À-ɏ])(?=[A-Za-z0-9À-ɏ]) | (?<![\w@./\\=&#%~]) )
      (?P<host>{_HOST})(?P<rest>(?::\d{{1,5}}(?!\d))?(?:[/?#]{_REST}{{0,4096}}+)?+)(?!@)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# fmt: on
_GLUED = re.compile(r"(?<![/=?&#:%])(?:https?|hxxps?)://", re.IGNORECASE)  # a second address right behind the first
_SCHEME_AGAIN = re.compile(rf"{_WEB}:?//", re.IGNORECASE)  # http://https://…: the inner one is meant
_BRACKETED_DOT = re.compile(_BRACKETED, re.IGNORECASE)
_SPOKEN_DOT = re.compile(_SPOKEN, re.IGNORECASE)
_SPOKEN_SUFFIXES = frozenset({"com", "net", "org", "info"})
_SPELT_AT = re.compile(r"[\[({]\s?(?:@|at|arobase|arroba)\s?[\])}]\s?$", re.IGNORECASE)  # a mail address
_WORD_BEFORE = re.compile(r"(\w+)[\s:=(«\"'-]*$")
# "peur.ma soeur", "3afak.ma fhemtch": a French or Darija sentence begins where Moroccan addresses end
_AFTER_MA = re.compile(
    r"\s+(?:\w{2,20}(?:ch|sh)|s(?:oe|œ)ur|m[eè]re|fille|femme|famille|vie|banque|carte|photo|cousine|copine|plainte)\b",
    re.IGNORECASE,
)
_IPV4 = re.compile(r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)")
_ONION = re.compile(r"(?:[a-z2-7]{56}|[a-z2-7]{16})\.onion", re.IGNORECASE)

_ASCII_FORMS = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3002: ".", 0xFF61: ".", 0x3000: " "}
_PAIRS = {")": "(", "]": "[", "}": "{"}
_ENDS = frozenset(".,;:!?'*~…’‘”»›>، ؛؟۔。([{" + '"')


def clean(text: str) -> str:
    """
    The text without what cannot be seen in it: lone surrogates, direction marks, zero-width signs; controls are blanks.

    Length and order of everything else stay.
    """
    if text.isprintable():  # then none of them is in it
        return text
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return "".join(_visible(sign) for sign in whole)


def plain(text: str) -> str:
    """Full-width and ideographic signs as ASCII, one for one, so that places in both texts agree."""
    return text.translate(_ASCII_FORMS)


def sightings(text: str) -> Iterator[Sighting]:
    """Everything in a cleaned text that reads as an address, in order."""
    typed = plain(text)
    place = 0
    while (match := _ADDRESS.search(typed, place)) is not None:
        found = (_web if match["scheme"] else _app if match["app"] else _bare)(text, match)
        if found is None:
            place = match.start() + len(match["scheme"] or match["app"] or match["host"])
        else:
            yield found
            place = max(found.end, match.start() + 1)


def _visible(sign: str) -> str:
    category = unicodedata.category(sign)
    if category == "Cf":
        return ""
    return " " if category == "Cc" and sign != "\n" else sign


def _web(text: str, match: re.Match[str]) -> Sighting | None:
    rest = _end_trimmed(_first(match["web"]), text[: match.start()])
    if not rest or _SCHEME_AGAIN.match(rest):
        return None
    written = match["scheme"].lower()
    scheme = ("ftp" if written.startswith("f") else "http") + ("s" if written.endswith("s") else "")
    end = match.start("web") + len(rest)
    return _sighting(text, match.start(), end, f"{scheme}://{_BRACKETED_DOT.sub('.', rest)}")


def _app(text: str, match: re.Match[str]) -> Sighting | None:
    whole = match["app"]
    address = whole if whole.lower().startswith("intent") else _end_trimmed(whole, text[: match.start()])
    return _sighting(text, match.start(), match.start() + len(address), address)


def _bare(text: str, match: re.Match[str]) -> Sighting | None:
    rest = _end_trimmed(_first(match["rest"]), text[: match.start()], match["host"])
    host = _BRACKETED_DOT.sub(".", match["host"])
    spoken = _SPOKEN_DOT.search(host) is not None
    host = _SPOKEN_DOT.sub(".", host)
    end = match.end("host") + len(rest)
    if not _is_host(host, rest, spoken) or not (rest or _evidence(text, match, host)):
        return None
    if _SPELT_AT.search(text, max(0, match.start() - 12), match.start()):
        return None
    return _sighting(text, match.start(), end, f"https://{host}{rest}")


def _sighting(text: str, start: int, end: int, address: str) -> Sighting | None:
    reading = read_address(address)
    return Sighting(start, end, text[start:end], reading) if reading else None


def _first(rest: str) -> str:
    second = _GLUED.search(rest, 1)
    return rest[: second.start()] if second else rest


def _end_trimmed(address: str, before: str, host: str = "") -> str:
    """The address without the signs of the sentence around it; balanced brackets and what markup opened stay in."""
    open_pairs = {closing: (host + address).count(opening) for closing, opening in _PAIRS.items()}
    closed = {closing: (host + address).count(closing) for closing in _PAIRS}
    marked = before[-2:] if before[-1:] in ("_", "*", "~") else ""
    end = len(address)
    while end:
        sign = address[end - 1]
        if sign in _PAIRS and closed[sign] > open_pairs[sign]:
            closed[sign] -= 1
        elif sign in ("(", "[", "{"):
            open_pairs[_closing(sign)] -= 1
        elif sign not in _ENDS and sign not in marked:
            break
        end -= 1
    return address[:end]


def _closing(opening: str) -> str:
    return next(closing for closing, sign in _PAIRS.items() if sign == opening)


def _is_host(host: str, rest: str, spoken: bool) -> bool:
    if _IPV4.fullmatch(host):
        return rest.startswith((":", "/"))  # alone it is a version, or a date
    if _ONION.fullmatch(host):
        return True
    suffix = _suffixes().publicsuffix(host.lower()) or ""
    name = host[: -len(suffix) - 1] if suffix else ""
    if not name or "_" in host.rpartition(".")[2]:
        return False
    return not spoken or (suffix in _SPOKEN_SUFFIXES and name.lower() not in CLOSING_WORDS)


def _evidence(text: str, match: re.Match[str], host: str) -> bool:
    """Whether a host without a path is meant as one, or is two sentences without a blank, a file, an abbreviation."""
    labels = host.lower().split(".")
    if known_host(host.lower()) or labels[0] == "www":
        return True
    name, suffix = labels[-2], labels[-1]
    if len(name) == 1 or name in CLOSING_WORDS or (name.isdigit() and len(name) < 3):
        return False
    if len(labels) == 2 and suffix in FILES_NOT_HOSTS:
        return False
    if _next_sentence(text, match, host):
        return False
    return suffix not in WORDS_NOT_SUFFIXES or len(labels) > 2 or _meant(text, match, host, name)


def _next_sentence(text: str, match: re.Match[str], host: str) -> bool:
    ending = host.rpartition(".")[2]
    if len(ending) <= 3 and ending.istitle() and not host.istitle():
        return True  # "arnaque.Ma banque", but Example.Com
    return ending.lower() == "ma" and _AFTER_MA.match(text, match.end()) is not None


def _meant(text: str, match: re.Match[str], host: str, name: str) -> bool:
    """For an ending that is also a word: a cue before it, a name that no word is like, or nothing beside it."""
    before = _WORD_BEFORE.search(text, max(0, match.start() - 40), match.start())
    if before is not None and before[1].lower() in CUE_WORDS:
        return True
    if any(sign.isdigit() for sign in name) or "-" in name:
        return not name.isdigit()
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    line = text[start : end if end >= 0 else len(text)]
    return host == host.lower() and line.strip(" .!?") == match[0]


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True, accept_unknown=False)
