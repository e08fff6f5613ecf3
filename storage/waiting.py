"""
How long incidents wait until somebody does something: reminders for the severe, and the time to first action of all.

A periodic look notes since when nobody has an incident, sealed, because that minute is when a citizen wrote. Once
somebody acts, the minutes are counted where nothing leads back to the incident, and the moment is destroyed. Both are
right to a minute, which is how often somebody looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, func, literal_column, select, true, union_all, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.alerts import OPEN, Reminder, unclaimed, written
from storage.db import Transaction
from storage.standing import is_muted
from storage.tables import alerted, first_actions, incidents
from storage.unsettled import TOLD, these, unsettled
from storage.vault import Vault

AT_ONCE = 500
KEPT = timedelta(days=60)


def begin(tx: Transaction, vault: Vault, now: datetime) -> int:
    """Note since when nobody has the incidents that nobody has; how many were noted."""
    asked = _joined().where(unsettled(), OPEN, unclaimed(), TOLD.c.waiting.is_(None)).limit(AT_ONCE)
    rows = tx.execute(asked).all()
    for row in rows:
        sealed = vault.seal("alerted", row.id.bytes, now.isoformat(timespec="seconds").encode())
        tx.execute(update(alerted).where(alerted.c.incident == row.id).values(waiting=sealed))
    return len(rows)


def end(tx: Transaction, vault: Vault, today: date, now: datetime) -> int:
    """Count how long those waited with which somebody has done something, each once; how many no longer wait."""
    asked = _joined().where(unsettled(), ~unclaimed(), TOLD.c.waiting.is_not(None)).limit(AT_ONCE)
    rows = tx.execute(asked).all()
    counted = Counter((row.card_group, row.category, _minutes(vault, row, now)) for row in rows if not row.acted)
    for (group, category, minutes), count in counted.items():
        row = {"card_group": group, "day": today, "category": category, "minutes": minutes, "count": count}
        more = {"count": first_actions.c.count + count}
        key = ["card_group", "day", "category", "minutes"]
        tx.execute(upsert(first_actions).values(**row).on_conflict_do_update(index_elements=key, set_=more))
    over = {"waiting": None, "acted": True, "reminder": Reminder.NOT_YET}
    tx.execute(update(alerted).where(alerted.c.incident.in_([row.id for row in rows])).values(**over))
    return len(rows)


def remind(tx: Transaction, vault: Vault, limits: Mapping[int, timedelta], now: datetime) -> set[str]:
    """Owe a reminder of each severe incident that has waited beyond its severity's limit; the groups it is owed to."""
    if not limits:
        return set()
    here = (TOLD.c.waiting.is_not(None), TOLD.c.reminder == Reminder.NOT_YET, incidents.c.severity.in_(limits))
    rows = tx.execute(_joined().where(these(_unreminded(min(limits))), OPEN, unclaimed(), *here, ~is_muted(now))).all()
    late = [row for row in rows if now - _since(vault, row) >= limits[row.severity]]
    ours = update(alerted).where(alerted.c.incident.in_([row.id for row in late]))
    tx.execute(ours.values(reminder=Reminder.OWED))
    return {row.card_group for row in late}


def forget(tx: Transaction, today: date) -> None:
    """Forget the counts that no digest asks for."""
    tx.execute(first_actions.delete().where(first_actions.c.day <= today - KEPT))


def median(tx: Transaction, group: str, since: date) -> int | None:
    """The median of the minutes until somebody did something, of what was first acted on since that day."""
    ours = (first_actions.c.card_group == group) & (first_actions.c.day >= since)
    each = select(first_actions.c.minutes).where(ours).select_from(first_actions)
    each = each.join(func.generate_series(1, first_actions.c.count).alias("n"), ours)
    found = tx.execute(select(func.percentile_disc(0.5).within_group(each.subquery().c.minutes))).scalar()
    return None if found is None else int(found)


def _joined() -> Select[Any]:
    names = (incidents.c.id, incidents.c.category, incidents.c.severity, incidents.c.card_group)
    return select(*names, TOLD.c.waiting, TOLD.c.acted).join_from(incidents, TOLD, true())


def _unreminded(severity: int) -> Any:
    """All that wait, are so severe and were not reminded of: as the group knows them; and those it has yet to hear of so."""
    waits = (alerted.c.reminder == written(Reminder.NOT_YET)) & alerted.c.waiting.is_not(None)
    known = select(alerted.c.incident).where(
        waits, alerted.c.severity > literal_column("0"), alerted.c.severity >= severity
    )
    named = select(alerted.c.incident).where(alerted.c.gathered)
    return union_all(known, named, select(incidents.c.id).where(unsettled()))


def _since(vault: Vault, row: Row[Any]) -> datetime:
    return datetime.fromisoformat(vault.open("alerted", row.id.bytes, row.waiting).decode())


def _minutes(vault: Vault, row: Row[Any], now: datetime) -> int:
    """To the minute within an hour, to the quarter of an hour beyond: who acted when is in the custody log."""
    minutes = max(0, int((now - _since(vault, row)).total_seconds() // 60))
    return minutes if minutes < 60 else minutes // 15 * 15
