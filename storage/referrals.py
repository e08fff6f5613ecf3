"""
Referrals: to whom an incident went, by whom and when. Which service is in clear, as the group sees it; the rest is the desk's.

Court and province tell roughly where a reporter lives, so they are sealed like an addition to a report, to the desk keys
of the incident's queue. Nothing here opens them again.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import insert, select

from conversations.categories import CATEGORIES
from conversations.router import Proposal
from storage.db import Transaction
from storage.parcels import SealedAddition
from storage.sealed import Sealed, Wrap
from storage.tables import incidents, referral_keys, referrals, reports
from storage.vault import Vault

PART = "referral"
FORMAT = 1


def put(
    tx: Transaction, vault: Vault, incident: UUID, chosen: Proposal, now: datetime, *, actor: str = "",
    proposed: str = "",
) -> None:  # fmt: skip
    """Record that an incident was referred; `proposed` is the service that data named, where a person chose another."""
    asked = select(incidents.c.number, incidents.c.category).where(incidents.c.id == incident)
    number, category = tx.execute(asked).one()
    id = uuid4()
    content = {
        "format": FORMAT,
        "referred": now.astimezone(UTC).isoformat(timespec="seconds"),
        "by": actor,
        "service": chosen.service.value,
        "place": chosen.place,
        "court": chosen.court,
        "appeal": chosen.appeal,
        "verified": chosen.verified,
        "why": chosen.why.value,
        "source": chosen.source,
        "source_date": chosen.date,
        "proposed": proposed or chosen.service.value,
    }
    plain = json.dumps(content, separators=(",", ":")).encode("ascii")
    parcel = vault.parcel(_name(number, id), (CATEGORIES[category].queue,), {PART: plain})
    row = {"id": id, "incident": incident, "service": chosen.service.value, "referred_at": now, "actor": actor}
    tx.execute(insert(referrals).values(**row, sealed=parcel.parts[PART]))
    wraps = [{"referral": id, "desk_key": wrap.desk_key, "wrapped": wrap.wrapped} for wrap in parcel.wraps]
    tx.execute(insert(referral_keys), wraps)


def withdraw(tx: Transaction, incident: UUID, since: datetime) -> None:
    """Forget what was referred since then, because it was undone."""
    tx.execute(referrals.delete().where(referrals.c.incident == incident, referrals.c.referred_at >= since))


def forget(tx: Transaction) -> int:
    """
    Forget where incidents were referred to of which no report is left, not even where they were merged into; how many.

    No citizen's turn does this: its transaction's number would stay in these rows.
    """
    up = select(referrals.c.incident.label("origin"), incidents.c.id, incidents.c.merged_into)
    tree = up.join(incidents, incidents.c.id == referrals.c.incident).cte(recursive=True)
    above = select(tree.c.origin, incidents.c.id, incidents.c.merged_into)
    tree = tree.union(above.join(tree, incidents.c.id == tree.c.merged_into))
    lasting = select(tree.c.origin).join(reports, reports.c.incident == tree.c.id)
    return tx.execute(referrals.delete().where(referrals.c.incident.not_in(lasting))).rowcount


def service(tx: Transaction, incident: UUID) -> str:
    """To which service an incident went last, "" to none: what the group is shown."""
    asked = select(referrals.c.service).where(referrals.c.incident == incident)
    return tx.execute(asked.order_by(referrals.c.referred_at.desc()).limit(1)).scalar() or ""


def sealed(tx: Transaction, numbers: Collection[int]) -> dict[int, list[SealedAddition]]:
    """
    The referrals of incidents by number as they go to the desk, oldest first; each opens like an addition. Those of what
    was merged into one are its own.
    """
    found: dict[int, list[SealedAddition]] = {number: [] for number in numbers}
    wraps: dict[UUID, list[Wrap]] = {}
    whole = select(incidents.c.id, incidents.c.number, incidents.c.number.label("root"))
    tree = whole.where(incidents.c.number.in_(numbers)).cte(recursive=True)
    below = select(incidents.c.id, incidents.c.number, tree.c.root).join(tree, incidents.c.merged_into == tree.c.id)
    tree = tree.union_all(below)
    asked = select(referrals, tree.c.number, tree.c.root).join_from(referrals, tree, referrals.c.incident == tree.c.id)
    rows = tx.execute(asked.order_by(referrals.c.referred_at, referrals.c.id)).all()
    for row in tx.execute(select(referral_keys).where(referral_keys.c.referral.in_([row.id for row in rows]))):
        wraps.setdefault(row.referral, []).append(Wrap(row.desk_key, Sealed(row.wrapped)))
    for row in rows:
        when, name = row.referred_at.isoformat().replace("+00:00", "Z"), _name(row.number, row.id)
        found[row.root].append(SealedAddition(name, when, {PART: row.sealed}, wraps.get(row.id, [])))
    return found


def _name(number: int, id: UUID) -> str:
    """What a referral's seal is bound to, at the vault and at the desk."""
    return f"incident {number}/referral/{id}"
