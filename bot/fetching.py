"""
Fetching files for the desk, and having deleted what nobody may keep: the jobs that `evidence.py` owes.

A file passes through: from the provider piece by piece into the seal, and sealed onto the shelf. It is looked at only for
its first bytes, its digest and its size.
"""

from __future__ import annotations

import errno
import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import App

from bot.channel import Channel, SendFailed, Words
from bot.evidence import discard_instead, forget_there, give_up, takes_media, told_failed
from bot.file_types import LOOKED_AT, told_by
from bot.house import House
from bot.jobs import Patience
from bot.queue import DISCARD, FETCH, FILES, NOT_FETCHED, defer_file
from bot.wiping import TELEGRAM, said
from bot.wording import sentence
from conversations.categories import CATEGORIES
from conversations.texts import Text
from storage import db, discards, evidence, notices, people, tries, withdrawing
from storage.custody_objects import incident_of
from storage.db import Away, Busy
from storage.evidence import Wanted
from storage.sealed import Sealed, Wrap
from storage.tables import discards as discard_rows
from storage.tables import fetches

log = logging.getLogger(__name__)

LARGEST = 20_000_000  # what Telegram's `getFile` serves (platform.md A9); WhatsApp's are smaller
NEVER = ("too-large", "not-ours")  # no later try helps
GONE, GONE_FOR_GOOD = "gone", 3  # a file just sent may not be on every server of theirs yet
NOT_DELETED = ("too-old", "not-ours")  # nor here
AT_ONCE = 100  # rows a minute: more wait their turn
FACTS_FORMAT = 1


class Passing:
    """What is learnt of a file while it passes."""

    def __init__(self) -> None:
        self.size, self.first, self._digest = 0, b"", hashlib.sha256()

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self.size += len(piece)
            self.first += piece[: LOOKED_AT - len(self.first)]
            self._digest.update(piece)
            yield piece

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def fetch(house: House, id: UUID) -> None:
    """
    Fetch one file if it is still wanted and nobody else is at it. Dying at any moment leaves a row that is due again.

    The report's category is read before the provider is asked, and again before the file counts as kept.
    """
    with tries.held_alone(house.engine, id) as ours:
        wanted = _begun(house, id) if ours else None
        if wanted is None:
            return
        try:
            facts, wraps, digest = _taken(house, wanted)
        except SendFailed as failed:
            _failed(house, wanted, failed)
        except OSError as trouble:
            _failed(house, wanted, SendFailed(f"shelf-{errno.errorcode.get(trouble.errno or 0, '')}", retry=True))
        else:
            _kept(house, wanted, facts, wraps, digest)


def _begun(house: House, id: UUID) -> Wanted | None:
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        wanted = evidence.begin(tx, house.vault, house.shelf, id, now)
        if wanted is None or takes_media(wanted.category):
            return wanted
        discard_instead(tx, house, wanted, now)
        told_failed(tx, house, wanted.report)
        return None


def _taken(house: House, wanted: Wanted) -> tuple[Sealed, tuple[Wrap, ...], bytes]:
    """Fetch the file onto the shelf; what is known of it, sealed, the wrapped key, the sealed file's SHA-256."""
    channel = _channel(house, wanted.channel)
    if wanted.media.size > LARGEST:
        raise SendFailed("too-large", retry=False)
    seal, wraps = house.vault.exhibit(wanted.reference, wanted.exhibit, (CATEGORIES[wanted.category].queue,))
    passing = Passing()
    pieces = channel.download(wanted.media.handle, LARGEST)
    digest = house.shelf.put(wanted.file, seal.seal_file(passing.through(pieces)))
    facts = {
        "format": FACTS_FORMAT,
        "kind": wanted.media.kind,
        "declared": wanted.media.mime,
        "type": told_by(passing.first),
        "size": passing.size,
        "sha256": passing.sha256,
        "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        "channel": wanted.channel,
    }
    return seal.seal_facts(json.dumps(facts, separators=(",", ":")).encode("ascii")), wraps, digest


def _kept(house: House, wanted: Wanted, facts: Sealed, wraps: tuple[Wrap, ...], digest: bytes) -> None:
    """Record it, unless the category has changed or another try has begun meanwhile: then it leaves the shelf."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        category = evidence.still_wanted(tx, wanted)
        kept = category is not None and takes_media(category)
        if kept:
            evidence.keep(tx, wanted, facts, wraps, digest, now)
            forget_there(tx, house, wanted.channel, wanted.media, now)
        elif category is not None:
            discard_instead(tx, house, wanted, now)
        told_failed(tx, house, wanted.report)
    if not kept:
        house.shelf.drop(wanted.file)


def _failed(house: House, wanted: Wanted, failed: SendFailed) -> None:
    log.warning("a file did not come: %s, try %d", failed.code, wanted.attempts)
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        if failed.code in NEVER or (failed.code == GONE and wanted.attempts >= GONE_FOR_GOOD):
            give_up(tx, house, wanted.id, wanted.channel, wanted.media, failed.code, now)
        else:
            evidence.failed_once(tx, wanted, now + timedelta(seconds=failed.after))


def discard(house: House, id: UUID) -> None:
    """Have one file deleted at the provider, unread."""
    with tries.held_alone(house.engine, id) as ours:
        with db.begin(house.engine) as tx:
            unread = discards.begin(tx, house.vault, id, datetime.now(UTC)) if ours else None
        if unread is None:
            return
        try:
            _channel(house, unread.channel).discard(unread.address, unread.handle, unread.number)
        except SendFailed as failed:
            log.warning("a file was not deleted at the provider: %s, try %d", failed.code, unread.attempts)
            if failed.code not in NOT_DELETED:
                return
        with db.begin(house.engine) as tx:
            discards.done(tx, id)


def tell_not_fetched(house: House, report: UUID) -> None:
    """
    Tell a reporter who can be reached that a file did not come, in words that name nothing.

    Where that cannot be sent it waits as news does: for an approved template, or their next message. Whoever opens the
    report reads it there. Raises `SendFailed` where a later try could help.
    """
    with db.begin(house.engine) as tx:
        known = evidence.reporter(tx, report)
        way = people.way(tx, house.vault, known[0]) if known else None
    if known is None or way is None:
        return
    person, locale = known
    try:
        number = _channel(house, way.channel).send(way.address, Words(sentence(locale, Text.EVIDENCE_FAILED), locale))
    except SendFailed as failed:
        log.warning("a notice did not leave: %s", failed.code)
        if failed.retry:
            raise
        with db.begin(house.engine) as tx:
            if evidence.reporter(tx, report):  # else it was erased meanwhile
                notices.owe(tx, incident_of(tx, report), datetime.now(UTC), (report,))
        return
    if way.channel == TELEGRAM:
        said(house, person, number)


def look_for_files(house: House) -> None:
    """Defer jobs for the files whose next try is due, and end what has had its time."""
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        withdrawing.forget_chats(tx, now)
        withdrawing.hasten(tx, [kind for kind in CATEGORIES if not takes_media(kind)], now)
        for id in tries.due(tx, fetches, now, AT_ONCE):
            defer_file(tx, FETCH, id)
        for id in tries.due(tx, discard_rows, now, AT_ONCE):
            defer_file(tx, DISCARD, id)
    with db.begin(house.engine) as tx:
        for id, channel, media in evidence.overdue(tx, house.vault, now, AT_ONCE):
            give_up(tx, house, id, channel, media, "late", now)
        if left := discards.forget(tx, now, AT_ONCE):
            log.error("not deleted at the provider in all the time there was: %d", left)


def withdraw_files(house: House) -> None:
    """Take fetched files from desks that may not read their report any more, whoever changed its kind."""
    with db.begin(house.engine) as tx:
        gone = withdrawing.withdraw(tx, house.vault, {kind: row.queue for kind, row in CATEGORIES.items()})
    if gone:
        log.warning("keys of files taken from a desk, because their reports are another's now: %d", gone)


def register_files(app: App, house: House) -> None:
    """Let the app's worker fetch and discard. A task's name stands in the database: it keeps its meaning."""

    @app.task(name=FETCH, queue=FILES)
    def fetch_file(row: str) -> None:
        _unless_away(lambda: fetch(house, UUID(row)))

    @app.task(name=DISCARD, queue=FILES)
    def discard_file(row: str) -> None:
        _unless_away(lambda: discard(house, UUID(row)))

    @app.task(name=NOT_FETCHED, queue=FILES, retry=Patience())
    def tell(row: str) -> None:
        tell_not_fetched(house, UUID(row))


def _unless_away(work: Callable[[], None]) -> None:
    """Rows are due again by themselves: a database that is busy or away makes no failed job."""
    try:
        work()
    except (Away, Busy) as trouble:
        log.warning("a file waits for the database: %s", type(trouble).__name__)


def _channel(house: House, name: str) -> Channel:
    """Raises `SendFailed` where the channel is off: it may be on again tomorrow."""
    if name not in house.channels:
        raise SendFailed("channel-off", retry=True)
    return house.channels[name]
