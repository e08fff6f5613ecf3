"""
A named sentence and a locale become words.

Catalogues are read from their .po files, so that what is spoken is what translators see. Foreign runs (a link, a code, a
name) are isolated, or they tear a right-to-left line apart (platform.md E).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from string import Formatter

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from bot.channel import Button, Words
from conversations.fold import UNPRINTABLE
from conversations.grave import GRAVE
from conversations.memory import packed
from conversations.model import Choice, Line, Ltr, Own, Say, Value
from conversations.texts import Sentence

LOCALES = Path(__file__).resolve().parent.parent / "locales"
WORDS, BUTTON = (tuple(field.name for field in fields(kind)) for kind in (Words, Button))
LRI, FSI, PDI = "\u2066", "\u2068", "\u2069"


def available() -> tuple[str, ...]:
    """Languages that have a catalogue, and English, which needs none."""
    return tuple(sorted({"en", *(path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/iblagh.po"))}))


@lru_cache
def right_to_left(locale: str) -> bool:
    return Locale.parse(locale).text_direction == "rtl"


@lru_cache
def _catalogue(locale: str) -> Translations:
    path = LOCALES / locale / "LC_MESSAGES" / "iblagh.po"
    if not path.exists():
        return Translations()
    with path.open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=locale), use_fuzzy=False)
    compiled.seek(0)
    return Translations(compiled)


def sentence(locale: str, english: str) -> str:
    """The sentence in the language, its braces untouched; the English itself where no catalogue has it."""
    found: str = _catalogue(locale).gettext(str(english)) if english else ""
    return found


def translate(locale: str, english: str, **values: Value | str) -> str:
    """The sentence in the language with its values in it, isolated where direction asks for it."""
    shown = {name: _shown(locale, value) for name, value in values.items()}
    return sentence(locale, english).format_map(shown)


def words(say: Say) -> Words:
    """One message of ours in its language. Paragraphs are parted by an empty line."""
    return Words(
        text=UNPRINTABLE.sub("", "".join(_paragraph(say, line) for line in say.lines if _sayable(line))).strip(),
        locale=say.locale,
        choices=_buttons(say.locale, say.choices),
        commands=_buttons(say.locale, say.commands),
        open=say.open,
        placeholder=sentence(say.locale, say.placeholder or ""),
        last=say.last,
    )


def to_json(said: Words) -> bytes:
    """Words as JSON, to be kept and given again."""
    kept = {name: getattr(said, name) for name in WORDS}
    for name in ("choices", "commands"):
        kept[name] = [{part: getattr(button, part) for part in BUTTON} for button in kept[name]]
    return packed(kept)


def from_json(kept: bytes) -> Words:
    """The words that were kept."""
    found = json.loads(kept)
    for name in ("choices", "commands"):
        found[name] = tuple(Button(**button) for button in found[name])
    found["earlier"] = tuple(found.get("earlier", ()))  # answers kept by an earlier version have none
    return Words(**found)


def _sayable(line: Line) -> bool:
    """A sentence that names what this operator does not have (a number left empty) is not said."""
    known = dict(line.values)
    return all(known.get(name) not in (None, "") for name in _names(line.text))


@lru_cache(maxsize=1024)
def _names(text: str) -> tuple[str, ...]:
    """What stands in a sentence's braces."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name)


def _paragraph(say: Say, line: Line) -> str:
    """A sentence; right below it the same in the second language, where it is grave and the first is a draft."""
    locales = (say.locale, say.beside) if say.beside and line.text in GRAVE else (say.locale,)
    shown = (translate(locale, line.text, **dict(line.values)) for locale in locales)
    return ("\n" if line.close else "\n\n") + "\n".join(shown)


def _buttons(locale: str, choices: Iterable[Choice]) -> tuple[Button, ...]:
    return tuple(
        Button(sentence(locale, choice.label), choice.key, choice.asks, sentence(locale, choice.hint or ""))
        for choice in choices
    )


def _shown(locale: str, value: Value | str) -> str:
    if isinstance(value, Sentence):
        return sentence(locale, value)
    if isinstance(value, Ltr):
        return f"{LRI}{value}{PDI}" if right_to_left(locale) else str(value)
    if isinstance(value, Own):
        return f"{FSI}{value}{PDI}" if right_to_left(locale) or not value.isascii() else str(value)
    return str(value)
