"""
Incidents that changed since somebody looked, as conditions in queries: found by an index, however many are stored.

The planner knows neither how few they are nor that an incident has one row of each kind; what is found here is read by its
key, whatever it believes.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, String, Uuid, any_, case, func, literal, or_, select

from storage.tables import alerted, groups, incidents

GROUPS = ("moderators", "restricted")

# The group that may be owed something of an incident, else none: written as the index is (`incident_tables.py`).
_UNLIKE = or_(
    incidents.c.shown_version < incidents.c.wanted_version, incidents.c.looked_version < incidents.c.wanted_version
)
DUE_IN = case((_UNLIKE, incidents.c.card_group))

# What a group was told of an incident.
TOLD = select(alerted).where(alerted.c.incident == incidents.c.id).offset(0).lateral("told")


def unsettled(group: str | None = None) -> ColumnElement[bool]:
    """
    Incidents that changed since their card was shown or since somebody looked, in a query over incidents; of one group, or of
    all that there are.

    Every change raises `wanted_version`, so it makes an incident one of these.
    """
    ours = func.array(select(groups.c.name).scalar_subquery(), type_=ARRAY(String))
    return (any_(ours) if group is None else literal(group)) == DUE_IN


def these(ids: Select[tuple[UUID]] | Any) -> ColumnElement[bool]:
    """Incidents that another query finds, in a query over incidents: found first, and then read by their keys alone."""
    return incidents.c.id == any_(func.array(ids.scalar_subquery(), type_=ARRAY(Uuid)))
