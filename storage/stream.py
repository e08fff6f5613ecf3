"""
How a file is sealed while it passes: pieces of one size, each under its number, the last one marked as the last.

This is STREAM (Hoang, Reyhanitabar, Rogaway, Vizar 2015) over AES-256-GCM: what was cut, reordered, doubled or taken from
another file does not open. A piece is filled up like every sealed value, so a file's size is told to 64 KiB and no finer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.sealed import Format, Unopened
from storage.sealing import CEILING, LENGTH_BYTES, NONCE_BYTES, derived, joined, padded, unpadded

PIECE = CEILING - LENGTH_BYTES  # bytes of the file in each piece but the last
SEALED_PIECE = CEILING + 16  # with GCM's tag
HEADER = bytes([Format.STREAM])


def seal_stream(key: bytes, context: bytes, plain: Iterable[bytes]) -> Iterator[bytes]:
    """
    The sealed file, holding some pieces of 64 KiB at a time.

    `key` seals one file, once: the nonces are counted from zero and not random.
    """
    cipher, place = AESGCM(derived(key, context)), joined("header", HEADER, context)
    yield HEADER
    for number, (piece, last) in enumerate(_last_marked(_cut(plain))):
        yield cipher.encrypt(_nonce(number, last), padded(piece, CEILING), place)


def unseal_stream(key: bytes, context: bytes, sealed: BinaryIO) -> Iterator[bytes]:
    """The file, piece by piece. Raises `Unopened` where one is not as it was sealed: what came before it was."""
    if sealed.read(len(HEADER)) != HEADER:
        raise Unopened("not sealed in this format")
    cipher, place = AESGCM(derived(key, context)), joined("header", HEADER, context)
    pieces = iter(lambda: sealed.read(SEALED_PIECE), b"")
    number = -1
    for number, (piece, last) in enumerate(_last_marked(pieces)):
        try:
            yield unpadded(cipher.decrypt(_nonce(number, last), piece, place))
        except InvalidTag:
            raise Unopened("another key, another place, cut or changed") from None
    if number < 0:
        raise Unopened("cut")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(NONCE_BYTES - 1, "big") + bytes([last])


def _last_marked(pieces: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each with whether it is the last; one is held back to know."""
    held = next(pieces, None)
    for piece in pieces:
        if held is not None:
            yield held, False
        held = piece
    if held is not None:
        yield held, True


def _cut(plain: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of one size, whatever sizes came; at least one, which may be empty."""
    held = bytearray()
    for some in plain:
        held += some
        while len(held) > PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    yield bytes(held)
