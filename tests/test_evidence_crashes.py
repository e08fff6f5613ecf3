"""Two at one file, a kill in the middle, a death before the database knows: one file, sealed, and nothing left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from bot import fetching
from bot.channel import SendFailed
from bot.fetching import fetch, look_for_files
from bot.house import House
from storage import db, tries
from storage.shelf import Shelf
from storage.tables import evidence, fetches
from tests import doors, forks
from tests.evidence_house import (
    JPEG,
    environment,
    file,
    house,
    ids,
    make_due,
    on_the_shelf,
    opened,
    photo,
    providers,
    rows,
)
from tests.providers import Providers, until

__all__ = ["house", "providers"]  # fixtures

ROOT = Path(__file__).parent.parent
MARK = b"these bytes must never lie in clear "


def test_two_jobs_for_one_file_fetch_it_once(house: House, providers: Providers) -> None:
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo())
    (row,) = ids(house)
    providers.flows.clear()
    both = [threading.Thread(target=fetch, args=(house, row)) for _ in range(2)]
    both[0].start()
    until(providers.downloads)
    both[1].start()
    both[1].join(20)  # it sees that another is at it, and leaves
    assert not both[1].is_alive() and both[0].is_alive()
    providers.flows.set()
    both[0].join(20)
    assert len(providers.downloads()) == 1
    assert opened(house, report)[1] == JPEG and len(on_the_shelf(house)) == 1


def test_of_two_tries_that_know_nothing_of_each_other_one_counts(
    house: House, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that lost its database connection in the middle cannot know that another took its file over."""
    monkeypatch.setattr(tries, "key", lambda random: int.from_bytes(uuid4().bytes[:8], "big", signed=True))
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo())
    (row,) = ids(house)
    providers.flows.clear()
    both = [threading.Thread(target=fetch, args=(house, row)) for _ in range(2)]
    for at, one in enumerate(both, 1):
        one.start()
        until(partial(_downloads, providers, at))
    providers.flows.set()
    for one in both:
        one.join(20)
    assert len(rows(house, evidence)) == 1 and rows(house, fetches) == []
    assert opened(house, report)[1] == JPEG and len(on_the_shelf(house)) == 1


def _downloads(providers: Providers, times: int) -> bool:
    return len(providers.downloads()) == times


FETCH = """
import sys, uuid
from bot.fetching import fetch
from bot.house import open_house
fetch(open_house(), uuid.UUID(sys.argv[1]))
"""


def test_a_kill_in_the_middle_leaves_nothing_in_clear_and_is_taken_up_again(
    house: House, providers: Providers, tmp_path: Path, database_url: str
) -> None:
    providers.files["AgAC-photo"] = MARK * 100_000
    report = file(house, photo())
    (row,) = ids(house)
    providers.flows.clear()
    given = {**os.environ, **doors.ENVIRONMENT, **environment(providers, tmp_path), "DATABASE_URL": database_url}
    process = forks.start(str(row), environ=given, script=FETCH)
    until(lambda: any(path.stat().st_size > 500_000 for path in on_the_shelf(house)))
    process.send_signal(signal.SIGKILL)
    process.wait(10)
    (left,) = on_the_shelf(house)
    assert MARK[:12] not in left.read_bytes()
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and path != left]
    providers.flows.set()

    def taken_up() -> bool:
        """Once the server has noticed that the dead one's connection is gone, and with it what it held."""
        fetch(house, row)
        return row not in ids(house)

    until(taken_up)
    assert opened(house, report)[1] == MARK * 100_000
    assert len(on_the_shelf(house)) == 1 and left not in on_the_shelf(house)


def test_a_death_between_the_shelf_and_the_database_leaves_no_orphan(
    house: House, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers.files["AgAC-photo"] = JPEG
    report = file(house, photo())
    monkeypatch.setattr(fetching, "_kept", lambda *_: None)  # dead before the second transaction
    fetch(house, *ids(house))
    (orphan,) = on_the_shelf(house)
    monkeypatch.undo()
    fetch(house, *ids(house))
    assert orphan not in on_the_shelf(house) and len(on_the_shelf(house)) == 1
    assert opened(house, report)[1] == JPEG


def test_what_a_death_left_on_the_shelf_goes_with_the_row(
    house: House, providers: Providers, monkeypatch: pytest.MonkeyPatch
) -> None:
    providers.files["AgAC-photo"] = JPEG
    file(house, photo())
    monkeypatch.setattr(fetching, "_kept", lambda *_: None)
    fetch(house, *ids(house))
    make_due(house, fetches, forget_at=datetime.now(UTC) - timedelta(seconds=1))
    look_for_files(house)
    assert on_the_shelf(house) == []


def test_a_shelf_keeps_no_half_file(tmp_path: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield b"\xfc half"
        raise SendFailed("cut", retry=True)

    shelf, name = Shelf(tmp_path / "shelf"), uuid4()
    with pytest.raises(SendFailed):
        shelf.put(name, breaks())
    assert shelf.names() == frozenset()
    shelf.drop(name)


def test_a_row_id_is_all_that_a_job_carries(house: House, providers: Providers) -> None:
    file(house, photo(), disclosure="anonymous")
    with db.begin(house.engine) as tx:
        (args,) = tx.exec_driver_sql("SELECT args FROM procrastinate_jobs").scalars()
        (row,) = tx.execute(select(fetches.c.id)).scalars()
    assert args == {"row": str(row)} and UUID(args["row"]).version == 4


MEASURED = """
import resource, sys, uuid
from bot.fetching import fetch
from bot.house import open_house
house = open_house()
fetch(house, uuid.UUID(sys.argv[1]))  # a small one, which brings in all libraries
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
fetch(house, uuid.UUID(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
def test_twenty_megabytes_pass_through_a_process_that_hardly_grows(
    house: House, providers: Providers, tmp_path: Path, database_url: str, channel: str
) -> None:
    large = MARK * (19_900_000 // len(MARK))
    handles = {"small": providers.media(1, JPEG), "large": providers.media(2, large)}
    if channel == "telegram":
        providers.files |= {"small": JPEG, "large": large}
        handles = {name: name for name in handles}
    file(house, photo(handles["small"]), channel=channel)
    (small,) = ids(house)
    report = file(house, photo(handles["large"]), channel=channel)
    (other,) = (id for id in ids(house) if id != small)
    given = {**os.environ, **doors.ENVIRONMENT, **environment(providers, tmp_path), "DATABASE_URL": database_url}
    command = [sys.executable, "-c", MEASURED, str(small), str(other)]
    done = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=100, check=True)
    grown = int(done.stdout) * (1 if sys.platform == "darwin" else 1024)
    assert grown < 4_000_000, f"grown by {grown} bytes"
    assert opened(house, report)[1] == large
    assert MARK[:12] not in b"".join(path.read_bytes() for path in on_the_shelf(house))
