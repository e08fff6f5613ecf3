"""
What a form from Twilio's WhatsApp says, in no channel's words.

`From` is opaque: a phone, a business-scoped id, or what Meta thinks of next. Nothing is read out of it but its kind
(platform.md C2); Twilio adds fields without notice, and unknown ones are passed over.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneNumber, region_code_for_number

from bot.channel import Alias, Arrival, Inbound
from conversations.model import Media, Message, Place

NAME = "whatsapp"
PREFIX = "whatsapp:"
PHONE = re.compile(r"\+[1-9][0-9]{6,14}")
CALLING_CODES = (2, 3, 4)  # where a calling code may end after the plus; none begins with another
BSUID = re.compile(r"[A-Z]{2}(\.ENT)?\.[A-Za-z0-9]{1,128}")
LONGEST_ADDRESS = 160
ANSWER = re.compile(r"(?!00)[0-9a-f]{66}|[0-9a-f]{32}")  # an answer's pseudonym, or a notice's id
ARRIVED, LOST = ("sent", "delivered", "read"), ("failed", "undelivered")
MOST_MEDIA = 10  # Twilio's own limit for one message
MEDIA = tuple((f"MediaUrl{number}", f"MediaContentType{number}") for number in range(MOST_MEDIA))
KIND = re.compile(r"[a-z_]{2,32}")
KINDS = (  # how a media type begins, and what we call it: WhatsApp's stickers are WebP, its photos are not
    ("image/webp", "sticker"),
    ("image/", "photo"),
    ("audio/ogg", "voice"),
    ("audio/", "audio"),
    ("video/", "video"),
    ("text/vcard", "contact"),
    ("text/x-vcard", "contact"),
)


def inbound(form: Mapping[str, str]) -> Inbound | None:
    """One message; None for a delivery receipt. Raises ValueError when it says neither who sent it nor which it is."""
    if "MessageStatus" in form and "Body" not in form:
        return None
    delivery, address = form.get("MessageSid", ""), form.get("From", "")
    if not delivery or not address.startswith(PREFIX) or not len(PREFIX) < len(address) <= LONGEST_ADDRESS:
        raise ValueError("no message id, or no sender")
    return Inbound(NAME, delivery, _aliases(address, form.get("ExternalUserId", "")), address, _message(form, address))


def arrival(form: Mapping[str, str], answer: str) -> Arrival | None:
    """What a delivery receipt says of the answer that its address names; None where it names none, or says nothing yet."""
    status = form.get("MessageStatus", "")
    if not ANSWER.fullmatch(answer) or status not in (*ARRIVED, *LOST):
        return None
    code = form.get("ErrorCode", "") if status in LOST else ""
    known = code if code.isascii() and code.isdecimal() and len(code) < 8 else "unknown"
    return Arrival(NAME, f"{form.get('MessageSid', '')} {status}", answer, known if status in LOST else "")


def _aliases(address: str, external: str) -> tuple[Alias, ...]:
    names = (name.removeprefix(PREFIX) for name in (address, external) if name)
    return tuple(dict.fromkeys(Alias(_kind(name), name) for name in names))


def _kind(name: str) -> str:
    if PHONE.fullmatch(name):
        return "phone"
    return "bsuid" if BSUID.fullmatch(name) else "id"


def _message(form: Mapping[str, str], address: str) -> Message:
    """
    A press carries its key beside the words that the button shows.

    Of a list some payloads are said to hold the key in `Body` (platform.md C1): then the title is what was said.
    """
    choice = form.get("ButtonPayload") or form.get("ListId") or ""
    text = form.get("Body", "")
    if choice:
        text = form.get("ButtonText") or form.get("ListTitle") or text
    place, media = _place(form), tuple(_media(form))
    if not (text or choice or place or media):
        media = (Media(_unread(form.get("MessageType", "")), ""),)
    return Message(
        text=text,
        choice=choice,
        place=place,
        media=media,
        forwarded="true" in (form.get("Forwarded"), form.get("FrequentlyForwarded")),
        country=country(address.removeprefix(PREFIX)),
    )


def _media(form: Mapping[str, str]) -> Iterator[Media]:
    for name, kind in MEDIA:
        if handle := form.get(name):
            mime = form.get(kind, "")
            yield Media(_called(mime.lower()), handle, 0, mime)


def _called(mime: str) -> str:
    return next((kind for begins, kind in KINDS if mime.startswith(begins)), "document")


def _unread(kind: str) -> str:
    """A message with nothing in it that we can read: Twilio may say what it was."""
    return kind if kind != "text" and KIND.fullmatch(kind) else "unknown"


def _place(form: Mapping[str, str]) -> Place | None:
    latitude, longitude = _degrees(form.get("Latitude", "")), _degrees(form.get("Longitude", ""))
    return Place(latitude, longitude) if latitude is not None and longitude is not None else None


def _degrees(written: str) -> float | None:
    try:
        angle = float(written)
    except ValueError:
        return None
    return angle if math.isfinite(angle) else None


def country(phone: str) -> str:
    """
    The country of a phone number, "" where there is none: a business-scoped id is never read for one.

    >>> country("+212612345678"), country("MA.13491208655302741918")
    ('MA', '')
    """
    if not PHONE.fullmatch(phone):
        return ""
    code = next((phone[1:end] for end in CALLING_CODES if int(phone[1:end]) in COUNTRY_CODE_TO_REGION_CODE), "")
    if not code:
        return ""
    rest = phone[1 + len(code) :]
    number = PhoneNumber(int(code), int(rest), italian_leading_zero=rest.startswith("0"))
    region = region_code_for_number(number)
    return region if region and region.isalpha() else ""
