"""
Which language to begin in: the script, a greeting or a word of the first message, else the client's language, else the phone's country.
"""

from __future__ import annotations

from collections.abc import Iterator

from conversations.fold import clean
from conversations.model import Given, Message
from conversations.words import language_of, meant

# Languages that CLDR or the platforms name otherwise; all of them are answered in what their speakers read.
_SAME = {"ary": "ar", "arq": "ar", "shi": "zgh", "tzm": "zgh", "rif": "zgh", "ber": "zgh", "ca": "es", "gl": "es"}

_COUNTRIES = {
    "ar": "MA DZ TN LY EG MR SD SA AE QA KW BH OM YE JO LB SY IQ PS",
    "fr": "FR BE CH LU MC SN CI ML GN CM GA CD BF NE TG BJ MG",
    "es": "ES MX AR CO CL PE VE EC BO UY PY CR PA GT HN SV NI DO CU PR",
}


def guess(message: Message, given: Given) -> str:
    """One of the offered languages, always."""
    return next((hint for hint in _hints(message) if hint in given.languages), given.languages[0])


def _hints(message: Message) -> Iterator[str]:
    yield _by_script(message.text)
    yield language_of(message.text)
    yield _by_greeting(message.text)
    yield _by_tag(message.language)
    yield _by_country(message.country)


def _by_script(said: str) -> str:
    if said.isascii():
        return ""
    letters = [c for c in clean(said) if c.isalpha()]
    if sum("\u2d30" <= c <= "\u2d7f" for c in letters) * 2 > len(letters):
        return "zgh"
    return "ar" if sum("\u0600" <= c <= "\u06ff" for c in letters) * 2 > len(letters) else ""


def _by_greeting(said: str) -> str:
    """
    The language of the greeting that a longer message begins with. "Salam" says nothing: people greet so in French too.

    >>> _by_greeting("Bonjour, je veux signaler quelque chose"), _by_greeting("salam je veux signaler un compte")
    ('fr', '')
    """
    first = said.split(maxsplit=1)[0] if said.strip() else ""
    found = language_of(first) if meant(first, ("greeting",), "") else ""
    return "" if found == "ar" else found


def _by_tag(tag: str) -> str:
    primary = tag.replace("_", "-").split("-")[0].lower()
    return _SAME.get(primary, primary)


def _by_country(country: str) -> str:
    """English for a phone from elsewhere; nothing where no country is known."""
    known = next((language for language, countries in _COUNTRIES.items() if country in countries.split()), "en")
    return known if country else ""
