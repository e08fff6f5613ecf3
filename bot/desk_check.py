#!/usr/bin/env python3
"""
Checks an export of the desk: every byte of every file, the chain of custody, and that it names what lies there sealed.

    python3 check.py                      the unpacked export that this file stands in
    python3 check.py EXPORT.zip           an export as it was handed over
    python3 check.py EXPORT.zip SHA256    and that its manifest is the one whose SHA-256 was noted when it was made

Needs Python 3.8 or later and nothing else, and only reads. Exits 0 if all is as it was, else 1 and names what is not.
Whoever doubts this file takes another copy of it. How the chain is computed, for who wants to do it anew:

    hash = SHA-256 of the JSON array ["iblagh custody 1", incident, position, startTime, performer, name, object,
           description, previous] in ASCII, without spaces; the first entry's `previous` is 64 zeros
    object = SHA-256 of some fields, each behind its length in four bytes, big-endian:
             "iblagh part digest 1", name of the parcel, name of the part, the sealed part
             "iblagh exhibit digest 1", reference, number of the file, its sealed facts, SHA-256 of the sealed file
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from bot.desk_check_custody import CHAIN, PIECE, SEALED, custody_problems, parsed, read

MANIFEST, FORMAT = "manifest.json", "iblagh export 1"
UNREADABLE = (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, EOFError, OSError, ValueError, KeyError)


class Folder:
    """An unpacked export."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        return sorted(path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if not path.is_dir())

    def open(self, name: str) -> IO[bytes]:
        return open(self.path / name, "rb")


class Zip:
    """An export as it was written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip = zipfile.ZipFile(path)
        self.prefix = self.zip.namelist()[0].split("/")[0] + "/"

    def names(self) -> list[str]:
        skipped = len(self.prefix)
        return sorted(name[skipped:] if name.startswith(self.prefix) else name for name in self.zip.namelist())

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(self.prefix + name)


def main(argv: list[str]) -> int:
    path = Path(argv[1]) if len(argv) > 1 else Path(__file__).resolve().parent
    noted = argv[2].lower() if len(argv) > 2 else ""
    found = list(problems(path, noted))
    for problem in found:
        print(f"CHANGED  {problem}")
    print(f"{path}: {f'{len(found)} things are not as they were' if found else 'all is as it was'}")
    return 1 if found else 0


def problems(path: Path, noted: str = "") -> Iterator[str]:
    """Everything that is not as it was written, a line each."""
    try:
        export: Folder | Zip = Folder(path) if path.is_dir() else Zip(path)
        yield from export_problems(export, read(export, MANIFEST), noted)
    except (*UNREADABLE, IndexError) as trouble:
        yield f"{path.name}: it, or {MANIFEST} in it, cannot be read ({type(trouble).__name__})"


def export_problems(export: Folder | Zip, content: bytes, noted: str) -> Iterator[str]:
    manifest = parsed(content)
    wrong = list(manifest_problems(content, manifest, noted))
    for problem in wrong:
        yield f"{MANIFEST}: {problem}"
    files = manifest.get("files")
    listed = {str(entry.get("path")): entry for entry in files if isinstance(entry, dict)} if files else {}
    found = {name: file_problem(export, name, entry) for name, entry in listed.items()}
    for name, problem in found.items():
        if problem:
            yield f"{name}: {problem}"
    for name in export.names():
        if name != MANIFEST and name not in listed:
            yield f"{name}: is not in the manifest"
    good = sorted(name for name, problem in found.items() if not problem)
    if CHAIN in good:
        yield from custody_problems(export, manifest, [name for name in good if name.startswith(SEALED)])
    if isinstance(export, Zip) and good == sorted(listed) and not wrong:
        yield from container_problems(export, [MANIFEST, *listed])


def manifest_problems(content: bytes, manifest: dict[str, Any], noted: str) -> Iterator[str]:
    body = {key: value for key, value in manifest.items() if key != "sha256"}
    if not manifest:
        yield "is no JSON object"
    elif manifest.get("sha256") != hashlib.sha256(canonical(body)).hexdigest():
        yield "does not have the SHA-256 that it states at its end"
    elif content != canonical(manifest):
        yield "is not written as it was"
    elif manifest.get("format") != FORMAT:
        yield "has another format"
    if noted and hashlib.sha256(content).hexdigest() != noted:
        yield "is not the one whose SHA-256 was noted"


def file_problem(export: Folder | Zip, name: str, entry: dict[str, Any]) -> str:
    """What is wrong with a file of the manifest; nothing if it is as it was."""
    if name.startswith("/") or ".." in name.split("/") or "\\" in name:
        return "names a place outside the export"
    digest, size = hashlib.sha256(), 0
    try:
        with export.open(name) as file:
            for piece in iter(lambda: file.read(PIECE), b""):
                digest.update(piece)
                size += len(piece)
    except (FileNotFoundError, KeyError):
        return "is missing"
    except UNREADABLE as trouble:
        return f"was changed ({type(trouble).__name__})"
    if digest.hexdigest() != entry.get("sha256"):
        return "was changed"
    return "" if size == entry.get("size") else "has another size than the manifest says"


def container_problems(export: Zip, names: list[str]) -> Iterator[str]:
    """The ZIP file itself, byte for byte: it is written anew and compared."""
    with tempfile.TemporaryFile() as again, open(export.path, "rb") as original:
        write_zip(again, export.prefix, names, export.open)
        again.seek(0)
        place = 0
        while True:
            one, other = original.read(PIECE), again.read(PIECE)
            if one != other:
                shorter = min(len(one), len(other))
                place += next((at for at in range(shorter) if one[at] != other[at]), shorter)
                yield f"{export.path.name}: byte {place} was changed, {container_place(export, place)}"
            if one != other or not one:
                return
            place += len(one)


def container_place(export: Zip, place: int) -> str:
    before = [info for info in export.zip.infolist() if info.header_offset <= place]
    if place >= export.zip.start_dir or not before:
        return "in the ZIP file's own directory"
    return f"where the ZIP file holds {max(before, key=lambda info: info.header_offset).filename}"


def write_zip(to: IO[bytes], prefix: str, names: list[str], opened: Callable[[str], IO[bytes]]) -> None:
    """Write files so that the same ones always make the same bytes: no time, no owner, no compression."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            info = zipfile.ZipInfo(prefix + name, (1980, 1, 1, 0, 0, 0))
            info.create_system, info.external_attr = 3, 0o100600 << 16
            with opened(name) as file:
                info.file_size = file.seek(0, os.SEEK_END)
                file.seek(0)
                with archive.open(info, "w") as into:
                    for piece in iter(lambda: file.read(PIECE), b""):
                        into.write(piece)


def canonical(value: dict[str, Any]) -> bytes:
    """JSON as the manifest is written."""
    return json.dumps(value, indent=1).encode("ascii") + b"\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv))
