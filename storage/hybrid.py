"""
Wrapping a report's content key to the desk: HPKE with ML-KEM-768 and X25519 together, as `cryptography` ships it.

A listener must break both, the new and the old, to read a report; one kept for decades is what this is for.
"""

from __future__ import annotations

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from storage.sealed import Format, Key, Sealed, Unopened

SUITE = Suite(KEM.MLKEM768_X25519, KDF.SHAKE256, AEAD.AES_256_GCM)
MLKEM_PUBLIC, X25519_SIZE, MLKEM_SEED = 1184, 32, 64  # FIPS 203; RFC 7748
PUBLIC_BYTES = MLKEM_PUBLIC + X25519_SIZE
PRIVATE_BYTES = MLKEM_SEED + X25519_SIZE
HEADER = bytes([Format.WRAP])


class Pair(NamedTuple):
    """A new key of the desk: ML-KEM's part, then X25519's, each as its standard writes it."""

    private: Key
    public: bytes


class Recipient:
    """Who a content key is wrapped to. Raises ValueError on bytes that are no usable public key."""

    def __init__(self, public: bytes) -> None:
        if len(public) == PRIVATE_BYTES:
            raise ValueError("has the length of a private desk key, which must never be on this machine")
        if len(public) != PUBLIC_BYTES:
            raise ValueError(f"is {len(public)} bytes long, not {PUBLIC_BYTES}")
        self._key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:MLKEM_PUBLIC]),
            X25519PublicKey.from_public_bytes(public[MLKEM_PUBLIC:]),
        )
        SUITE.encrypt(
            b"", self._key
        )  # points of low order load, but cannot be used: found now, not at the first report

    def wrap(self, key: bytes, info: bytes) -> Sealed:
        return Sealed(HEADER + SUITE.encrypt(key, self._key, info))


class Opener:
    """The private side. Raises ValueError on a wrong length."""

    __slots__ = ("_key", "public")

    def __init__(self, private: bytes) -> None:
        if len(private) != PRIVATE_BYTES:
            raise ValueError(f"is {len(private)} bytes long, not {PRIVATE_BYTES}")
        mlkem = MLKEM768PrivateKey.from_seed_bytes(private[:MLKEM_SEED])
        x25519 = X25519PrivateKey.from_private_bytes(private[MLKEM_SEED:])
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def unwrap(self, wrapped: bytes, info: bytes) -> Key:
        """Raises `Unopened`."""
        if not wrapped.startswith(HEADER):
            raise Unopened("not wrapped in this format")
        try:
            return Key(SUITE.decrypt(wrapped[len(HEADER) :], self._key, info))
        except (InvalidTag, ValueError):
            raise Unopened("another key, another report, or changed") from None


def generate() -> Pair:
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    private = Key(mlkem.private_bytes_raw() + x25519.private_bytes_raw())
    return Pair(private, Opener(private).public)
