"""`python -m simulator` refuses what is dangerous, says what to do, keeps its processes alive, and leaves none behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from simulator import keys
from simulator.children import Children
from simulator.run import Trouble, merged, refuse_real
from simulator.serve import listening
from tests.owners import eventually, family, lives
from tests.trial import PROJECT, Trial, environment

SLEEP = ["-c", "import time; print('here', flush=True); time.sleep(120)"]
STUBBORN = [
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True); time.sleep(120)",
]


def started(var: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "simulator"]
    return subprocess.run(
        command, cwd=PROJECT, env=environment(var, **more), capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("name", ["TELEGRAM_TOKEN", "TWILIO_AUTH_TOKEN", "TELEGRAM_TOKEN_FILE"])
def test_it_never_runs_beside_real_credentials(tmp_path: Path, name: str) -> None:
    with pytest.raises(Trouble, match="real credentials"):
        refuse_real({name: "123456:abc"})
    ended = started(tmp_path / "var", **{name: "123456:abc"})
    assert ended.returncode == 1 and ended.stdout == "" and not (tmp_path / "var").exists()
    assert ended.stderr.count("\n") == 1 and "123456" not in ended.stderr


def test_credentials_of_a_stand_in_are_none(tmp_path: Path) -> None:
    refuse_real({"TELEGRAM_TOKEN": "123456:abc", "TELEGRAM_API_BASE": "http://127.0.0.1:8800"})
    with pytest.raises(Trouble):
        refuse_real({"TELEGRAM_TOKEN": "123456:abc", "TELEGRAM_API_BASE": "https://127.0.0.1.example.org"})


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with listening(0) as place:
        ended = started(tmp_path, PORT=str(place.getsockname()[1]))
    assert ended.returncode == 1 and ended.stderr.count("\n") == 1 and "PORT" in ended.stderr


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    accounts = keys.furnish(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert keys.furnish(tmp_path) == accounts
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert sorted(path.name for path in (tmp_path / "desk").iterdir()) == [
        "general.key",
        "recovery.key",
        "restricted.key",
    ]
    assert {path.stat().st_mode & 0o777 for path in before} == {0o600}
    assert keys.named(tmp_path, dict.fromkeys(keys.KEYS, "given")) == {}


def test_a_name_is_never_given_both_as_a_value_and_as_a_file() -> None:
    told = merged({"A_FILE": "x", "B": "x", "C": "x"}, {"A": "1", "B_FILE": "2"})
    assert told == {"A": "1", "B_FILE": "2", "C": "x", "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def children() -> Iterator[Children]:
    children = Children()
    yield children
    children.stop(*list(children.alive), patience=0.5)
    children.close()


def test_a_child_that_dies_is_started_again(children: Children) -> None:
    first = children.start("one", SLEEP, os.environ)
    assert eventually(lambda: first.first == "here")
    first.process.kill()
    first.process.wait()
    assert children.look() == ["one"]
    assert children.alive["one"].process.pid != first.process.pid and children.look() == []


def test_a_stubborn_child_is_killed(children: Children) -> None:
    child = children.start("one", STUBBORN, os.environ)
    assert eventually(lambda: child.first == "here")
    began = time.monotonic()
    children.stop("one", patience=0.3)
    assert not lives(child.process.pid) and time.monotonic() - began < 3


def test_what_a_failed_step_said_is_shown(children: Children, capsys: pytest.CaptureFixture[str]) -> None:
    assert children.run("step", ["-c", "print('fine')"], os.environ, threading.Event()) == 0
    assert children.run("step", ["-c", "raise SystemExit('sorry')"], os.environ, threading.Event()) == 1
    assert capsys.readouterr().out == "     step | sorry\n"


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both trials', one after the other: however the first ended, the second finds its way."""
    return tmp_path_factory.mktemp("var")


@pytest.mark.timeout(180)
def test_a_whole_trial_heals_itself_and_leaves_nobody_behind(var: Path) -> None:
    trial = Trial(var)
    try:
        page = httpx.get(trial.wait())
        assert page.status_code == 200 and "telegram" in page.text
        everybody = family(trial.process.pid)
        web = next(pid for pid in everybody if " web " in command(pid))
        os.kill(web, signal.SIGKILL)
        assert eventually(lambda: any(" web " in command(p) for p in family(trial.process.pid) - {web}), 20)
        everybody |= family(trial.process.pid)
        trial.process.kill()
        trial.process.wait()
        assert eventually(lambda: not any(map(lives, everybody)), 15)
    finally:
        trial.process.kill()


@pytest.mark.timeout(180)
def test_a_whole_trial_ends_within_ten_seconds(var: Path) -> None:
    trial = Trial(var)
    try:
        trial.wait()
        everybody = family(trial.process.pid)
        began = time.monotonic()
        os.killpg(trial.process.pid, signal.SIGINT)  # as Ctrl-C in a terminal does
        assert trial.process.wait(12) == 0
        assert time.monotonic() - began < 10
        assert not any(map(lives, everybody))
    finally:
        trial.process.kill()


def command(pid: int) -> str:
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return shown.stdout
