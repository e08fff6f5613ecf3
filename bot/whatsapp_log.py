"""
Twilio's log of messages: it keeps the text of every message, both ways, until somebody deletes it.

Its filter by date may know days alone (Twilio's documents name no other form), so its list may begin with what is too
young: whoever deletes looks at each message's own time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

# After these a message changes no more. Twilio refuses to delete one before (20009).
FINISHED = frozenset({"received", "delivered", "read", "failed", "undelivered", "canceled"})


class Logged(NamedTuple):
    """One message in the log, by Twilio's id; nothing of what it says or of who wrote it."""

    sid: str
    sent: datetime
    finished: bool


def logged(client: Any, before: datetime, most: int, **whose: str) -> list[Logged]:
    """The newest messages of a sender or for a recipient from about before a moment, at most so many."""
    rows = client.messages.list(date_sent_before=before.astimezone(UTC), limit=most, page_size=most, **whose)
    return [_logged(row) for row in rows if row.sid]


def _logged(row: Any) -> Logged:
    """What has no time at all is not sent yet."""
    sent = row.date_sent or row.date_created or datetime.max.replace(tzinfo=UTC)
    return Logged(str(row.sid), sent, row.status in FINISHED)
