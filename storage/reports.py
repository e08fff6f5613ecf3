"""Reports: sealed to the desk when they are filed, and never readable here again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, Select, select

from conversations.categories import handled_as
from conversations.fingerprint import fingerprint
from conversations.model import Draft, Filing, Step
from storage import catching_up, evidence, people, referrals, wire
from storage.additions import added
from storage.counting import counting
from storage.custody_digests import of_part
from storage.db import ERASED, Busy, Transaction, say_last
from storage.joining import Coming, Filed, Handling, Joined, join, joins
from storage.named import Plain
from storage.parcels import SealedReport
from storage.sealed import Sealed, Wrap
from storage.tables import incidents as incident_rows
from storage.tables import report_keys, report_parts, reports
from storage.vault import Vault

CONTENT_FORMAT = 1
AT_A_TIME = 200  # reports held in memory while they are carried to the desk


# The row and all that is sealed, in the statement that joins.
FILE = counting(
    "file",
    """
    , filed AS (
        INSERT INTO reports (id, reference, incident, origin, category, severity, channel, locale, disclosure, state,
            received_at, follows_at, person, secret)
        SELECT CAST(:report AS uuid), CAST(:reference AS text), id, origin, CAST(:category AS text),
            CAST(:severity AS bigint), CAST(:channel AS text), CAST(:locale AS text), CAST(:disclosure AS text),
            CAST(:state AS text), came, CASE WHEN further THEN CAST(:follows_at AS timestamptz) END,
            CAST(:person AS uuid), CAST(:secret AS bytea)
        FROM stands
    ), lies AS (
        INSERT INTO report_parts (report, part, sealed)
        SELECT CAST(:report AS uuid), * FROM unnest(CAST(:parts AS text[]), CAST(:sealed AS bytea[]))
    ), opens AS (
        INSERT INTO report_keys (report, desk_key, wrapped)
        SELECT CAST(:report AS uuid), * FROM unnest(CAST(:desk_keys AS text[]), CAST(:wrapped AS bytea[]))
    )
    """,
)


def file(
    tx: Transaction, vault: Vault, filing: Filing, handling: Handling, channel: str, person: UUID, address: str,
    now: datetime,
) -> Joined:  # fmt: skip
    """
    Seal and store a report, let it join its incident, and keep the way back, unless it is anonymous; its card is owed.

    An anonymous report keeps neither person nor address, whatever is passed; only the mark of its secret code. Its state
    is *received* however far the incident is, and follows it some hours later: whoever has just written would learn from
    it that the link was known (domain.md 9).
    """
    if _is_named(filing):
        people.keep_way(tx, vault, person, channel, address)
    filed = _filed(vault, filing, handling, channel, person, now)
    return join(tx, vault, _coming(filing.draft), handling, now, filed)


def file_last(
    tx: Transaction, vault: Vault, filing: Filing, handling: Handling, channel: str, person: UUID, address: str,
    now: datetime,
) -> None:  # fmt: skip
    """The same together with the transaction's end: who reports the same link waits for little more than the disk."""
    way = [people.way_kept(vault, person, channel, address)] if _is_named(filing) else []
    filed = _filed(vault, filing, handling, channel, person, now)
    say_last(tx, *way, *joins(tx, vault, _coming(filing.draft), handling, now, filed))


def state(tx: Transaction, reference: str) -> str | None:
    """How far the report with this reference is, or None if there is none: `cases.told` says what may be told."""
    return tx.execute(select(reports.c.state).where(reports.c.reference == reference)).scalar()


def category(tx: Transaction, reference: str) -> str:
    """A report's kind of content. Raises `Busy` where it was erased since it was opened: the turn is made anew."""
    kind: str | None = tx.execute(select(reports.c.category).where(reports.c.reference == reference)).scalar()
    if kind is None:
        raise Busy(ERASED)
    return kind


def listing(tx: Transaction) -> list[dict[str, str | int | None]]:
    """Every report in clear facts, oldest incident first; no key is needed and no content shown."""
    return [_facts(row) for row in tx.execute(_every().order_by(incident_rows.c.number, reports.c.reference))]


def sealed(tx: Transaction) -> Iterator[SealedReport]:
    """Every report as it goes to the desk, some hundred in memory at a time; `tx` stays open while they are read."""
    every = _every(reports.c.id).order_by(reports.c.id)
    rows = tx.execute(every.execution_options(yield_per=AT_A_TIME))
    for some in rows.partitions():
        yield from _sealed(tx, some)


def _coming(draft: Draft) -> Coming:
    platform = draft.links[0].platform if draft.links else ""
    return Coming(handled_as(draft).key, platform, fingerprint(draft), draft.answer(Step.PLACE))


def _is_named(filing: Filing) -> bool:
    return filing.draft.disclosure != "anonymous"


def _filed(vault: Vault, filing: Filing, handling: Handling, channel: str, person: UUID, now: datetime) -> Filed:
    """What `FILE` is to write. Sealed before anybody waits for us."""
    draft, reference, named = filing.draft, filing.reference, _is_named(filing)
    parcel = vault.parcel(reference, handling.queues, contents(filing, now))
    row: dict[str, Plain] = {
        "report": uuid4(),
        "reference": reference,
        "channel": channel,
        "locale": filing.locale,
        "disclosure": draft.disclosure,
        "follows_at": catching_up.due(now),
        "person": person if named else None,
        "secret": None if named else wire.pseudonym(vault.secret_mark(reference, filing.secret)),
        "sealed": [wire.sealed(part) for part in parcel.parts.values()],
        "desk_keys": [wrap.desk_key for wrap in parcel.wraps],
        "wrapped": [wire.sealed(wrap.wrapped) for wrap in parcel.wraps],
    }
    return Filed({name: of_part(reference, name, part) for name, part in parcel.parts.items()}, FILE, row)


def contents(filing: Filing, now: datetime) -> dict[str, bytes]:
    """What goes under the seal, by parts. A confidential reporter is reached by the way back, which staff never see."""
    draft = filing.draft
    content = {
        "format": CONTENT_FORMAT,
        "received": now.astimezone(UTC).isoformat(timespec="seconds"),
        "category": draft.category,
        "links": [link._asdict() for link in draft.links],
        "details": draft.details,
        "answers": dict(draft.answers),
        "media": [{"kind": media.kind, "mime": media.mime, "size": media.size} for media in draft.media],
        "disclosure": draft.disclosure,
        "notice": filing.notice,
        "locale": filing.locale,
    }
    parts = {"content": _json(content)}
    if draft.disclosure == "identified":
        parts["identity"] = _json({"format": CONTENT_FORMAT, "name": draft.name, "contact": draft.contact})
    return parts


def _json(value: dict[str, Any]) -> bytes:
    """ASCII, so that even half a surrogate pair that somebody sent comes through."""
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def _every(*more: Any) -> Select[Any]:
    facts = ("reference", "category", "severity", "channel", "locale", "disclosure", "state", "received_at")
    columns = [reports.c[name] for name in facts]
    return select(*columns, incident_rows.c.number.label("incident"), *more).join_from(reports, incident_rows)


def _facts(row: Row[Any]) -> dict[str, str | int | None]:
    facts = {name: value for name, value in row._mapping.items() if name != "id"}
    return facts | {"received_at": row.received_at.isoformat().replace("+00:00", "Z")}


def _sealed(tx: Transaction, rows: Sequence[Row[Any]]) -> Iterator[SealedReport]:
    ids = [row.id for row in rows]
    parts: dict[UUID, dict[str, bytes]] = {id: {} for id in ids}
    wraps: dict[UUID, list[Wrap]] = {id: [] for id in ids}
    for row in tx.execute(select(report_parts).where(report_parts.c.report.in_(ids))):
        parts[row.report][row.part] = row.sealed
    for row in tx.execute(select(report_keys).where(report_keys.c.report.in_(ids))):
        wraps[row.report].append(Wrap(row.desk_key, Sealed(row.wrapped)))
    exhibits, missing = evidence.exhibits(tx, ids), evidence.not_there(tx, ids)
    later, referred = added(tx, ids), referrals.sealed(tx, {row.incident for row in rows})
    for row in rows:
        facts = _facts(row) | missing.get(row.id, {})
        sealed = (parts[row.id], wraps[row.id], exhibits.get(row.id, []), later[row.id], referred[row.incident])
        yield SealedReport(row.reference, facts, *sealed)
