"""
What the world hands to a turn: the time, chance, and what the operator says of itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urlsplit

from bot.drafts import unchecked
from bot.operator import Operator
from bot.settings import Settings
from bot.wording import sentence
from conversations import codes
from conversations.changed import changed
from conversations.model import Given
from storage.chance import bits

PLATFORMS = {"telegram": "Telegram", "whatsapp": "WhatsApp"}


@dataclass(frozen=True, eq=False)
class Voice:
    """What stays the same from turn to turn: the languages offered, who the operator is, the facts that sentences name."""

    languages: tuple[str, ...]
    operator: str
    contact: str
    facts: tuple[tuple[str, str], ...]


def voice(settings: Settings, operator: Operator) -> Voice:
    """The operator's voice, from the environment and the operator's file."""
    return Voice(
        settings.languages,
        settings.operator_name,
        settings.operator_contact,
        facts(operator, settings.card_link_days, settings.backup_days),
    )


def given(voice: Voice, channel: str, now: datetime) -> Given:
    """The values of one turn on one channel. Chance comes from the operating system."""
    return changed(_lasting(voice, channel), now=now, drawn=bits(codes.BITS))


@lru_cache(maxsize=16)
def _lasting(voice: Voice, channel: str) -> Given:
    """What a voice gives to every turn of a channel."""
    return Given(
        now=datetime.min.replace(tzinfo=UTC),
        drawn=0,
        languages=voice.languages,
        operator=voice.operator,
        operator_contact=voice.contact,
        channel=PLATFORMS[channel],
        facts=voice.facts,
        unchecked=unchecked(voice.languages),
        label=sentence,
    )


def facts(operator: Operator, card_link_days: int, backup_days: int) -> tuple[tuple[str, str], ...]:
    """What sentences name: emergency numbers, the hosts of the right doors, how long what is kept."""
    doors = tuple((door.key, urlsplit(door.address).netloc or door.address) for door in operator.doors)
    days = {
        "days": card_link_days,
        "backup_days": backup_days,
        **operator.retention._asdict(),
        **operator.rights._asdict(),
    }
    return (*operator.numbers, *doors, *((name, str(number)) for name, number in days.items()))
