"""What Telegram does to text: entities with UTF-16 offsets, found in what people write or given as HTML."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

Entity = dict[str, Any]

_FOUND = (
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w+)?")),
    ("email", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    (
        "url",
        re.compile(r"(?i)\b(?:https?://[^\s<>\"]+|(?:[a-z0-9-]+\.)+(?:com|org|net|ma|fr|io|example|me)\b[^\s<>\"]*)"),
    ),
    ("mention", re.compile(r"(?<!\w)@[A-Za-z]\w{3,31}")),
    ("hashtag", re.compile(r"(?<!\w)#\w+")),
)
_TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}


def units(text: str) -> int:
    """UTF-16 code units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def found_entities(text: str) -> list[Entity]:
    """What Telegram itself marks in a message: commands, addresses, mentions. First come, no overlaps."""
    taken: list[tuple[int, int]] = []
    entities = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = match.start(), match.start() + len(match.group().rstrip(".,;:!?)،؛؟"))
            if end > start and not any(start < e and s < end for s, e in taken):
                taken.append((start, end))
                entities.append({"type": kind, "offset": units(text[:start]), "length": units(text[start:end])})
    return sorted(entities, key=lambda e: int(e["offset"]))


class BadMarkup(Exception):
    """Telegram's own words for HTML that it does not take."""


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.entities = "", list[Entity]()
        self._open: list[tuple[str, Entity]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise BadMarkup(f'Unsupported start tag "{tag}" at byte offset {len(self.text.encode())}')
        entity: Entity = {"type": _TAGS[tag], "offset": units(self.text), "length": 0}
        if tag == "a":
            entity["url"] = unescape(dict(attrs).get("href") or "")
        self._open.append((tag, entity))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise BadMarkup(f"Unexpected end tag at byte offset {len(self.text.encode())}")
        entity = self._open.pop()[1]
        entity["length"] = units(self.text) - int(entity["offset"])
        if entity["length"]:
            self.entities.append(entity)

    def handle_data(self, data: str) -> None:
        self.text += data

    def close(self) -> None:
        super().close()
        if self._open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self._open[-1][0]}"')


def from_html(source: str) -> tuple[str, list[Entity]]:
    """Visible text and its entities. Raises `BadMarkup`."""
    parser = _Html()
    parser.feed(source)
    parser.close()
    return parser.text, sorted(parser.entities, key=lambda e: (int(e["offset"]), -int(e["length"])))
