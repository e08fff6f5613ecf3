"""What is kept by name, and how cards call it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.card_texts import CardText
from bot.wording import sentence
from conversations import territory
from conversations.cases import Outcome, State
from conversations.model import Own, Value
from conversations.router import Service
from conversations.texts import Text

SEVERITIES = (CardText.NORMAL, CardText.HIGH, CardText.CRITICAL)
LANGUAGES = {"ar": Text.ARABIC, "en": Text.ENGLISH, "es": Text.SPANISH, "fr": Text.FRENCH, "zgh": Text.TAMAZIGHT}
NAMES = {  # what channels and platforms call themselves
    "facebook": "Facebook",
    "instagram": "Instagram",
    "snapchat": "Snapchat",
    "telegram": "Telegram",
    "tiktok": "TikTok",
    "whatsapp": "WhatsApp",
    "x": "X",
    "youtube": "YouTube",
}
# fmt: off
STATES: Mapping[State, CardText] = MappingProxyType({
    State.RECEIVED: CardText.WAITING,       State.ANALYSIS: CardText.ANALYSIS,      State.REFERRED: CardText.REFERRED,
    State.PROSECUTOR: CardText.PROSECUTOR,  State.INSTRUCTED: CardText.INSTRUCTED,  State.RETURNED: CardText.RETURNED,
    State.CLOSED: CardText.CLOSED_BARE,
})
OUTCOMES: Mapping[str, CardText] = MappingProxyType({
    Outcome.ACTED: CardText.ACTED,          Outcome.REMOVED: CardText.REMOVED,
    Outcome.LAWFUL: CardText.LAWFUL,        Outcome.INSUFFICIENT: CardText.INSUFFICIENT,
    Outcome.PRIVATE_DISPUTE: CardText.PRIVATE_DISPUTE,  Outcome.DUPLICATE: CardText.DUPLICATE,
})
SERVICES: Mapping[str, CardText] = MappingProxyType({
    Service.DGSN: CardText.DGSN,            Service.GENDARMERIE: CardText.GENDARMERIE,  Service.CENTRAL: CardText.CENTRAL,
})
# The fixed notes: free text would bring words about people into the group. Kept by name.
NOTES: Mapping[str, CardText] = MappingProxyType({
    "desk": CardText.NOTE_DESK,             "platform": CardText.NOTE_PLATFORM,     "preserved": CardText.NOTE_PRESERVED,
    "offline": CardText.NOTE_OFFLINE,       "second_look": CardText.NOTE_SECOND_LOOK,  "wave": CardText.NOTE_WAVE,
})
ASKING: Mapping[str, CardText] = MappingProxyType({  # the questions (`conversations.questions`) as buttons
    "details": CardText.ASK_DETAILS,        "when": CardText.ASK_WHEN,              "link": CardText.ASK_LINK,
    "online": CardText.ASK_ONLINE,          "account": CardText.ASK_ACCOUNT,        "screenshot": CardText.ASK_SCREENSHOT,
    "ongoing": CardText.ASK_ONGOING,        "payment": CardText.ASK_PAYMENT,        "threat": CardText.ASK_THREAT,
    "goods": CardText.ASK_GOODS,            "child": CardText.ASK_CHILD,
})
SILENCES: Mapping[str, CardText] = MappingProxyType({  # hours
    "1": CardText.HOUR, "24": CardText.DAY, "168": CardText.WEEK,
})
# fmt: on


def place(key: str, locale: str) -> Value | str:
    """A province, a region or abroad, as cards call it."""
    row = territory.PROVINCES.get(key) or territory.REGIONS.get(key)
    return Own(territory.name(row, locale)) if row else sentence(locale, CardText.ABROAD)
