"""
What a group is shown next, and how it is worded: a card, news of one, the gathered message, a reminder.

A piece is read in one transaction, sent outside of any, and recorded in another. It is read anew when it is tried again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.card_words import SEVERITIES
from bot.cards import card, counted, joined
from bot.channel import SendFailed
from bot.group_texts import GroupText
from bot.house import House
from bot.telegram import Telegram
from bot.wording import translate
from conversations.categories import CATEGORIES
from conversations.router import Rows
from storage import alerts, groups, waves
from storage import incidents as cards
from storage.alerts import Alert, Due, Waiting
from storage.db import Transaction
from storage.standing import Standing, standing
from storage.waves import Wave

MOST_NAMED = 10
SIGNS = ("○", "◐", "●")  # as the words for severities begin


class Piece(Protocol):
    """One call to a group that is owed, and what its outcome leads to."""

    @property
    def about(self) -> str:
        """What a log line may call it."""

    def show(self, telegram: Telegram, chat: str, locale: str) -> str:
        """Make the call; the message's number. Raises `SendFailed`."""

    def shown(self, tx: Transaction, message: str, now: datetime) -> None:
        """Record that the group has it."""

    def lost(self, tx: Transaction) -> None:
        """The group no longer has the message that was to be edited."""

    def failed(self, tx: Transaction, code: str, now: datetime) -> None:
        """Give it up as it is now, for the provider's reason."""


@dataclass(frozen=True, slots=True)
class CardPiece:
    """A card. `old_chat` has its message where the incident was moved to another group: it must not stay there."""

    due: Due
    standing: Standing
    old_chat: str
    competent: Rows  # who is, by the operator's word

    @property
    def about(self) -> str:
        return f"incident {self.due.stale.incident.number}: card"

    def show(self, telegram: Telegram, chat: str, locale: str) -> str:
        stale, message = self.due.stale, self.due.stale.message
        if stale.left:
            _take_away(telegram, self.old_chat, message, locale)
            message = ""
        text, buttons, quiet = card(stale.incident, locale, self.standing, self.competent)
        told_before = not self.due.first or (self.due.gathered and stale.incident.severity < max(alerts.SEVERITIES))
        return telegram.show_card(chat, text, buttons, message or None, quiet=quiet or told_before)

    def shown(self, tx: Transaction, message: str, now: datetime) -> None:
        alerts.shown(tx, self.due, message, now)

    def lost(self, tx: Transaction) -> None:
        cards.card_lost(tx, self.due.stale)

    def failed(self, tx: Transaction, code: str, now: datetime) -> None:
        cards.card_failed(tx, self.due.stale, code)


@dataclass(frozen=True, slots=True)
class AlertPiece:
    """News of an incident, as a reply to its card. What cannot be said is told by the card alone."""

    group: str
    alert: Alert

    @property
    def about(self) -> str:
        return f"incident {self.alert.number}: news"

    def show(self, telegram: Telegram, chat: str, locale: str) -> str:
        number, lines = str(self.alert.number), []
        if self.alert.risen:
            severity = translate(locale, SEVERITIES[self.alert.severity])
            lines.append(translate(locale, GroupText.RISEN, number=number, severity=severity))
        if self.alert.threshold:
            lines.append(translate(locale, GroupText.MANY, number=number, count=str(self.alert.threshold)))
        return telegram.tell(chat, "\n".join(lines), self.alert.message, quiet=self.alert.severity == 0)

    def shown(self, tx: Transaction, message: str, now: datetime) -> None:
        alerts.told(tx, self.group, self.alert, now)

    def lost(self, tx: Transaction) -> None:
        """A reply edits nothing."""

    def failed(self, tx: Transaction, code: str, now: datetime) -> None:
        alerts.told(tx, self.group, self.alert, now)


@dataclass(frozen=True, slots=True)
class ReminderPiece:
    """What is severe and waits: one incident as a reply to its card, several in one message."""

    group: str
    waiting: list[Waiting]

    @property
    def about(self) -> str:
        return f"a reminder of {len(self.waiting)} incidents"

    def show(self, telegram: Telegram, chat: str, locale: str) -> str:
        if len(self.waiting) == 1:
            (one,) = self.waiting
            severity = translate(locale, SEVERITIES[one.severity])
            text = translate(locale, GroupText.UNCLAIMED, number=str(one.number), severity=severity)
            return telegram.tell(chat, text, one.message)
        gravest = numbered(((one.number, one.severity) for one in self.waiting[:MOST_NAMED]), locale)
        return telegram.tell(
            chat, translate(locale, GroupText.UNCLAIMED_MANY, count=str(len(self.waiting)), numbers=gravest)
        )

    def shown(self, tx: Transaction, message: str, now: datetime) -> None:
        alerts.reminded(tx, self.group, self.waiting, now)

    def lost(self, tx: Transaction) -> None:
        """A reminder edits nothing."""

    def failed(self, tx: Transaction, code: str, now: datetime) -> None:
        alerts.reminded(tx, self.group, self.waiting, now)


@dataclass(frozen=True, slots=True)
class WavePiece:
    """The one message in which new incidents are gathered."""

    wave: Wave

    @property
    def about(self) -> str:
        return "the gathered message"

    def show(self, telegram: Telegram, chat: str, locale: str) -> str:
        quiet = not any(severity for _, severity, _ in self.wave.gravest)
        return telegram.show_card(chat, wave_text(self.wave, locale), (), self.wave.message or None, quiet=quiet)

    def shown(self, tx: Transaction, message: str, now: datetime) -> None:
        waves.shown(tx, self.wave, message, now)

    def lost(self, tx: Transaction) -> None:
        waves.lost(tx, self.wave.group)

    def failed(self, tx: Transaction, code: str, now: datetime) -> None:
        waves.failed(tx, self.wave)


def next_piece(tx: Transaction, house: House, group: str, now: datetime) -> Piece | None:
    """What the group is owed next: what rings, then the gathered message, then cards; None where it has all."""
    if waiting := alerts.reminders(tx, group, now):
        return ReminderPiece(group, waiting)
    if alert := alerts.alert_next(tx, group, now):
        return AlertPiece(group, alert)
    due = alerts.card_next(tx, house.vault, group, now)
    if wave := waves.due(tx, group, now):
        return WavePiece(wave)
    if due is None:
        return None
    before = groups.find(tx, due.stale.left) if due.stale.left else None
    stands = standing(tx, house.vault, due.stale.incident.id, now)
    return CardPiece(due, stands, before.chat if before else "", house.operator.referrals)


def wave_text(wave: Wave, locale: str) -> str:
    """How many there are, of what kinds, which are the gravest, how to see one."""
    if not wave.waiting:
        return translate(locale, GroupText.WAVE_OVER, total=str(wave.total))
    kinds = counted(((CATEGORIES[name].label, count) for name, count in wave.kinds), locale)
    gravest = numbered(((number, severity) for number, severity, _ in wave.gravest), locale)
    lines = (
        translate(locale, GroupText.WAVE, total=str(wave.total), waiting=str(wave.waiting)),
        translate(locale, GroupText.WAVE_KINDS, kinds=kinds),
        translate(locale, GroupText.WAVE_GRAVEST, numbers=gravest),
        translate(locale, GroupText.WAVE_HOW),
    )
    return "\n".join(lines)


def numbered(incidents: Iterable[tuple[int, int]], locale: str) -> str:
    """Numbers with the sign of their severity: "● 104, ○ 107"."""
    return joined([f"{SIGNS[severity]} {number}" for number, severity in incidents], locale)


def _take_away(telegram: Telegram, chat: str, message: str, locale: str) -> None:
    """Delete a card where it must not stay; one that is too old to be deleted loses what it says."""
    if not chat:
        return
    try:
        telegram.delete(chat, message)
    except SendFailed as failed:
        if failed.retry:
            raise
        try:
            telegram.show_card(chat, translate(locale, GroupText.ELSEWHERE), (), message)
        except SendFailed as again:
            if again.retry:
                raise
