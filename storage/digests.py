"""On which day each group was last told how its work stands."""

from __future__ import annotations

from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.tables import digests


def owed(tx: Transaction, group: str, today: date) -> bool:
    """Whether a group has not been told today."""
    given = exists().where(digests.c.card_group == group, digests.c.given_on >= today)
    return not tx.execute(select(given)).scalar_one()


def given(tx: Transaction, group: str, today: date) -> None:
    """It has been."""
    row = {"given_on": today}
    statement = upsert(digests).values(card_group=group, **row)
    tx.execute(statement.on_conflict_do_update(index_elements=["card_group"], set_=row))
