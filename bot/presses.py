"""
What a press on a card does, and what the presser is told.

Rights are checked on every press, and every press is compared with what the card showed: `2:<number>:<version>:<key>`. A
key is a deed, or a deed and what was chosen for it: "take", "close-lawful".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from bot.card_buttons import VERSION
from bot.card_texts import PressText
from bot.card_words import NOTES, SILENCES
from bot.channel import Press
from bot.house import House
from bot.moderators import locale
from bot.queue import defer_card, defer_chore
from bot.wording import available, translate
from conversations.cases import Outcome, Refused, State
from conversations.model import Own
from storage import db, groups, lapsing, moderators, notices, pressing, standing, undoing, work
from storage.custody import Act
from storage.db import Transaction
from storage.moderators import Moderator, Role
from storage.pressing import Done, Pressed
from storage.vault import Vault

log = logging.getLogger(__name__)

SUBJECT = re.compile(rf"{VERSION}:([0-9]{{1,18}}):([0-9]{{1,9}})", re.ASCII)  # 18 digits fit the column
FOR_GOOD = ("shown", Act.UNDONE)  # what cannot be undone
LET_STAND = "let_stand"  # the chore
MOMENT_LATER = timedelta(seconds=1)
LONGEST_ANSWER = 200  # of answerCallbackQuery

Deed = Callable[[Transaction, Vault, Pressed, str, datetime], Done | Refused]


def _shows(menu: str) -> Deed:
    return lambda tx, _vault, pressed, _chosen, now: work.show(tx, pressed, menu, now)


def _climbs(state: State, act: Act) -> Deed:
    return lambda tx, _vault, pressed, _chosen, now: work.climb(tx, pressed, state, now, act=act)


def _note(tx: Transaction, _vault: Vault, pressed: Pressed, chosen: str, now: datetime) -> Done | Refused:
    return work.note(tx, pressed, chosen, now) if chosen in NOTES else Refused.UNKNOWN


def _close(tx: Transaction, _vault: Vault, pressed: Pressed, chosen: str, now: datetime) -> Done | Refused:
    return work.close(tx, pressed, Outcome(chosen), now) if chosen in set(Outcome) else Refused.UNKNOWN


def _mute(tx: Transaction, _vault: Vault, pressed: Pressed, chosen: str, now: datetime) -> Done | Refused:
    return work.mute(tx, pressed, int(chosen), now) if chosen in SILENCES else Refused.UNKNOWN


# fmt: off
DEEDS: Mapping[str, Deed] = MappingProxyType({
    "take":       lambda tx, _vault, pressed, _chosen, now: work.take(tx, pressed, now),
    "release":    lambda tx, _vault, pressed, _chosen, now: work.release(tx, pressed, now),
    "undo":       lambda tx, _vault, pressed, _chosen, now: work.undo(tx, pressed, now),
    "confirm":    lambda tx, _vault, pressed, _chosen, now: work.confirm(tx, pressed, now),
    "keep":       lambda tx, _vault, pressed, _chosen, now: work.keep_open(tx, pressed, now),
    "unmute":     lambda tx, _vault, pressed, _chosen, now: work.unmute(tx, pressed, now),
    "informed":   _climbs(State.PROSECUTOR, Act.PROSECUTOR),
    "instructed": _climbs(State.INSTRUCTED, Act.INSTRUCTED),
    "returned":   _climbs(State.RETURNED, Act.RETURNED),
    "back":       _shows(""),
    "ask":        _shows("ask"),
    "note":       _shows("note"),
    "refer":      _shows("refer"),
    "close":      _shows("close"),
    "mute":       _shows("mute"),
})
CHOICES: Mapping[str, Deed] = MappingProxyType({
    "ask":        lambda tx, _vault, pressed, chosen, now: work.ask(tx, pressed, chosen, now),
    "note":       _note,
    "refer":      work.refer,
    "close":      _close,
    "mute":       _mute,
})
DONE: Mapping[str, PressText] = MappingProxyType({
    Act.TAKEN: PressText.YOURS,             Act.RELEASED: PressText.RELEASED,       "shown": PressText.CHOOSE,
    Act.ASKED: PressText.ASKED,             Act.NOTED: PressText.NOTED,             Act.REFERRED: PressText.REFERRED,
    Act.PROSECUTOR: PressText.STEP_NOTED,   Act.INSTRUCTED: PressText.STEP_NOTED,   Act.RETURNED: PressText.STEP_NOTED,
    Act.PROPOSED: PressText.PROPOSED,       Act.CLOSED: PressText.CLOSED,           Act.CONFIRMED: PressText.CLOSED,
    Act.KEPT_OPEN: PressText.KEPT_OPEN,     Act.MUTED: PressText.MUTED,             Act.UNMUTED: PressText.UNMUTED,
    Act.UNDONE: PressText.UNDONE,
})
REFUSED: Mapping[Refused, PressText] = MappingProxyType({
    Refused.STALE: PressText.STALE,                 Refused.SECOND_PERSON: PressText.SECOND_PERSON,
    Refused.TOO_LATE: PressText.TOO_LATE,           Refused.NOT_YOURS: PressText.NOT_YOURS,
    Refused.REOPENED: PressText.REOPENED,           Refused.NOBODY_TO_ASK: PressText.NOBODY_TO_ASK,
    Refused.NOT_ALLOWED: PressText.NOT_RESTRICTED,  Refused.NOT_THE_HOLDER: PressText.FREE,
})
# fmt: on


def pressed(house: House, press: Press) -> str:
    """
    Do what a press in a group asks, and say in a few words what came of it.

    The same press again is told the same and changes nothing.
    """
    with db.begin(house.engine) as tx:
        return _pressed(tx, house, press, datetime.now(UTC))[:LONGEST_ANSWER]


def let_stand(house: House) -> None:
    """
    What can no longer be undone stands: its cards lose the button, and a closed incident its link. Menus that were left
    open close, and silences whose time is over end.
    """
    with db.begin(house.engine) as tx:
        due = undoing.due(tx, datetime.now(UTC))
    for incident in due:
        with db.begin(house.engine) as tx:
            if group := undoing.stand(tx, incident):
                defer_card(tx, group)
    with db.begin(house.engine) as tx:
        for group in sorted(lapsing.lapse(tx, datetime.now(UTC))):
            defer_card(tx, group)


def _pressed(tx: Transaction, house: House, press: Press, now: datetime) -> str:
    spoken = locale(house)
    moderator = moderators.find(tx, house.vault, press.presser)
    if moderator is None:
        log.info("a press was refused: not listed")
        return translate(_theirs(press, spoken), PressText.NOT_LISTED)
    subject = SUBJECT.fullmatch(press.subject)
    deed, dash, chosen = press.key.partition("-")
    does = (CHOICES if dash else DEEDS).get(deed)
    group = groups.named(tx, press.group)
    if does is None or subject is None or group is None or group not in pressing.shown_in(tx, int(subject[1])):
        return translate(spoken, PressText.GONE)
    asked = Pressed(int(subject[1]), int(subject[2]), press.key, moderator, house.operator.referrals)
    came = does(tx, house.vault, asked, chosen, now)
    if isinstance(came, Refused):
        return _refused(tx, house, asked, came)
    if came.group:
        defer_card(tx, came.group)
        if came.act not in FOR_GOOD:
            defer_chore(tx, LET_STAND, now + notices.UNDO + MOMENT_LATER)
    said = DONE.get(came.act, PressText.STALE)
    return translate(spoken, said, number=str(asked.number))


def _refused(tx: Transaction, house: House, asked: Pressed, why: Refused) -> str:
    """Why nothing was done, kindly. Who pressed an old card is shown it anew."""
    log.info("a press was refused: %s", why)
    holder = standing.holder(tx, house.vault, asked.number)
    anothers = holder and asked.key == "take" and why is Refused.STALE
    said = REFUSED.get(why, PressText.GONE)
    if anothers or (holder and why is Refused.NOT_THE_HOLDER):
        said = PressText.TAKEN_ALREADY
    if why is Refused.NOT_ALLOWED and _only_reads(asked.moderator):
        said = PressText.ONLY_READS
    if why is Refused.STALE and (group := pressing.show_again(tx, asked.number)):
        defer_card(tx, group)
    return translate(locale(house), said, number=str(asked.number), name=Own(holder))


def _theirs(press: Press, spoken: str) -> str:
    """The language of who is not one of the group, where we speak it."""
    language = press.language.partition("-")[0].lower()
    return language if language in available() else spoken


def _only_reads(moderator: Moderator) -> bool:
    return moderator.role is Role.AUDITOR
