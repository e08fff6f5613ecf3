"""Filling a database with what years of service leave: reports as they are filed, people, open conversations."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from conversations import codes
from conversations.model import Draft, Filing, Link
from storage import people, reports
from storage.db import Store
from storage.joining import Handling
from storage.vault import Vault

AT_ONCE = 100
DAYS = 200  # over which they came
KINDS = ("scam", "hate", "defamation", "violence", "child_abuse")
DISCLOSURES = ("anonymous", "confidential", "identified")


class Filed(NamedTuple):
    """What was filed, in the order of filing: the references."""

    references: list[str]


def fill(store: Store, vault: Vault, count: int, seed: int, links: int, now: datetime | None = None) -> Filed:
    """
    File `count` reports of so many different links over the last months, each by somebody of their own.

    One in ten has an open conversation besides. Through the same verbs as a citizen's turn, some hundred a transaction.
    """
    dice, latest, references = random.Random(seed), now or datetime.now(UTC), list[str]()
    while len(references) < count:
        with store.begin() as tx:
            for _ in range(min(AT_ONCE, count - len(references))):
                at = latest - timedelta(days=dice.uniform(0.1, DAYS))
                filing, handling = _report(dice, links, at)
                person = people.lock(tx, vault, "telegram", [("id", str(10_000_000 + len(references)))])
                address = str(10_000_000 + len(references))
                reports.file(tx, vault, filing, handling, "telegram", person, address, at)
                open_still = dice.random() < 0.1
                people.save(tx, vault, person, b"{}" if open_still else None, latest + timedelta(days=3))
                references.append(filing.reference)
    return Filed(references)


def _report(dice: random.Random, links: int, at: datetime) -> tuple[Filing, Handling]:
    category, disclosure, number = dice.choice(KINDS), dice.choice(DISCLOSURES), dice.randrange(links)
    address = f"https://example.org/{category}/{number}"
    name, contact = ("Somebody", "somebody@example.org") if disclosure == "identified" else ("", "")
    draft = Draft(
        links=(Link(address, address, "web", ""),), category=category, details="x" * 200,
        disclosure=disclosure, name=name, contact=contact,
    )  # fmt: skip
    secret = codes.secret(secrets.randbits(60)) if disclosure == "anonymous" else ""
    filing = Filing(codes.reference(secrets.randbits(50)), secret, "fr", draft, f"1 {at:%Y-%m-%dT%H:%MZ}")
    severity = {"scam": 0, "defamation": 0, "child_abuse": 2}.get(category, 1)
    return filing, Handling(severity, ("restricted" if category == "child_abuse" else "general",))
