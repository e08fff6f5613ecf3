"""
What a turn owes to the files in it: those of a filed report are to be fetched, those that nobody may keep to be deleted.

Nothing here speaks to a provider. Everything is a row and a job in the turn's own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from bot.channel import Inbound
from bot.house import House
from bot.queue import DISCARD, FETCH, NOT_FETCHED, defer_file
from conversations import memory
from conversations.categories import CATEGORIES
from conversations.model import Media
from storage import discards, evidence, expired
from storage.db import Transaction
from storage.discards import Unread
from storage.evidence import Wanted

AT_ONCE = 500  # conversations forgotten in one transaction


def takes_media(category: str) -> bool:
    """Whether files of a report of this category may be kept at all."""
    return CATEGORIES[category].refuses_media is None


def owe_fetches(
    tx: Transaction, house: House, inbound: Inbound, reference: str, media: Iterable[Media], now: datetime
) -> None:
    """
    See to it that these files of a filed report are fetched and sealed, if this transaction commits.

    A report of a category that takes no media gets none: they are deleted unread, like `owe_discards`.
    """
    files = list(media)
    if not files:
        return
    report, category = evidence.report_of(tx, reference)
    if not takes_media(category):
        owe_discards(tx, house, inbound, files, now)
        return
    files = [file for file in files if file.handle]
    address = "" if _keeps_files(house, inbound.channel) else inbound.address
    for id in evidence.owe(tx, house.vault, report, inbound.channel, files, address, now):
        defer_file(tx, FETCH, id)


def owe_discards(tx: Transaction, house: House, inbound: Inbound, media: Iterable[Media], now: datetime) -> None:
    """See to it that these files and their messages are deleted at the provider unread, if this transaction commits."""
    just_now = inbound.message
    files = [
        file._replace(number=just_now.number) if not file.number and file in just_now.media else file for file in media
    ]
    discard(tx, house, inbound.channel, inbound.address, files, now)


def owe_releases(tx: Transaction, house: House, channel: str, media: Iterable[Media], now: datetime) -> None:
    """See to it that files which we did not take are deleted where the provider keeps them, if this transaction commits."""
    for file in media:
        forget_there(tx, house, channel, file, now)


def release_expired(tx: Transaction, house: House, now: datetime) -> int:
    """
    Forget some conversations whose time is over, with the files that they still point at; how many.

    A session does not say which channel its files came by: an address is Twilio's, a file of Telegram's has none.
    """
    plain = expired.take(tx, house.vault, now, AT_ONCE)
    kept = (session for one in plain if one and (session := memory.recall(one)))
    files = [file for session in kept for file in session.draft.media if "://" in file.handle]
    for channel in house.channels.values():
        if channel.keeps_files:
            owe_releases(tx, house, channel.name, files, now)
    return len(plain)


def discard(tx: Transaction, house: House, channel: str, address: str, media: Iterable[Media], now: datetime) -> None:
    """`owe_discards` for files whose message is long gone. Where files are deleted by their own id, no address is kept."""
    keeps = _keeps_files(house, channel)
    unread = (Unread(channel, "" if keeps else address, file.handle if keeps else "", file.number) for file in media)
    worth = list(dict.fromkeys(one for one in unread if one.handle or one.number))
    for id in discards.owe(tx, house.vault, worth, now):
        defer_file(tx, DISCARD, id)


def discard_instead(tx: Transaction, house: House, wanted: Wanted, now: datetime) -> None:
    """A file that was wanted may not be kept any more."""
    evidence.drop(tx, wanted)
    discard(tx, house, wanted.channel, wanted.address, [wanted.media], now)


def give_up(tx: Transaction, house: House, id: UUID, channel: str, media: Media, fault: str, now: datetime) -> None:
    """A file that was wanted did not come and will not: its reporter is told, and the provider keeps it no longer."""
    report = evidence.give_up(tx, house.shelf, id, fault)
    if report is None:
        return
    forget_there(tx, house, channel, media, now)
    told_failed(tx, house, report)


def forget_there(tx: Transaction, house: House, channel: str, media: Media, now: datetime) -> None:
    """Where the provider keeps files until we delete them, see to it. A citizen's own message elsewhere is left alone."""
    if _keeps_files(house, channel):
        discard(tx, house, channel, "", [media._replace(number="")], now)


def told_failed(tx: Transaction, house: House, report: UUID) -> None:
    """
    See to it that the reporter hears of files that did not come, if they can be reached: once, when the last is settled.

    Asked in every transaction that settles a file.
    """
    mailbox = evidence.to_be_told(tx, report)
    if mailbox:
        defer_file(tx, NOT_FETCHED, report, lock=mailbox)


def _keeps_files(house: House, channel: str) -> bool:
    """Such a provider knows a file by its own id: to delete it there, no address is needed."""
    return channel in house.channels and house.channels[channel].keeps_files
