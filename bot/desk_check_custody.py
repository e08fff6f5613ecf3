"""
The half of an export's `check.py` that computes chains and digests anew: standard library of Python 3.8, nothing of ours.

It says for itself what `storage/custody_chain.py` and `storage/custody_digests.py` say for the program, so that one can be
held against the other.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from typing import IO, Any, Protocol

CHAIN, SEALED = "chain.json", "sealed/"
CHAIN_FORMAT = "iblagh custody 1"
HASHED = ("position", "startTime", "performer", "name", "object", "description", "previous")
PIECE = 1 << 20


class Export(Protocol):
    """An export, unpacked or not."""

    def names(self) -> list[str]: ...

    def open(self, name: str) -> IO[bytes]: ...


def custody_problems(export: Export, manifest: dict[str, Any], sealed: list[str]) -> Iterator[str]:
    """The chains by themselves, then against what lies there sealed."""
    log = parsed(read(export, CHAIN))
    named: dict[str, tuple[Any, Any]] = {}
    erased: set[str] = set()
    try:
        for chain in log["chains"]:
            for position, problem in chain_problems(chain):
                yield f"{CHAIN}: incident {chain['incident']}, position {position}: {problem}"
            for entry in chain["InvestigativeAction"]:
                if entry["name"] == "erased":
                    erased.add(entry["object"])
                elif entry["object"]:
                    named.setdefault(entry["object"], (chain["incident"], entry["position"]))
        if log.get("format") != CHAIN_FORMAT or log["chains"][0]["incident"] != manifest.get("incident"):
            yield f"{CHAIN}: is not the chain of this incident"
        yield from parcel_problems(export, manifest, sealed, named, erased)
    except (KeyError, TypeError, IndexError, ValueError, AttributeError):
        yield f"{CHAIN}, or what is named in it: is not in its format"


def parcel_problems(
    export: Export, manifest: dict[str, Any], sealed: list[str], named: dict[str, tuple[Any, Any]], erased: set[str]
) -> Iterator[str]:
    there = set()
    for name in sealed:
        for what, digest, problem in parcels(export, name, sealed) if name.endswith(".json") else ():
            there.add(digest)
            if problem:
                yield f"{name}, {what}: {problem}"
            elif digest in erased:
                yield f"{name}, {what}: was erased, and is here"
            elif digest not in named:
                yield f"{name}, {what}: no entry of the chain names it as it is"
    elsewhere = [tuple(place) for place in manifest["elsewhere"]]
    for digest, place in sorted(named.items(), key=lambda item: item[1]):
        ours = place[0] == manifest["incident"] and place not in elsewhere
        if ours and digest not in there and digest not in erased:
            yield f"{CHAIN}: incident {place[0]}, position {place[1]}: names a parcel that is not here"


def parcels(export: Export, name: str, readable: list[str]) -> Iterator[tuple[str, str, str]]:
    """Everything sealed in one report: what it is, its digest, and what is wrong with it that was not said yet."""
    found = parsed(read(export, name))
    reference = found["reference"]
    for part, content in sorted(found["parts"].items()):
        yield part, part_digest(reference, part, content), ""
    for added in found["additions"]:
        for part, content in sorted(added["parts"].items()):
            yield f"{part} added later", part_digest(added["name"], part, content), ""
    for number, _, facts, _, digest in found["evidence"]:
        lies, problem = f"{name[: -len('.json')]}-{number}.sealed", ""
        if digest and lies not in export.names():
            problem = "its sealed file is not here"
        elif digest and lies in readable and sha256(export, lies) != digest:
            problem = "its sealed file is not the one that was kept"
        fields = ("iblagh exhibit digest 1", reference, str(number), unbase64(facts), bytes.fromhex(digest))
        yield f"file {number}", joined_digest(*fields), problem


def chain_problems(chain: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """Where a chain is broken and how; nothing where it is whole."""
    expected, before = 1, {"0" * 64}
    for entry in chain["InvestigativeAction"]:
        said = [CHAIN_FORMAT, chain["incident"], *(entry[name] for name in HASHED)]
        computed = hashlib.sha256(json.dumps(said, separators=(",", ":")).encode("ascii")).hexdigest()
        if entry["position"] != expected:
            yield expected, "is missing, or what follows is out of order"
        elif entry["previous"] not in before:
            yield expected, "does not follow the entry before it: one of the two was changed"
        if computed != entry["hash"]:
            yield entry["position"], "was changed after it was written"
        expected, before = entry["position"] + 1, {computed, entry["hash"]}
    if expected != chain["length"] + 1:
        yield expected, "is missing, or the chain is longer than it was"
    elif chain["hash"] not in before:
        yield chain["length"], "is not the end that was noted apart from the chain: one of the two was changed"


def part_digest(name: str, part: str, content: str) -> str:
    return joined_digest("iblagh part digest 1", name, part, unbase64(content))


def joined_digest(*fields: str | bytes) -> str:
    digest = hashlib.sha256()
    for field in fields:
        content = field.encode("utf-8", "surrogatepass") if isinstance(field, str) else field
        digest.update(len(content).to_bytes(4, "big") + content)
    return digest.hexdigest()


def unbase64(text: str) -> bytes:
    """Raises ValueError for what is written in another way, though it would decode to the same."""
    found = base64.b64decode(text, validate=True)
    if not re.fullmatch("[A-Za-z0-9+/]*={0,2}", text) or base64.b64encode(found).decode("ascii") != text:
        raise ValueError("not as it is written")
    return found


def sha256(export: Export, name: str) -> str:
    digest = hashlib.sha256()
    with export.open(name) as file:
        for piece in iter(lambda: file.read(PIECE), b""):
            digest.update(piece)
    return digest.hexdigest()


def read(export: Export, name: str) -> bytes:
    with export.open(name) as file:
        return file.read()


def parsed(content: bytes) -> dict[str, Any]:
    """A JSON object; an empty one for whatever is none."""
    try:
        found = json.loads(content.decode("ascii"))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
