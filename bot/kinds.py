"""What a setting may hold: each reader returns a clean value or raises ValueError saying what is expected, never what came."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from storage.sealed import DeskKey


def line(said: str) -> str:
    """One line of text."""
    if not said.isprintable():
        raise ValueError("must be one line without control characters")
    return said


def shaped(pattern: str, wanted: str) -> Callable[[str], str]:
    """A text of one shape."""
    whole = re.compile(pattern, re.ASCII)

    def read(said: str) -> str:
        if not whole.fullmatch(said):
            raise ValueError(f"must be {wanted}")
        return said

    return read


def several(pattern: str, wanted: str) -> Callable[[str], tuple[str, ...]]:
    """Texts of one shape with commas between them; or none."""
    one = shaped(pattern, wanted)
    return lambda said: tuple(one(part.strip()) for part in said.split(",")) if said else ()


def between(least: int, most: int) -> Callable[[str], int]:
    """
    A whole number within bounds.

    >>> between(1, 1000)("30")
    30
    """

    def read(said: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", said) or not least <= int(said) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(said)

    return read


def on_off(said: str) -> bool:
    """
    A switch.

    >>> on_off("off")
    False
    """
    switch = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}
    if said.lower() not in switch:
        raise ValueError("must be on or off")
    return switch[said.lower()]


def group(said: str) -> int | None:
    """
    The id of a Telegram group: always negative; a positive id is a person, who must never get the cards.

    >>> group("-1001234567890")
    -1001234567890
    """
    if not said:
        return None
    if not re.fullmatch(r"-[1-9][0-9]{0,14}", said):
        raise ValueError("must be the id of a group, a negative number such as -1001234567890")
    return int(said)


def is_loopback(address: str) -> bool:
    """Whether an http address can only reach this machine."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def web_address(said: str) -> str:
    """An https address without a trailing slash; http only on this machine, where nobody listens in between."""
    if not said:
        return ""
    parts = _split(said)
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be an address such as https://bot.example.org, without user, query or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(said)):
        raise ValueError("must begin with https:// (http:// is for 127.0.0.1 and localhost alone)")
    return said.rstrip("/")


def home_page(said: str) -> str:
    """The operator's own page."""
    if _split(said).scheme not in ("https", "http") or not _split(said).hostname:
        raise ValueError("must be a web address such as https://www.example.org")
    return said


def database(said: str) -> str:
    """The address of a PostgreSQL database; of several hosts each may have a port."""
    scheme, _, rest = line(said).partition("://")
    for host in rest.partition("/")[0].partition("?")[0].rpartition("@")[2].split(","):
        _split(f"//{host}")
    if said and scheme not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise ValueError("must begin with postgresql://")
    return said


def folder(said: str) -> Path:
    """A folder, made where it is first needed."""
    if not line(said):
        raise ValueError("must name a folder")
    return Path(said)


def shelf(said: str) -> Path | None:
    """A folder by its path or as file:///…; nothing for the one under IBLAGH_VAR."""
    path = line(said).removeprefix("file://")
    if path and (not path.startswith("/") if said.startswith("file:") else "://" in path):
        raise ValueError("must be a folder's path, or file:/// and an absolute one")
    return Path(path) if path else None


def file(said: str) -> Path | None:
    """A file that is there and can be read."""
    if not said:
        return None
    if not Path(line(said)).is_file():
        raise ValueError("must name a file that is there")
    return Path(said)


def languages(said: str) -> tuple[str, ...]:
    """Language tags in the order in which they are offered, each once."""
    tags = tuple(tag.strip() for tag in said.split(","))
    if not all(re.fullmatch(r"[a-z]{2,3}", tag) for tag in tags) or len(set(tags)) != len(tags):
        raise ValueError("must be language tags with commas between them, each once, such as ar,fr,en")
    missing = [tag for tag in tags if tag != "en" and not (LOCALES / tag / "LC_MESSAGES" / "iblagh.po").is_file()]
    if missing:
        raise ValueError(f"has no catalogue in locales/ for {', '.join(missing)}")
    return tags


def language(said: str) -> str:
    """One language that has a catalogue; or none."""
    if "," in said:
        raise ValueError("must be one language tag, such as fr")
    return languages(said)[0] if said else ""


def log_level(said: str) -> str:
    """A level by its name."""
    if said.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return said.upper()


def state_keys(said: str) -> tuple[tuple[str, bytes], ...]:
    """The state keys, the one that seals first."""
    from storage.keys import parse_state_keys  # brings the cryptography library, which most commands do without

    return parse_state_keys(said)


def pseudonym_keys(said: str) -> tuple[tuple[int, bytes], ...]:
    """The pseudonym keys, newest first."""
    from storage.keys import parse_pseudonym_keys

    return parse_pseudonym_keys(said)


def desk_keys(said: str) -> tuple[DeskKey, ...]:
    """The desk's public keys."""
    from storage.keys import parse_desk_keys

    return parse_desk_keys(said)


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(line(address))
        _ = parts.port
    except ValueError:
        raise ValueError("must be an address") from None
    return parts


LOCALES = Path(__file__).resolve().parent.parent / "locales"
