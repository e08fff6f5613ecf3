"""
What a moderator may ask the reporters of an incident: sentences that are there in every language, none asking who they are.

The names stand in the database. The answer is free text that only the desk reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conversations.categories import CATEGORIES
from conversations.texts import Text

# fmt: off
QUESTIONS: Mapping[str, Text] = MappingProxyType({
    "details":    Text.QUESTION_DETAILS,
    "when":       Text.QUESTION_WHEN,
    "link":       Text.QUESTION_LINK,
    "online":     Text.QUESTION_ONLINE,
    "account":    Text.QUESTION_ACCOUNT,
    "screenshot": Text.QUESTION_SCREENSHOT,
    "ongoing":    Text.QUESTION_ONGOING,
    "payment":    Text.QUESTION_PAYMENT,
    "threat":     Text.QUESTION_THREAT,
    "goods":      Text.QUESTION_GOODS,
    "child":      Text.QUESTION_CHILD,
})

COMMON = ("details", "when", "link", "account", "screenshot")
OWN: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "terrorism":     ("threat", "online"),
    "child_abuse":   ("child", "ongoing"),
    "violence":      ("threat", "ongoing"),
    "hate":          ("online",),
    "sextortion":    ("ongoing", "payment"),
    "scam":          ("payment", "ongoing"),
    "defamation":    ("online",),
    "impersonation": ("online",),
    "illicit_goods": ("goods", "payment"),
    "other":         ("online",),
})
# fmt: on
ASKS_MEDIA = ("screenshot",)  # never asked where files are refused (domain.md 1)
LOOK_AGAIN = ("link", "online")  # never asked about a child: nobody is invited to look again (domain.md 1)


def asked_about(category: str) -> tuple[str, ...]:
    """
    The questions about a kind of content, its own first.

    >>> asked_about("child_abuse")
    ('child', 'ongoing', 'details', 'when', 'account')
    """
    kind = CATEGORIES[category]
    never = (ASKS_MEDIA if kind.refuses_media else ()) + (LOOK_AGAIN if kind.queue == "restricted" else ())
    return tuple(name for name in (*OWN[category], *COMMON) if name not in never)


def may_ask(category: str, question: str) -> bool:
    """
    Whether a question may be put to who reported this kind of content.

    >>> may_ask("scam", "screenshot"), may_ask("sextortion", "screenshot")
    (True, False)
    """
    return question in asked_about(category)
