"""What happens in the town of the seizure besides what citizens write: files come, staff work, silence files, time passes."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import select, text

from benchmarks.processes import Town, until
from benchmarks.provider import BotApi, Handler
from benchmarks.seizure_cast import STAFF, STEM, Person
from bot.evidence import release_expired
from bot.house import House, open_house
from bot.jobs import show_next_card
from bot.unfinished import file_abandoned
from conversations.cases import State
from conversations.router import propose
from storage import backup, cases, db, moderators, referrals, retention, shredding, waiting
from storage.tables import incidents, reports

NAME = f"{STEM}staffname"
PICTURE = b"a picture of "
HOUR = (
    timedelta(hours=1) + retention.JUST_GIVEN
)  # an answer's end is kept to the hour: the last of one goes minutes into the next
PATIENCE = 600.0  # seconds, for a thousand cards on a busy machine


class Files(Handler):
    """A Bot API whose files tell whose they are."""

    def do_GET(self) -> None:
        content = PICTURE + self.path.rsplit("/", 1)[-1].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Lender(BotApi):
    """Telegram's side, with files."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.RequestHandlerClass = Files

    def call(self, method: str, form: dict[str, str]) -> tuple[int, Any] | None:
        if method == "getFile":
            handle = form["file_id"]
            size = len(PICTURE) + len(handle)
            return 200, {
                "file_id": handle,
                "file_unique_id": handle,
                "file_size": size,
                "file_path": f"photos/{handle}",
            }
        return super().call(method, form)


@contextmanager
def house_of(town: Town) -> Iterator[House]:
    """The town's own house, opened beside its processes."""
    made = open_house(town.settings | {"DATABASE_URL": town.database, "EVIDENCE_URL": str(town.var / "evidence")})
    try:
        yield made
    finally:
        if made.telegram:
            made.telegram.close()
        made.engine.dispose()


def work(town: Town, house: House, cast: list[Person]) -> None:
    """
    Staff ask, refer and close; a day passes for who chose that silence sends; cards are shown and files fetched.
    """
    now = datetime.now(UTC)
    with db.begin(house.engine) as tx:
        moderators.add(tx, house.vault, str(STAFF), NAME)
        for number, incident in (_incident(tx, one.reference) for one in cast if one.role == "confidential"):
            cases.ask(tx, number, "screenshot", now)
            referrals.put(tx, house.vault, incident, propose("hate", "rabat"), now)
        for number, _ in (_incident(tx, one.reference) for one in cast if one.role == "closed"):
            for state in (State.ANALYSIS, State.CLOSED):
                cases.advance(tx, number, state, "", now)
    for person in cast:
        if person.role == "sent by silence":
            _silence(house, person)
    wanted = sum(person.role == "with a file" for person in cast)
    until(lambda: town.ask("SELECT count(*) FROM evidence") == [(wanted,)], PATIENCE, "the files")
    town.kill("worker")
    _cards(town, house)
    with db.begin(house.engine) as tx:
        while waiting.begin(tx, house.vault, now):
            pass


def _cards(town: Town, house: House) -> None:
    """Every group has heard of every incident, without the pauses that Telegram asks for."""
    unheard = (
        "SELECT card_group FROM incidents WHERE NOT EXISTS (SELECT FROM alerted WHERE incident = incidents.id) LIMIT 1"
    )
    deadline = time.monotonic() + PATIENCE
    with psycopg.connect(town.database, autocommit=True) as link:
        while found := link.execute(unheard).fetchone():
            if time.monotonic() > deadline:
                raise TimeoutError("an incident was not told to its group")
            link.execute("UPDATE groups SET free_at = now() - interval '1 minute'")
            link.execute("DELETE FROM rings")
            show_next_card(house, str(found[0]))


def _incident(tx: db.Transaction, reference: str) -> Any:
    asked = select(incidents.c.number, incidents.c.id).join_from(incidents, reports)
    return tx.execute(asked.where(reports.c.reference == reference)).one()


def _silence(house: House, person: Person) -> None:
    """Their day is over, and theirs alone."""
    with db.begin(house.engine) as tx:
        names = [bytes(name) for name in house.vault.pseudonyms(person.voice.channel, "id", person.account)]
        ours = text(
            "UPDATE sessions SET file_at = date_trunc('hour', now() - interval '1 hour'), nudge_at = NULL"
            " FROM aliases WHERE aliases.person = sessions.person AND pseudonym = ANY (CAST(:names AS bytea[]))"
        )
        tx.execute(ours, {"names": names})
    file_abandoned(house, datetime.now(UTC))


def an_hour_later(house: House) -> list[str]:
    """What the worker does within the hour, and in the night; what could not be done."""
    store, later = db.Store(house.engine), datetime.now(UTC) + HOUR
    with db.begin(house.engine) as tx:
        release_expired(tx, house, later)
    with db.begin(house.engine) as tx:
        while retention.forget(tx, later).rows:
            pass
    retention.blur(store)
    return [*retention.sweep(store), *shredding.shred(store)]


def backed_up(house: House) -> bytes:
    """A backup, unpacked."""
    packed = io.BytesIO()
    backup.write(house.engine, packed, datetime.now(UTC), 30)
    return gzip.decompress(packed.getvalue())


def shelf(town: Town) -> Path:
    return town.var / "evidence"
