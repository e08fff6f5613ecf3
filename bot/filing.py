"""
What every filing does, whoever caused it, and how long a conversation is kept: one place for a message and for silence.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bot import following
from bot.channel import Inbound
from bot.evidence import owe_fetches
from bot.house import House
from bot.moderators import configured, group_for, settle_once
from conversations import memory, unfinished
from conversations.categories import handled_as
from conversations.defang import defang
from conversations.model import Filing, Session, Step
from conversations.steps import FOLLOWING
from storage import people, reports
from storage.db import Transaction
from storage.joining import Handling
from storage.people import IfSilent, Memory

FOR_A_WORKER = timedelta(days=7)  # how long what silence is to send waits for a worker that is away


def file(
    tx: Transaction, house: House, filing: Filing, person: UUID, inbound: Inbound, now: datetime, *, last: bool = False
) -> None:
    """
    File a report, and owe what it brings with it: its card, its files. `last`: nothing more is done in the transaction.

    The card is owed to the group of its kind of content. Where the incident has come to another, as a child's matter, a
    look every minute finds it: asking here would tell, by one statement more, that the link was known.
    """
    handling, media = _handling(house, filing, now), filing.draft.media
    settle_once(tx, house)
    told = (tx, house.vault, filing, handling, inbound.channel, person, inbound.address, now)
    if last and not media:
        reports.file_last(*told)
        return
    reports.file(*told)
    owe_fetches(tx, house, inbound, filing.reference, media, now)


def save(tx: Transaction, house: House, person: UUID, session: Session | None, inbound: Inbound, now: datetime) -> None:
    """Keep or forget the session, and remember what its silence is to mean, counted from now."""
    people.save(tx, house.vault, person, *kept(house, session, inbound, now))


def kept(house: House, session: Session | None, inbound: Inbound, now: datetime) -> Memory:
    """What is to be kept of a session, and what its silence is to mean, counted from now."""
    then, expires_at = None, now + _lasts(house, session)
    if session and unfinished.waits(session):
        silent = now + unfinished.NUDGE_AFTER, now + unfinished.SENT_AFTER
        then = IfSilent(*silent, inbound.channel, inbound.address)
        expires_at = max(expires_at, then.file_at + FOR_A_WORKER)
    return Memory(memory.remember(session) if session else None, expires_at, then)


def _lasts(house: House, session: Session | None) -> timedelta:
    retention = house.operator.retention
    if session and following.tells_who(session):
        return following.OPEN_FOR
    sent = session is not None and (session.step is Step.SENT or session.step in FOLLOWING)
    return timedelta(hours=retention.sent_hours) if sent else timedelta(days=retention.draft_days)


def _handling(house: House, filing: Filing, now: datetime) -> Handling:
    category, given, links = handled_as(filing.draft), house.settings, filing.draft.links
    group = group_for(house, category.key)
    shown = bool(category.card_link and given.card_links and links)
    return Handling(
        severity=category.severity,
        queues=(category.queue,),
        group=group,
        chat=configured(house).get(group, ""),
        link=defang(links[0].canonical) if shown else "",
        link_until=now + timedelta(days=given.card_link_days) if shown else None,
    )
