"""What a trial needs and nobody should have to make: keys and tokens, generated once and kept under `var/`."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from simulator.standins import Accounts
from storage.keys import generate, write_desk_file

KEYS = ("IBLAGH_STATE_KEY", "IBLAGH_PSEUDONYM_KEY", "IBLAGH_DESK_PUBLIC_KEYS")


def furnish(var: Path) -> Accounts:
    """
    Make the keys of this installation unless they are there, and the accounts at the stand-ins.

    `var/keys` holds what web and worker need, `var/desk` the desk's private keys; both for their owner alone.
    """
    var.mkdir(parents=True, exist_ok=True)
    if not (var / "keys").exists():
        _make(var)
    return Accounts(**json.loads((var / "keys" / "accounts.json").read_text()))


def named(var: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that name the keys: those of the caller where all are given, else the generated ones as files."""
    if all(environ.get(name) or environ.get(f"{name}_FILE") for name in KEYS):
        return {}
    return {f"{name}_FILE": str(var / "keys" / name) for name in KEYS}


def note(var: Path, environment: Mapping[str, str]) -> None:
    """Keep the children's environment where a shell can read it: `set -a; . var/keys/env; set +a`."""
    path = var / "keys" / "env"
    path.unlink(missing_ok=True)
    _write(path, "".join(f"{name}='{value}'\n" for name, value in environment.items()))


def _make(var: Path) -> None:
    """Everything is written beside its place and moved there last, so that half a set never stays."""
    stage = Path(tempfile.mkdtemp(prefix=".keys-", dir=var))
    for folder in ("keys", "desk"):
        (stage / folder).mkdir(mode=0o700)
    new = generate()
    for queue, text in new.desk.items():
        write_desk_file(stage / "desk" / f"{queue}.key", text)
    for name, text in new.environment.items():
        _write(stage / "keys" / name, text + "\n")
    _write(stage / "keys" / "accounts.json", json.dumps(asdict(Accounts())))
    if (var / "desk").exists():  # keys of an installation whose other half is gone: still the only ones that open it
        (var / "desk").rename(var / f"desk-{int(time.time())}")
    (stage / "desk").rename(var / "desk")
    (stage / "keys").rename(var / "keys")
    stage.rmdir()


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
