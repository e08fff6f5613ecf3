"""
Reading what people type, tap, share or forward: a message becomes a clean value, or a refusal with its reason.

A refusal is a value. It never quotes more of what was said than a short name, and it changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from types import MappingProxyType

import phonenumbers

from conversations import codes, identity_number, territory
from conversations.changed import changed
from conversations.fold import clean, fold, fold_label, number
from conversations.links import LONGEST_LINK, find_handle, find_links
from conversations.model import Choice, Draft, Ltr, Message, Own, Refusal, Step
from conversations.territory import Province
from conversations.texts import Text
from conversations.words import named

LONGEST_DETAILS = 4000  # characters: one Telegram message at its longest (platform.md A4)
LONGEST_ANSWER = 500
LONGEST_NAME = 80
MOST_NAMED = 5  # places that a refusal names
# Where there is no such choice, the word for the first means the second: "no" to a question that can be passed over.
ALSO = MappingProxyType({"no": "skip", "skip": "done", "send": "done"})

EXAMPLE_LINK = Ltr("https://www.example.com/post/123")
EXAMPLE_SEEN = Own("TikTok, @account.name")
EXAMPLE_PHONE = Ltr("0612345678")
EXAMPLE_EMAIL = Ltr("name@example.com")
EXAMPLE_REFERENCE = Ltr(codes.reference(0x1F3C59A2B47D0))

_NUMBER = re.compile(r"^\s*\d{1,2}\s*[.):-]\s*")
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
    word = fold(_without_number(message.text) if numbered else message.text)
    for choice in choices:
        if fold_label(choice.label) == word:
            return choice.key
    known = labels.get(word, "")
    return known if known in keys else _named(word, keys, locale)


def _named(word: str, keys: Sequence[str], locale: str) -> str:
    joined = word.replace(" ", "_")
    for key in keys:
        if fold_label(key) == joined:
            return key
    also = {key: goal for key, goal in ALSO.items() if goal in keys and key not in keys}
    found = named(word, (*keys, *also), locale)
    return also.get(found, found)


def _without_number(said: str) -> str:
    """A choice copied with its number, "3. Scam", is the choice."""
    return _NUMBER.sub("", clean(said))


def read_links(message: Message, draft: Draft) -> Draft | Refusal:
    """The links of a message: typed, marked by the platform, or given by a forwarded post's origin."""
    if found := find_links(message.text, message.links):
        return changed(draft, links=found).answering(Step.SEEN, "")
    if handle := find_handle(message.text):
        return Refusal(Text.REFUSE_HANDLE, (("handle", Ltr(f"@{handle[:40]}")),))
    if any(len(word) > LONGEST_LINK for word in message.text.split()):
        return Refusal(Text.REFUSE_LINK_LONG, (("most", LONGEST_LINK),))
    return unreadable(message) or Refusal(Text.REFUSE_LINK, (("example", EXAMPLE_LINK),))


def read_seen(message: Message, draft: Draft) -> Draft | Refusal:
    """Where it was seen, in words; a link or an account with its app is a link after all."""
    if found := find_links(message.text, message.links):
        return changed(draft, links=found).answering(Step.SEEN, "")
    said = _words(message, LONGEST_ANSWER)
    if isinstance(said, Refusal):
        return said
    if sum(c.isalnum() for c in said) < 4:
        return Refusal(Text.REFUSE_SEEN, (("example", EXAMPLE_SEEN),))
    return changed(draft, links=()).answering(Step.SEEN, said)  # a link that stood in an earlier answer is taken back


def read_words(step: Step) -> Callable[[Message, Draft], Draft | Refusal]:
    """A reader that keeps a short answer in the citizen's own words under the step's name."""

    def read(message: Message, draft: Draft) -> Draft | Refusal:
        said = _words(message, LONGEST_ANSWER)
        return said if isinstance(said, Refusal) else draft.answering(step, said)

    return read


def read_place(message: Message, draft: Draft) -> Draft | Refusal:
    """A province by its first letters in any language, or the province of a shared place, of which nothing else is kept."""
    if message.place:
        found = territory.at(*message.place)  # abroad, or too far from any town that we know: they say which
        return (
            draft.answering(Step.PLACE, found.key) if found else Refusal(Text.REFUSE_PLACE, (("example", Own("Casa")),))
        )
    several = territory.find(clean(message.text)[:LONGEST_NAME])
    if len(several) == 1:
        return draft.answering(Step.PLACE, several[0].key)
    if several:
        return Refusal(Text.REFUSE_PLACES, (("places", Own(_listed(several, message.text))),))
    return unreadable(message) or Refusal(Text.REFUSE_PLACE, (("example", Own("Casa")),))


def _listed(several: Sequence[Province], said: str) -> str:
    """A few places by the names of the script that was typed."""
    arabic = any("\u0600" <= sign <= "\u06ff" for sign in said)
    return ("، " if arabic else ", ").join(place.ar if arabic else place.fr for place in several[:MOST_NAMED])


def read_details(message: Message, draft: Draft) -> Draft | Refusal:
    """The whole account so far with this message added; a typed identity number is blanked before anything is kept."""
    said = identity_number.blanked(clean(message.text))
    if not said:
        return unreadable(message) or Refusal(Text.REFUSE_EMPTY)
    together = f"{draft.details}\n{said}" if draft.details else said
    if len(together) > LONGEST_DETAILS:
        return Refusal(Text.REFUSE_LONG, (("most", LONGEST_DETAILS),))
    return changed(draft, details=together)


def read_name(message: Message, draft: Draft) -> Draft | Refusal:
    """A person's name: letters of any script, and not a link or an identity number. One's own contact card brings its name."""
    if _of_another(message):
        return Refusal(Text.REFUSE_CARD)
    said = " ".join(clean(message.text or (message.contact.name if message.contact else "")).split())
    if identity_number.holds(said):
        return Refusal(Text.REFUSE_CIN)
    letters = sum(c.isalpha() for c in said)
    if letters < 2 or len(said) > LONGEST_NAME or find_links(said):
        return unreadable(message) or Refusal(Text.REFUSE_NAME, (("example", Own("Amina Alaoui")),))
    return changed(draft, name=said)


def read_contact(message: Message, draft: Draft) -> Draft | Refusal:
    """
    A phone number in international form or an e-mail address, typed, or shared as one's own: nobody's else is taken.

    >>> read_contact(Message(text="06 12 34 56 78"), Draft()).contact
    '+212612345678'
    """
    if _of_another(message):
        return Refusal(Text.REFUSE_CARD)
    said = message.contact.phone if message.contact else clean(message.text)
    if email := _EMAIL.search(said):
        return changed(draft, contact=email.group())
    for match in phonenumbers.PhoneNumberMatcher(_western(said), "MA"):
        phone = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        return changed(draft, contact=phone)
    if identity_number.holds(said):
        return Refusal(Text.REFUSE_CIN)
    return unreadable(message) or Refusal(Text.REFUSE_CONTACT, (("phone", EXAMPLE_PHONE), ("email", EXAMPLE_EMAIL)))


def read_reference(message: Message, draft: Draft) -> Draft | Refusal:
    """Whether a reference was meant; the engine looks it up, nothing is kept of it."""
    if codes.read_reference(message.text):
        return draft
    return unreadable(message) or Refusal(Text.REFUSE_REFERENCE, (("example", EXAMPLE_REFERENCE),))


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


def _of_another(message: Message) -> bool:
    """Whether a contact card was shared that is not the sender's own, as the platform knows it."""
    return message.contact is not None and not message.contact.own


def _words(message: Message, most: int) -> str | Refusal:
    card = f"{message.contact.name} {message.contact.phone}" if message.contact else ""
    said = identity_number.blanked(clean(message.text or card))
    if not said:
        return unreadable(message) or Refusal(Text.REFUSE_EMPTY)
    return said if len(said) <= most else Refusal(Text.REFUSE_LONG, (("most", most),))


def _western(said: str) -> str:
    return "".join(str(int(c)) if c.isdecimal() else c for c in said)
