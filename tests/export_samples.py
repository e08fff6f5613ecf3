"""What the tests of exports put in: sealed reports, the chain that a database would have written, a parcels file."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from storage import keys, parcels
from storage.custody_chain import BEGINNING, Chain, Entry, written
from storage.custody_digests import of_exhibit, of_part
from storage.parcels import SealedAddition, SealedExhibit, SealedReport
from storage.shelf import Shelf
from storage.vault import Vault

SET = keys.generate()
VAULT = Vault(
    keys.parse_state_keys(SET.environment["IBLAGH_STATE_KEY"]),
    keys.parse_pseudonym_keys(SET.environment["IBLAGH_PSEUDONYM_KEY"]),
    keys.parse_desk_keys(SET.environment["IBLAGH_DESK_PUBLIC_KEYS"]),
)
AT = datetime(2026, 11, 22, 2, 33, 9, tzinfo=UTC)
STAFF = str(uuid4())
PICTURE = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + b"a picture that nobody sees. " * 40
LINK = "https://www.example.org/groups/123/posts/<script>alert(1)</script>?id=a.b"
ARABIC = "هذا المنشور يحرض على الكراهية، انظر https://example.net/a.html"
ACTS = (("taken", ""), ("asked", "more_details"), ("referred", "dgsn"), ("closed", "acted"))


class Made(NamedTuple):
    """A parcels file, the key that opens it, and what is in it."""

    parcels: Path
    key: Path
    reports: list[SealedReport]


def content(link: str = LINK) -> dict[str, Any]:
    return {
        "received": "2026-11-22T02:33:09+00:00",
        "category": "hate",
        "links": [{"received": link, "canonical": link, "platform": "facebook", "account": ""}],
        "details": ARABIC,
        "locale": "ar",
        "notice": "2026-11",
    }


def sealed(
    reference: str, shelf: Shelf, *, files: int = 0, queue: str = "general", incident: int = 101
) -> SealedReport:
    parts = {"content": content(), "identity": {"name": "فاطمة", "contact": "+212612345678"}}
    parcel = VAULT.parcel(reference, [queue], {name: json.dumps(part).encode() for name, part in parts.items()})
    later = f"{reference}/{uuid4()}"
    added = VAULT.parcel(later, [queue], {"content": json.dumps({"details": "more"}).encode()})
    facts: dict[str, parcels.Fact] = {"incident": incident, "category": "hate", "severity": 2, "channel": "whatsapp"}
    facts |= {"locale": "ar", "disclosure": "identified", "state": "closed", "received_at": "2026-11-22T02:00:00Z"}
    addition = SealedAddition(later, "2026-11-22T03:00:00Z", dict(added.parts), list(added.wraps))
    exhibits = [exhibit(reference, number, queue, shelf) for number in range(1, files + 1)]
    return SealedReport(reference, facts, dict(parcel.parts), list(parcel.wraps), exhibits, [addition])


def exhibit(reference: str, number: int, queue: str, shelf: Shelf) -> SealedExhibit:
    seal, wraps = VAULT.exhibit(reference, number, [queue])
    plain, name = PICTURE + bytes([number]), uuid4()
    facts = {"format": 1, "type": "image/jpeg", "size": len(plain), "sha256": hashlib.sha256(plain).hexdigest()}
    digest = shelf.put(name, seal.seal_file([plain]))
    return SealedExhibit(number, name, seal.seal_facts(json.dumps(facts).encode()), list(wraps), digest)


def chain(number: int, reports: list[SealedReport]) -> Chain:
    """What a database would have written: everything received, then the work."""
    said: list[tuple[str, str, str, bytes]] = []
    for report in reports:
        said += [("", "received", part, of_part(report.reference, part, one)) for part, one in report.parts.items()]
        said += [
            ("", "added", "content", of_part(one.name, "content", one.parts["content"])) for one in report.additions
        ]
        for one in report.evidence:
            digest = of_exhibit(report.reference, one.number, one.sealed, one.digest)
            said.append(("", "fetched", str(one.number), digest))
    said += [(STAFF, act, detail, b"") for act, detail in ACTS]
    entries, last = list[Entry](), BEGINNING
    for position, (actor, act, detail, digest) in enumerate(said, 1):
        entries.append(written(number, position, AT, actor, act, digest, detail, last))
        last = entries[-1].hash
    return Chain(number, len(entries), last, entries)


def carried(folder: Path, reports: list[SealedReport], *chains: Chain) -> Made:
    with open(folder / "parcels", "wb") as stream:
        parcels.write(stream, reports, chains)
    if not (folder / "key").exists():
        keys.write_desk_file(folder / "key", SET.desk["general"])
    return Made(folder / "parcels", folder / "key", reports)
