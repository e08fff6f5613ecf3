"""What operators copy or read: the Procfile runs as it stands; units, compose file and manual name only what there is."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click
import pytest

from bot.cli import main
from bot.settings import SETTINGS
from storage import db
from storage.keys import generate
from tests.test_cli import free_port

__all__ = ["free_port"]  # a fixture

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "docs" / "deploy"
UNITS = sorted(path for path in (DEPLOY / "systemd").rglob("*") if path.suffix in (".service", ".timer", ".conf"))
COMPOSE = (DEPLOY / "compose" / "compose.yml").read_text(encoding="utf-8")
CONTAINER = (DEPLOY / "compose" / "Containerfile").read_text(encoding="utf-8")
MANUAL = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
KNOWN = {setting.name for setting in SETTINGS} | {f"{one.name}_FILE" for one in SETTINGS if one.secret}


def procfile() -> dict[str, str]:
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    return {name: line.strip() for name, _, line in (line.partition(":") for line in lines if line)}


def exists(words: Sequence[str]) -> click.Command:
    """The command that these words begin with; every option among them is one of its own."""
    found: click.Command = main
    rest = list(words)
    while isinstance(found, click.Group):
        assert rest and rest[0] in found.commands, f"no such command: iblagh {shlex.join(words)}"
        found = found.commands[rest.pop(0)]
    options = {name for one in found.params for name in (*one.opts, *one.secondary_opts)} | {"--help", "-h"}
    given = {word.partition("=")[0] for word in rest if re.match(r"-{1,2}[a-z]", word)}
    assert given <= options, f"no such option: iblagh {shlex.join(words)}"
    return found


def called(text: str) -> list[list[str]]:
    """Each `…/iblagh …` of a shell's line."""
    return [shlex.split(words) for words in re.findall(r"\S*bin/iblagh ([^'\n]+)", text)]


def test_a_slip_of_the_pen_is_found() -> None:
    for words in ("bakup -o x", "backup --outptu x", "desk", "tombstones exprot"):
        with pytest.raises(AssertionError):
            exists(words.split())


def test_every_unit_starts_what_there_is() -> None:
    assert {unit.name for unit in UNITS} >= {
        "iblagh-web.service",
        "iblagh-worker.service",
        "iblagh-doctor.timer",
        "common.conf",
    }
    started = [words for unit in UNITS for words in called(unit.read_text(encoding="utf-8"))]
    assert {exists(words).name for words in started} == {
        "web", "worker", "migrate", "doctor", "verify", "backup", "export",
    }  # fmt: skip
    for timer in (unit for unit in UNITS if unit.suffix == ".timer"):
        assert timer.with_suffix(".service").is_file() and "OnCalendar=" in timer.read_text(encoding="utf-8")


def test_units_are_hardened_and_settings_exist() -> None:
    common = (DEPLOY / "systemd" / "iblagh-.service.d" / "common.conf").read_text(encoding="utf-8")
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "LimitCORE=0", "CapabilityBoundingSet="):
        assert line in common.splitlines()
    named = re.findall(r"^Environment=([A-Z_]+)=%d/([a-z-]+)$", common, re.M)
    assert {name for name, _ in named} <= KNOWN and len(named) == 7
    assert {file for _, file in named} == set(
        re.findall(r"^LoadCredential=([a-z-]+):/etc/iblagh/keys/\1$", common, re.M)
    )
    sample = (DEPLOY / "systemd" / "iblagh.env").read_text(encoding="utf-8")
    plain = {line.partition("=")[0] for line in sample.splitlines() if line and not line.startswith("#")}
    assert plain <= KNOWN and not plain & {one.name for one in SETTINGS if one.secret}


def test_the_compose_file_starts_what_there_is() -> None:
    commands = [json.loads(said) for said in re.findall(r"^    command: (\[.*\])$", COMPOSE, re.M)]
    ours = [exists(words).name for words in commands if words[0] != "postgres"]
    assert ours == ["migrate", "web", "worker"] and len(commands) == 4
    for name, file in re.findall(r"^    ([A-Z_]+_FILE): /run/secrets/([a-z-]+)$", COMPOSE, re.M):
        assert name in KNOWN and f"  {file}:\n    file: keys/{file}" in COMPOSE
    exists(json.loads(re.findall(r"^CMD (\[.*\])$", CONTAINER, re.M)[0]))
    assert set(re.findall(r"([A-Z_]+)=", CONTAINER)) - {"PYTHONUNBUFFERED"} <= KNOWN
    allowed = {
        line[1:]
        for line in (DEPLOY / "compose" / "Containerfile.dockerignore").read_text().splitlines()
        if line[0] == "!"
    }
    for line in re.findall(r"^COPY (.*) \S+$", CONTAINER, re.M):
        assert all((ROOT / name).exists() and name in allowed for name in line.split())


def test_every_command_of_the_manual_exists() -> None:
    named = [said for said in re.findall(r"`([^`\n]+)`", MANUAL) if said.startswith("iblagh ")]
    assert len(named) > 50
    for said in named:
        exists(shlex.split(said, comments=True)[1:])


def test_every_command_is_in_the_manual_or_the_readme() -> None:
    written = MANUAL + (ROOT / "README.md").read_text(encoding="utf-8")
    lacking = [name for name, _ in leaves(main) if f"iblagh {name}" not in written]
    assert not lacking


def test_every_section_and_file_of_the_manual_is_there() -> None:
    heads = [head.lower().replace(" ", "-") for head in re.findall(r"^## (.*)$", MANUAL, re.M)]
    assert set(re.findall(r"\]\(#([a-z-]+)\)", MANUAL)) == set(heads) - {"trying-things-out"}
    for path in re.findall(r"`((?:docs|bot|conversations)/[a-zA-Z0-9_./-]+)`", MANUAL):
        assert (ROOT / path).exists(), path
    for name in re.findall(
        r"`((?:TELEGRAM|TWILIO|IBLAGH|OPERATOR|WEB|GROUP|BACKUP|WHATSAPP|EVIDENCE)_[A-Z_]+)", MANUAL
    ):
        assert name in KNOWN | {"IBLAGH_DESK_PASSPHRASE_FILE"}, name


def leaves(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, found in group.commands.items():
        if isinstance(found, click.Group):
            yield from leaves(found, f"{before}{name} ")
        else:
            yield before + name, found


def test_the_procfile_runs_as_it_stands(empty_database_url: str, free_port: int, tmp_path: Path) -> None:
    """In a scratch checkout: the schema is made, two processes serve, the worker lives, all end when told to."""
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    lines = procfile()
    assert list(lines) == ["release", "web", "worker"]
    own = {"PATH": os.environ["PATH"], "DATABASE_URL": empty_database_url, "PORT": str(free_port), "LANGUAGES": "en"}
    own |= {"OPERATOR_NAME": "Office", "OPERATOR_CONTACT": "a@office.example", "OPERATOR_URL": "https://office.example"}
    own |= {"WEB_WORKERS": "2", "TELEGRAM_TOKEN": "123456:of-no-bot-at-all-0", "TELEGRAM_WEBHOOK_SECRET": "s"}
    environment = own | generate().environment

    def run(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(["/bin/sh", "-c", f"exec {lines[name]}"], cwd=tmp_path, env=environment)

    assert run("release").wait(60) == 0
    web, worker = run("web"), run("worker")
    try:
        until(lambda: ready(free_port))
        until(lambda: alive(empty_database_url))
        two_count_as_one(free_port)
        for process in (web, worker):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(10) for process in (web, worker)] == [0, 0]
    finally:
        for process in (web, worker):
            process.kill()
            process.wait()


def ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def two_count_as_one(port: int) -> None:
    """Whichever process is asked, the sum is of both, and never goes back."""
    seen = [0.0]
    for _ in range(6):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(urllib.request.Request(f"http://127.0.0.1:{port}/telegram", b"{}"), timeout=5)
        seen.append(scraped(port)[0])
    assert seen == sorted(seen)
    until(lambda: scraped(port) == (6, 2))


def scraped(port: int) -> tuple[float, int]:
    """How many forged deliveries were counted, and how many processes told of their memory."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        page = answer.read().decode()
    counts = re.findall(r'^iblagh_turns_total{channel="telegram",outcome="forged"} (\d+)$', page, re.M)
    return float(counts[0]) if counts else 0.0, page.count("iblagh_memory_bytes{")


def alive(url: str) -> bool:
    from bot.queue import worker_silent

    engine = db.connect(url, threads=1)
    with db.begin(engine) as tx:
        silent = worker_silent(tx, 60)
    engine.dispose()
    return not silent


def until(happened: Callable[[], bool], seconds: float = 40) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.1)
