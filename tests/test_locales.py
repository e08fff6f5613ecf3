"""Every language is whole: all sentences with their values, labels within every channel's limits, read back as meant."""

from __future__ import annotations

import io
import re
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from bot.card_texts import CardText, PressText
from bot.group_texts import GroupText
from bot.telegram_layout import LONGEST_NOTICE, LONGEST_PLACEHOLDER
from bot.wording import LOCALES, available, sentence
from conversations import screens, territory
from conversations.alarms import alarm
from conversations.categories import CHOICES
from conversations.commands import KEYS
from conversations.fold import INVISIBLE, fold
from conversations.labels import pressable
from conversations.model import Draft, Session, Step
from conversations.rights_texts import RightsText
from conversations.script import ASIDES, COMMANDS, LANGUAGES, RIGHTS, SCRIPT
from conversations.texts import Sentence, Text
from conversations.words import WORDS, meant

ROOT = LOCALES.parent
LOCALE_NAMES = available()
TRANSLATED = tuple(name for name in LOCALE_NAMES if name != "en")
SELF_NAMES = {choice.label for choice in LANGUAGES}
PLATFORM_NAMES = {label for key, (label, _) in screens.COPYING.items() if key != "web"}
NAMES = SELF_NAMES | PLATFORM_NAMES  # called the same in every language, so no catalogue has them
EVERY = (*Text, *RightsText, *CardText, *PressText, *GroupText)
LONGEST_LABEL, LONGEST_ROW, LONGEST_HINT = 20, 24, 72  # a quick reply, a list row, its description (platform.md C6)
MOST_ROWS = 10  # of a list (the same); more choices go as numbered text
LONGEST_BUTTON = 30  # what a whole row of a Telegram keyboard shows on a small phone
PLURALS = {  # a number and the form it takes; in Arabic 0, 1, 2, 3-10, 11-99 and the rest, in this order (platform.md E)
    "ar": {0: 0, 1: 1, 2: 2, 3: 3, 10: 3, 11: 4, 99: 4, 100: 5, 102: 5, 103: 3, 111: 4},
    "es": {0: 1, 1: 0, 2: 1},
    "fr": {0: 0, 1: 0, 2: 1},
    "zgh": {0: 0, 1: 0, 2: 0, 11: 0},
}
TALK_OF_DANGER = {
    "en": "he will kill me", "fr": "il va me tuer", "ar": "سيقتلني", "es": "me va a matar", "zgh": "ira ad iyi inɣ",
}  # fmt: skip

every_locale = pytest.mark.parametrize("locale", LOCALE_NAMES)
every_translation = pytest.mark.parametrize("locale", TRANSLATED)


@cache
def catalogue(locale: str) -> Catalog:
    with (LOCALES / locale / "LC_MESSAGES" / "iblagh.po").open("rb") as file:
        return read_po(file, locale=locale)


@cache
def template() -> frozenset[str]:
    with (LOCALES / "iblagh.pot").open("rb") as file:
        return frozenset(str(message.id) for message in read_po(file) if message.id)


def values(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_the_template_is_what_the_sources_say() -> None:
    said = {
        str(message)
        for room in ("bot", "conversations")
        for _, _, message, _, _ in extract_from_dir(ROOT / room, [("**.py", "python")], keywords={"N_": None})
    }
    assert template() == said
    assert said == {str(text) for text in EVERY} - NAMES


@every_translation
def test_a_catalogue_says_every_sentence_and_no_other(locale: str) -> None:
    known = catalogue(locale)
    assert not known.fuzzy
    assert {str(message.id) for message in known if message.id} == template()
    for message in known:
        assert not message.fuzzy, message.id
        assert not list(message.check(known)), message.id
        if message.id:
            assert isinstance(message.string, str) and message.string.strip(), message.id
            assert values(message.string) == values(str(message.id)), message.id


def test_a_draft_says_who_has_not_yet_read_it() -> None:
    header = catalogue("zgh").header_comment
    assert re.search("^# Reviewed-By:", header, re.M) and re.search("^# Review-Date:", header, re.M)


@every_translation
def test_a_number_takes_its_plural_form(locale: str) -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue(locale))
    compiled.seek(0)
    form = Translations(compiled).plural
    assert {number: form(number) for number in PLURALS[locale]} == PLURALS[locale]
    assert max(PLURALS[locale].values()) == catalogue(locale).num_plurals - 1


@every_locale
def test_what_is_pressed_fits_every_channel(locale: str) -> None:
    for choice in pressable():
        most = LONGEST_ROW if choice in CHOICES else LONGEST_LABEL
        assert 1 <= len(INVISIBLE.sub("", sentence(locale, choice.label))) <= most, choice.label
        assert len(sentence(locale, choice.hint or "")) <= LONGEST_HINT, choice.hint
    for row in (*SCRIPT.values(), *ASIDES.values()):
        assert len(sentence(locale, row.placeholder or "")) <= LONGEST_PLACEHOLDER
    for answer in PressText:
        assert len(sentence(locale, answer).format(number=10**6, name="N" * 64)) <= LONGEST_NOTICE, answer


@every_locale
def test_places_fit_every_channel(locale: str) -> None:
    for region in ("", *territory.REGIONS):
        step = Step.PROVINCE if region else Step.PLACE
        asked = Session(step, locale, "", "", Draft().answering(Step.PLACE, region))
        labels = [sentence(locale, choice.label) for choice in SCRIPT[step].pressable(asked)]
        assert len({fold(label) for label in labels}) == len(labels) > 2
        most = LONGEST_ROW if len(labels) <= MOST_ROWS else LONGEST_BUTTON
        assert [label for label in labels if not 1 <= len(label) <= most] == []


def test_a_label_names_one_thing_in_all_languages() -> None:
    named: dict[str, set[str]] = {}
    for locale in LOCALE_NAMES:
        for choice in pressable():
            named.setdefault(fold(sentence(locale, choice.label)), set()).add(choice.key)
    assert {label: keys for label, keys in named.items() if len(keys) > 1 or not label} == {}


@every_locale
def test_a_word_names_one_thing_at_each_step(locale: str) -> None:
    clashes = []
    for step, row in {**SCRIPT, **ASIDES}.items():
        named: dict[str, set[str]] = {}
        for choice in (*row.choices, *COMMANDS, *RIGHTS):
            typed = WORDS.get(choice.key, {}).get(locale, "").replace("،", ",").split(",")
            for word in {fold(sentence(locale, choice.label)), *map(fold, typed)} - {""}:
                named.setdefault(word, set()).add(choice.key)
        clashes += [(step, word, keys) for word, keys in named.items() if len(keys) > 1]
    assert clashes == []


@every_locale
def test_no_label_sounds_an_alarm(locale: str) -> None:
    assert alarm(TALK_OF_DANGER[locale])
    assert [choice.label for choice in pressable() if alarm(sentence(locale, choice.label))] == []


@every_locale
def test_words_that_sentences_tell_to_write_are_understood(locale: str) -> None:
    listed = re.split("[,،]", sentence(locale, Text.HELP_WORDS).split(":")[1])
    assert " ".join(meant(word, KEYS, locale) for word in listed) == "back stop language privacy status restart"
    told: dict[Sentence, str] = {
        Text.NOTICE_MORE: "privacy",
        **dict.fromkeys((Text.HELP_STOP, Text.PRIVACY_DRAFT), "stop"),
    }
    told |= {Text.SILENCE_SENDS: "stop", Text.UNFINISHED: "help stop"}
    told |= dict.fromkeys((Text.NEXT_ANONYMOUS, Text.NEXT_REACHABLE), "status")
    told |= {Text.NEVER_ASKED: "erase", RightsText.HELP_ERASE: "erase", RightsText.CHAT_TELEGRAM: "stop"}
    told |= {Text.PRIVACY_RIGHTS: "mydata correct object delete"}
    for text, key in told.items():
        quoted = re.findall('[«"]([^»"]+)[»"]', sentence(locale, text))
        assert [meant(word, KEYS, locale) for word in quoted] == key.split(), text
    pressed = dict.fromkeys((Text.KEPT_FIRST, Text.ASK_START), Text.CONTINUE)
    pressed |= dict.fromkeys((Text.ASK_DETAILS, Text.DETAILS_NOTED, Text.PLACE_DETAILS), Text.DONE)
    pressed |= dict.fromkeys((Text.LINK_SHORT, Text.LINK_PROFILE), Text.BACK)
    pressed |= {Text.PLACE_ANSWER: Text.SKIP, Text.IF_SILENT: Text.SEND_IF_SILENT}
    for text, label in pressed.items():
        assert sentence(locale, label) in sentence(locale, text), text


WRONG = {
    "ar": "[,;?%]|[٠-٩]|\\bأنت\\b|شكوى|البيانات|^\\W*[A-Za-z0-9]",  # singular is of one sex; starts in its own script
    "en": "[’«»]",
    "es": r"[«¿¡] | [»?!;:]|^[^¿]*\?|^[^¡]*!|[Dd]enunci(?!a se|a\.)",  # a report is never a complaint
    "fr": "[^\u202f][;:!?»]|«[^\u202f]|'|[ \u00a0][;:!?»]|[«] ",
    "zgh": "\\b(ⵏⵏⴽ|ⵏⵏⵎ|ⵖⵓⵔⴽ|ⵖⵓⵔⵎ|ⴷⴰⵔⴽ|ⴷⴰⵔⵎ)\\b| [;:!?»]|« ",  # no gendered "your"
}


@every_locale
def test_signs_are_those_of_the_language(locale: str) -> None:
    said = [sentence(locale, text) for text in EVERY if text not in NAMES]
    worded = [text for text in said if re.search("[^\\W0-9_]", re.sub(r"\{\w+\}", "", text))]
    found = [text for text in worded if re.search(WRONG[locale], re.sub(r"\{\w+\}", "0", text))]
    assert found == []
