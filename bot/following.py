"""
The store's side of the second script, and the notices that it leads to.

A notice says that a reference has news and nothing else. Where it cannot be sent (WhatsApp, a day after the last message;
a citizen who did not ask for it), the news waits for the citizen's next message.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import App

from bot.channel import Button, Inbound, SendFailed, Words
from bot.evidence import owe_fetches
from bot.house import House
from bot.jobs import Patience
from bot.queue import FILES, NOTICE, defer_card, defer_file
from bot.wording import sentence
from conversations.about import About, Change, Found, Query, Seek
from conversations.categories import CATEGORIES
from conversations.following import refreshed
from conversations.model import Session, Turn
from conversations.texts import Text
from storage import cases, db, follow, reports, tries
from storage.db import Busy, Transaction
from storage.tables import notices

log = logging.getLogger(__name__)

OPEN_FOR = timedelta(hours=1)  # a session that follows an anonymous report tells who does: not for longer than this
AT_ONCE = 100  # notices a minute: more wait their turn


def as_it_is(tx: Transaction, session: Session | None, person: UUID) -> Session | None:
    """The session with the report that it follows as it is now."""
    if session is None or session.about is None:
        return session
    return refreshed(session, follow.opened(tx, session.about.reference, person))


def found(tx: Transaction, house: House, query: Query, person: UUID, now: datetime) -> Found:
    """What a turn must know; who hears of a report's news here needs no notice of it."""
    match query.seeks:
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
        follow.add(tx, house.vault, turn.adds, _queues(tx, turn.adds.reference), now)
        if turn.adds.media:
            owe_fetches(tx, house, inbound, turn.adds.reference, turn.adds.media, now)
    if turn.changes and turn.changes.disclosure:
        _change(tx, house, turn.changes, person, inbound, now)
    elif turn.changes:
        follow.notify(tx, house.vault, turn.changes, person, inbound.channel, inbound.address)


def waiting_news(tx: Transaction, person: UUID) -> list[str]:
    """The references of whose news this person could not be told before they wrote."""
    return follow.news(tx, person)


def tells_who(session: Session) -> bool:
    """Whether the session would tell its holder who follows an anonymous report."""
    return bool(session.listed and session.about is None) or bool(
        session.about and session.about.disclosure == "anonymous"
    )


def send_notice(house: House, id: UUID) -> None:
    """Send a notice if it is still owed and nobody else is at it. Raises `SendFailed` where a later try could help."""
    with tries.held_alone(house.engine, id) as ours:
        with db.begin(house.engine) as tx:
            owed = cases.notice(tx, house.vault, id, datetime.now(UTC)) if ours else None
        if owed is None:
            return
        channel, fault = house.channels.get(owed.way.channel), ""
        try:
            if channel is None:
                raise SendFailed("channel-off", retry=False)
            channel.send(owed.way.address, _words(owed.locale))
        except SendFailed as failed:
            log.warning("a notice did not leave: %s", failed.code)
            if failed.retry:
                raise
            fault = failed.code
        with db.begin(house.engine) as tx:
            cases.wait(tx, id, fault) if fault else cases.sent(tx, id)


def look_for_notices(house: House) -> None:
    """Defer a job for each notice that is due: its first try too, for one move may owe thousands."""
    with db.begin(house.engine) as tx:
        for id in tries.due(tx, notices, datetime.now(UTC), AT_ONCE):
            defer_file(tx, NOTICE, id)


def register_notices(app: App, house: House) -> None:
    """Let the app's worker send notices. A task's name stands in the database: it keeps its meaning."""

    @app.task(name=NOTICE, queue=FILES, retry=Patience())
    def notice(row: str) -> None:
        send_notice(house, UUID(row))


def _words(locale: str) -> Words:
    status, stop = (Button(sentence(locale, text), key) for text, key in ((Text.STATUS, "status"), (Text.HELP, "help")))
    return Words(sentence(locale, Text.NEWS), locale, commands=(status, stop))


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
