"""
Keeping: how long a report is kept, by its kind of content and its state. The day on which it goes stands in its row.

`periods` maps "category/state" to days. A state without a line is held: it goes on no day, because the law may ask for
it. What is open counts from the day it came, what is closed from the day on which it was first found closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy import text as sql

from conversations.cases import State
from storage import erasing
from storage.db import Transaction
from storage.tables import reports
from storage.vault import Vault

Periods = Mapping[str, int]

# They count from the day they came: giving an incident up again makes nothing younger.
OPEN = (State.RECEIVED.value, State.ANALYSIS.value)

DATE_ANEW = sql(
    """
    WITH periods AS (
        SELECT * FROM unnest(CAST(:names AS text[]), CAST(:days AS int[])) AS given(kept_as, days)
    ), anew AS (
        SELECT id, now.kept_as, days, CASE
            WHEN state = ANY (:open) THEN CAST(received_at AT TIME ZONE 'UTC' AS date)
            WHEN reports.kept_as = now.kept_as THEN kept_since
            ELSE CAST(:today AS date) END AS since
        FROM reports CROSS JOIN LATERAL (SELECT category || '/' || state AS kept_as) AS now
        LEFT JOIN periods ON periods.kept_as = now.kept_as
        WHERE reports.kept_as <> now.kept_as OR erase_on IS DISTINCT FROM kept_since + days
        LIMIT :batch FOR UPDATE OF reports SKIP LOCKED
    )
    UPDATE reports SET kept_as = anew.kept_as, kept_since = since, erase_on = since + days
    FROM anew WHERE reports.id = anew.id
    """
)


def date_anew(tx: Transaction, periods: Periods, today: date, batch: int) -> int:
    """Give up to `batch` reports their day: those whose kind, state or period is another than when it was reckoned."""
    given = {"names": list(periods), "days": list(periods.values()), "open": list(OPEN)}
    return tx.execute(DATE_ANEW, {**given, "today": today, "batch": batch}).rowcount


def due(tx: Transaction, today: date, batch: int) -> list[UUID]:
    """Up to `batch` reports whose day has come. Nothing is locked: `erase_if_due` asks again."""
    return list(
        tx.execute(select(reports.c.id).where(*_over(today)).order_by(reports.c.incident).limit(batch)).scalars()
    )


def erase_if_due(tx: Transaction, vault: Vault, found: Sequence[UUID], now: datetime) -> int:
    """Erase these reports but those that were moved or referred since they were found due; how many went."""
    rows = erasing.lock_all(tx, found)
    asked = select(reports.c.id).where(reports.c.id.in_([row.id for row in rows]), *_over(now.date()))
    still = set(tx.execute(asked).scalars())
    erasing.erase_locked(tx, vault, [row for row in rows if row.id in still], now, "time")
    return len(still)


def overdue(tx: Transaction, since: date) -> int:
    """How many reports should have gone before that day."""
    return tx.execute(select(func.count()).select_from(reports).where(*_over(since))).scalar_one()


def ends(tx: Transaction, reference: str, periods: Periods, today: date) -> date | None:
    """The day on which a report goes as it stands now; None while it is held, and where it is gone."""
    row = tx.execute(select(reports).where(reports.c.reference == reference)).one_or_none()
    kept_as = f"{row.category}/{row.state}" if row else ""
    if row is None or kept_as not in periods:
        return None
    began: date = row.kept_since if row.kept_as == kept_as else today
    return (row.received_at.date() if row.state in OPEN else began) + timedelta(days=periods[kept_as])


def _over(today: date) -> tuple[ColumnElement[bool], ...]:
    """The day that was reckoned counts only for the kind and state it was reckoned for."""
    return reports.c.erase_on <= today, reports.c.kept_as == reports.c.category + "/" + reports.c.state
