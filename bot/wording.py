"""
A named sentence and a locale become words.

Catalogues are read from their .po files, so that what is spoken is what translators see. Foreign runs (a link, a code, a
name) are isolated, or they tear a right-to-left line apart (platform.md E).
"""

from __future__ import annotations

import io
from collections.abc import Iterable
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
from conversations.memory import packed, unpacked
from conversations.model import Choice, Line, Ltr, Own, Say, Value
from conversations.texts import Sentence

LOCALES = Path(__file__).resolve().parent.parent / "locales"
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
    return _ours(locale, english) if isinstance(english, Sentence) else _translated(locale, english)


@lru_cache(maxsize=8192)  # every sentence in every language: there are no others
def _ours(locale: str, english: Sentence) -> str:
    return _translated(locale, english)


def _translated(locale: str, english: str) -> str:
    found: str = _catalogue(locale).gettext(str(english)) if english else ""
    return found


def translate(locale: str, english: str, **values: Value | str) -> str:
    """The sentence in the language with its values in it, isolated where direction asks for it."""
    return _filled(locale, english, values.items())


def words(say: Say) -> Words:
    """One message of ours in its language. Paragraphs are parted by an empty line."""
    return Words(
        text="".join([_paragraph(say.locale, say.beside, line) for line in say.lines]).strip(),
        locale=say.locale,
        choices=_buttons(say.locale, say.choices),
        commands=_commands(say.locale, say.commands),
        open=say.open,
        placeholder=sentence(say.locale, say.placeholder or ""),
        last=say.last,
    )


def to_json(said: Words) -> bytes:
    """Words as JSON, to be kept and given again."""
    return packed(said)


def from_json(kept: bytes) -> Words:
    """The words that were kept."""
    found = unpacked(kept)
    for name in ("choices", "commands"):
        found[name] = tuple(Button(**button) for button in found[name])
    found["earlier"] = tuple(found.get("earlier", ()))  # answers kept by an earlier version have none
    return Words(**found)


def _sayable(line: Line) -> bool:
    """A sentence that names what this operator does not have (a number left empty) is not said."""
    if not (names := _names(line.text)):
        return True
    known = dict(line.values)
    return all(known.get(name) not in (None, "") for name in names)


@lru_cache(maxsize=1024)
def _names(text: str) -> tuple[str, ...]:
    """What stands in a sentence's braces."""
    return tuple(name for _, name, _, _ in Formatter().parse(text) if name)


def _paragraph(locale: str, beside: str, line: Line) -> str:
    return _laid_out(locale, beside, line) if line.values else _our_paragraph(locale, beside, line)


@lru_cache(maxsize=8192)  # of sentences that hold nothing but our own words
def _our_paragraph(locale: str, beside: str, line: Line) -> str:
    return _laid_out(locale, beside, line)


def _laid_out(locale: str, beside: str, line: Line) -> str:
    """A sentence; right below it the same in the second language, where it is grave and the first is a draft."""
    if not _sayable(line):
        return ""
    shown = _filled(locale, line.text, line.values)
    if beside and line.text in GRAVE:
        shown += "\n" + _filled(beside, line.text, line.values)
    return ("\n" if line.close else "\n\n") + UNPRINTABLE.sub("", shown)


def _filled(locale: str, english: str, values: Iterable[tuple[str, Value | str]]) -> str:
    said = sentence(locale, english)
    return said.format_map({name: _shown(locale, value) for name, value in values}) if "{" in said else said


def _buttons(locale: str, choices: Iterable[Choice]) -> tuple[Button, ...]:
    return tuple([
        _our_button(locale, choice) if isinstance(choice.label, Sentence) else _button(locale, choice)
        for choice in choices
    ])  # fmt: skip


@lru_cache(maxsize=256)  # all of them are ours
def _commands(locale: str, commands: tuple[Choice, ...]) -> tuple[Button, ...]:
    return _buttons(locale, commands)


@lru_cache(maxsize=2048)  # all that can be pressed, in every language; a citizen's reference is none of ours
def _our_button(locale: str, choice: Choice) -> Button:
    return _button(locale, choice)


def _button(locale: str, choice: Choice) -> Button:
    return Button(sentence(locale, choice.label), choice.key, choice.asks, sentence(locale, choice.hint or ""))


def _shown(locale: str, value: Value | str) -> str:
    if isinstance(value, Sentence):
        return sentence(locale, value)
    if isinstance(value, Ltr):
        return f"{LRI}{value}{PDI}" if right_to_left(locale) else str(value)
    if isinstance(value, Own):
        return f"{FSI}{value}{PDI}" if right_to_left(locale) or not value.isascii() else str(value)
    return str(value)
