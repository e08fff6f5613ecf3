"""
Which messages of Twilio's list are owed an answer, of those that never got one.

Not all: some were put off because their writer wrote too fast, some were sent again and answered, and a bare "2" says
nothing to a question that its writer never saw.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from bot.channel import Inbound
from bot.limits import Bucket
from conversations.links import find_links
from conversations.words import meant

FEW = 2  # words: so few answer a question and tell nothing by themselves


class Missed(NamedTuple):
    """What one person wrote and we never heard, oldest first; `owed` is to be answered, `over` is passed over for good."""

    owed: tuple[Inbound, ...]
    over: tuple[Inbound, ...]


def missed(listed: Sequence[Inbound], known: Collection[str], a_minute: int) -> list[Missed]:
    """What was missed of each person, whoever waits longest first. `a_minute` is how fast one person may write."""
    answer = {one.delivery for one in owed(listed, known)} - _too_fast(listed, a_minute)
    by_person = dict[str, list[Inbound]]()
    for one in listed:
        if one.delivery not in known:
            by_person.setdefault(one.address, []).append(one)
    return [
        Missed(
            tuple(one for one in theirs if one.delivery in answer),
            tuple(one for one in theirs if one.delivery not in answer),
        )
        for theirs in by_person.values()
    ]


def owed(listed: Sequence[Inbound], known: Collection[str]) -> list[Inbound]:
    """
    What is to be answered, oldest first: all that tells something by itself, and what answered the question that stands.

    A bare "2" or "send" belongs to the question that its writer saw. It still stands where nothing of theirs was answered
    since, and for the first such message alone: what they wrote after it, unheard, would meet a question they never saw.
    """
    due = []
    heard_last = {inbound.address: at for at, inbound in enumerate(listed) if inbound.delivery in known}
    said_last = {_words(inbound): at for at, inbound in enumerate(listed)}  # whoever is not answered says it again
    unheard = set[str]()
    for at, inbound in enumerate(listed):
        if inbound.delivery in known:
            continue
        stands = heard_last.get(inbound.address, -1) < at
        answers = stands and (inbound.address not in unheard or _ends(inbound))
        if said_last[_words(inbound)] == at if _tells(inbound) else answers:
            due.append(inbound)
        if stands:
            unheard.add(inbound.address)
    return due


def _ends(inbound: Inbound) -> bool:
    """Whoever wrote "stop" and nothing since wants it forgotten, whatever they saw."""
    return meant(inbound.message.text, ("stop",), "") == "stop"


def _tells(inbound: Inbound) -> bool:
    """Whether a message tells something by itself, whatever was asked."""
    message = inbound.message
    return (
        bool(message.links or message.media or message.contact or find_links(message.text))
        or len(message.text.split()) > FEW
    )


def _words(inbound: Inbound) -> tuple[str, ...]:
    """By what the same person's same words are known. Files are each their own."""
    return (inbound.address, inbound.delivery) if inbound.message.media else (inbound.address, "", inbound.message.text)


def _too_fast(listed: Iterable[Inbound], a_minute: int) -> set[str]:
    """Those beyond what one person may send, by Twilio's own times: the doors put them off, and so do we."""
    buckets, found = dict[str, Bucket](), set[str]()
    for one in listed:
        at = one.sent.timestamp() if one.sent else 0.0
        bucket = buckets.setdefault(one.address, Bucket(a_minute / 60, float(a_minute), seen=at))
        if bucket.take(at):
            found.add(one.delivery)
    return found
