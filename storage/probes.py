"""
Proving that a desk key still opens what is sealed to it, before a report depends on it.

A probe is a word sealed to one key. Whoever has the private half finds the word; the database holds its digest alone.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from storage.db import Transaction
from storage.hybrid import Recipient
from storage.key_tables import probes
from storage.sealed import DeskKey, Sealed, Wrap
from storage.sealing import joined

INFO = joined("iblagh probe 1")
WORD_BYTES = 10  # eighty random bits: sixteen characters to read out
GOOD_FOR = timedelta(days=31)  # then a key counts as not proven any more


class Probe(NamedTuple):
    """A word sealed to one desk key."""

    queue: str
    wrap: Wrap


def make(tx: Transaction, keys: tuple[DeskKey, ...], now: datetime) -> list[Probe]:
    """A fresh probe for each of these keys; what an earlier one asked for is not taken any more."""
    made = []
    for key in keys:
        word = os.urandom(WORD_BYTES)
        row = {"mark": _mark(_written(word)), "made_at": now}
        statement = upsert(probes).values(desk_key=key.id, **row)
        tx.execute(statement.on_conflict_do_update(index_elements=["desk_key"], set_=row))
        made.append(Probe(key.queue, Wrap(key.id, Recipient(key.public).wrap(word, INFO))))
    return made


def proven(tx: Transaction, word: str, now: datetime) -> str:
    """Take the word that a private key found; the id of the key that is proven, or "" if nobody asked for this word."""
    asked = update(probes).where(probes.c.mark == _mark(word.strip().upper())).values(proven_at=now, mark=None)
    return tx.execute(asked.returning(probes.c.desk_key)).scalar() or ""


def proofs(tx: Transaction) -> Mapping[str, datetime]:
    """When each key was last proven, by its id; a key that never was is not there."""
    found = select(probes.c.desk_key, probes.c.proven_at).where(probes.c.proven_at.is_not(None))
    return {row.desk_key: row.proven_at for row in tx.execute(found)}


def as_object(probe: Probe) -> dict[str, str]:
    """A probe on its way to the desk."""
    return {
        "queue": probe.queue,
        "key": probe.wrap.desk_key,
        "probe": base64.b64encode(probe.wrap.wrapped).decode("ascii"),
    }


def from_object(found: Mapping[str, str]) -> Probe:
    """Raises ValueError, KeyError or TypeError on what is none."""
    return Probe(str(found["queue"]), Wrap(str(found["key"]), Sealed(base64.b64decode(found["probe"], validate=True))))


def word(opened: bytes) -> str:
    """The word of a probe as it is read out: `ABCD-EFGH-IJKL-MNOP`."""
    return _written(opened)


def _written(word: bytes) -> str:
    letters = base64.b32encode(word).decode("ascii")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def _mark(written: str) -> bytes:
    return hashlib.sha256(joined("iblagh probe word 1", written)).digest()
