"""
Folding: what two spellings of one word have in common, so that a typed word meets the word that was meant.

The rules are those of the glossary (section 3, "Fold before matching"). The folded form is compared, never shown or kept.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Marks of direction and zero-width signs: invisible, and they break every comparison (platform.md E).
INVISIBLE = re.compile("[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# What a database's text and an XML answer cannot hold (platform.md C5), and halves of surrogate pairs.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("أإآٱ", "ا"),
        "ة": "ه",
        "ى": "ي",
        "ؤ": "و",
        "ئ": "ي",
        "ـ": None,
        **dict.fromkeys("ڭگک", "ك"),
        "ی": "ي",
        "پ": "ب",
        "ڤ": "ف",
        "ⵕ": "ⵔ",
        "ⵚ": "ⵙ",
        "ⵟ": "ⵜ",
        "ⴹ": "ⴷ",
        "ⵥ": "ⵣ",
        "ⴻ": None,
        "ⵯ": None,
        "ɣ": "gh",
        "ɛ": "3",
        "’": "'",
    }
)
_TWICE = re.compile(r"([^\W\d_])\1+")
_EDGES = " \t\n.,;:!?…،؛؟«»\"'()[]{}*_~•-–—"


def clean(said: str) -> str:
    """
    What a person wrote, without the signs that hide or break text; words, joiners and line breaks stay.

    >>> clean("a\\u202eb\\x00 ")
    'ab'
    """
    if said.isprintable():  # then none of them is in it
        return said.strip()
    return INVISIBLE.sub("", UNPRINTABLE.sub("", said)).strip()


def fold(said: str) -> str:
    """
    One form for many spellings of a word or label.

    >>> fold(" Ouiii! ") == fold("OUI")
    True
    >>> fold("إِلغاء") == fold("الغاء")
    True
    """
    plain = clean(said).casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        plain = "".join([c for c in plain if not unicodedata.combining(c)]).translate(_LETTERS)
    return _TWICE.sub(_once, " ".join(plain.split()).strip(_EDGES))


def _once(letters: re.Match[str]) -> str:
    """A written template in its place would be read anew with every call."""
    return letters[1]


@lru_cache(maxsize=4096)
def fold_label(label: str) -> str:
    """`fold` of words of our own, which are few and come again with every message."""
    return fold(label)


def number(said: str) -> int | None:
    """
    The number a message is, in any script's digits; a closing dot or bracket, or a keycap, does not matter.

    >>> number("٣."), number("3️⃣"), number("3 links")
    (3, 3, None)
    """
    plain = clean(said).replace("\ufe0f", "").replace("\u20e3", "").strip(_EDGES)
    if not 0 < len(plain) <= 3 or not all(c.isdigit() and unicodedata.digit(c, None) is not None for c in plain):
        return None
    return int("".join(str(unicodedata.digit(c)) for c in plain))
