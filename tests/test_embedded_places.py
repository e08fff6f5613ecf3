"""The embedded PostgreSQL comes up wherever it lies and whoever starts it, and says plainly where it cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.cluster import PROGRAMS, WHEEL
from tests.owners import PATIENCE, Owners, made, note, notes, show

__all__ = ["made"]  # a fixture

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@pytest.fixture
def own() -> Iterator[Owners]:
    with Owners() as owners:
        yield owners


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder of an ordinary user's, reachable by that user."""
    folder = Path(tempfile.mkdtemp(prefix="iblagh-"))
    shutil.chown(folder, "nobody")
    yield folder
    shutil.rmtree(folder)


def test_utf8_in_code_point_order_whatever_the_machine_speaks(tmp_path: Path, own: Owners) -> None:
    with psycopg.connect(own(tmp_path, LC_ALL="tr_TR.UTF-8", PGPORT="1", LANG="").url()) as link:
        row = link.execute("select current_setting('server_encoding'), lower('ÀI'), 'é' > 'z'").fetchone()
    assert row == ("UTF8", "ài", True)


@pytest.mark.parametrize("name", ["a path with blanks", "long" * 38], ids=["blanks", "150 characters"])
def test_odd_paths(tmp_path: Path, own: Owners, name: str) -> None:
    owner = own(tmp_path / name / "var")
    assert show(owner.url(), "data_directory") == str(tmp_path / name / "var" / "postgres")


def test_modes_of_folders_stay_as_they_are(tmp_path: Path, own: Owners) -> None:
    home = tmp_path / "home"
    var = home / "project" / "var"
    var.mkdir(parents=True)
    home.chmod(0o700)
    var.chmod(0o750)
    folders = [var, *var.parents]
    before = [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in folders]
    note(own(var).url(), "reached")
    assert [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in folders] == before


def test_no_tcp(made: Path, own: Owners) -> None:
    owner = own(made)
    assert show(owner.url(), "listen_addresses") == ""
    assert (made / "postgres" / "postmaster.pid").read_text().splitlines()[5] == ""  # the address it listens on


@on_linux
def test_no_tcp_in_the_eyes_of_the_kernel(made: Path, own: Owners) -> None:
    owner = own(made)
    owner.url()
    try:
        held = {os.readlink(entry.path) for entry in os.scandir(f"/proc/{owner.postmaster()}/fd")}
    except PermissionError:
        pytest.skip("root without CAP_SYS_PTRACE")
    tables = [Path("/proc/net", name) for name in ("tcp", "tcp6", "udp", "udp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    assert not {f"socket:[{row[9]}]" for row in rows} & held
    assert any(name.startswith("socket:") for name in held)


def test_what_a_citizen_says_is_not_in_the_servers_log(made: Path, own: Owners) -> None:
    with psycopg.connect(own(made).url(), autocommit=True) as link:
        link.execute("create table names (name text primary key)")
        link.execute("insert into names values ('Zineb')")
        for broken in ("insert into names values ('Zineb')", "select 'Zineb' from nowhere", "select 'Zineb'::int"):
            with pytest.raises(psycopg.Error):
                link.execute(broken)
        with pytest.raises(psycopg.Error):
            link.execute("insert into names values (%s)", ("Zineb",))
    assert "Zineb" not in (made / "postgres.log").read_text()


@as_root
@on_linux
def test_root_lends_one_capability_where_folders_are_closed(tmp_path: Path, own: Owners) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    for folder in (_wheel(), _wheel().with_name(f"{WHEEL}.libs")):
        shutil.copytree(folder, closed / folder.name, copy_function=_link, symlinks=True)
    owner = own(closed / "var", PYTHONPATH=str(closed))
    note(owner.url(), "reached")
    assert _words_of(owner.postmaster()).startswith(str(closed / WHEEL / PROGRAMS / "postgres"))
    assert _status(owner.postmaster(), "CapEff") == "0000000000000002"
    assert int(_status(owner.postmaster(), "Uid").split()[1]) != 0


@as_root
@on_linux
def test_root_lends_none_where_they_are_open(own: Owners) -> None:
    with tempfile.TemporaryDirectory(prefix="iblagh-") as folder:
        Path(folder).chmod(0o755)
        if any(not parent.stat().st_mode & 0o1 for parent in _wheel().parents):
            pytest.skip("the programs themselves lie in a closed folder")
        owner = own(Path(folder) / "var")
        owner.url()
        assert _status(owner.postmaster(), "CapEff") == "0000000000000000"
        assert owner.stop() == 0


@as_root
def test_an_ordinary_user(nobodys: Path, own: Owners) -> None:
    owner = own(nobodys / "var", ordinary=True)
    note(owner.url(), "kept")
    assert (nobodys / "var" / "postgres").owner() == "nobody"
    owner.kill()
    assert notes(own(nobodys / "var", ordinary=True).url()) == ["kept"]


@as_root
def test_root_takes_over_what_an_ordinary_user_began(nobodys: Path, own: Owners) -> None:
    owner = own(nobodys, ordinary=True)
    note(owner.url(), "kept")
    owner.stop()
    assert notes(own(nobodys).url()) == ["kept"]


def test_an_unwritable_folder_is_one_line(own: Owners) -> None:
    with tempfile.TemporaryDirectory(prefix="iblagh-") as folder:
        Path(folder).chmod(0o555)
        owner = own(Path(folder), ordinary=os.geteuid() == 0)
        assert owner.process.wait(PATIENCE) == 1
        assert len(owner.words().splitlines()) == 1
        assert "may not write" in owner.words() and "choose another folder" in owner.words()


def test_a_broken_data_folder_is_one_line(tmp_path: Path, own: Owners) -> None:
    (tmp_path / "postgres").mkdir(0o700)
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    if os.geteuid() == 0:
        shutil.chown(tmp_path / "postgres", "nobody")
    owner = own(tmp_path)
    assert owner.process.wait(PATIENCE) == 1
    assert len(owner.words().splitlines()) == 1 and "the server does not run" in owner.words()


def _wheel() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    assert spec and spec.origin
    return Path(spec.origin).parent


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _status(pid: int, field: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line.split(":", 1)[1].strip() for line in lines if line.startswith(field + ":"))


def _words_of(pid: int) -> str:
    return subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=True
    ).stdout
