"""The type of a file is told from its first bytes, and from nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.file_types import ENDINGS, LOOKED_AT, UNKNOWN, told_by
from simulator import media

SAMPLES = {
    "image/jpeg": [b"\xff\xd8\xff\xe0\x00\x10JFIF", media.photo()],
    "image/png": [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"],
    "image/gif": [b"GIF87a", b"GIF89a"],
    "image/webp": [b"RIFF\x24\x00\x00\x00WEBPVP8 "],
    "image/heic": [b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", b"\x00\x00\x00\x18ftypmif1"],
    "application/pdf": [b"%PDF-1.7\n", media.document()],
    "video/mp4": [b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00", b"\x00\x00\x00\x18ftypmp42", b"\x00\x00\x00\x1cftyp3gp4"],
    "video/quicktime": [b"\x00\x00\x00\x14ftypqt  "],
    "video/webm": [b"\x1aE\xdf\xa3\x01\x00\x00\x00\x00\x00\x00\x1fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"],
    "audio/ogg": [b"OggS\x00\x02" + bytes(22) + b"OpusHead\x01\x01", b"OggS\x00\x02" + bytes(22) + b"\x01vorbis", media.voice()],
    "audio/mpeg": [b"ID3\x04\x00", b"\xff\xfb\x90\x44", b"\xff\xf3\x40\xc0"],
    "audio/mp4": [b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00"],
    "audio/amr": [b"#!AMR\n", b"#!AMR-WB\n"],
    "audio/wav": [b"RIFF\x24\x00\x00\x00WAVEfmt "],
    "text/vcard": [b"BEGIN:VCARD\r\nVERSION:3.0", b"\xef\xbb\xbfbegin:vcard\n", media.card("A", "+212600000000")],
    UNKNOWN: [
        b"", b"MZ\x90\x00", b"\x7fELF", b"PK\x03\x04", b"<html>", b"#!/bin/sh", b"<svg xmlns=", b"RIFF\x00\x00\x00\x00AVI ",
        b"\x1aE\xdf\xa3\x93B\x82\x88matroska", b"OggS\x00\x02", b"\xff\xff\xff", b"\xff\xfb\xff\xff", b"\xff\xf1\x50\x80", b"GIF90a",
        b" %PDF-1.7", b"JFIF\xff\xd8\xff",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("type", "first"), [(type, first) for type, all in SAMPLES.items() for first in all])
def test_a_type_is_told_from_the_first_bytes(type: str, first: bytes) -> None:
    assert told_by(first[:LOOKED_AT]) == type
    assert told_by((first + bytes(200))[:LOOKED_AT]) == type


def test_every_type_has_a_harmless_ending() -> None:
    assert set(SAMPLES) - {UNKNOWN} == set(ENDINGS)
    assert not {".exe", ".html", ".svg", ".js", ".docm"} & set(ENDINGS.values())


@given(st.binary(max_size=LOOKED_AT))
def test_anything_has_a_type(first: bytes) -> None:
    assert told_by(first) in {*ENDINGS, UNKNOWN}
