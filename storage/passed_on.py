"""
Which reports were passed on, so that the law keeps them: by their state, and once they are closed by the custody log.

A referral that was undone within its minute is none. What lay here before the log began, and is closed, may have been
passed on: the law's side is taken.
"""

from __future__ import annotations

from sqlalchemy import Boolean, ColumnElement, and_, literal_column, or_

from conversations.cases import State
from storage.tables import reports

ELSEWHERE = (State.REFERRED, State.PROSECUTOR, State.INSTRUCTED, State.RETURNED)

# By the chains of the incidents that a report was in: to their ends, and of one that it was taken out of up to there.
# The acts are `custody.Act`'s, which are kept by name.
LOGGED = """EXISTS (
    WITH RECURSIVE been AS (
        SELECT incident, number, length + 1 AS until FROM custody_heads
        WHERE incident IN (reports.incident, reports.origin)
        UNION
        SELECT before.incident, before.number, parted.position
        FROM been
            JOIN custody AS moved ON moved.incident = been.incident AND moved.act = 'moved_out'
            JOIN custody_heads AS before ON before.number = CAST(moved.detail AS bigint)
            JOIN custody AS parted ON parted.incident = before.incident AND parted.act = 'split'
                AND parted.detail = CAST(been.number AS text)
    )
    SELECT FROM been JOIN custody USING (incident) WHERE position < until
    HAVING count(*) FILTER (WHERE act IN ('referred', 'inherited'))
        > count(*) FILTER (WHERE act = 'undone' AND detail = 'referred')
)"""


def passed_on() -> ColumnElement[bool]:
    """Whether others hold a copy of a report, as a column beside those of `reports`."""
    logged = literal_column(LOGGED, Boolean)
    return or_(reports.c.state.in_(ELSEWHERE), and_(reports.c.state == State.CLOSED.value, logged))
