"""
The written list: what each key is expected to give to whoever holds it with the database, and why that must be so.

One find more fails the proof, and one fewer does: then either something leaks, or the attacker no longer tries. Who
holds several keys gets what each gives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Roles = tuple[str, ...]

FILED: Roles = (
    "anonymous", "anonymous on WhatsApp", "confidential", "identified", "of a child", "with a file", "closed",
    "sent by silence", "anonymous just now", "with a file just now", "follows just now",
)  # fmt: skip
NOW: Roles = ("anonymous just now", "with a file just now", "follows just now")  # anonymous, before any blurring
REACHABLE: Roles = ("confidential", "identified")
DRAFTS: Roles = ("draft", "waits in silence", "shows a child just now")
ON_TELEGRAM: Roles = (
    "anonymous", "confidential", "of a child", "with a file", "draft", "sent by silence", "erased", "guesses",
    "anonymous just now", "with a file just now", "shows a child just now", "follows just now",
)  # fmt: skip
REMEMBERED: Roles = (*ON_TELEGRAM, "anonymous on WhatsApp", "identified", "closed", "waits in silence")
EVERYBODY: Roles = (*REMEMBERED, "stopped", "clears just now", "clears on WhatsApp just now")
NOBODY: Roles = ("",)


class Expected(NamedTuple):
    """One row of the list: where it is found, what it tells, of whom, and why it is there."""

    where: str
    what: tuple[str, ...]
    who: Roles
    why: str


NO_KEY = (
    Expected("reports", ("reference",), FILED, "a reference is how a citizen asks for the state; it tells no more"),
    Expected("reports.person", ("random person",), REACHABLE, "who can be reached has a way back, under a random id"),
    Expected("xmin", ("random person",), NOW, "until the hour is over and was blurred"),
)
PSEUDONYM = (
    Expected("aliases", ("account",), REMEMBERED, "that is how a person is found again: a known account can be tried"),
    Expected("sessions.person", ("account",), REMEMBERED, "a conversation, or for a day that one was sent or erased"),
    Expected("written.person", ("account",), ON_TELEGRAM, "that there is something to delete in their chat, for 48 h"),
    Expected("ways.person", ("account",), REACHABLE, "the way back that they chose"),
    Expected("reports.person", ("writer",), REACHABLE, "a reachable report is its writer's: that is the choice"),
    Expected("guesses.person", ("account",), ("guesses",), "five tries an hour must be counted"),
    Expected("deliveries.mark", ("delivery",), EVERYBODY, "a repeat must be known: 48 h, Twilio's 30 days"),
    Expected("failures.mark", ("delivery",), (), "nobody of the cast met a bug"),
    Expected(
        "fingerprints.mark", ("link",), FILED, "copies join an incident: a known link can be tried, until it closes"
    ),
    Expected("tombstones.mark", ("reference",), ("erased",), "a restored backup must erase it again"),
    Expected("xmin", ("writer",), NOW, "as without keys, and now by name, until the next blurring"),
)
STATE = (
    Expected("sessions.sealed", ("link", "reference", "secret"), DRAFTS, "an unfinished conversation, three days at most"),
    Expected("sessions.sealed", ("words",), ("draft",), "they had written more"),
    Expected("sessions.sealed", ("reference",), REACHABLE, "what follows its own report, for a day"),
    Expected("sessions.sealed", ("reference",), ("follows just now",), "who opened a report by its code: two hours at most"),
    Expected("sessions.address", ("account",), ("waits in silence",), "they chose to be reminded, and sent after a day"),
    Expected("ways.address", ("account",), REACHABLE, "the way back that they chose"),
    Expected(
        "deliveries.kept", ("link", "reference", "secret"),
        (*NOW, "shows a child just now", "clears just now", "clears on WhatsApp just now"),
        "answers for repeats, until some minutes into the next hour: opened by trying every account with every delivery's number",
    ),
    Expected("deliveries.kept", ("words",), NOW, "the review repeats what was written"),
    Expected(
        "receipt of silence", ("reference", "secret"), ("sent by silence",),
        "kept a day for who chose that silence sends (ADR 11): opened by trying every account",
    ),
    Expected("incidents.link", ("link",), tuple(role for role in FILED if role not in ("of a child", "closed")), "the card of an open incident"),
    Expected("incidents.places", ("place",), ("confidential",), "to whom it may be referred, until it closes"),
    Expected(
        "alerted.waiting", ("minute",), tuple(role for role in FILED if role not in (*NOW, "closed")),
        "since when nobody has an incident, until somebody has",
    ),
    Expected("fetches.sealed", ("file",), ("with a file just now",), "waits for the worker"),
    Expected("fetches.address", ("account",), ("with a file just now",), "how a file is found; gone with the first try"),
    Expected("discards.sealed", ("account",), ("shows a child just now",), "waits for the worker, to delete it unread"),
    Expected("wipes.sealed", ("account",), ("clears just now",), "waits for the worker, 48 h at most"),
    Expected("purges.sealed", ("account",), ("clears on WhatsApp just now",), "waits for Twilio, 48 h at most"),
    Expected("written.sealed", ("numbers of messages",), NOBODY, "of a random person; whose, the pseudonym key tells"),
    Expected("failures.parked", ("poison",), NOBODY, "a delivery that failed three times by our fault, for seven days"),
    Expected("moderators.name", ("name of staff",), NOBODY, "what cards call who took them"),
)  # fmt: skip
GENERAL_QUEUE = tuple(role for role in FILED if role != "of a child")
GENERAL = (
    Expected("report_parts.content", ("link",), GENERAL_QUEUE, "the desk reads what it is for"),
    Expected(
        "report_parts.content",
        ("words",),
        tuple(role for role in GENERAL_QUEUE if role != "sent by silence"),
        "the same",
    ),
    Expected("report_parts.identity", ("name", "contact"), ("identified",), "given to the desk"),
    Expected("additions.content", ("added",), ("confidential",), "added later"),
    Expected("evidence", ("file",), ("with a file",), "fetched and sealed"),
    Expected("referrals", ("place",), ("confidential",), "to whom it went, and why"),
)
RESTRICTED = (
    Expected("report_parts.content", ("link", "words"), ("of a child",), "the restricted queue, and nothing else"),
)

KEYS: Mapping[str, tuple[Expected, ...]] = {
    "no key": NO_KEY,
    "pseudonym key": PSEUDONYM,
    "state key": STATE,
    "general key": GENERAL,
    "restricted key": RESTRICTED,
    "recovery key": (*GENERAL, *RESTRICTED),
}
# Who holds what. A backup holds less than the database: BACKUP says which of the finds are in it.
ATTACKERS: Mapping[str, tuple[str, ...]] = {
    "thief of the database or its disk": ("no key",),
    "thief with the pseudonym key": ("no key", "pseudonym key"),
    "thief with the state key": ("no key", "state key"),
    "seized running host": ("no key", "pseudonym key", "state key"),
    "desk, general key": ("no key", "general key"),
    "desk, restricted key": ("no key", "restricted key"),
    "recovery key": ("no key", "recovery key"),
    "everything": ("no key", "pseudonym key", "state key", "recovery key"),
}
# What of the state key's finds a backup still holds; drafts, answers and what waits for the worker stay out of it.
BACKUP = ("ways.address", "incidents.link", "incidents.places", "alerted.waiting", "moderators.name")


def expected(key: str) -> set[tuple[str, str, str]]:
    """The finds that a key is to give, as (where, what, role)."""
    return {(row.where, what, role) for row in KEYS[key] for what in row.what for role in row.who}
