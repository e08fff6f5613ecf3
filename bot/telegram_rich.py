"""Rich messages (Bot API 10.1): their words and links lie in nested blocks, and nothing of them is in `text`."""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_NODES = 10_000  # Telegram allows some 32,000 characters; what is nested beyond this is not read
INLINE = ("label", "text", "expression", "alternative_text")
APART = ("summary", "blocks", "items", "cells", "caption", "credit")
ROWS = ("blocks", "items", "cells")


class Rich(NamedTuple):
    """The words of a rich message in reading order, and the addresses under them."""

    text: str = ""
    links: tuple[str, ...] = ()


def rich_words(message: object) -> Rich:
    """
    Collect what can be read; anything of an unknown shape is passed over.

    >>> rich_words({"blocks": [{"type": "paragraph", "text": ["see ", {"type": "url", "text": "this", "url": "http://a.example"}]}]})
    Rich(text='see this', links=('http://a.example',))
    """
    words: list[str] = []
    links: list[str] = []
    waiting: list[object] = [message]
    for _ in range(MOST_NODES):
        if not waiting:
            break
        node = waiting.pop()
        if isinstance(node, str):
            words.append(node)
        elif isinstance(node, list):
            waiting.extend(reversed(node))
        elif isinstance(node, dict):
            if isinstance(address := node.get("url"), str):
                links.append(address)
            waiting.extend(reversed(_inside(node)))
    return Rich(re.sub(r"\s*\n\s*", "\n", "".join(words)).strip(), tuple(links))


def _inside(node: dict[str, object]) -> list[object]:
    """What a node holds, in reading order; blocks stand on lines of their own, spans do not."""
    held: list[object] = [node[key] for key in INLINE if key in node]
    for key in APART:
        for part in _parts(node.get(key), key):
            held.extend(("\n", part))
    return held


def _parts(value: object, key: str) -> list[object]:
    if key == "cells" and isinstance(value, list):
        return [cell for row in value if isinstance(row, list) for cell in row]
    if key in ROWS and isinstance(value, list):
        return value
    return [value] if value is not None else []
