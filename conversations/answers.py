"""
Reading what people type, tap, share or forward: a message becomes a clean value, or a refusal with its reason.

A refusal is a value. It never quotes more of what was said than a short name, and it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers

from conversations import codes
from conversations.fold import clean, fold, number
from conversations.links import LONGEST_LINK, find_handle, find_links
from conversations.model import Choice, Draft, Link, Ltr, Message, Own, Refusal
from conversations.texts import Text
from conversations.words import meant

LONGEST_DETAILS = 4000  # characters: one Telegram message at its longest (platform.md A4)
LONGEST_NAME = 80
MEAN_DONE = ("skip", "send")  # where answers add up, "nothing" and "send" also say that there is no more

EXAMPLE_LINK = Ltr("https://www.example.com/post/123")
EXAMPLE_PHONE = Ltr("0612345678")
EXAMPLE_EMAIL = Ltr("name@example.com")
EXAMPLE_REFERENCE = Ltr(codes.reference(0x1F3C59A2B47D0))

# A Moroccan national identity number (CIN): one or two letters of the issuing office, five to seven digits.
_CIN = re.compile(r"(?<![\w/.=@-])[A-Za-z]{1,2}[ .-]?[0-9٠-٩]{5,7}(?![\w/@-])")
_EMAIL = re.compile(r"[^\s@<>,;:\"']{1,64}@[^\s@<>,;:\"']{1,190}\.[^\s@<>.,;:\"'\d]{2,24}")


def read_choice(
    message: Message, choices: Sequence[Choice], locale: str, labels: dict[str, str], numbered: bool
) -> str:
    """
    The key of the choice that was pressed, numbered or named, or "".

    `labels` maps folded labels of every offered language to keys. Digits choose only where choices are numbered.
    """
    keys = [choice.key for choice in choices]
    if message.choice:
        return message.choice if message.choice in keys else ""
    chosen = number(message.text) if numbered else None
    if chosen is not None:
        return keys[chosen - 1] if 1 <= chosen <= len(keys) else ""
    said = _without_number(message.text) if numbered else message.text
    named = labels.get(fold(said), "")
    return named if named in keys else _named(said, keys, locale)


def _named(said: str, keys: Sequence[str], locale: str) -> str:
    word = fold(said)
    if word in keys:
        return word
    found = meant(said, (*keys, *MEAN_DONE) if "done" in keys else keys, locale)
    return "done" if found in MEAN_DONE and found not in keys else found


def _without_number(said: str) -> str:
    """A choice copied with its number, "3. Scam", is the choice."""
    return re.sub(r"^\s*\d{1,2}\s*[.):-]\s*", "", clean(said))


def read_links(message: Message, draft: Draft) -> tuple[Link, ...] | Refusal:
    """The links of a message: typed, marked by the platform, or given by a forwarded post's origin."""
    if found := find_links(message.text, message.links):
        return found
    if handle := find_handle(message.text):
        return Refusal(Text.REFUSE_HANDLE, (("handle", Ltr(f"@{handle[:40]}")),))
    if any(len(word) > LONGEST_LINK for word in message.text.split()):
        return Refusal(Text.REFUSE_LINK_LONG, (("most", LONGEST_LINK),))
    return unreadable(message) or Refusal(Text.REFUSE_LINK, (("example", EXAMPLE_LINK),))


def read_details(message: Message, draft: Draft) -> str | Refusal:
    """The whole account so far with this message added; a typed identity number is blanked before anything is kept."""
    said = blank_identity_number(clean(message.text))
    if not said:
        return unreadable(message) or Refusal(Text.REFUSE_EMPTY)
    together = f"{draft.details}\n{said}" if draft.details else said
    if len(together) > LONGEST_DETAILS:
        return Refusal(Text.REFUSE_LONG, (("most", LONGEST_DETAILS),))
    return together


def read_name(message: Message, draft: Draft) -> str | Refusal:
    """A person's name: letters of any script, and not a link or an identity number."""
    said = " ".join(clean(message.text).split())
    if not said and message.contact:
        said = " ".join(clean(message.contact.name).split())
    if _CIN.search(said):
        return Refusal(Text.REFUSE_CIN)
    letters = sum(c.isalpha() for c in said)
    if letters < 2 or len(said) > LONGEST_NAME or find_links(said):
        return unreadable(message) or Refusal(Text.REFUSE_NAME, (("example", Own("Amina Alaoui")),))
    return said


def read_contact(message: Message, draft: Draft) -> str | Refusal:
    """
    A phone number in international form or an e-mail address, typed or shared.

    >>> read_contact(Message(text="06 12 34 56 78"), Draft())
    '+212612345678'
    """
    said = message.contact.phone if message.contact else clean(message.text)
    if email := _EMAIL.search(said):
        return email.group()
    for match in phonenumbers.PhoneNumberMatcher(_western(said), "MA"):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
    if _CIN.search(said):
        return Refusal(Text.REFUSE_CIN)
    return unreadable(message) or Refusal(Text.REFUSE_CONTACT, (("phone", EXAMPLE_PHONE), ("email", EXAMPLE_EMAIL)))


def read_reference(message: Message, draft: Draft) -> str | Refusal:
    """The reference that was meant, in its one spelling."""
    found = codes.read_reference(message.text)
    return found or unreadable(message) or Refusal(Text.REFUSE_REFERENCE, (("example", EXAMPLE_REFERENCE),))


def blank_identity_number(said: str) -> str:
    """
    The words without a national identity number (domain.md 7).

    >>> blank_identity_number("ma CIN est AB123456.")
    'ma CIN est ▒▒▒▒▒▒.'
    """
    return _CIN.sub("▒▒▒▒▒▒", said)


def unreadable(message: Message) -> Refusal | None:
    """Why a message without words cannot be an answer; None if it has words."""
    if clean(message.text):
        return None
    return Refusal(Text.REFUSE_MEDIA if message.media else Text.REFUSE_EMPTY)


def misfit(message: Message) -> Refusal:
    """Why a message is none of the choices."""
    if message.choice:
        return Refusal(Text.REFUSE_BUTTON)
    return Refusal(Text.REFUSE_MEDIA) if message.media and not clean(message.text) else Refusal(Text.REFUSE_CHOICE)


def _western(said: str) -> str:
    return "".join(str(int(c)) if c.isdecimal() else c for c in said)
