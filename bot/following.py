"""The store's side of the second script: who follows a report is shown it, and what they add and change is stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from bot import rights
from bot.channel import Inbound
from bot.evidence import owe_fetches
from bot.house import House
from bot.queue import defer_card
from conversations.about import About, Change, Found, Query, Seek
from conversations.categories import CATEGORIES
from conversations.following import refreshed
from conversations.model import Session, Turn
from storage import follow, reports
from storage.db import Busy, Transaction

OPEN_FOR = timedelta(hours=1)  # a session that follows an anonymous report tells who does: not for longer than this


def as_it_is(tx: Transaction, session: Session | None, person: UUID) -> Session | None:
    """The session with the report that it follows as it is now."""
    if session is None or session.about is None:
        return session
    return refreshed(session, follow.opened(tx, session.about.reference, person))


def found(tx: Transaction, house: House, query: Query, person: UUID, now: datetime) -> Found:
    """What a turn must know; who hears of a report's news here needs no notice of it."""
    match query.seeks:
        case Seek.HOLDING | Seek.HELD:
            return rights.found(tx, house, query, person, now)
        case Seek.STATE:
            return reports.state(tx, query.reference)
        case Seek.MINE:
            return follow.own(tx, person)
        case Seek.OWN:
            about: Found = follow.by_own(tx, query.reference, person)
        case Seek.CODE:
            about = follow.by_code(tx, house.vault, query.reference, query.secret, person, now)
    if isinstance(about, About):
        follow.heard(tx, about.reference)
    return about


def store(tx: Transaction, house: House, turn: Turn, person: UUID, inbound: Inbound, now: datetime) -> None:
    """What a turn adds and changes. Raises `Busy` where the report was referred just now: the turn is made anew."""
    if turn.adds:
        if group := follow.add(tx, house.vault, turn.adds, _queues(tx, turn.adds.reference), now):
            defer_card(tx, group)
        if turn.adds.media:
            owe_fetches(tx, house, inbound, turn.adds.reference, turn.adds.media, now)
    if turn.claims:
        rights.store(tx, house, turn.claims, person, now)
    if turn.changes and turn.changes.disclosure:
        _change(tx, house, turn.changes, person, inbound, now)
    elif turn.changes:
        follow.notify(tx, house.vault, turn.changes, person, inbound.channel, inbound.address)


def waiting_news(tx: Transaction, person: UUID, now: datetime) -> list[str]:
    """The references of whose news this person could not be told before they wrote."""
    return follow.news(tx, person, now)


def tells_who(session: Session) -> bool:
    """Whether the session would tell its holder who follows an anonymous report."""
    return bool(session.listed and session.about is None) or bool(
        session.about and session.about.disclosure == "anonymous"
    )


def _queues(tx: Transaction, reference: str) -> tuple[str, ...]:
    return (CATEGORIES[reports.category(tx, reference)].queue,)


def _change(tx: Transaction, house: House, change: Change, person: UUID, inbound: Inbound, now: datetime) -> None:
    queues = _queues(tx, change.reference)
    whom = (person, inbound.channel, inbound.address)
    group = follow.change(tx, house.vault, change, *whom, queues, now)
    if group is None:
        raise Busy("referred meanwhile")
    if group:
        defer_card(tx, group)
