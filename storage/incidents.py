"""Incidents: what the moderators work on, and what of them their group has yet to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, func, or_, select, true, update

from storage import moderators, places
from storage.db import Transaction
from storage.merged import root
from storage.tables import incidents, reports
from storage.tables import moderators as moderator_rows
from storage.unsettled import GROUPS, TOLD, these, unsettled
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident as its card shows it: no reference, nobody's name but the moderator's who took it."""

    id: UUID
    number: int
    category: str
    severity: int
    state: str
    platform: str
    reports: int
    anonymous: int  # of them
    first_at: datetime  # to the hour, as `last_at`
    last_at: datetime
    group: str
    languages: Mapping[str, int] = field(default_factory=dict)  # each with how many reports, the most first
    channels: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)  # provinces, regions, "abroad"; of who said where
    earlier: int | None = None  # the number of the closed incident that had this fingerprint
    merged_into: int | None = None  # the number of the incident that has its reports now
    link: str = field(default="", repr=False)
    taken_by: str = field(default="", repr=False)  # both empty where there is none


class Stale(NamedTuple):
    """
    An incident whose card is not as it should be; `version` is what was read, `message` its card's if it has one.

    `left` names the group that has the card's message where the incident is another group's now, else "": it must not
    stay there.
    """

    incident: Incident
    version: int
    message: str
    left: str = ""


def stale_next(tx: Transaction, vault: Vault, group: str, least: int = 0) -> Stale | None:
    """
    The incident of the group that most needs its card shown: of those without any the most severe, then the oldest;
    else that whose card was shown longest ago. A first card must be so severe, or have been asked for.

    Nothing is locked: the group's jobs run one at a time, and what changes meanwhile has a higher version.
    """
    new = TOLD.c.severity.is_(None)
    may = or_(~new, incidents.c.severity >= least, TOLD.c.summoned)
    order = (new.desc(), case((new, -incidents.c.severity), else_=0), TOLD.c.turn.nulls_first(), incidents.c.number)
    asked = select(incidents.c.id).select_from(incidents.outerjoin(TOLD, true())).where(_stale(group), may)
    row = tx.execute(_with_taker().where(these(asked.order_by(*order).limit(1)))).one_or_none()
    return None if row is None else _as_stale(tx, vault, row)


def stale_groups(tx: Transaction) -> list[str]:
    """The groups that have a card to be shown: what a periodic look compares with the jobs on their way."""
    return [name for name in GROUPS if more(tx, name)]


def shown(tx: Transaction, stale: Stale, message: str) -> bool:
    """Record that the group sees this version in that message; whether more is stale in the group."""
    seen = {
        "shown_version": func.greatest(incidents.c.shown_version, stale.version),
        "card_message": message,
        "card_in": stale.incident.group,
        "card_fault": None,
        "fault_version": None,
    }
    tx.execute(update(incidents).where(incidents.c.id == stale.incident.id).values(**seen))
    return more(tx, stale.incident.group)


def card_failed(tx: Transaction, stale: Stale, code: str) -> bool:
    """Give this version up, for the provider's reason; a later one is tried again. Whether more is stale."""
    fault = {"card_fault": code[:80], "fault_version": stale.version}
    tx.execute(update(incidents).where(incidents.c.id == stale.incident.id).values(**fault))
    return more(tx, stale.incident.group)


def card_lost(tx: Transaction, stale: Stale) -> None:
    """The group no longer has that message: the card is sent anew."""
    tx.execute(update(incidents).where(incidents.c.id == stale.incident.id).values(card_message=None, card_in=None))


def listing(tx: Transaction) -> list[dict[str, str | int | None]]:
    """Every incident in clear facts, oldest first: no link, no name."""
    into = incidents.alias("into")
    asked = select(incidents, into.c.number.label("into")).outerjoin(into, into.c.id == incidents.c.merged_into)
    return [_facts(row) for row in tx.execute(asked.order_by(incidents.c.number))]


def faults(tx: Transaction) -> list[tuple[int, str]]:
    """Incidents whose card could not be shown as it is wanted, and the provider's code."""
    failed = select(incidents.c.number, incidents.c.card_fault).where(incidents.c.fault_version.is_not(None))
    return [(number, code) for number, code in tx.execute(failed.order_by(incidents.c.number))]


def drop_links(tx: Transaction, ids: Iterable[UUID]) -> set[str]:
    """Destroy the links of these incidents, which their cards then lose too; the groups that are owed a card job."""
    row = {"link": None, "link_until": None, "wanted_version": incidents.c.wanted_version + 1}
    changed = update(incidents).where(incidents.c.id.in_(list(ids))).values(**row)
    stale_before = incidents.c.shown_version < incidents.c.wanted_version - 1
    rows = tx.execute(changed.returning(incidents.c.card_group, stale_before))
    return {group for group, before in rows if not before}


def _stale(group: str) -> ColumnElement[bool]:
    tried = or_(incidents.c.fault_version.is_(None), incidents.c.fault_version < incidents.c.wanted_version)
    card = or_(incidents.c.merged_into.is_(None), incidents.c.card_message.is_not(None))  # what was merged needs none
    return and_(unsettled(group), incidents.c.shown_version < incidents.c.wanted_version, tried, card)


def more(tx: Transaction, group: str) -> bool:
    """Whether a group has another card that is not as it should be."""
    return tx.execute(select(exists().where(_stale(group)))).scalar_one()


def _with_taker() -> Select[Any]:
    who = (moderator_rows.c.name.label("taker"), moderator_rows.c.role.label("taker_role"))
    return select(incidents, *who).join_from(incidents, moderator_rows, isouter=True)


def _as_stale(tx: Transaction, vault: Vault, row: Row[Any]) -> Stale:
    left = row.card_in if row.card_message and row.card_in not in (None, row.card_group) else ""
    return Stale(_incident(tx, vault, row), row.wanted_version, row.card_message or "", left)


def _incident(tx: Transaction, vault: Vault, row: Row[Any]) -> Incident:
    counted = select(reports.c.locale, reports.c.channel, reports.c.disclosure, func.count().label("reports"))
    ours = counted.where(reports.c.incident == row.id)
    held = row.taken_by is not None and moderators.may_work(row.taker_role, row.card_group)
    of = tx.execute(ours.group_by(reports.c.locale, reports.c.channel, reports.c.disclosure)).all()
    return Incident(
        id=row.id,
        number=row.number,
        category=row.category,
        severity=row.severity,
        state=row.state,
        platform=row.platform,
        reports=row.reports,
        anonymous=sum(some.reports for some in of if some.disclosure == "anonymous"),
        first_at=row.opened_at,
        last_at=row.last_at,
        group=row.card_group,
        languages=_counted((some.locale, some.reports) for some in of),
        channels=_counted((some.channel, some.reports) for some in of),
        places=places.total(places.opened(vault, row.id, row.places)),
        earlier=row.earlier,
        merged_into=root(tx, row.id) if row.merged_into else None,
        link=vault.open("incidents", row.id.bytes, row.link).decode() if row.link else "",
        taken_by=moderators.opened(vault, row.taken_by, row.taker) if held else "",
    )


def _counted(named: Iterable[tuple[str, int]]) -> dict[str, int]:
    every: Counter[str] = Counter()
    for name, count in named:
        every[name] += count
    return dict(every.most_common())


def _facts(row: Row[Any]) -> dict[str, str | int | None]:
    names = ("number", "category", "severity", "state", "platform", "reports", "earlier", "card_fault")
    return {name: row._mapping[name] for name in names} | {
        "opened_at": row.opened_at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "group": row.card_group,
        "taken": row.taken_by is not None,
        "merged_into": row.into,
    }
