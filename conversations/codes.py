"""
References and secret codes: what a citizen copies from a screen and types again, perhaps days later.

Crockford's base 32 has no I, L, O, U: what is mistaken for them reads as 1, 1 and 0. The check symbol is a sum over the
field GF(32) with a different weight for each place, so that any one wrong symbol and any two swapped ones are noticed.
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
REFERENCE_BITS = 50
SECRET_BITS = 55
BITS = REFERENCE_BITS + SECRET_BITS  # of both together: the reference's before the secret's
OF_SECRET = (1 << SECRET_BITS) - 1
_MISREAD = str.maketrans("OILoil", "011011")
_GROUPED = re.compile(r"\s*ib\s*[-‐‑‒–—]", re.IGNORECASE)  # as we write it
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—_.\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def reference(bits: int) -> str:
    """
    The reference for 50 random bits: ten symbols and a check symbol.

    >>> reference(0)
    'IB-0000-0000-000'
    """
    body = _symbols(bits, 10)
    return _grouped("IB", body + _check(body))


def secret(bits: int) -> str:
    """
    The secret code for 55 random bits: eleven symbols and a check symbol, five tries an hour.

    >>> secret(1)
    'SC-0000-0000-0012'
    """
    body = _symbols(bits, 11)
    return _grouped("SC", body + _check(body))


def read_reference(said: str, prefix: bool = False) -> str:
    """
    The reference that was meant, or "" if there is none: case, hyphens, any script's digits and O for 0 do not matter.

    With `prefix`, only what begins with IB and holds a digit counts, or begins with IB and a hyphen: so a whole message is
    known for a reference at any step, and neither Ibrahim nor an IBAN is.

    >>> read_reference("ib oooo0000 ooo")
    'IB-0000-0000-000'
    >>> read_reference("IB-0000-0000-001")
    ''
    >>> read_reference("ib-yvmh-hvrg-vzb", prefix=True)  # one in sixty has no digit
    'IB-YVMH-HVRG-VZB'
    """
    return _read(said, "IB", 11, prefix)


def read_secret(said: str) -> str:
    """The secret code that was meant, or ""."""
    return _read(said, "SC", 12, False)


def looks_like_reference(said: str) -> bool:
    """
    Whether a whole message was meant as a reference, right or mistyped.

    >>> looks_like_reference("IB-0000-0000-001"), looks_like_reference("IBAN MA64 0000")
    (True, False)
    """
    return bool(_GROUPED.match(said) and re.fullmatch(r"IB[0-9A-Z]{9,13}", _squeeze(said)))


def _read(said: str, head: str, length: int, prefix: bool) -> str:
    if len(said) < length and said.isascii():
        return ""  # nearly every message
    body = _squeeze(said)
    headed = len(body) == length + 2 and body.translate(_MISREAD).startswith(head.translate(_MISREAD))
    if headed:
        body = body[2:]
    told = headed and (any(c.isdigit() for c in body) or _GROUPED.match(said))
    if (prefix and not told) or len(body) != length:
        return ""
    if prefix and re.match(r"\s*iban\b", said, re.IGNORECASE):
        return ""
    body = body.translate(_MISREAD)
    if any(symbol not in ALPHABET for symbol in body) or _check(body[:-1]) != body[-1]:
        return ""
    return _grouped(head, body)


def _squeeze(said: str) -> str:
    if len(said) > 64:
        return ""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", said)).upper()
    if plain.isascii():
        return plain
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() and unicodedata.digit(c, None) is not None else c for c in plain
    )


def _symbols(bits: int, count: int) -> str:
    return "".join([ALPHABET[bits >> (5 * place) & 31] for place in range(count - 1, -1, -1)])


def _grouped(head: str, symbols: str) -> str:
    return "-".join([head, *[symbols[i : i + 4] for i in range(0, len(symbols), 4)]])


def _check(body: str) -> str:
    total = 0
    for symbol in body:
        total = _DOUBLED[total ^ _VALUES[symbol]]
    return ALPHABET[total]


def _double(value: int) -> int:
    """Times the generator of GF(32), x^5 + x^2 + 1: its powers are all different for 31 places."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


_DOUBLED, _VALUES = tuple(map(_double, range(32))), {symbol: value for value, symbol in enumerate(ALPHABET)}
