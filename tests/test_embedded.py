"""The embedded PostgreSQL comes up, whatever was killed before: real processes, nothing faked."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import sockets
from storage.cluster import Cluster
from storage.embedded import NoDatabase, address, serving
from tests.owners import (
    PATIENCE,
    PROJECT,
    Owners,
    answers,
    eventually,
    family,
    lives,
    made,
    note,
    notes,
    show,
    sockets_of,
)

__all__ = ["made"]  # a fixture

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")


@pytest.fixture
def own() -> Iterator[Owners]:
    with Owners() as owners:
        yield owners


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


def test_first_start_second_start_and_a_clean_stop(tmp_path: Path, own: Owners) -> None:
    var = tmp_path / "var"
    owner = own(var)
    url = owner.url()
    assert url.startswith("postgresql://postgres@/iblagh?host=/tmp/ib")
    assert address(var) == url
    assert stat.S_IMODE((var / "database-url").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "postgres").stat().st_mode) == 0o700
    note(url, "kept")
    folder = sockets_of(url)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    everyone = family(owner.process.pid)
    began = time.monotonic()
    with psycopg.connect(url):
        assert owner.stop() == 0
    assert time.monotonic() - began < 10
    assert not [pid for pid in everyone if lives(pid)]
    assert not folder.exists() and not (var / "database-url").exists()
    with pytest.raises(NoDatabase, match="iblagh database"):
        address(var)
    assert notes(own(var).url()) == ["kept"]


def test_killed_owner_and_an_open_connection(made: Path, own: Owners) -> None:
    first = own(made)
    url = first.url()
    note(url, "acknowledged")
    folder = sockets_of(url)
    link = psycopg.connect(url)
    link.execute("insert into notes values ('never acknowledged')")
    first.kill()
    with pytest.raises(NoDatabase):
        address(made)
    assert notes(own(made).url()) == ["acknowledged"]
    link.close()
    assert not folder.exists()


@on_linux
def test_a_killed_owner_takes_its_server_along(made: Path, own: Owners) -> None:
    owner = own(made)
    owner.url()
    everyone = family(owner.process.pid)
    owner.kill()
    assert eventually(lambda: not [pid for pid in everyone if lives(pid)])
    assert answers(own(made).url())


def test_a_server_that_outlived_its_owner_is_ended_and_followed(made: Path, own: Owners) -> None:
    owner = own(made)
    note(owner.url(), "kept")
    owner.stop()
    cluster = Cluster.under(made)
    folder = sockets.fresh(cluster.account)
    orphan = cluster.serve(folder)
    try:
        (made / "database.lock").write_text(str(folder))
        assert eventually((folder / sockets.DOOR).exists)
        assert notes(own(made).url()) == ["kept"]
        assert orphan.ended() and not folder.exists()
    finally:
        orphan.stop()


def test_a_killed_postmaster_is_started_again(made: Path, own: Owners) -> None:
    owner = own(made)
    url = owner.url()
    note(url, "kept")
    before = owner.postmaster()
    with psycopg.connect(url):
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: answers(url))
    assert notes(url) == ["kept"] and owner.postmaster() != before
    assert "signal 9" in owner.words()


def test_a_postmaster_that_falls_and_falls_is_given_up(made: Path, own: Owners) -> None:
    owner = own(made)
    url = owner.url()
    while owner.process.poll() is None:
        if eventually(lambda: answers(url) or owner.process.poll() is not None) and owner.process.poll() is None:
            os.kill(owner.postmaster(), signal.SIGKILL)
            eventually(lambda: not answers(url))
    assert owner.process.returncode == 1
    assert "fell 5 times" in owner.words().splitlines()[-1]


def test_a_stale_pid_file_naming_a_living_stranger(made: Path, own: Owners, stranger: subprocess.Popen[bytes]) -> None:
    first = own(made)
    note(first.url(), "kept")
    pid_file = made / "postgres" / "postmaster.pid"
    left = pid_file.read_text().split("\n", 1)[1]
    everyone = family(first.process.pid)
    first.kill()
    assert eventually(lambda: not [pid for pid in everyone if lives(pid)])
    pid_file.write_text(f"{stranger.pid}\n{left}")
    shutil.chown(pid_file, (made / "postgres").stat().st_uid)
    assert notes(own(made).url()) == ["kept"]
    assert stranger.poll() is None


def test_a_folder_that_was_replaced_belongs_to_its_new_owner(made: Path, tmp_path: Path, own: Owners) -> None:
    made.rename(tmp_path / "var")
    first = own(tmp_path / "var")
    first.url()
    (tmp_path / "var").rename(tmp_path / "gone")
    second = own(tmp_path / "var")
    url = second.url()
    note(url, "kept")
    os.kill(int((tmp_path / "gone/postgres/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    assert first.process.wait(PATIENCE) == 1 and "replaced" in first.words()
    assert address(tmp_path / "var") == url and notes(url) == ["kept"]


def test_a_second_owner_is_refused(made: Path, own: Owners) -> None:
    first = own(made)
    url = first.url()
    second = own(made)
    assert second.process.wait(PATIENCE) == 1
    assert len(second.words().splitlines()) == 1 and "another process owns the database" in second.words()
    assert address(made) == url and answers(url)


def test_serving_ends_with_its_block(made: Path) -> None:
    with serving(made) as url:
        assert show(url, "listen_addresses") == ""
    with pytest.raises(NoDatabase):
        address(made)


def test_serving_ends_with_its_process(made: Path) -> None:
    script = "import sys, time\nfrom pathlib import Path\nfrom storage.embedded import serving\n"
    script += "with serving(Path(sys.argv[1])) as url:\n    print(url, flush=True)\n    time.sleep(600)\n"
    with subprocess.Popen(
        [sys.executable, "-c", script, made], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        url = holder.stdout.readline().strip()
        assert answers(url)
        holder.kill()
    assert eventually(lambda: not (made / "database-url").exists() and not answers(url))
