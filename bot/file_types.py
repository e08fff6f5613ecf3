"""
What kind of file this is, told from its first bytes alone. Nothing is decoded, and nobody's word is taken for it.
"""

from __future__ import annotations

LOOKED_AT = 64  # bytes: Opus names itself at the 29th

UNKNOWN = "application/octet-stream"

BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
)
BRANDS = (  # what stands after `ftyp` in the family of MP4 (ISO 14496-12; brands registered at mp4ra.org)
    ((b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"), "image/heic"),
    ((b"M4A ", b"M4B "), "audio/mp4"),
    ((b"qt  ",), "video/quicktime"),
)
ENDINGS = {
    "image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif", "image/heic": ".heic",
    "application/pdf": ".pdf", "video/mp4": ".mp4", "video/quicktime": ".mov", "video/webm": ".webm",
    "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/amr": ".amr", "audio/wav": ".wav",
    "text/vcard": ".vcf",
}  # fmt: skip


def told_by(first: bytes) -> str:
    """
    The type of a file that begins so, or that of unknown bytes.

    >>> told_by(b"%PDF-1.7"), told_by(b"MZ\\x90")
    ('application/pdf', 'application/octet-stream')
    """
    plain = next((type for begins, type in BEGINNINGS if first.startswith(begins)), "")
    return plain or _riff(first) or _mp4(first) or _webm(first) or _ogg(first) or _mp3(first) or _card(first) or UNKNOWN


def _riff(first: bytes) -> str:
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(first[8:12], "") if first[:4] == b"RIFF" else ""


def _mp4(first: bytes) -> str:
    if first[4:8] != b"ftyp":
        return ""
    return next((type for brands, type in BRANDS if first[8:12] in brands), "video/mp4")


def _webm(first: bytes) -> str:
    """Matroska's header names what is in it; only WebM is told."""
    return "video/webm" if first[:4] == b"\x1aE\xdf\xa3" and b"\x42\x82\x84webm" in first else ""


def _ogg(first: bytes) -> str:
    return "audio/ogg" if first[:4] == b"OggS" and (b"OpusHead" in first or b"\x01vorbis" in first) else ""


def _mp3(first: bytes) -> str:
    """A frame without a tag before it: layer III, and no value that the standard forbids."""
    if len(first) < 3 or first[0] != 0xFF or first[1] & 0xE6 != 0xE2:
        return ""
    return "audio/mpeg" if first[1] & 0x18 != 0x08 and first[2] >> 4 not in (0, 15) and first[2] & 0x0C != 0x0C else ""


def _card(first: bytes) -> str:
    return "text/vcard" if first.removeprefix(b"\xef\xbb\xbf")[:11].upper() == b"BEGIN:VCARD" else ""
