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
from bot.channel import Blocked, Inbound, Words
from bot.evidence import owe_discards, owe_fetches
from bot.house import House
from bot.moderators import group_for, settle
from bot.queue import defer_card
from bot.wording import from_json, to_json, words
from conversations import engine, memory
from conversations.categories import CATEGORIES
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
        Answer one message within the transaction. None where its answer was given so long ago that it is not kept.

        The same delivery again gets the same words and changes nothing.
        """
        vault = self.house.vault
        person = people.lock(tx, vault, inbound.channel, inbound.aliases)
        if not deliveries.first(tx, vault, inbound.channel, inbound.delivery, now):
            kept = deliveries.kept(tx, vault, inbound.channel, inbound.delivery, inbound.address)
            return from_json(kept) if kept else None
        turn = self._turn(tx, person, inbound, now)
        if turn.files:
            self._file(tx, turn.files, person, inbound, now)
        owe_discards(tx, self.house, inbound, turn.discards, now)
        self._save(tx, person, turn.session, now)
        said = words(turn.say)
        deliveries.keep(tx, vault, inbound.channel, inbound.delivery, inbound.address, to_json(said))
        return said

    def _turn(self, tx: Transaction, person: UUID, inbound: Inbound, now: datetime) -> Turn:
        kept = people.session(tx, self.house.vault, person, now)
        given = self._given(inbound.channel, now)
        turn = engine.advance(memory.recall(kept) if kept else None, inbound.message, given)
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
        category, given = CATEGORIES[filing.draft.category], self.house.settings
        shown = category.card_link and given.card_links
        return Handling(
            severity=category.severity,
            queues=(category.queue,),
            group=group_for(self.house, category.key),
            link=defang(filing.draft.links[0].canonical) if shown else "",
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
