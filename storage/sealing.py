"""
How one value is sealed under one key: AES-256-GCM under a key derived for that place alone, padded, bound to the place.

Why these and no others: docs/adr/0003-sealing.md.
"""

from __future__ import annotations

import zlib
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from storage.chance import chance
from storage.sealed import Sealed, Unopened

NONCE_BYTES = 12  # what GCM is specified for
LENGTH_BYTES = 4
SMALL_FLOOR = 256  # an address, a card's link
LARGE_FLOOR = 4096  # a report's part: a bare link and a page of Arabic weigh the same
CEILING = 65536
IN_A_ROW = 1024  # a bucket that PostgreSQL keeps in the row itself; of the next, 4096, it makes rows of their own
WINDOW, MEMORY = 12, 5  # 4 KiB: to make ready for zlib's 32 took four times as long as the work itself
SHRUNK = 1 << 31  # in the length of what was compressed


def joined(label: str, *fields: str | bytes) -> bytes:
    """
    Label and fields as bytes from which each could be read back: no two lists of fields share an encoding.

    It never fails on a person's words: a UnicodeEncodeError would quote them, so lone surrogates pass.

    >>> joined("x", "ab", "c") == joined("x", "a", "bc")
    False
    """
    said = _opening(label)
    for field in fields:
        part = field.encode("utf-8", "surrogatepass") if isinstance(field, str) else field
        said += len(part).to_bytes(LENGTH_BYTES, "big") + part
    return said


@cache
def _opening(label: str) -> bytes:
    """Labels are ours, and few."""
    return len(label.encode()).to_bytes(LENGTH_BYTES, "big") + label.encode()


def bucket(size: int, floor: int) -> int:
    """
    The size that is stored for `size` bytes: `floor`, four times that, and so on to 64 KiB; then whole 64 KiB.

    >>> [bucket(size, 256) for size in (0, 256, 257, 5000, 65536, 65537)]
    [256, 256, 1024, 16384, 65536, 131072]
    """
    room = floor
    while room < size and room < CEILING:
        room *= 4
    return room if size <= room else -(-size // CEILING) * CEILING


def padded(plain: bytes, floor: int) -> bytes:
    return _filled(len(plain), plain, floor)


def shrunk(plain: bytes) -> bytes:
    """Padded; what has no room in the row is compressed first. The bucket alone is seen of how well that went."""
    if len(plain) <= IN_A_ROW - LENGTH_BYTES:
        return padded(plain, SMALL_FLOOR)
    quick = zlib.compressobj(1, zlib.DEFLATED, WINDOW, MEMORY)
    small = quick.compress(plain) + quick.flush()
    return _filled(len(small) | SHRUNK, small, SMALL_FLOOR)


def unpadded(padded: bytes) -> bytes:
    told = int.from_bytes(padded[:LENGTH_BYTES], "big")
    size = told & ~SHRUNK
    if size > len(padded) - LENGTH_BYTES:
        raise Unopened("the length inside does not fit")
    plain = padded[LENGTH_BYTES : LENGTH_BYTES + size]
    return zlib.decompress(plain) if told & SHRUNK else plain


def _filled(told: int, held: bytes, floor: int) -> bytes:
    counted = told.to_bytes(LENGTH_BYTES, "big") + held
    return counted.ljust(bucket(len(counted), floor), b"\0")


def keyed(key: bytes) -> HMAC:
    """HMAC-SHA256 with its key already in it, to be used many times: by `mac` alone, which leaves it as it is."""
    return HMAC(key, SHA256())


def mac(ready: HMAC, said: bytes) -> bytes:
    code = ready.copy()
    code.update(said)
    return code.finalize()


def derived(key: bytes | HMAC, context: bytes) -> bytes:
    """HKDF-Expand (RFC 5869) of one block, which is a single HMAC."""
    return mac(key if isinstance(key, HMAC) else keyed(key), context + b"\1")


def seal(key: bytes | HMAC, context: bytes, header: bytes, plain: bytes, floor: int) -> Sealed:
    """`header` stands in clear before the rest; it and `context` must be given again to open."""
    nonce, filled = chance(NONCE_BYTES), shrunk(plain) if floor == SMALL_FLOOR else padded(plain, floor)
    body = AESGCM(derived(key, context)).encrypt(nonce, filled, joined("header", header, context))
    return Sealed(header + nonce + body)


def unseal(key: bytes | HMAC, context: bytes, header: bytes, sealed: bytes) -> bytes:
    """Raises `Unopened` unless `seal` made it from the same key, context and header."""
    nonce, body = sealed[len(header) :][:NONCE_BYTES], sealed[len(header) + NONCE_BYTES :]
    if not sealed.startswith(header) or len(nonce) < NONCE_BYTES:
        raise Unopened("not sealed in this format")
    try:
        opened = AESGCM(derived(key, context)).decrypt(nonce, body, joined("header", header, context))
    except InvalidTag:
        raise Unopened("another key, another place, or changed") from None
    return unpadded(opened)
