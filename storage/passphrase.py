"""
A private key of the desk under a passphrase: Argon2id (RFC 9106, its second recommended choice), then the one seal.

Guessing costs 64 MiB of memory and some hundred milliseconds a try.
"""

from __future__ import annotations

import os
import unicodedata

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from storage.sealed import KEY_BYTES, Format, Key, Unopened
from storage.sealing import SMALL_FLOOR, joined, seal, unseal

SALT_BYTES = 16
ROUNDS, LANES, MEMORY_KIB = 3, 4, 64 * 1024
HEADER = bytes([Format.LOCKED])


def lock(private: bytes, queue: str, passphrase: str) -> bytes:
    """The private key of that queue, locked. Raises ValueError on an empty passphrase."""
    if not passphrase:
        raise ValueError("the passphrase is empty")
    salt = os.urandom(SALT_BYTES)
    return salt + seal(
        _stretched(_composed(passphrase), salt), joined("iblagh desk key 1", queue), HEADER, private, SMALL_FLOOR
    )


def unlock(locked: bytes, queue: str, passphrase: str) -> Key:
    """Raises `Unopened` for another passphrase or queue, or if it was changed."""
    salt, sealed = locked[:SALT_BYTES], locked[SALT_BYTES:]
    if len(salt) < SALT_BYTES:
        raise Unopened("not locked in this format")
    for words in dict.fromkeys((_composed(passphrase), passphrase)):  # keys locked before were locked as it was typed
        try:
            return Key(unseal(_stretched(words, salt), joined("iblagh desk key 1", queue), HEADER, sealed))
        except Unopened:
            continue
    raise Unopened("changed, or locked with another passphrase")


def _composed(passphrase: str) -> str:
    """The same letters are the same bytes, whichever keyboard typed an accent in one sign and whichever in two."""
    return unicodedata.normalize("NFC", passphrase)


def _stretched(passphrase: str, salt: bytes) -> bytes:
    stretch = Argon2id(salt=salt, length=KEY_BYTES, iterations=ROUNDS, lanes=LANES, memory_cost=MEMORY_KIB)
    return stretch.derive(passphrase.encode("utf-8", "surrogatepass"))
