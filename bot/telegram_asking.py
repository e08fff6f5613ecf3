"""Commands in the moderators' groups: what begins with a slash. Everything else there is people speaking to each other."""

from __future__ import annotations

import re

from bot.channel import Asked
from bot.telegram_values import Part, part, text_of, whole

COMMAND = re.compile(r"/([a-z]{1,32})(?:@\w{1,64})?(?:\s+(.{0,100}))?", re.ASCII | re.DOTALL)


def asked(message: Part, channel: str, delivery: str, group: str) -> Asked | None:
    """The command that a group's message is, or None for what people say."""
    said = COMMAND.fullmatch(text_of(message.get("text")).strip())
    sender = part(message, "from")
    if said is None or sender is None:
        return None
    known = part(message, "sender_chat") is None  # who writes as the group comes under a name that all of them share
    asker = str(whole(sender["id"])) if known else ""
    return Asked(channel, delivery, asker, group, str(whole(message["message_id"])), said[1], said[2] or "")
