"""
The desk's private key file, its passphrase, and the refusal of both where web and worker run.

The passphrase comes from `IBLAGH_DESK_PASSPHRASE_FILE` or `IBLAGH_DESK_PASSPHRASE`, else from whoever sits at the terminal.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from storage.hybrid import PRIVATE_BYTES
from storage.keys import DESK_KEY_WORD, NeedsPassphrase, parse_desk_file, read_desk_file
from storage.opening import Desk

VARIABLE = "IBLAGH_DESK_PASSPHRASE"
PRIVATE_KEY = re.compile(rf"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{{{-(-PRIVATE_BYTES * 8 // 6)}}}(?![A-Za-z0-9_-])", re.ASCII)


def opened(path: Path, environ: Mapping[str, str] = os.environ) -> Desk:
    """The desk that this key file makes. Raises OSError, or ValueError in one line that quotes nothing of it."""
    text = read_desk_file(path)
    try:
        return Desk(text)
    except NeedsPassphrase:
        return Desk(text, given(environ))


def bare(path: Path, environ: Mapping[str, str] = os.environ) -> str:
    """The key file's text with no lock on it, as `keys.locked` takes it. Raises like `opened`."""
    from storage.keys import unlocked

    text = read_desk_file(path)
    try:
        parse_desk_file(text)
    except NeedsPassphrase:
        return unlocked(text, given(environ))
    return text


def given(environ: Mapping[str, str] = os.environ, *, new: bool = False) -> str:
    """
    The passphrase, from the environment or typed; a new one is typed twice. Raises ValueError where neither can be.
    """
    found = told(environ)
    if found:
        return found
    if not sys.stdin.isatty():
        raise ValueError(f"the key is locked: name a file with its passphrase in {VARIABLE}_FILE")
    words = "New passphrase for the desk's keys" if new else "Passphrase of the desk's key"
    typed: str = click.prompt(words, hide_input=True, confirmation_prompt=new, err=True)
    return typed


def to_lock(environ: Mapping[str, str] = os.environ) -> str:
    """The passphrase for new keys; "" where none is given and nobody sits at a terminal to type one."""
    return told(environ) or (given(environ, new=True) if sys.stdin.isatty() else "")


def told(environ: Mapping[str, str]) -> str:
    """The passphrase that the environment gives, or "". Raises ValueError if its file cannot be read."""
    path = environ.get(f"{VARIABLE}_FILE", "")
    if not path:
        return environ.get(VARIABLE, "")
    try:
        return Path(path).read_text(encoding="utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as trouble:
        raise ValueError(f"{VARIABLE}_FILE cannot be read ({type(trouble).__name__})") from None


def not_here(environ: Mapping[str, str]) -> list[str]:
    """
    What of the desk stands in this environment, though web and worker never need it: one line each, without its value.

    A private key under whatever name, in a value or in the file that an `IBLAGH_…_FILE` names; the passphrase.
    """
    wrong = [name for name, value in environ.items() if _is_private(name, value)]
    return [
        f"{name} holds what opens reports: it belongs to the desk, never where the service runs"
        for name in sorted(wrong)
    ]


def _is_private(name: str, value: str) -> bool:
    if name in (VARIABLE, f"{VARIABLE}_FILE"):
        return bool(value)
    if DESK_KEY_WORD in value:
        return True
    return name.startswith("IBLAGH_") and bool(PRIVATE_KEY.search(_pointed_at(name, value)))


def _pointed_at(name: str, value: str) -> str:
    """What the variable says, or the beginning of the file that it names."""
    if not name.endswith("_FILE"):
        return value
    try:
        with open(value, "rb") as file:
            return file.read(65_536).decode("ascii", "replace")
    except OSError:
        return ""
