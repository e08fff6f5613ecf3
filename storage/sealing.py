"""
How one value is sealed under one key: AES-256-GCM under a key derived for that place alone, padded, bound to the place.

Why these and no others: docs/adr/0003-sealing.md.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from storage.sealed import KEY_BYTES, Sealed, Unopened

NONCE_BYTES = 12  # what GCM is specified for
LENGTH_BYTES = 4
SMALL_FLOOR = 256  # an address, a card's link
LARGE_FLOOR = 4096  # a report's part: a bare link and a page of Arabic weigh the same
CEILING = 65536


def joined(label: str, *fields: str | bytes) -> bytes:
    """
    Label and fields as bytes from which each could be read back: no two lists of fields share an encoding.

    It never fails on a person's words: a UnicodeEncodeError would quote them, so lone surrogates pass.

    >>> joined("x", "ab", "c") == joined("x", "a", "bc")
    False
    """
    encoded = (part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in (label, *fields))
    return b"".join(len(part).to_bytes(LENGTH_BYTES, "big") + part for part in encoded)


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
    counted = len(plain).to_bytes(LENGTH_BYTES, "big") + plain
    return counted.ljust(bucket(len(counted), floor), b"\0")


def unpadded(padded: bytes) -> bytes:
    size = int.from_bytes(padded[:LENGTH_BYTES], "big")
    if size > len(padded) - LENGTH_BYTES:
        raise Unopened("the length inside does not fit")
    return padded[LENGTH_BYTES : LENGTH_BYTES + size]


def derived(key: bytes, context: bytes) -> bytes:
    return HKDFExpand(SHA256(), KEY_BYTES, context).derive(key)


def seal(key: bytes, context: bytes, header: bytes, plain: bytes, floor: int) -> Sealed:
    """`header` stands in clear before the rest; it and `context` must be given again to open."""
    nonce = os.urandom(NONCE_BYTES)
    body = AESGCM(derived(key, context)).encrypt(nonce, padded(plain, floor), joined("header", header, context))
    return Sealed(header + nonce + body)


def unseal(key: bytes, context: bytes, header: bytes, sealed: bytes) -> bytes:
    """Raises `Unopened` unless `seal` made it from the same key, context and header."""
    nonce, body = sealed[len(header) :][:NONCE_BYTES], sealed[len(header) + NONCE_BYTES :]
    if not sealed.startswith(header) or len(nonce) < NONCE_BYTES:
        raise Unopened("not sealed in this format")
    try:
        opened = AESGCM(derived(key, context)).decrypt(nonce, body, joined("header", header, context))
    except InvalidTag:
        raise Unopened("another key, another place, or changed") from None
    return unpadded(opened)
