"""
Following a sent report: who may open it, what is added to it, who its reporter is from now on.

Whatever touches a report in a citizen's turn marks its row as fresh: a foreign key's check leaves the transaction's
number there, and blurring must find it (docs/adr/0005-unlinking.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from conversations.about import BEFORE_REFERRAL, MOST_LISTED, About, Addition, Change, TooMany
from storage import custody, people, tombstones, undoable
from storage.additions import seal
from storage.custody import Act
from storage.custody_objects import erasing, naming
from storage.db import ERASED, Busy, Transaction, hour_after
from storage.passed_on import passed_on
from storage.tables import (
    additions,
    fetches,
    guesses,
    incidents,
    notices,
    questions,
    report_parts,
    reports,
    ways,
)
from storage.vault import Vault

TRIES = 5
TRIES_LAST = timedelta(hours=1)
FORMAT = 1
ACTS = {"content": Act.ADDED, "correction": Act.CORRECTED, "objection": Act.OBJECTED}  # by what the desk reads it as


def own(tx: Transaction, person: UUID) -> tuple[About, ...]:
    """The newest reports that this person wrote and can be written to about."""
    asked = _asked().where(reports.c.person == person).order_by(reports.c.received_at.desc(), reports.c.reference)
    return tuple(_about(row) for row in tx.execute(asked.limit(MOST_LISTED)))


def opened(tx: Transaction, reference: str, person: UUID) -> About | None:
    """
    The report as it is now, for its own writer, or for who has opened it by its code before and remembers that.

    None once it is somebody else's: an anonymous report that became reachable answers to its writer alone.
    """
    theirs = or_(reports.c.person == person, reports.c.disclosure == "anonymous")
    row = tx.execute(_asked().where(reports.c.reference == reference, theirs)).one_or_none()
    return None if row is None else _about(row)


def by_own(tx: Transaction, reference: str, person: UUID) -> About | None:
    """The report if this person wrote it and can be written to about it."""
    row = tx.execute(_asked().where(reports.c.reference == reference, reports.c.person == person)).one_or_none()
    return None if row is None else _about(row)


def by_code(
    tx: Transaction, vault: Vault, reference: str, secret: str, person: UUID, now: datetime
) -> About | TooMany | None:
    """
    The anonymous report that reference and code open. None is a try that failed, whichever of the two was wrong.

    After five of them within an hour nothing opens for the person; what was typed is not kept. Their lock is held.
    """
    if _tries(tx, person, now) >= TRIES:
        return TooMany()
    row = tx.execute(_asked(reports.c.secret).where(reports.c.reference == reference)).one_or_none()
    stored = bytes(row.secret) if row is not None and row.secret else b""
    fits = vault.is_secret(reference, secret, stored)
    if row is not None and fits:
        return _about(row)
    _count(tx, person, now)
    return None


def add(tx: Transaction, vault: Vault, addition: Addition, queues: Sequence[str], now: datetime) -> str:
    """
    Seal and store what was added, under a key of its own that the desk's keys open; a question has its answer.

    The group that is owed a card job, because the card tells of answers; "" for none. Raises `Busy` where it was erased since
    it was opened.
    """
    group = _tells_of_answer(tx, addition.reference) if addition.question else ""
    content = {
        "format": FORMAT,
        "received": now.astimezone(UTC).isoformat(timespec="seconds"),
        "question": addition.question,
        "details": addition.text,
        "links": [link._asdict() for link in addition.links],
        "media": [{"kind": media.kind, "mime": media.mime, "size": media.size} for media in addition.media],
    }
    report = _touched(tx, addition.reference)
    if addition.question:
        oldest = select(questions.c.id).where(questions.c.report == report, questions.c.template == addition.question)
        oldest = oldest.where(~questions.c.answered).order_by(questions.c.asked_at).limit(1)
        answered = update(questions).where(questions.c.id.in_(oldest.scalar_subquery()))
        tx.execute(answered.values(answered=True, fresh=True))
    act = Act.ANSWERED if addition.question else ACTS[addition.part]
    seal(tx, vault, report, addition.reference, queues, addition.part, content, now, act=act)
    return group


def change(
    tx: Transaction, vault: Vault, change: Change, person: UUID, channel: str, address: str, queues: Sequence[str],
    now: datetime,
) -> str | None:  # fmt: skip
    """
    Let a report be anonymous, confidential or identified from now on: the group that is owed a card job, "" for none.

    None, and nothing is changed, once it was referred. An anonymous one keeps neither person nor way; whoever is no
    longer identified has their name destroyed here.
    """
    named = change.disclosure != "anonymous"
    row: dict[str, Any] = {"disclosure": change.disclosure, "person": person if named else None, "fresh": True}
    row["secret"] = None if named else vault.secret_mark(change.reference, change.secret)
    row |= {} if named else {"notify": False}
    ours = update(reports).where(reports.c.reference == change.reference, reports.c.state.in_(BEFORE_REFERRAL))
    found = tx.execute(ours.values(**row).returning(reports.c.id, reports.c.incident)).one_or_none()
    if found is None:
        return None
    erasing(tx, found.id, now, part="identity")
    tx.execute(delete(report_parts).where(report_parts.c.report == found.id, report_parts.c.part == "identity"))
    tx.execute(delete(additions).where(additions.c.report == found.id, additions.c.part == "identity"))
    if change.disclosure == "identified":
        identity = {"format": FORMAT, "name": change.name, "contact": change.contact}
        seal(tx, vault, found.id, change.reference, queues, "identity", identity, now)
    if named:
        people.keep_way(tx, vault, person, channel, address)
    else:
        _cut(tx, found.id, person)
    tombstones.bury_identity(tx, vault, change.reference, change.disclosure, now)
    group = _shown(tx, found.incident)
    custody.add(tx, found.incident, Act.CHANGED, now, digest=naming(tx, found.id), detail=change.disclosure)
    return group


def notify(tx: Transaction, vault: Vault, change: Change, person: UUID, channel: str, address: str) -> None:
    """Whether the reporter wants a neutral notice when there is news; then the way back is the one they write from."""
    ours = update(reports).where(reports.c.reference == change.reference, reports.c.person == person)
    wanted = tx.execute(ours.values(notify=change.notify, fresh=True)).rowcount
    if wanted and change.notify:
        people.keep_way(tx, vault, person, channel, address)


def heard(tx: Transaction, reference: str) -> None:
    """The reporter has opened the report: no notice of what they saw is owed any more, but of what can still be undone."""
    ours = (notices.c.report == reports.c.id) & (reports.c.reference == reference)
    still = undoable.news()
    tx.execute(update(notices).where(ours, still).values(untold=False, fresh=True))
    tx.execute(delete(notices).where(ours, ~still))


def news(tx: Transaction, person: UUID, now: datetime) -> list[str]:
    """The references that waited for this person's next message to be told of; they count as told from here on."""
    theirs = (notices.c.report == reports.c.id) & (reports.c.person == person)
    waits = notices.c.fault.is_not(None) & (notices.c.due_at <= now)  # what can still be undone is no news yet
    waiting = delete(notices).where(theirs, waits, ~undoable.news())
    return sorted(tx.execute(waiting.returning(reports.c.reference)).scalars())


def _asked(*more: Any) -> Select[Any]:
    waiting = select(questions.c.template).where(questions.c.report == reports.c.id, ~questions.c.answered)
    waiting = waiting.where(~undoable.question())
    oldest = waiting.order_by(questions.c.asked_at).limit(1).scalar_subquery().label("question")
    names = ("reference", "state", "category", "disclosure", "received_at", "outcome", "notify")
    given_up = fetches.c.fault.is_not(None) & (fetches.c.report == reports.c.id)
    lost = select(func.count()).where(given_up).scalar_subquery().label("lost")
    return select(*(reports.c[name] for name in names), oldest, passed_on().label("referred"), lost, *more)


def _about(row: Row[Any]) -> About:
    came = f"{row.received_at.astimezone(UTC):%Y-%m-%d %H:%M}"
    told = (row.reference, row.state, row.category, row.disclosure, came)
    return About(*told, row.question or "", row.outcome or "", row.notify, row.referred, row.lost)


def _tries(tx: Transaction, person: UUID, now: datetime) -> int:
    counted = select(guesses.c.count).where(guesses.c.person == person, guesses.c.forget_at > now)
    return tx.execute(counted).scalar() or 0


def _count(tx: Transaction, person: UUID, now: datetime) -> None:
    tx.execute(delete(guesses).where(guesses.c.person == person, guesses.c.forget_at <= now))
    row = {"person": person, "count": 1, "forget_at": hour_after(now + TRIES_LAST)}
    more = {"count": guesses.c.count + 1, "fresh": True}
    tx.execute(upsert(guesses).values(**row).on_conflict_do_update(index_elements=["person"], set_=more))


def _touched(tx: Transaction, reference: str) -> UUID:
    ours = update(reports).where(reports.c.reference == reference).values(fresh=True)
    report: UUID | None = tx.execute(ours.returning(reports.c.id)).scalar()
    if report is None:
        raise Busy(ERASED)
    return report


def _cut(tx: Transaction, report: UUID, person: UUID) -> None:
    """Nothing leads to the person any more, unless they can be written to about another report."""
    tx.execute(delete(notices).where(notices.c.report == report))
    tx.execute(delete(ways).where(ways.c.person == person, ~exists().where(reports.c.person == person)))


def _tells_of_answer(tx: Transaction, reference: str) -> str:
    """The incident is locked before its report, as whoever decides about it does."""
    ours = select(reports.c.incident).where(reports.c.reference == reference).scalar_subquery()
    row = {"wanted_version": incidents.c.wanted_version + 1, "fresh": True}
    changed = update(incidents).where(incidents.c.id == ours).values(**row)
    return tx.execute(changed.returning(incidents.c.card_group)).scalar() or ""


def _shown(tx: Transaction, incident: UUID) -> str:
    """The card tells how many can be asked; its group."""
    row = {"wanted_version": incidents.c.wanted_version + 1, "fresh": True}
    changed = update(incidents).where(incidents.c.id == incident).values(**row)
    group: str = tx.execute(changed.returning(incidents.c.card_group)).scalar_one()
    return group
