"""
One message in, one transaction, one answer out.

The order is the promise: the person's lock, then whether this delivery was answered before, then the turn, then everything
that it changes, all or nothing (design.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from bot import mint
from bot.albums import answered_before
from bot.answering import riding
from bot.channel import Blocked, Inbound, Words
from bot.evidence import owe_discards, owe_fetches
from bot.house import House
from bot.moderators import group_for, settle
from bot.queue import defer_card
from bot.wording import from_json, to_json, words
from conversations import engine, memory
from conversations.categories import handled_as
from conversations.defang import defang
from conversations.model import Filing, Given, Session, Step, Turn
from storage import deliveries, people, reports
from storage.db import Transaction
from storage.incidents import Handling


@dataclass(frozen=True, slots=True)
class Receiver:
    """The one use case, for the doors and for whoever feeds messages through them."""

    house: House = field(repr=False)

    def receive(self, tx: Transaction, inbound: Inbound, now: datetime) -> Words | None:
        """
        Answer one message within the transaction. None where nothing rides back: the answer goes by the worker, an album's
        first picture had it, or it was given so long ago that it is not kept.

        The same delivery again gets the same words and changes nothing.
        """
        vault = self.house.vault
        person = people.lock(tx, vault, inbound.channel, inbound.aliases)
        if not deliveries.first(tx, vault, inbound.channel, inbound.delivery, now):
            answered = deliveries.kept(tx, vault, inbound.channel, inbound.delivery, inbound.address)
            return from_json(answered) if answered else None
        kept = people.session(tx, vault, person, now)
        before = memory.recall(kept) if kept else None
        turn = self._turn(tx, before, inbound, now)
        if turn.files:
            self._file(tx, turn.files, person, inbound, now)
        owe_discards(tx, self.house, inbound, turn.discards, now)
        self._save(tx, person, turn.session, now)
        repeated = answered_before(tx, vault, inbound, before, turn, now)
        said = None if repeated else riding(tx, self.house, inbound, words(turn.say), now)
        remembered = to_json(said) if said else b""
        deliveries.keep(tx, vault, inbound.channel, inbound.delivery, inbound.address, remembered)
        return said

    def _turn(self, tx: Transaction, before: Session | None, inbound: Inbound, now: datetime) -> Turn:
        given = self._given(inbound.channel, now)
        turn = engine.advance(before, inbound.message, given)
        return engine.told(turn, reports.state(tx, turn.seeks), given) if turn.seeks else turn

    def _given(self, channel: str, now: datetime) -> Given:
        return mint.given(mint.voice(self.house.settings, self.house.operator), channel, now)

    def _file(self, tx: Transaction, filing: Filing, person: UUID, inbound: Inbound, now: datetime) -> None:
        handling = self._handling(filing, now)
        reports.file(tx, self.house.vault, filing, handling, inbound.channel, person, inbound.address, now)
        owe_fetches(tx, self.house, inbound, filing.reference, filing.draft.media, now)
        settle(tx, self.house)
        defer_card(tx, handling.group)

    def _handling(self, filing: Filing, now: datetime) -> Handling:
        category, given, links = handled_as(filing.draft), self.house.settings, filing.draft.links
        shown = bool(category.card_link and given.card_links and links)
        return Handling(
            severity=category.severity,
            queues=(category.queue,),
            group=group_for(self.house, category.key),
            link=defang(links[0].canonical) if shown else "",
            link_until=now + timedelta(days=given.card_link_days) if shown else None,
        )

    def _save(self, tx: Transaction, person: UUID, session: Session | None, now: datetime) -> None:
        retention = self.house.operator.retention
        lasts = timedelta(days=retention.draft_days)
        if session and session.step is Step.SENT:
            lasts = timedelta(hours=retention.sent_hours)
        people.save(tx, self.house.vault, person, memory.remember(session) if session else None, now + lasts)

    def blocked(self, tx: Transaction, event: Blocked) -> None:
        """A citizen blocked the bot: nothing is sent to them until they write again."""
        person = people.lock(tx, self.house.vault, event.channel, event.aliases)
        people.forget_way(tx, person)
