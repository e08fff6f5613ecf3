"""How a group's work stands, once a day and on command; and the look each minute at who has waited too long."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.cards import counted
from bot.channel import SendFailed
from bot.group_texts import GroupText
from bot.house import House
from bot.moderators import configured, locale, settle
from bot.queue import defer_card
from bot.wording import translate
from conversations.categories import CATEGORIES
from conversations.model import Ltr
from storage import db, digests, groups, notices, settling, waiting
from storage.db import Transaction
from storage.figures import figures

log = logging.getLogger(__name__)

MOST_KINDS = 10


def watch(house: House) -> None:
    """Note who begins to wait and who no longer does; owe reminders of the severe that waited too long."""
    now, more = datetime.now(UTC), True
    _settle(house)  # after an upgrade these are all there are, and the rest is asked of few
    while more:
        with db.begin(house.engine) as tx:
            ended = waiting.end(tx, house.vault, today(house, now), now)
            more = ended + waiting.begin(tx, house.vault, now) > 0
    _settle(house)
    with db.begin(house.engine) as tx:
        waiting.forget(tx, today(house, now))
        for group in waiting.remind(tx, house.vault, house.operator.rhythm.limits, now):
            defer_card(tx, group)


def give_digests(house: House) -> None:
    """Tell each group how its work stands, once a day after the hour. What cannot be told now is told at the next look."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        settle(tx, house)  # in a new house nobody may have done so
    for group in configured(house):
        if here(house, now).hour >= house.operator.rhythm.digest_hour:
            _give(house, group, now)


def digest(tx: Transaction, house: House, group: str, now: datetime) -> str:
    """How a group's work stands, in its language."""
    spoken, found = locale(house), figures(tx, group, today(house, now), now)

    def say(text: GroupText, **values: str | Ltr) -> str:
        return translate(spoken, text, **values)

    lines = [say(GroupText.DIGEST), say(GroupText.NEW, incidents=str(found.incidents), reports=str(found.reports))]
    if found.kinds:
        lines.append(
            counted(((CATEGORIES[name].label, count) for name, count in found.kinds.items()), spoken, MOST_KINDS)
        )
    lines.append(say(GroupText.WAITING, count=str(found.waiting), severe=str(found.severe)))
    if found.oldest:
        lines.append(say(GroupText.OLDEST, since=_hour(found.oldest)))
    lines.append(say(GroupText.IN_WORK, count=str(found.in_work)))
    if found.median is not None:
        lines.append(say(GroupText.MEDIAN, minutes=str(found.median)))
    owed = notices.owed(tx)
    if owed.until:
        until = Ltr(f"{owed.until.astimezone(UTC):%Y-%m-%d %H:%M}")
        lines.append(say(GroupText.NOTICES, count=str(owed.to_send), until=until))
    return "\n".join(lines)


def here(house: House, now: datetime) -> datetime:
    """The moment by the operator's clock."""
    return now.astimezone(ZoneInfo(house.operator.rhythm.time_zone))


def today(house: House, now: datetime) -> date:
    """The day by the operator's calendar."""
    return here(house, now).date()


def _settle(house: House) -> None:
    more = True
    while more:
        with db.begin(house.engine) as tx:
            more = settling.settle(tx) > 0


def _give(house: House, group: str, now: datetime) -> None:
    if house.telegram is None:
        return
    with db.begin(house.engine) as tx:
        if not digests.owed(tx, group, today(house, now)):
            return
        turn, text = groups.turn(tx, group, now), digest(tx, house, group, now)
    if turn.wait:
        return
    try:
        house.telegram.tell(turn.chat, text, quiet=True)
    except SendFailed as failed:
        log.warning("a digest did not leave: %s", failed.code)
        with db.begin(house.engine) as tx:
            if failed.moved_to:
                groups.moved(tx, turn.chat, failed.moved_to)
            if failed.after:
                groups.hold(tx, group, now + timedelta(seconds=failed.after))
        return
    with db.begin(house.engine) as tx:
        digests.given(tx, group, today(house, now))


def _hour(at: datetime) -> Ltr:
    return Ltr(f"{at.astimezone(UTC):%Y-%m-%d %H:00}")
