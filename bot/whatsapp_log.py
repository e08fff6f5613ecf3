"""
Twilio's log of messages: it keeps the text of every message, both ways, until somebody deletes it.

Its filter by date may know days alone (Twilio's documents name no other form), so each message's own
time is looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, NamedTuple

# After these a message changes no more. Twilio refuses to delete one before (20009).
FINISHED = frozenset({"received", "delivered", "read", "failed", "undelivered", "canceled"})
PAGE = 500
OUT_OF_ORDER = timedelta(minutes=1)


class Logged(NamedTuple):
    """One message in the log, by Twilio's id; nothing of what it says or of who wrote it."""

    sid: str
    sent: datetime
    finished: bool


def logged(client: Any, before: datetime, most: int, wanted: Callable[[Logged], bool], **whose: str) -> list[Logged]:
    """Of the messages of a sender or for a recipient from before a moment those that are wanted, at most so many."""
    rows = client.messages.stream(date_sent_before=before.astimezone(UTC), page_size=PAGE, **whose)
    found = (_logged(row) for row in rows if row.sid)
    return list(islice((one for one in found if one.sent < before and wanted(one)), most))


def since_then(client: Any, since: datetime, **whose: str) -> list[Any]:
    """
    The messages of a sender or for a recipient since a moment, oldest first: as many pages as that takes and no more.

    The list has the latest first, in the order of sending as far as seconds tell.
    """
    rows = client.messages.stream(date_sent_after=since, page_size=PAGE, **whose)
    late = takewhile(lambda row: _at(row) >= since - OUT_OF_ORDER, rows)
    return [row for row in late if _at(row) >= since][::-1]


def _at(row: Any) -> datetime:
    """What has no time yet is of now."""
    found: datetime = row.date_created or row.date_sent or datetime.max.replace(tzinfo=UTC)
    return found


def _logged(row: Any) -> Logged:
    """What has no time at all is not sent yet."""
    sent = row.date_sent or row.date_created or datetime.max.replace(tzinfo=UTC)
    return Logged(str(row.sid), sent, row.status in FINISHED)
