"""
The kinds of content: how severe, what help comes first, what may be shown on a card, which desk opens it.

The keys are kept in reports and never renamed. Source: domain.md, "Categories", the union of E-Blagh's statements.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

from conversations.model import Choice, Draft, Step
from conversations.texts import Text


class Severity(IntEnum):
    """How fast a person must look. Kept as its number."""

    NORMAL = 0
    HIGH = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of content, and what is particular about reporting it."""

    key: str
    label: Text
    hint: Text
    severity: Severity
    door: Text | None = None  # help that comes before anything else is asked
    asks: tuple[Step, ...] = ()  # its own questions, each skippable, beside those that every kind has
    told_by_seen: tuple[Step, ...] = ()  # which of them the words about where it was seen answer already
    account: Text | None = None  # how its question about an account is put
    card_link: bool = False  # the defanged link may stand on the card: for the rest it is the victim's own face
    queue: str = "general"  # whose desk key opens it
    refuses_media: Text | None = None  # why pictures and files are not kept, where they are not


# fmt: off
CATEGORIES: Mapping[str, Category] = MappingProxyType({row.key: row for row in (
    Category("terrorism",     Text.TERRORISM,     Text.TERRORISM_HINT,     Severity.CRITICAL, Text.DOOR_DANGER, card_link=True),
    Category("child_abuse",   Text.CHILD_ABUSE,   Text.CHILD_ABUSE_HINT,   Severity.CRITICAL, Text.DOOR_CHILD, queue="restricted", refuses_media=Text.REFUSE_FILES_CHILD),
    Category("violence",      Text.VIOLENCE,      Text.VIOLENCE_HINT,      Severity.HIGH,     Text.DOOR_DANGER, (Step.DANGER,), card_link=True),
    Category("hate",          Text.HATE,          Text.HATE_HINT,          Severity.HIGH,     card_link=True),
    Category("sextortion",    Text.SEXTORTION,    Text.SEXTORTION_HINT,    Severity.HIGH,     Text.DOOR_SEXTORTION, (Step.ACCOUNT, Step.ONGOING, Step.MINOR), (Step.ACCOUNT,), Text.ASK_ACCOUNT_SEXTORTION, refuses_media=Text.REFUSE_FILES_INTIMATE),
    Category("scam",          Text.SCAM,          Text.SCAM_HINT,          Severity.NORMAL,   Text.DOOR_SCAM, (Step.ACCOUNT, Step.LOSS), (), Text.ASK_ACCOUNT_SCAM, card_link=True),
    Category("defamation",    Text.DEFAMATION,    Text.DEFAMATION_HINT,    Severity.NORMAL,   Text.DOOR_COMPLAINT),
    Category("impersonation", Text.IMPERSONATION, Text.IMPERSONATION_HINT, Severity.NORMAL,   Text.DOOR_COMPLAINT, (Step.ACCOUNT,), (), Text.ASK_ACCOUNT_FAKE),
    Category("illicit_goods", Text.ILLICIT_GOODS, Text.ILLICIT_GOODS_HINT, Severity.HIGH,     card_link=True),
    Category("other",         Text.OTHER,         Text.OTHER_HINT,         Severity.NORMAL,   card_link=True),
)})
# fmt: on


def handled_as(draft: Draft) -> Category:
    """
    The kind a draft is handled as. Raises KeyError before one is chosen.

    Blackmail of a minor is a matter of a child, whatever it was called (domain.md 1).
    """
    if draft.category == "sextortion" and draft.answer(Step.MINOR) == "yes":
        return CATEGORIES["child_abuse"]
    return CATEGORIES[draft.category]


def asks(draft: Draft, step: Step) -> bool:
    """Whether the draft's kind of content asks this, and nothing told before answers it."""
    category = CATEGORIES.get(draft.category)
    return category is not None and step in category.asks and (bool(draft.links) or step not in category.told_by_seen)


def refuses_media(draft: Draft) -> Text | None:
    """Why this draft holds no pictures or files; None where it may, or while its kind is not known."""
    return handled_as(draft).refuses_media if draft.category else None


CHOICES = tuple(Choice(row.key, row.label, hint=row.hint) for row in CATEGORIES.values())
