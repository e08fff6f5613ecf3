"""
The digests by which the custody log names what lies sealed: over the sealed bytes and their place, not the wrapped keys.

Wrapping a key anew for another desk key changes none. `part` stands for any part of a report or of what was added to it.
"""

from __future__ import annotations

import hashlib

from storage.sealing import joined

PART, EXHIBIT = "iblagh part digest 1", "iblagh exhibit digest 1"


def of_part(name: str, part: str, sealed: bytes) -> bytes:
    """`name` is what the seal is bound to: the report's reference, or the name of what was added to it."""
    return hashlib.sha256(joined(PART, name, part, sealed)).digest()


def of_exhibit(reference: str, number: int, facts: bytes, file: bytes) -> bytes:
    """`facts` is what is known of a file, sealed; `file` the SHA-256 of the sealed file, empty where none was kept."""
    return hashlib.sha256(joined(EXHIBIT, reference, str(number), facts, file)).digest()
