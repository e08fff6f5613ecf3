"""
One message in, one transaction, one answer out.

The order is the promise: the person's lock, then whether this delivery was answered before, then the turn, then everything
that it changes, all or nothing (design.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot import filing, following, mint, wiping
from bot.albums import answered_before
from bot.answering import riding
from bot.channel import Blocked, Inbound, Words
from bot.evidence import owe_discards, owe_releases
from bot.house import House
from bot.unfinished import news
from bot.wording import from_json, to_json, words
from conversations import engine, memory, unfinished
from conversations.following import announced
from conversations.model import Given, Session, Turn
from storage import people, turns
from storage.db import Transaction
from storage.turns import Answered, Delivery, Known


@dataclass(frozen=True, slots=True)
class Receiver:
    """The one use case, for the doors and for whoever feeds messages through them."""

    house: House = field(repr=False)

    def receive(self, tx: Transaction, inbound: Inbound, now: datetime) -> Words | None:
        """
        Answer one message within the transaction. None where nothing rides back: the answer goes by the worker, an album's
        first picture had it, nothing was changed by an edit, or it was given so long ago that it is not kept.

        The same delivery again gets the same words and changes nothing.
        """
        vault, delivery = self.house.vault, Delivery(inbound.channel, inbound.delivery, inbound.address)
        known = turns.begin(tx, vault, inbound.aliases, delivery, now)
        if isinstance(known, Answered):
            return from_json(known.kept) if known.kept else None
        if known.cut_off:
            people.keep_way(tx, vault, known.person, inbound.channel, inbound.address)
        before = memory.recall(known.session) if known.session else None
        turn = self._turn(tx, before, known, inbound, now)
        if turn.discards:
            owe_discards(tx, self.house, inbound, turn.discards, now)
        if turn.releases:
            owe_releases(tx, self.house, inbound.channel, turn.releases, now)
        number = wiping.heard(tx, self.house, known.person, turn, inbound, now)
        repeated = turn.unsaid or answered_before(tx, vault, inbound, before, turn, now)
        said = None if repeated else riding(tx, self.house, inbound, words(turn.say), now)
        kept = filing.kept(self.house, turn.session, inbound, now)
        turns.end(tx, vault, known.person, kept, delivery, to_json(said) if said else b"", now, number)
        if turn.files:  # last: whoever reports the same link waits from here on; who sends has a session, and stays
            filing.file(tx, self.house, turn.files, known.person, inbound, now, last=True)
        return said

    def _turn(self, tx: Transaction, before: Session | None, known: Known, inbound: Inbound, now: datetime) -> Turn:
        person = known.person
        given = self._given(inbound.channel, now)
        turn = engine.advance(following.as_it_is(tx, before, person), inbound.message, given)
        while turn.seeks:
            turn = engine.told(turn, following.found(tx, self.house, turn.seeks, person, now), given)
        following.store(tx, self.house, turn, person, inbound, now)
        if known.news and not turn.unsaid:
            turn = announced(turn, following.waiting_news(tx, person, now), given)
        learns = before is not None and unfinished.learns(before)
        return news(tx, self.house, inbound, turn, given) if learns else turn

    def _given(self, channel: str, now: datetime) -> Given:
        return mint.given(self.house.voice, channel, now)

    def blocked(self, tx: Transaction, event: Blocked) -> None:
        """A citizen blocked the bot: nothing is sent to them until they write again."""
        person = people.lock(tx, self.house.vault, event.channel, event.aliases)
        people.forget_way(tx, person)
