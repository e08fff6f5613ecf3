"""
Fetching a file of a citizen's from a provider: piece by piece, never more than was agreed, never whole in memory.

What comes is trusted in nothing: not in its type, not in its size. No address is logged or quoted: one holds a token, the
other leads to a citizen.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from bot.channel import SendFailed
from bot.trust import trust

PIECE = 64 * 1024
MOST_REDIRECTS = 3
WHOLE_SECONDS = 120.0  # 20 MB in that time is 1.3 Mbit/s; a server that drips must not keep a worker for ever
MOVED = (301, 302, 303, 307, 308)
GONE = (404, 410)
# Asked for as it is: what a server packs could be unpacked to any size.
AS_IT_IS = {"Accept-Encoding": "identity"}

Credentials = tuple[str, str]


def download(
    address: str, most_bytes: int, credentials: Credentials | None = None, *, size: int = 0, timeout: float = 10.0
) -> Iterator[bytes]:
    """
    The file in pieces of at most 64 KiB. Credentials go to the address's own host and nowhere else.

    Raises `SendFailed`, on the way too: "too-large" (final) beyond `most_bytes`, "gone" (final), "cut" where it is not
    of the `size` that was told.
    """
    logging.getLogger("httpx").setLevel(logging.WARNING)  # its INFO line is the address
    ends = time.monotonic() + WHOLE_SECONDS
    client = httpx.Client(timeout=timeout, verify=trust())
    with _translated(), client, _answered(client, address, credentials) as answer:
        came = 0
        for piece in _pieces(answer, most_bytes):
            came += len(piece)
            if came > most_bytes:
                raise SendFailed("too-large", retry=False)
            if time.monotonic() > ends:
                raise SendFailed("slow", retry=True)
            yield piece
        if size and came != size:
            raise SendFailed("cut", retry=True)


def _pieces(answer: httpx.Response, most_bytes: int) -> Iterator[bytes]:
    announced = answer.headers.get("Content-Length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise SendFailed("too-large", retry=False)
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise SendFailed("packed", retry=True)
    return answer.iter_raw(PIECE)


@contextmanager
def _answered(client: httpx.Client, address: str, credentials: Credentials | None) -> Iterator[httpx.Response]:
    """What the last of some redirects answers."""
    first = url = httpx.URL(address)
    for _ in range(MOST_REDIRECTS + 1):
        auth = credentials if _is_same_place(url, first) else None
        with client.stream("GET", url, headers=AS_IT_IS, auth=auth) as answer:
            if answer.status_code not in MOVED:
                _check(answer)
                yield answer
                return
            url = url.join(answer.headers.get("Location", ""))
        if url.scheme != "https" and url.scheme != first.scheme:
            raise SendFailed("redirect", retry=True)
    raise SendFailed("redirect", retry=True)


def _is_same_place(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def _check(answer: httpx.Response) -> None:
    status = answer.status_code
    if status == 200:
        return
    if status in GONE:
        raise SendFailed("gone", retry=False)
    if status == 429:
        raise SendFailed("slow-down", retry=True, after=_seconds(answer.headers.get("Retry-After", "")))
    if status in (401, 403):
        raise SendFailed("token", retry=False)
    raise SendFailed("network" if status >= 500 else f"refused-{status}", retry=status >= 500)


def _seconds(said: str) -> float:
    return float(said) if said.isdecimal() and len(said) < 6 else 0.0


@contextmanager
def _translated() -> Iterator[None]:
    """What the library raises quotes addresses: only what kind of trouble it was goes on."""
    try:
        yield
    except httpx.TimeoutException:
        raise SendFailed("timeout", retry=True) from None
    except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ValueError):
        raise SendFailed("network", retry=True) from None
