"""
Accounts named without an address: "@name on tiktok", "compte insta: name_1", "واتساب +212 …".

A name alone says nothing: the same one is somebody else on every platform. A name beside a platform's word is an
account there, and becomes the address of that account.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import phonenumbers

from conversations.canonical import Reading, profile, read_address
from conversations.spotting import Sighting, plain

# What people call the platforms, in the languages that write to us; the longest forms need not come first.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "tiktok": "tik[ -]?tok|titok|تيك ?توك|تك ?توك|ⵜⵉⴽ ?ⵜⵓⴽ",
        "instagram": "instagram|instagrame|insta|ig|[إاأ]نست[غجق]رام|[إاأ]نستا|ⵉⵏⵙⵜⴰⴳⵔⴰⵎ|ⵉⵏⵙⵜⴰ",
        "facebook": "facebook|face ?book|fb|face|فا?يس ?بوك|فيس|ⴼⵉⵙⴱⵓⴽ|ⴼⴰⵢⵙⴱⵓⴽ",
        "youtube": "youtube|you tube|yt|يوتي?وب|ⵢⵓⵜⵓⴱ",
        "x": "twitter|x|تويتر|منصة [إا]كس|ⵜⵡⵉⵜⵔ",
        "telegram": "t[eé]l[eé]gramm?e?|tg|ت[يل]{1,2}[يل]?[غجق]رام|ⵜⵉⵍⵉⴳⵔⴰⵎ",
        "snapchat": "snapchat|snap|سناب ?شات|سناب|ⵙⵏⴰⴱ|ⵙⵏⴰⴱⵛⴰⵜ",
        "threads": "threads|ثريدز",
    }
)
_WHATSAPP = "whats ?app|whats|wats?app|wtsp|wsp|وا?تس ?[اآأ]?ب|واتس|ⵡⴰⵜⵙⴰⴱ"

_NAME = r"[A-Za-z0-9_](?:[\w.-]{0,48}\w)?"
_NAME_ENDS = r"(?=[\s,;!)»،؛]|\.(?!\w)|$)"
_AT = rf"(?<![\w@./\\=&%+-])@\ ?(?P<at>{_NAME})(?![\w@])"
_OF = (
    r"(?:compte|account|profile?|page|cuenta|usuario|user(?:name)?|handle|pseudo|nom|name|channel|canal|cha[iî]ne"
    r"|حساب|الحساب|صفحة|قناة|اسم|المعرف|ⴰⵎⵉⴹⴰⵏ)"
)
_ON = r"(?:sur|on|en|de|du|dans|in|at|from|of|f|fi|fe|dyal|ف|في|على|عبر|ديال|من|ⴳ|ⵖ|ⵏ|ⵖⴼ)"
_ARTICLE = r"(?:l['’]|le |the |la |el |ال)?"
_CLITIC = r"(?:[فبل]?ال|[فبل])?"  # Arabic writes "in" and "the" onto the word: فالتيكتوك
_GAP = r"[\s,:=«\"'()–-]{0,4}"
_ACCOUNT = rf"(?:{_OF}\b{_GAP}){{0,2}}"


def _beside(words: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A name behind the platform's word, before it, and behind it without the at sign."""
    word = _word(words)
    behind = rf"{word}{_GAP}{_ACCOUNT}(?:{_ON}\s{{1,2}})?{_AT}"
    before = rf"{_AT}{_GAP}(?:{_ON}\s{{1,2}}{_ARTICLE})?{_ACCOUNT}(?:{_ON}\s)?{_ARTICLE}{word}"
    bare = rf"(?P<of>(?<!\w){_OF}\s(?:{_ON}\s)?)?{word}\s?(?P<too>{_OF})?\s?[:=]\s?(?P<at>{_NAME}){_NAME_ENDS}"
    return re.compile(behind, re.I), re.compile(before, re.I), re.compile(bare, re.I)


def _word(words: str) -> str:
    return rf"(?<!\w){_CLITIC}(?:{words})(?![\w@]|\.\w)"


@cache
def _any_word() -> re.Pattern[str]:
    """Where no platform is named, no account is."""
    return re.compile(_word("|".join(WORDS.values())), re.I)


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]]:
    return {name: _beside(words) for name, words in WORDS.items()}


_MARK = re.compile(r"[@:=]")  # one of them stands in whatever names an account
_BARE_HANDLE = re.compile(_AT)
_PHONE = re.compile(r"(?<!\w)(?:\+|00)\ ?[1-9][\d\ ().-]{6,20}\d(?!\w)")
_WHATSAPP_WORD = re.compile(rf"(?<!\w){_CLITIC}(?:{_WHATSAPP})(?!\w)", re.I)


def named_accounts(text: str) -> Iterator[Sighting]:
    """Every account that a cleaned text names together with its platform; one name belongs to one platform."""
    typed = plain(text)
    if _MARK.search(typed) and _any_word().search(typed):
        yield from _beside_a_word(text, typed)
    yield from _whatsapp_numbers(text, typed)


def _beside_a_word(text: str, typed: str) -> Iterator[Sighting]:
    taken: set[int] = set()
    for nearest in (1, 0, 2):  # "@a sur tiktok et @b sur insta": what follows a name is nearer than what precedes
        for platform, patterns in _patterns().items():
            for match in patterns[nearest].finditer(typed):
                reading = profile(platform, match["at"].rstrip(".-"))
                if reading is None or match.start("at") in taken or (nearest == 2 and not _is_name(typed, match)):
                    continue
                taken.add(match.start("at"))
                start = match.start("at") - (nearest < 2)
                yield Sighting(start, match.end("at"), text[match.start() : match.end()], reading)


def bare_handle(text: str) -> str:
    """The first @name of a cleaned text, without its sign, or ""."""
    match = _BARE_HANDLE.search(plain(text))
    return match["at"].rstrip(".-") if match else ""


def _is_name(typed: str, match: re.Match[str]) -> bool:
    """A word behind "insta:" is a name if no sentence has such words, or if it ends a line about an account."""
    name, after = match["at"], typed[match.end() :].partition("\n")[0]
    told = match["of"] or match["too"]
    return any(sign in "_.0123456789" for sign in name) or (bool(told) and not after.strip(" .,;!)"))


def _whatsapp_numbers(text: str, typed: str) -> Iterator[Sighting]:
    """International numbers in a line that speaks of WhatsApp."""
    start = 0
    for line in typed.split("\n"):
        numbers = _PHONE.finditer(line) if _WHATSAPP_WORD.search(line) else ()
        for match in numbers:
            reading = _whatsapp_account(match[0])
            if reading is not None:
                first, last = start + match.start(), start + match.end()
                yield Sighting(first, last, text[first:last], reading)
        start += len(line) + 1


def _whatsapp_account(written: str) -> Reading | None:
    digits = "".join(sign for sign in written if sign.isdigit()).removeprefix("00")
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return None
    return read_address(f"https://wa.me/{digits}") if phonenumbers.is_valid_number(number) else None
