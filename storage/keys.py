"""Keys as text: what stands in the environment, what stands in a desk's key file, and a new set of both."""

from __future__ import annotations

import base64
import os
import re
import secrets
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage import hybrid
from storage.passphrase import lock, unlock
from storage.sealed import KEY_BYTES, RECOVERY, DeskKey, Key, Unopened

QUEUES = ("general", "restricted")
DESK_KEYS = (*QUEUES, RECOVERY)
DESK_KEY_WORD, LOCKED_WORD = "iblagh-desk-key", "iblagh-desk-key-locked"
BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}", re.ASCII)
NAME_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # no 0 o 1 l: names are read aloud


@dataclass(frozen=True, slots=True)
class NewKeys:
    """
    A new set. `desk` holds the text of one private key file a queue, and one for recovery, which opens every report.

    They are kept away from the server, and the recovery key away from the others.
    """

    environment: dict[str, str] = field(repr=False)
    desk: dict[str, str] = field(repr=False)


def generate() -> NewKeys:
    """
    Fresh keys. The state key's name is random, so that sealed values do not say in which order keys came.
    """
    pairs = {queue: hybrid.generate() for queue in DESK_KEYS}
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
    """
    `queue:key`; each queue needs at least one, `recovery` may be left out. Raises ValueError that quotes nothing.
    """
    keys = tuple(
        _desk_key(where, queue, key)
        for where, queue, key in _entries("IBLAGH_DESK_PUBLIC_KEYS", text, "|".join(DESK_KEYS))
    )
    missing = [queue for queue in QUEUES if queue not in {key.queue for key in keys}]
    if missing:
        raise ValueError(f"IBLAGH_DESK_PUBLIC_KEYS: no key for the queue {' and '.join(missing)}")
    return keys


def parse_desk_file(text: str, passphrase: str = "") -> tuple[tuple[str, Key], ...]:
    """
    The queues and private keys of a desk's key file. Raises ValueError that quotes nothing of the text.

    `NeedsPassphrase`, a ValueError too, if a key is locked and no passphrase is given.
    """
    found = tuple(_private(at, words, passphrase) for at, words in _desk_lines(text))
    if not found:
        raise ValueError("desk key file: there is no key in it")
    return found


class NeedsPassphrase(ValueError):
    """A key of the file is locked."""


def locked(text: str, passphrase: str) -> str:
    """
    The desk's key file with every key locked under a passphrase, under which some may be already. Raises ValueError as
    `parse_desk_file` does.
    """
    keys = parse_desk_file(text, passphrase)
    return "".join(f"{LOCKED_WORD} {queue} {_text(lock(key, queue, passphrase))}\n" for queue, key in keys)


def unlocked(text: str, passphrase: str) -> str:
    """The desk's key file with no lock on any key. Raises ValueError as `parse_desk_file` does."""
    return "".join(f"{DESK_KEY_WORD} {queue} {_text(key)}\n" for queue, key in parse_desk_file(text, passphrase))


def is_locked(text: str) -> bool:
    """Whether every key of the file is under a passphrase."""
    words = [words for _, words in _desk_lines(text)]
    return bool(words) and all(first == LOCKED_WORD for first, *_ in words)


def write_desk_file(path: Path, text: str) -> None:
    """
    Write a new private key file that its owner alone reads, onto the disk. Raises FileExistsError rather than replace a
    key.
    """
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read_desk_file(path: Path) -> str:
    """A key file's text, also as an editor saved it that begins every file with a mark of its own. Raises OSError."""
    return path.read_bytes().removeprefix(BOM_UTF8).decode("ascii", "replace")


def _desk_lines(text: str) -> list[tuple[int, list[str]]]:
    return [(at, line.split()) for at, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]


def _private(at: int, words: list[str], passphrase: str) -> tuple[str, Key]:
    where = f"desk key file, line {at}"
    if len(words) != 3 or words[0] not in (DESK_KEY_WORD, LOCKED_WORD) or words[1] not in DESK_KEYS:
        raise ValueError(f"{where}: expected {DESK_KEY_WORD!r}, the queue, the key")
    queue = words[1]
    if words[0] == DESK_KEY_WORD:
        return queue, _key(where, words[2], hybrid.PRIVATE_BYTES)
    if not passphrase:
        raise NeedsPassphrase(f"{where}: the key is locked: its passphrase is needed")
    try:
        return queue, unlock(_key(where, words[2], size=0), queue, passphrase)
    except Unopened:
        raise ValueError(f"{where}: this passphrase does not open the key") from None


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
