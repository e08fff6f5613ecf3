"""Words laid out for WhatsApp over Twilio: one text within its limit, and the TwiML that carries it (platform.md C5)."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from bot.channel import Words

LONGEST_TEXT = 1600  # Twilio's; counted in UTF-16 units here, which never counts less than it does
DECLARED = '<?xml version="1.0" encoding="UTF-8"?>'
UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML cannot carry loses the whole answer


def layout(words: Words) -> str:
    """
    The message as it is read: text, choices, and the command words in a last line.

    Raises ValueError when it is empty or longer than WhatsApp takes: that is our bug, and nothing is ever cut.
    """
    return sendable("\n\n".join(part for part in (words.text, "\n".join(words.explained()), commands(words)) if part))


def messages(words: Words) -> list[str]:
    """The message, with what was owed before it in front; several where one cannot hold all of it."""
    packed: list[str] = []
    for text in (*map(sendable, words.earlier), layout(words)):
        if packed and length(f"{packed[-1]}\n\n{text}") <= LONGEST_TEXT:
            packed[-1] += f"\n\n{text}"
        else:
            packed.append(text)
    return packed


def commands(words: Words) -> str:
    """The command words in one line."""
    return " · ".join(command.label for command in words.commands)


def length(text: str) -> int:
    """How long Twilio may find it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def sendable(text: str) -> str:
    """The text without what no message may hold. Raises ValueError when it is empty or too long."""
    clean = UNSENDABLE.sub("", text)
    if not clean.strip() or length(clean) > LONGEST_TEXT:
        raise ValueError(f"a text of {length(clean)} characters where 1 to {LONGEST_TEXT} fit")
    return clean


def twiml(*texts: str) -> str:
    """A response with these messages, or with none."""
    said = "".join(f"<Message>{escape(sendable(text))}</Message>" for text in texts)
    return f"{DECLARED}<Response>{said}</Response>" if said else f"{DECLARED}<Response />"
