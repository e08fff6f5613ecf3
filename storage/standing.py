"""How the moderators' work on an incident stands, as its card shows it; and who holds it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, case, exists, func, or_, select

from conversations.categories import CATEGORIES
from storage import cases, moderators, referrals
from storage.db import Transaction
from storage.tables import incidents, questions, reports, work
from storage.tables import moderators as moderator_rows
from storage.vault import Vault

CHILDS = [key for key, category in CATEGORIES.items() if category.queue == "restricted"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What was decided about an incident. `version` goes into its buttons; 0 before anybody pressed one."""

    version: int = 0
    menu: str = ""
    muted_until: datetime | None = None  # where it is muted now
    proposed: str = ""  # the outcome that waits for a second person
    proposed_by: str = field(default="", repr=False)
    outcome: str = ""
    service: str = ""  # that it was referred to last
    remarks: tuple[str, ...] = ()
    may_undo: bool = False
    reachable: bool = False  # somebody can be asked
    asked: int = 0
    answered: int = 0
    waiting: frozenset[str] = frozenset()  # the questions that nobody is left to be asked


def standing(tx: Transaction, vault: Vault, incident: UUID, now: datetime) -> Standing:
    """How the work on an incident that is there stands."""
    asked = select(func.count()).join_from(questions, reports).where(reports.c.incident == incident)
    found = select(
        incidents.c.outcome,
        work,
        moderator_rows.c.name,
        is_muted(now).label("muted"),
        asked.scalar_subquery().label("asked"),
        asked.where(questions.c.answered).scalar_subquery().label("answered"),
    )
    joined = incidents.outerjoin(work, work.c.incident == incidents.c.id)
    joined = joined.outerjoin(moderator_rows, moderator_rows.c.id == work.c.proposed_by)
    row = tx.execute(found.select_from(joined).where(incidents.c.id == incident)).one()
    return Standing(
        version=row.version or 0,
        menu=row.menu or "",
        muted_until=row.muted_until if row.muted else None,
        proposed=row.proposed or "",
        proposed_by=moderators.opened(vault, row.proposed_by, row.name) if row.proposed_by else "",
        outcome=row.outcome or "",
        service=referrals.service(tx, incident),
        remarks=tuple(row.remarks or ()),
        may_undo=row.undo_until is not None and row.undo_until > now,
        reachable=cases.reachable(tx, incident),
        asked=row.asked,
        answered=row.answered,
        waiting=cases.waiting(tx, incident) if row.asked else frozenset(),
    )


def is_muted(now: datetime) -> ColumnElement[bool]:
    """Whether nothing is to be said about an incident now, in a query over incidents: not once it is graver."""
    muted = (work.c.incident == incidents.c.id) & (work.c.muted_until > now)
    graver = case((incidents.c.category.in_(CHILDS), 1), else_=0)
    return exists().where(muted, work.c.muted_severity >= incidents.c.severity + graver).correlate(incidents)


def gravity(category: str, severity: int) -> int:
    """What a silence is made for: a child's matter is graver than any other, and is worked by others."""
    return severity + (category in CHILDS)


def is_held() -> ColumnElement[bool]:
    """Whether somebody has taken an incident and may still work it, in a query over incidents."""
    working = (
        (moderator_rows.c.role.in_(moderators.working(group)) & (incidents.c.card_group == group))
        for group in ("moderators", "restricted")
    )
    theirs = moderator_rows.c.id == incidents.c.taken_by
    return exists().where(theirs, or_(*working)).correlate(incidents)


def holder(tx: Transaction, vault: Vault, number: int) -> str:
    """The name of who holds an incident and may work it, "" for nobody."""
    named = select(moderator_rows, incidents.c.card_group).join_from(incidents, moderator_rows)
    row = tx.execute(named.where(incidents.c.number == number)).one_or_none()
    return moderators.opened(vault, row.id, row.name) if row and moderators.may_work(row.role, row.card_group) else ""
