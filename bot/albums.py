"""
Albums, answered once: each of their pictures comes as a message of its own, and ten answers would bury the question.

Telegram names an album. WhatsApp does not: there, files without words that come within seconds of each other are one.
"""

from __future__ import annotations

from datetime import datetime

from bot.channel import Inbound
from conversations.model import Session, Turn
from storage import deliveries
from storage.db import Transaction
from storage.vault import Vault

TOGETHER = 5  # seconds; a second file so long after the first, or up to twice as long, still belongs to it


def answered_before(
    tx: Transaction, vault: Vault, inbound: Inbound, before: Session | None, turn: Turn, now: datetime
) -> bool:
    """
    Whether this answer would only repeat what the album's first picture was told.

    Not where the turn leads to another question, files a report, or refuses for a reason not yet given.
    """
    albums = _albums(inbound, now)
    if not albums:
        return False
    told = _told(tx, vault, inbound, albums, now)
    refused = turn.session == before
    if refused:
        told = _told(tx, vault, inbound, [f"{album} {_gist(turn)}" for album in albums], now)
    same_step = before is not None and turn.session is not None and turn.session.step is before.step
    return told and same_step and turn.files is None and not _captioned(inbound)


def _albums(inbound: Inbound, now: datetime) -> list[str]:
    """The album's name; where it has none, the moment's and the one's before."""
    message = inbound.message
    if message.album:
        return [f"album {message.album}"]
    if inbound.channel == "telegram" or not message.media:
        return []
    moment = int(now.timestamp() // TOGETHER)
    return [f"burst {moment}", f"burst {moment - 1}"]


def _captioned(inbound: Inbound) -> bool:
    """Where nothing names an album, words are an answer of their own; what follows them is told with them."""
    return not inbound.message.album and bool(inbound.message.text)


def _told(tx: Transaction, vault: Vault, inbound: Inbound, names: list[str], now: datetime) -> bool:
    """Whether any of these was here before; the first is from now on. Remembered as deliveries are: as an HMAC."""
    marked = [f"{name} of {inbound.address}" for name in names]
    earlier = any(deliveries.known(tx, vault, inbound.channel, name) for name in marked[1:])
    return not deliveries.first(tx, vault, inbound.channel, marked[0], now) or earlier


def _gist(turn: Turn) -> str:
    """What is said, without its values: two refusals for one reason are the same."""
    return "|".join(line.text for line in turn.say.lines)
