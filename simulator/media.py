"""The small files that the simulator's people send: generated, harmless, and with honest first bytes."""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

_JPEG = Path(__file__).parent / "static" / "photo.jpg"


def photo() -> bytes:
    """A drawn landscape as a JPEG, as Telegram and WhatsApp send photos."""
    return _JPEG.read_bytes()


def picture(hue: int = 0) -> bytes:
    """A PNG of 48 by 48 pixels in one of six tints: a picture sent as a document."""
    red, green, blue = [(214, 93, 70), (64, 124, 160), (84, 140, 96), (190, 150, 70), (130, 100, 160), (90, 90, 96)][
        hue % 6
    ]
    rows = b"".join(b"\0" + bytes((red - y, green, min(255, blue + y))) * 48 for y in range(48))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, content)
        for kind, content in (
            (b"IHDR", struct.pack(">IIBBBBB", 48, 48, 8, 2, 0, 0, 0)),
            (b"IDAT", zlib.compress(rows)),
            (b"IEND", b""),
        )
    )


def voice() -> bytes:
    """The head of an Ogg Opus stream: what a voice note begins with."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
    return b"OggS" + struct.pack("<BBqIIIB", 0, 2, 0, 1, 0, 0, 1) + bytes([len(head)]) + head


def document() -> bytes:
    """The shortest PDF that is one."""
    return base64.b64decode(
        "JVBERi0xLjEKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0NvdW50"
        "IDAvS2lkc1tdPj5lbmRvYmoKdHJhaWxlcjw8L1Jvb3QgMSAwIFI+Pgo="
    )


def card(name: str, phone: str) -> bytes:
    """A contact as a vCard."""
    return f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nTEL;TYPE=CELL:{phone}\r\nEND:VCARD\r\n".encode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
