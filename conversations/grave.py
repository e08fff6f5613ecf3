"""
What must not be misunderstood: danger, notice, consent, and what is erased for good.

In a language that no native reader has checked, each of these sentences stands in a second language too.
"""

from __future__ import annotations

from conversations.rights_texts import RightsText
from conversations.texts import Sentence, Text

DANGER = frozenset({
    Text.IN_DANGER, Text.ASK_DANGER, Text.HELP_DANGER, Text.HELP_SUICIDE, Text.HELP_BLACKMAIL, Text.HELP_MONEY,
    Text.HELP_NUMBERS, Text.DOOR_CHILD, Text.DOOR_DANGER, Text.DOOR_SEXTORTION, Text.DOOR_SCAM, Text.DOOR_COMPLAINT,
})  # fmt: skip
NOTICE = frozenset({
    Text.DRAFT_LANGUAGE, Text.NOTICE_SHORT, Text.PLATFORM_KNOWS, Text.PRIVACY_WHO, Text.PRIVACY_SEALED, Text.PRIVACY_DRAFT,
    Text.PRIVACY_WHERE, Text.PRIVACY_RIGHTS, Text.PRIVACY_GOES_ON,
})  # fmt: skip
CONSENT = frozenset({
    Text.IF_SILENT, Text.SILENCE_SENDS, Text.SILENCE_FORGETS, Text.ASK_IDENTITY, Text.IDENTITY_MEANS, Text.CHANGING_MEANS,
    Text.KEEP_SECRET, Text.ASK_NOTIFY, Text.NOTIFY_ON,
})  # fmt: skip
# What cannot be brought back, and what is kept all the same: said before it is asked for, and once it is done.
ERASING = frozenset({
    RightsText.ASK_DELETING, RightsText.DELETING_MEANS, RightsText.ASK_DELETING_HELD, RightsText.DELETING_HELD_MEANS,
    RightsText.HELD_ANONYMOUS, RightsText.CHAT_REPORTS,
})  # fmt: skip
GRAVE: frozenset[Sentence] = DANGER | NOTICE | CONSENT | ERASING
