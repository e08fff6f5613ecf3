"""The rows of an incident with its reports and their writers, as filing and the worker's rounds leave them."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from benchmarks.seeding_talk import LOCALES, OPEN, SAID, talk
from bot import operator
from conversations import codes
from conversations.cases import State
from conversations.categories import CATEGORIES
from conversations.defang import defang
from conversations.fingerprint import fingerprint
from conversations.model import Draft, Filing, Link, Step
from storage import chats, custody_chain, deliveries, people, places
from storage.alerts import Reminder, threshold
from storage.custody import Act
from storage.custody_digests import of_part
from storage.db import hour, hour_after
from storage.reports import contents
from storage.vault import Vault

RETENTION = operator.read().retention
DRAFT, SENT = timedelta(days=RETENTION.draft_days), timedelta(hours=RETENTION.sent_hours)
CARD_LINK = timedelta(days=30)
DISCLOSURES = ("anonymous", "confidential", "identified")
PLACES = ("casablanca", "rabat", "fes", "abroad", "")
GROUP = "moderators"
ON_WHATSAPP = 0.3


class Came(NamedTuple):
    """One report: the number of who wrote it, and when."""

    person: int
    at: datetime


class Rows:
    """Rows that wait to be copied, by their tables. `latest` is when they are seen: what has had its time by then is left out."""

    def __init__(self, vault: Vault, latest: datetime) -> None:
        self.vault, self.latest = vault, latest
        self._tables: dict[str, list[Mapping[str, Any]]] = {}

    @property
    def reports(self) -> int:
        return len(self._tables.get("reports", ()))

    def put(self, table: str, row: Mapping[str, Any]) -> None:
        self._tables.setdefault(table, []).append(row)

    def taken(self) -> dict[str, list[Mapping[str, Any]]]:
        """All of them; none waits any more."""
        tables, self._tables = self._tables, {}
        return tables


def incident(
    rows: Rows, number: int, kind: str, address: str, came: Sequence[Came], dice: random.Random
) -> list[str]:  # fmt: skip
    """An incident of one link with these reports, the oldest first, and its card shown; their references."""
    id, log, counted = uuid4(), _Log(rows, number), places.opened(rows.vault, UUID(int=0), None)
    references, link = list[str](), Link(address, address)
    for one in came:
        filing = _filing(kind, link, one.at, dice)
        counted = places.with_one_more(counted, id, filing.draft.answer(Step.PLACE))
        references.append(_report(rows, id, log, filing, one, dice))
    rows.put(
        "incidents", _incident(rows, id, number, kind, address, came) | {"places": places.seal(rows.vault, id, counted)}
    )
    told = {"severity": CATEGORIES[kind].severity, "reports": threshold(len(came)), "reminder": Reminder.GIVEN}
    rows.put("alerted", {"incident": id, **told, "turn": number})
    for mark in rows.vault.fingerprints(fingerprint(Draft(links=(link,))))[:1]:
        rows.put("fingerprints", {"mark": mark, "incident": id, "origin": id})
    log.close(id)
    return references


def passing(rows: Rows, person: int, dice: random.Random) -> None:
    """Somebody who began a conversation in the last days, and has not sent a report."""
    began = rows.latest - DRAFT * dice.random()
    _talk(rows, uuid4(), person, dice.choice(LOCALES), _channel(dice), began, OPEN, stays=False)


def _filing(kind: str, link: Link, at: datetime, dice: random.Random) -> Filing:
    disclosure = dice.choice(DISCLOSURES)
    named = ("Somebody", "somebody@example.org") if disclosure == "identified" else ("", "")
    draft = Draft((link,), kind, "They wrote this. " * dice.randint(1, 40), disclosure, *named)
    place = dice.choice(PLACES)
    secret = codes.secret(secrets.randbits(codes.SECRET_BITS)) if disclosure == "anonymous" else ""
    reference = codes.reference(secrets.randbits(codes.REFERENCE_BITS))
    return Filing(
        reference, secret, dice.choice(LOCALES), draft.answering(Step.PLACE, place), f"2026-11 {at:%Y-%m-%dT%H:%MZ}"
    )


def _report(rows: Rows, incident: UUID, log: _Log, filing: Filing, came: Came, dice: random.Random) -> str:
    report, person, draft = uuid4(), uuid4(), filing.draft
    category, channel, named = CATEGORIES[draft.category], _channel(dice), draft.disclosure != "anonymous"
    _talk(rows, person, came.person, filing.locale, channel, came.at, len(SAID), stays=named)
    parcel = rows.vault.parcel(filing.reference, (category.queue,), contents(filing, came.at))
    rows.put("reports", {
        "id": report, "reference": filing.reference, "incident": incident, "origin": incident, "category": category.key,
        "severity": category.severity, "channel": channel, "locale": filing.locale, "disclosure": draft.disclosure,
        "state": State.RECEIVED, "received_at": hour(came.at), "person": person if named else None,
        "secret": None if named else rows.vault.secret_mark(filing.reference, filing.secret),
    })  # fmt: skip
    for part, sealed in parcel.parts.items():
        rows.put("report_parts", {"report": report, "part": part, "sealed": sealed})
        log.add(incident, came.at, of_part(filing.reference, part, sealed), part)
    for wrap in parcel.wraps:
        rows.put("report_keys", {"report": report, "desk_key": wrap.desk_key, "wrapped": wrap.wrapped})
    return filing.reference


def _incident(rows: Rows, id: UUID, number: int, kind: str, address: str, came: Sequence[Came]) -> dict[str, Any]:
    category, until = CATEGORIES[kind], hour_after(came[0].at + CARD_LINK)
    shown = category.card_link and until > rows.latest
    return {
        "id": id, "number": number, "category": kind, "severity": category.severity, "state": State.RECEIVED,
        "opened_at": hour(came[0].at), "last_at": hour(came[-1].at), "reports": len(came), "platform": "web",
        "link": rows.vault.seal("incidents", id.bytes, defang(address).encode()) if shown else None,
        "link_until": until if shown else None, "wanted_version": len(came), "shown_version": len(came),
        "card_group": GROUP, "card_message": str(number), "card_in": GROUP,
    }  # fmt: skip


def _talk(
    rows: Rows, person: UUID, number: int, locale: str, channel: str, at: datetime, messages: int, *, stays: bool
) -> None:  # fmt: skip
    """What is left of somebody's conversation, who `stays` where a report of theirs leads to them."""
    held, vault, address = talk(locale, channel, messages), rows.vault, _address(channel, number)
    until = at + (SENT if messages == len(SAID) else DRAFT)
    remembered = deliveries.SIGNED if channel == "whatsapp" else deliveries.REMEMBERED
    for message, answer in enumerate(held.answers if hour_after(at + remembered) > rows.latest else ()):
        rows.put("deliveries", deliveries.row(vault, channel, f"{number}/{message}", address, answer, at))
    if not stays and hour_after(until) <= rows.latest:
        return
    rows.put("people", {"id": person})
    name = ("id", address) if channel == "telegram" else ("phone", address.removeprefix("whatsapp:"))
    rows.put("aliases", {"pseudonym": vault.pseudonyms(channel, *name)[0], "person": person})
    if stays:
        sealed = vault.seal("ways", person.bytes, address.encode())
        rows.put("ways", {"person": person, "mailbox": uuid4(), "channel": channel, "address": sealed})
    if hour_after(until) > rows.latest:
        rows.put("sessions", people.remembered(vault, person, held.session, until, None))
        _numbers(rows, person, channel, at, messages)


def _numbers(rows: Rows, person: UUID, channel: str, at: datetime, messages: int) -> None:
    for message in range(messages if channel == "telegram" else 0):
        row = chats.row(rows.vault, person, str(message + 1), at)
        if row["forget_at"] > rows.latest:
            rows.put("written", row)


def _channel(dice: random.Random) -> str:
    return "whatsapp" if dice.random() < ON_WHATSAPP else "telegram"


def _address(channel: str, number: int) -> str:
    return str(number) if channel == "telegram" else f"whatsapp:+{number}"


class _Log:
    """An incident's chain of custody, as it grows."""

    def __init__(self, rows: Rows, number: int) -> None:
        self._rows, self._number, self._length, self._last = rows, number, 0, custody_chain.BEGINNING

    def add(self, incident: UUID, at: datetime, digest: bytes, part: str) -> None:
        when, act = hour(at), Act.RECEIVED.value
        entry = custody_chain.written(self._number, self._length + 1, when, "", act, digest, part, self._last)
        row = entry._asdict() | {"incident": incident, "at": when, "digest": digest}
        hashes = {"previous": bytes.fromhex(entry.previous), "hash": bytes.fromhex(entry.hash)}
        self._rows.put("custody", row | hashes)
        self._length, self._last = entry.position, entry.hash

    def close(self, incident: UUID) -> None:
        head = {"number": self._number, "length": self._length, "hash": bytes.fromhex(self._last)}
        self._rows.put("custody_heads", {"incident": incident, **head})
