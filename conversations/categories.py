"""
The kinds of content: how severe, what help comes first, what may be shown on a card, which desk opens it.

The keys are kept in reports and never renamed. Source: domain.md, "Categories", the union of E-Blagh's statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from conversations.model import Choice
from conversations.texts import Text


class Severity(IntEnum):
    """How fast a person must look. Kept as its number."""

    NORMAL = 0
    HIGH = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of content."""

    key: str
    label: Text
    hint: Text
    severity: Severity
    door: Text | None = None  # help that comes before anything else is asked
    card_link: bool = False  # the defanged link may stand on the card: for the rest it is the victim's own face
    queue: str = "general"  # whose desk key opens it
    takes_media: bool = True


# fmt: off
CATEGORIES: Mapping[str, Category] = MappingProxyType({row.key: row for row in (
    Category("terrorism",     Text.TERRORISM,     Text.TERRORISM_HINT,     Severity.CRITICAL, Text.DOOR_DANGER,     card_link=True),
    Category("child_abuse",   Text.CHILD_ABUSE,   Text.CHILD_ABUSE_HINT,   Severity.CRITICAL, Text.DOOR_CHILD,      queue="restricted", takes_media=False),
    Category("violence",      Text.VIOLENCE,      Text.VIOLENCE_HINT,      Severity.HIGH,     Text.DOOR_DANGER,     card_link=True),
    Category("hate",          Text.HATE,          Text.HATE_HINT,          Severity.HIGH,     None,                 card_link=True),
    Category("sextortion",    Text.SEXTORTION,    Text.SEXTORTION_HINT,    Severity.HIGH,     Text.DOOR_SEXTORTION, takes_media=False),
    Category("scam",          Text.SCAM,          Text.SCAM_HINT,          Severity.NORMAL,   Text.DOOR_SCAM,       card_link=True),
    Category("defamation",    Text.DEFAMATION,    Text.DEFAMATION_HINT,    Severity.NORMAL,   Text.DOOR_COMPLAINT),
    Category("impersonation", Text.IMPERSONATION, Text.IMPERSONATION_HINT, Severity.NORMAL),
    Category("illicit_goods", Text.ILLICIT_GOODS, Text.ILLICIT_GOODS_HINT, Severity.HIGH,     None,                 card_link=True),
    Category("other",         Text.OTHER,         Text.OTHER_HINT,         Severity.NORMAL,   None,                 card_link=True),
)})
# fmt: on

CHOICES = tuple(Choice(row.key, row.label, hint=row.hint) for row in CATEGORIES.values())
