"""Keys as text: what stands in the environment, what stands in a desk's key file, and a new set of both."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage import hybrid
from storage.sealed import KEY_BYTES, DeskKey, Key

QUEUES = ("general", "restricted")
DESK_KEY_WORD = "iblagh-desk-key"
BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)
NAME_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no 0 o 1 l: names are read aloud


@dataclass(frozen=True, slots=True)
class NewKeys:
    """A new set. `desk` holds the text of one private key file a queue: it is kept away from the server."""

    environment: dict[str, str] = field(repr=False)
    desk: dict[str, str] = field(repr=False)


def generate() -> NewKeys:
    """
    Fresh keys. The state key's name is random, so that sealed values do not say in which order keys came.
    """
    pairs = {queue: hybrid.generate() for queue in QUEUES}
    name = "".join(secrets.choice(NAME_ALPHABET) for _ in range(4))
    return NewKeys(
        environment={
            "IBLAGH_STATE_KEY": f"{name}:{_text(os.urandom(KEY_BYTES))}",
            "IBLAGH_PSEUDONYM_KEY": f"1:{_text(os.urandom(KEY_BYTES))}",
            "IBLAGH_DESK_PUBLIC_KEYS": ",".join(f"{queue}:{_text(pair.public)}" for queue, pair in pairs.items()),
        },
        desk={queue: f"{DESK_KEY_WORD} {queue} {_text(pair.private)}\n" for queue, pair in pairs.items()},
    )


def parse_state_keys(text: str) -> tuple[tuple[str, Key], ...]:
    """`id:key`, comma or newline between; the first seals. Raises ValueError that quotes nothing of the text."""
    return tuple((name, _key(where, key)) for where, name, key in _entries("IBLAGH_STATE_KEY", text, r"[a-z0-9]{1,16}"))


def parse_pseudonym_keys(text: str) -> tuple[tuple[int, Key], ...]:
    """`version:key`, the newest first, versions 1 to 255. Raises ValueError that quotes nothing of the text."""
    entries = _entries("IBLAGH_PSEUDONYM_KEY", text, r"[1-9]|[1-9][0-9]|1[0-9][0-9]|2[0-4][0-9]|25[0-5]")
    return tuple((int(name), _key(where, key)) for where, name, key in entries)


def parse_desk_keys(text: str) -> tuple[DeskKey, ...]:
    """`queue:key`; each queue needs at least one. Raises ValueError that quotes nothing of the text."""
    keys = tuple(
        _desk_key(where, queue, key)
        for where, queue, key in _entries("IBLAGH_DESK_PUBLIC_KEYS", text, "|".join(QUEUES))
    )
    missing = [queue for queue in QUEUES if queue not in {key.queue for key in keys}]
    if missing:
        raise ValueError(f"IBLAGH_DESK_PUBLIC_KEYS: no key for the queue {' and '.join(missing)}")
    return keys


def parse_desk_file(text: str) -> tuple[tuple[str, Key], ...]:
    """The queues and private keys of a desk's key file. Raises ValueError that quotes nothing of the text."""
    lines = [(at, line.split()) for at, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    for at, words in lines:
        if len(words) != 3 or words[0] != DESK_KEY_WORD or words[1] not in QUEUES:
            raise ValueError(f"desk key file, line {at}: expected {DESK_KEY_WORD!r}, the queue, the key")
    if not lines:
        raise ValueError("desk key file: there is no key in it")
    return tuple((words[1], _key(f"desk key file, line {at}", words[2], hybrid.PRIVATE_BYTES)) for at, words in lines)


def write_desk_file(path: Path, text: str) -> None:
    """Write a new private key file that its owner alone reads. Raises FileExistsError rather than replace a key."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)


def _entries(variable: str, text: str, names: str) -> Iterator[tuple[str, str, str]]:
    """Where each entry stands, its name and its key."""
    found = [entry.strip() for entry in re.split(r"[,\n]", text) if entry.strip()]
    if not found:
        raise ValueError(f"{variable}: there is no key in it")
    for at, entry in enumerate(found, 1):
        name, colon, key = entry.partition(":")
        if not colon or not re.fullmatch(names, name, re.ASCII):
            raise ValueError(f"{variable}, entry {at}: expected NAME:KEY with a name that fits {names}")
        yield f"{variable}, entry {at}", name, key


def _key(where: str, text: str, size: int = KEY_BYTES) -> Key:
    bare = text.rstrip("=")
    if not BASE64URL.fullmatch(text) or len(bare) % 4 == 1:
        raise ValueError(f"{where}: the key is not base64url")
    key = Key(base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4)))
    if size and len(key) != size:
        raise ValueError(f"{where}: the key is {len(key)} bytes long, not {size}")
    return key


def _desk_key(where: str, queue: str, text: str) -> DeskKey:
    public = bytes(_key(where, text, size=0))
    try:
        hybrid.Recipient(public)
    except ValueError as problem:
        raise ValueError(f"{where}: the key {problem}") from None
    return DeskKey(queue, public)


def _text(key: bytes) -> str:
    return base64.urlsafe_b64encode(key).decode("ascii").rstrip("=")
