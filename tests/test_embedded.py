"""The embedded PostgreSQL comes up, whatever was killed before and wherever it lies: real processes, nothing faked."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from storage import sockets
from storage.cluster import PROGRAMS, WHEEL, Cluster
from storage.embedded import NoDatabase, address, serving

PROJECT = Path(__file__).parents[1]
PATIENCE = 30.0
# An ordinary user who may read everything, so that this Python and this project are found wherever they lie.
ORDINARY: tuple[str, ...] = ("setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups")
ORDINARY += ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
by_setpriv = pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="needs setpriv")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


class Owner:
    """`python -m storage.embedded` on a folder, and the words it says on stderr."""

    def __init__(self, var: Path, ordinary: bool = False, **environment: str) -> None:
        self.var = var
        self._words = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [*(ORDINARY if ordinary else ()), sys.executable, "-m", "storage.embedded", str(var)],
            stdout=subprocess.PIPE,
            stderr=self._words,
            text=True,
            cwd=PROJECT,
            env={**os.environ, **environment},
        )

    def url(self) -> str:
        assert self.process.stdout
        url = self.process.stdout.readline().strip()
        assert url, self.words()
        return url

    def words(self) -> str:
        self._words.seek(0)
        return self._words.read()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def postmaster(self) -> int:
        return int((self.var / "postgres" / "postmaster.pid").read_text().split()[0])


Own = Callable[..., Owner]


@pytest.fixture
def own() -> Iterator[Own]:
    started: list[Owner] = []

    def start(var: Path, ordinary: bool = False, **environment: str) -> Owner:
        started.append(Owner(var, ordinary, **environment))
        return started[-1]

    yield start
    for owner in started:
        with suppress(subprocess.TimeoutExpired):
            owner.stop()
        owner.kill()


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "600"]) as process:
        yield process
        process.kill()


@pytest.fixture
def nobodys() -> Iterator[Path]:
    """A folder of an ordinary user's, reachable by that user."""
    folder = Path(tempfile.mkdtemp(prefix="iblagh-"))
    shutil.chown(folder, "nobody")
    yield folder
    shutil.rmtree(folder)


def note(url: str, word: str) -> None:
    with psycopg.connect(url) as link:
        link.execute("create table if not exists notes (word text)")
        link.execute("insert into notes values (%s)", (word,))


def notes(url: str) -> list[str]:
    with psycopg.connect(url) as link:
        return [row[0] for row in link.execute("select word from notes order by word")]


def show(url: str, setting: str) -> str:
    with psycopg.connect(url) as link:
        row = link.execute("select current_setting(%s)", (setting,)).fetchone()
        assert row
        return str(row[0])


def eventually(holds: Callable[[], bool], within: float = PATIENCE) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def family(parent: int) -> set[int]:
    """A process and all that came from it."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [(int(pid), int(ppid)) for pid, ppid in (line.split() for line in listed.splitlines())]
    found, size = {parent}, 0
    while len(found) > size:
        size = len(found)
        found |= {pid for pid, ppid in pairs if ppid in found}
    return found


def lives(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and "Z" not in state


def test_first_start_second_start_and_a_clean_stop(tmp_path: Path, own: Own) -> None:
    var = tmp_path / "var"
    owner = own(var)
    url = owner.url()
    assert url.startswith("postgresql://postgres@/iblagh?host=/tmp/ib")
    assert address(var) == url
    assert stat.S_IMODE((var / "database-url").stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "postgres").stat().st_mode) == 0o700
    note(url, "kept")
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
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


def test_utf8_in_code_point_order_whatever_the_machine_speaks(tmp_path: Path, own: Own) -> None:
    with psycopg.connect(own(tmp_path, LC_ALL="tr_TR.UTF-8", PGPORT="1", LANG="").url()) as link:
        row = link.execute("select current_setting('server_encoding'), lower('ÀI'), 'é' > 'z'").fetchone()
    assert row == ("UTF8", "ài", True)


def test_killed_owner_and_an_open_connection(tmp_path: Path, own: Own) -> None:
    first = own(tmp_path)
    url = first.url()
    note(url, "acknowledged")
    folder = Path(parse_qs(urlsplit(url).query)["host"][0])
    link = psycopg.connect(url)
    link.execute("insert into notes values ('never acknowledged')")
    first.kill()
    with pytest.raises(NoDatabase):
        address(tmp_path)
    assert notes(own(tmp_path).url()) == ["acknowledged"]
    link.close()
    assert not folder.exists()


@on_linux
def test_a_killed_owner_takes_its_server_along(tmp_path: Path, own: Own) -> None:
    owner = own(tmp_path)
    owner.url()
    everyone = family(owner.process.pid)
    owner.kill()
    assert eventually(lambda: not [pid for pid in everyone if lives(pid)])


def test_a_server_that_outlived_its_owner_is_ended_and_followed(tmp_path: Path, own: Own) -> None:
    owner = own(tmp_path)
    note(owner.url(), "kept")
    owner.stop()
    cluster = Cluster.under(tmp_path)
    folder = sockets.fresh(cluster.account)
    orphan = cluster.serve(folder)
    try:
        (tmp_path / "database.lock").write_text(str(folder))
        assert eventually((folder / sockets.DOOR).exists)
        assert notes(own(tmp_path).url()) == ["kept"]
        assert orphan.ended() and not folder.exists()
    finally:
        orphan.stop()


def test_a_killed_postmaster_is_started_again(tmp_path: Path, own: Own) -> None:
    owner = own(tmp_path)
    url = owner.url()
    note(url, "kept")
    before = owner.postmaster()
    with psycopg.connect(url):
        os.kill(before, signal.SIGKILL)
        assert eventually(lambda: _answers(url))
    assert notes(url) == ["kept"] and owner.postmaster() != before
    assert "signal 9" in owner.words()


def test_a_postmaster_that_falls_and_falls_is_given_up(tmp_path: Path, own: Own) -> None:
    owner = own(tmp_path)
    url = owner.url()
    while owner.process.poll() is None:
        if eventually(lambda: _answers(url) or owner.process.poll() is not None) and owner.process.poll() is None:
            os.kill(owner.postmaster(), signal.SIGKILL)
            eventually(lambda: not _answers(url))
    assert owner.process.returncode == 1
    assert "fell 5 times" in owner.words().splitlines()[-1]


def _answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), psycopg.connect(url) as link:
        return link.execute("select 1").fetchone() == (1,)
    return False


def test_a_stale_pid_file_naming_a_living_stranger(tmp_path: Path, own: Own, stranger: subprocess.Popen[bytes]) -> None:
    first = own(tmp_path)
    note(first.url(), "kept")
    pid_file = tmp_path / "postgres" / "postmaster.pid"
    left = pid_file.read_text().split("\n", 1)[1]
    everyone = family(first.process.pid)
    first.kill()
    assert eventually(lambda: not [pid for pid in everyone if lives(pid)])
    pid_file.write_text(f"{stranger.pid}\n{left}")
    shutil.chown(pid_file, (tmp_path / "postgres").stat().st_uid)
    assert notes(own(tmp_path).url()) == ["kept"]
    assert stranger.poll() is None


@pytest.mark.parametrize("name", ["a path with blanks", "long" * 38], ids=["blanks", "150 characters"])
def test_odd_paths(tmp_path: Path, own: Own, name: str) -> None:
    owner = own(tmp_path / name / "var")
    assert show(owner.url(), "data_directory") == str(tmp_path / name / "var" / "postgres")


def test_a_second_owner_is_refused(tmp_path: Path, own: Own) -> None:
    first = own(tmp_path)
    url = first.url()
    second = own(tmp_path)
    assert second.process.wait(PATIENCE) == 1
    assert len(second.words().splitlines()) == 1 and "another process owns the database" in second.words()
    assert address(tmp_path) == url and _answers(url)


def test_modes_of_folders_stay_as_they_are(tmp_path: Path, own: Own) -> None:
    home = tmp_path / "home"
    var = home / "project" / "var"
    var.mkdir(parents=True)
    home.chmod(0o700)
    var.chmod(0o750)
    folders = [var, *var.parents]
    before = [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in folders]
    note(own(var).url(), "reached")
    assert [(folder.stat().st_mode, folder.stat().st_uid, folder.stat().st_gid) for folder in folders] == before


@on_linux
def test_no_tcp(tmp_path: Path, own: Own) -> None:
    owner = own(tmp_path)
    owner.url()
    held = {os.readlink(entry.path) for entry in os.scandir(f"/proc/{owner.postmaster()}/fd")}
    tables = [Path("/proc/net", name) for name in ("tcp", "tcp6", "udp", "udp6")]
    rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
    assert rows and not {f"socket:[{row[9]}]" for row in rows} & held
    assert any(name.startswith("socket:") for name in held)


def test_what_a_citizen_says_is_not_in_the_servers_log(tmp_path: Path, own: Own) -> None:
    with psycopg.connect(own(tmp_path).url(), autocommit=True) as link:
        link.execute("create table names (name text primary key)")
        link.execute("insert into names values ('Zineb')")
        for broken in ("insert into names values ('Zineb')", "select 'Zineb' from nowhere", "select 'Zineb'::int"):
            with pytest.raises(psycopg.Error):
                link.execute(broken)
        with pytest.raises(psycopg.Error):
            link.execute("insert into names values (%s)", ("Zineb",))
    assert "Zineb" not in (tmp_path / "postgres.log").read_text()


@as_root
@on_linux
def test_root_lends_one_capability_where_folders_are_closed(tmp_path: Path, own: Own) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(0o700)
    for folder in (_wheel(), _wheel().with_name(f"{WHEEL}.libs")):
        shutil.copytree(folder, closed / folder.name, copy_function=_link, symlinks=True)
    owner = own(closed / "var", PYTHONPATH=str(closed))
    note(owner.url(), "reached")
    program = os.readlink(f"/proc/{owner.postmaster()}/exe")
    assert program == str(closed / WHEEL / PROGRAMS / "postgres")
    assert _status(owner.postmaster(), "CapEff") == "0000000000000002"
    assert int(_status(owner.postmaster(), "Uid").split()[1]) != 0


@as_root
@on_linux
def test_root_lends_none_where_they_are_open(own: Own) -> None:
    with tempfile.TemporaryDirectory(prefix="iblagh-") as folder:
        Path(folder).chmod(0o755)
        if any(not parent.stat().st_mode & 0o1 for parent in _wheel().parents):
            pytest.skip("the programs themselves lie in a closed folder")
        owner = own(Path(folder) / "var")
        owner.url()
        assert _status(owner.postmaster(), "CapEff") == "0000000000000000"
        assert owner.stop() == 0


@as_root
@by_setpriv
def test_an_ordinary_user(nobodys: Path, own: Own) -> None:
    owner = own(nobodys / "var", ordinary=True)
    note(owner.url(), "kept")
    assert (nobodys / "var" / "postgres").owner() == "nobody"
    owner.kill()
    assert notes(own(nobodys / "var", ordinary=True).url()) == ["kept"]


@as_root
@by_setpriv
def test_root_takes_over_what_an_ordinary_user_began(nobodys: Path, own: Own) -> None:
    owner = own(nobodys, ordinary=True)
    note(owner.url(), "kept")
    owner.stop()
    assert notes(own(nobodys).url()) == ["kept"]


@by_setpriv
def test_an_unwritable_folder_is_one_line(own: Own) -> None:
    with tempfile.TemporaryDirectory(prefix="iblagh-") as folder:
        Path(folder).chmod(0o555)
        owner = own(Path(folder), ordinary=os.geteuid() == 0)
        assert owner.process.wait(PATIENCE) == 1
        assert len(owner.words().splitlines()) == 1
        assert "may not write" in owner.words() and "choose another folder" in owner.words()


def test_a_broken_data_folder_is_one_line(tmp_path: Path, own: Own) -> None:
    (tmp_path / "postgres").mkdir(0o700)
    (tmp_path / "postgres" / "PG_VERSION").write_text("9\n")
    if os.geteuid() == 0:
        shutil.chown(tmp_path / "postgres", "nobody")
    owner = own(tmp_path)
    assert owner.process.wait(PATIENCE) == 1
    assert len(owner.words().splitlines()) == 1 and "the server does not run" in owner.words()


def test_serving_ends_with_its_block(tmp_path: Path) -> None:
    with serving(tmp_path) as url:
        assert show(url, "listen_addresses") == ""
    with pytest.raises(NoDatabase):
        address(tmp_path)


def test_serving_ends_with_its_process(tmp_path: Path) -> None:
    script = "import sys, time\nfrom pathlib import Path\nfrom storage.embedded import serving\n"
    script += "with serving(Path(sys.argv[1])) as url:\n    print(url, flush=True)\n    time.sleep(600)\n"
    with subprocess.Popen(
        [sys.executable, "-c", script, tmp_path], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        url = holder.stdout.readline().strip()
        assert _answers(url)
        holder.kill()
    assert eventually(lambda: not (tmp_path / "database-url").exists() and not _answers(url))


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
