"""
The national identity number (CIN): never asked for, and blanked before anything is kept (domain.md 7).

One or two letters of the issuing office and five to seven digits. Alone it counts only as it stands on the card, capitals and
digits in one piece: an amount (*de 25000*, *DH 15000*) or a seller's name must not be destroyed. Behind the word for
it (CIN, بطاقة, carte nationale) it counts however it is spaced.
"""

from __future__ import annotations

import re
import unicodedata

BLANKED = "▒▒▒▒▒▒"
NEAR = 40  # characters behind the word for it

_START, _END = r"(?<![A-Za-z0-9_.])(?!DH)", r"(?![ .-]?[0-9])(?![A-Za-z_])"
_ALONE = re.compile(_START + r"[A-Z]{1,2}-?[0-9]{5,6}" + _END)
_NAMED = re.compile(_START + r"(?:[A-Z]{1,2}(?:[ .-]?[0-9]){5,7}|[A-Za-z]{1,2}[0-9]{5,7})" + _END)
_WORD = re.compile(
    r"\bc\.?[in]\.?[ni]\b|بطاق|carte (?:nationale|d.identit)|identity (?:card|number)|id card|identidad|\bdni\b", re.I
)
_CHUNK = re.compile(r"\S+")
_ADDRESS = re.compile(r"/|@|www\.")
_DIGIT = re.compile(r"[0-9]")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")


def holds(said: str) -> bool:
    """
    Whether the words hold such a number.

    >>> holds("AB123456"), holds("رقم بطاقتي AB 12 34 56"), holds("un virement de 25000 dirhams")
    (True, True, False)
    """
    return bool(_places(said))


def blanked(said: str) -> str:
    """
    The words without it.

    >>> blanked("ma CIN est AB123456."), blanked("DH 15000 à https://example.org/AB123456")
    ('ma CIN est ▒▒▒▒▒▒.', 'DH 15000 à https://example.org/AB123456')
    """
    for start, end in reversed(_places(said)):
        said = said[:start] + BLANKED + said[end:]
    return said


def _places(said: str) -> list[tuple[int, int]]:
    plain = _plain(said)
    if not _DIGIT.search(plain):
        return []
    plain = _CHUNK.sub(_without_address, plain)
    found = {match.span() for match in _ALONE.finditer(plain)}
    for word in _WORD.finditer(plain):
        found |= {match.span() for match in _NAMED.finditer(plain, word.end(), word.end() + NEAR)}
    return [place for place in sorted(found) if not any(_inside(place, other) for other in found)]


def _without_address(chunk: re.Match[str]) -> str:
    return " " * len(chunk[0]) if _ADDRESS.search(chunk[0]) else chunk[0]


def _inside(place: tuple[int, int], other: tuple[int, int]) -> bool:
    return place != other and other[0] <= place[0] and place[1] <= other[1]


def _plain(said: str) -> str:
    """Digits of any script and full-width letters as ASCII, each still one character."""
    if not unicodedata.is_normalized("NFKC", said):  # in what is, each character is what it would become
        said = "".join(map(_compatible, said))
    return _OTHER_DIGIT.sub(lambda digit: str(unicodedata.digit(digit[0])), said)


def _compatible(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 else sign
