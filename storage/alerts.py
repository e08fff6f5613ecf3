"""
What a group has been told of its incidents by messages of their own: which card comes next, and what is news besides.

A card is edited in place; a new message is sent only for a new incident, when severity rises, when a threshold of reports
is crossed, and when nobody takes what is severe. Each is told once: what was told is compared and set, so that dying
between the call and the record repeats it, and nothing is told for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, insert, literal_column, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert

from conversations.cases import TOLD as AS_TOLD
from conversations.cases import State, Told
from storage import incidents as cards
from storage import waves
from storage.db import Transaction
from storage.incidents import Stale
from storage.standing import is_held, is_muted
from storage.tables import alerted, groups, incidents, rings
from storage.unsettled import TOLD, these, unsettled
from storage.vault import Vault

WINDOW = timedelta(minutes=5)
MOST = 10  # new messages of one kind in a window, at least as severe as the one that would be the next
SEVERITIES = (0, 1, 2)
FIRST_THRESHOLD = 10
OURS = [state for state, told in AS_TOLD.items() if told in (Told.RECEIVED, Told.LOOKED_AT)]
OPEN = incidents.c.state != State.CLOSED.value


class Reminder(IntEnum):
    """Whether a group was reminded of an incident. A number that was ever written keeps its meaning."""

    NOT_YET = 0
    OWED = 1
    GIVEN = 2


class Due(NamedTuple):
    """A card to be shown. `first`: the group has none of it; `gathered`: it was named in the gathered message before."""

    stale: Stale
    first: bool
    gathered: bool


class Alert(NamedTuple):
    """News of an incident whose card is there: a higher severity, or so many reports. `threshold` 0: not the latter."""

    incident: UUID
    number: int
    severity: int
    risen: bool
    threshold: int
    message: str  # its card's


class Waiting(NamedTuple):
    """A severe incident that nobody has taken."""

    incident: UUID
    number: int
    severity: int
    message: str


def card_next(tx: Transaction, vault: Vault, group: str, now: datetime) -> Due | None:
    """The next card; what is new beyond the most that may have one now is gathered in one message."""
    least = _least(tx, group, now, first=True)
    waves.gather(tx, group, least)
    stale = cards.stale_next(tx, vault, group, least)
    if stale is None:
        return None
    told = tx.execute(select(alerted).where(alerted.c.incident == stale.incident.id)).one_or_none()
    first = told is None or told.severity is None or bool(stale.left)
    return Due(stale, first, told is not None and told.gathered)


def shown(tx: Transaction, due: Due, message: str, now: datetime) -> None:
    """Record that the group has this card."""
    incident = due.stale.incident
    row: dict[str, Any] = {"turn": func.nextval("alerted_turns"), "gathered": False, "summoned": False}
    if due.first:
        row |= {"severity": incident.severity, "reports": threshold(incident.reports)}
        _ring(tx, incident.group, incident.id, incident.severity, now, first=True)
    known = upsert(alerted).values(incident=incident.id, **row)
    tx.execute(known.on_conflict_do_update(index_elements=["incident"], set_=row))
    if due.gathered:
        waves.changed(tx, incident.group)
    cards.shown(tx, due.stale, message)


def alert_next(tx: Transaction, group: str, now: datetime) -> Alert | None:
    """The gravest news of an incident that its card alone does not make heard."""
    least = _least(tx, group, now, first=False)
    risen = incidents.c.severity > alerted.c.severity
    found = select(incidents.c.id).join_from(incidents, TOLD, true()).where(unsettled(group), OPEN, is_news())
    lately = exists().where(rings.c.incident == incidents.c.id, rings.c.at > now - WINDOW).correlate(incidents)
    many = _crossed(alerted.c.reports) & ~is_muted(now) & ~lately
    asked = _told(group).where(these(found), OPEN, risen | many, incidents.c.severity >= least)
    asked = asked.add_columns(risen.label("risen"), many.label("many"))
    row = tx.execute(asked.order_by(incidents.c.severity.desc(), incidents.c.number).limit(1)).one_or_none()
    if row is None:
        return None
    crossed = threshold(row.reports) if row.many else 0
    return Alert(row.id, row.number, row.severity, row.risen, crossed, row.card_message or "")


def told(tx: Transaction, group: str, alert: Alert, now: datetime) -> None:
    """Record that the group was told."""
    more = {
        "severity": func.greatest(alerted.c.severity, alert.severity),
        "reports": func.greatest(alerted.c.reports, alert.threshold),
    }
    tx.execute(update(alerted).where(alerted.c.incident == alert.incident).values(**more))
    _ring(tx, group, alert.incident, alert.severity, now, first=False)


def reminders(tx: Transaction, group: str, now: datetime) -> list[Waiting]:
    """The severe incidents of which the group is to be reminded, gravest first; none where it just was."""
    lately = exists().where(rings.c.card_group == group, rings.c.incident.is_(None), rings.c.at > now - WINDOW)
    if tx.execute(select(lately)).scalar_one():
        return []
    names = (incidents.c.id, incidents.c.number, incidents.c.severity, incidents.c.card_message)
    owed = select(alerted.c.incident).where(alerted.c.reminder == written(Reminder.OWED))
    waiting = select(*names).where(these(owed), incidents.c.card_group == group, unclaimed())
    rows = tx.execute(waiting.order_by(incidents.c.severity.desc(), incidents.c.number))
    return [Waiting(row.id, row.number, row.severity, row.card_message or "") for row in rows]


def reminded(tx: Transaction, group: str, waiting: list[Waiting], now: datetime) -> None:
    """Record that the group was reminded of all of these."""
    ours = update(alerted).where(alerted.c.incident.in_([one.incident for one in waiting]))
    tx.execute(ours.where(alerted.c.reminder == Reminder.OWED).values(reminder=Reminder.GIVEN))
    _ring(tx, group, None, waiting[0].severity, now, first=False)


def summon(tx: Transaction, number: int) -> None:
    """Let an incident that waits for its card in the gathered message have it next."""
    gathered = select(incidents.c.id).where(incidents.c.number == number).scalar_subquery()
    tx.execute(update(alerted).where(alerted.c.incident == gathered).values(summoned=True))


def has_news(tx: Transaction, group: str, now: datetime) -> bool:
    """Whether a group may be owed more: a look that finds nothing costs little, one that never comes a minute."""
    if cards.more(tx, group) or alert_next(tx, group, now) or waves.due(tx, group, now):
        return True
    return bool(reminders(tx, group, now))


def groups_with_news(tx: Transaction, now: datetime) -> set[str]:
    """The groups that are owed a message, a card or an edit: what a periodic look compares with the jobs on their way."""
    waves.end(tx)
    owed = set(cards.stale_groups(tx)) | set(waves.stale_groups(tx))
    names = tx.execute(select(groups.c.name)).scalars().all()
    return owed | {name for name in names if alert_next(tx, name, now) or reminders(tx, name, now)}


def forget_rings(tx: Transaction, now: datetime) -> None:
    """Forget the messages that count no more."""
    tx.execute(rings.delete().where(rings.c.at <= now - WINDOW))


def threshold(reports: int) -> int:
    """
    The highest of 10, 100, 1,000 … that so many reports have reached, else 0.

    >>> [threshold(reports) for reports in (9, 10, 99, 100, 123456)]
    [0, 10, 10, 100, 100000]
    """
    return 10 ** (len(str(reports)) - 1) if reports >= FIRST_THRESHOLD else 0


def written(reminder: Reminder) -> ColumnElement[int]:
    """The number as part of a statement: an index over the rows that have it serves no statement that is given it later."""
    return literal_column(str(int(reminder)))


def unclaimed() -> ColumnElement[bool]:
    """
    Incidents that wait for somebody to take them: new ones, and those given up, parted or moved by an operator; not those
    that others have, to whom they were referred.
    """
    return incidents.c.state.in_(OURS) & incidents.c.merged_into.is_(None) & ~is_held()


def is_news() -> ColumnElement[bool]:
    """Whether there is more than a group was told, now or once it may be told, in a query over incidents and `TOLD`."""
    return (incidents.c.severity > TOLD.c.severity) | _crossed(TOLD.c.reports)


def _crossed(told: ColumnElement[int]) -> ColumnElement[bool]:
    return incidents.c.reports >= FIRST_THRESHOLD * func.greatest(told, 1)


def _told(group: str) -> Any:
    """The incidents of a group whose own card it has."""
    names = (incidents.c.id, incidents.c.number, incidents.c.severity, incidents.c.reports, incidents.c.card_message)
    here = (incidents.c.card_group == group) & (incidents.c.card_in == group) & alerted.c.severity.is_not(None)
    return select(*names).join_from(incidents, alerted).where(here, incidents.c.merged_into.is_(None))


def _least(tx: Transaction, group: str, now: datetime, *, first: bool) -> int:
    """How severe an incident must be for another message of this kind now: above every severity, where none may be."""
    counted = (func.count().filter(rings.c.severity >= severity) for severity in SEVERITIES)
    ours = (rings.c.card_group == group) & (rings.c.first == first) & (rings.c.at > now - WINDOW)
    found = tx.execute(select(*counted).where(ours, rings.c.incident.is_not(None))).one()
    return next((severity for severity in SEVERITIES if found[severity] < MOST), len(SEVERITIES))


def _ring(tx: Transaction, group: str, incident: UUID | None, severity: int, now: datetime, *, first: bool) -> None:
    row = {"card_group": group, "incident": incident, "severity": severity, "first": first, "at": now}
    tx.execute(insert(rings).values(**row))
