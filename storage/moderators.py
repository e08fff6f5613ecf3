"""Moderators: who may press, found by a pseudonym of their platform's id and shown by a sealed name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, delete, func, insert, select, update

from storage import leaving
from storage.db import Transaction
from storage.sealed import Pseudonym
from storage.tables import incidents, moderators
from storage.vault import Vault

CHANNEL, KIND = "telegram", "moderator"  # a kind of its own: nothing joins a moderator to a citizen of the same account


class Role(StrEnum):
    """What a moderator may do. Kept by name."""

    AGENT = "agent"  # works the general queue
    CHILD_PROTECTION = "child_protection"  # an agent who works the restricted queue too
    SUPERVISOR = "supervisor"  # works both, and may release, confirm and merge what others hold
    AUDITOR = "auditor"  # reads, and presses nothing


@dataclass(frozen=True, slots=True)
class Moderator:
    """Somebody who is listed, with the one role that says what they may press."""

    id: UUID
    name: str = field(repr=False)
    role: Role

    @property
    def restricted(self) -> bool:
        """Whether they work the restricted queue too."""
        return may_work(self.role, "restricted")

    @property
    def supervises(self) -> bool:
        return self.role is Role.SUPERVISOR

    def works(self, group: str) -> bool:
        """Whether they may press the buttons of this group's cards."""
        return may_work(self.role, group)


def may_work(role: str, group: str) -> bool:
    """Whether somebody of this role may press the buttons of this group's cards."""
    return role != Role.AUDITOR and (group != "restricted" or role in (Role.CHILD_PROTECTION, Role.SUPERVISOR))


def working(group: str) -> list[str]:
    """The roles that may."""
    return [role.value for role in Role if may_work(role, group)]


def add(tx: Transaction, vault: Vault, platform_id: str, name: str, role: Role = Role.AGENT) -> Moderator:
    """List a moderator; one who is listed gets the new name and role, and goes on with what they hold and may work."""
    known = find(tx, vault, platform_id)
    id = known.id if known else uuid4()
    listed = Moderator(id, name, role)
    row = {"name": vault.seal("moderators", id.bytes, name.encode()), "role": role.value}
    if known:
        tx.execute(update(moderators).where(moderators.c.id == id).values(**row))
        leaving.give_up(tx, id, lambda group: not listed.works(group), datetime.now(UTC))
        _change_cards(tx, id)
    else:
        tx.execute(insert(moderators).values(id=id, pseudonym=_names(vault, platform_id)[0], **row))
    return listed


def find(tx: Transaction, vault: Vault, platform_id: str) -> Moderator | None:
    """The moderator of this platform id, or None: who is not listed may press nothing."""
    newest, *older = _names(vault, platform_id)
    row = tx.execute(select(moderators).where(moderators.c.pseudonym.in_([newest, *older]))).one_or_none()
    if row is None:
        return None
    if row.pseudonym != newest:  # written before the pseudonym key was rotated
        tx.execute(update(moderators).where(moderators.c.id == row.id).values(pseudonym=newest))
    return _moderator(vault, row)


def remove(tx: Transaction, vault: Vault, platform_id: str) -> bool:
    """Strike a moderator off; what they had taken is anyone's again. False if nobody was listed so."""
    known = find(tx, vault, platform_id)
    if known is None:
        return False
    leaving.give_up(tx, known.id, lambda _group: True, datetime.now(UTC))
    tx.execute(delete(moderators).where(moderators.c.id == known.id))
    return True


def listing(tx: Transaction, vault: Vault) -> list[Moderator]:
    """Everyone listed, by name. Their platform ids are not kept."""
    everyone = (_moderator(vault, row) for row in tx.execute(select(moderators)))
    return sorted(everyone, key=lambda moderator: moderator.name)


def eligible(tx: Transaction, group: str) -> int:
    """How many may work the cards of this group: two can close what is critical, one cannot have it confirmed."""
    counted = select(func.count()).select_from(moderators).where(moderators.c.role.in_(working(group)))
    return tx.execute(counted).scalar_one()


def opened(vault: Vault, id: UUID, name: bytes) -> str:
    """A sealed name in clear."""
    return vault.open("moderators", id.bytes, name).decode()


def _change_cards(tx: Transaction, id: UUID) -> None:
    """The cards that bear the moderator's name are no longer as they should be; the periodic look finds them."""
    wanted = incidents.c.wanted_version + 1
    tx.execute(update(incidents).where(incidents.c.taken_by == id).values(wanted_version=wanted))


def _moderator(vault: Vault, row: Row[Any]) -> Moderator:
    return Moderator(row.id, opened(vault, row.id, row.name), Role(row.role))


def _names(vault: Vault, platform_id: str) -> tuple[Pseudonym, ...]:
    return vault.pseudonyms(CHANNEL, KIND, platform_id)
