"""
Content templates: what Twilio must hold before it sends buttons and lists, and how an operator names them to us.

One for each number of buttons and of list rows, and everything in them a variable, so that they serve every language and
every question; within 24 hours of a citizen's message they need nobody's approval (platform.md C6). And one in each
language that WhatsApp knows for the notice that there is news: WhatsApp approves it, and it may leave at any time.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.whatsapp import WhatsApp

MOST_BUTTONS, MOST_ROWS = 3, 10  # WhatsApp's own, for what nobody has approved
SETTING = "TWILIO_TEMPLATES"
NAMED = re.compile(r"([a-z0-9_]+):(HX[0-9A-Za-z]{32})")

Content = dict[str, Any]  # what stands in `types`, by its slash name: Twilio's library drops any other name unsaid


def buttons(size: int) -> str:
    """The template's name for so many quick-reply buttons."""
    return f"quick_reply_{size}"


def rows(size: int) -> str:
    """The template's name for a list of so many rows."""
    return f"list_{size}"


NATIVE = (*map(buttons, range(1, MOST_BUTTONS + 1)), *map(rows, range(1, MOST_ROWS + 1)))


def notice_for(locale: str) -> str:
    """The name of the template that says in a language that there is news; Tamazight is none that WhatsApp knows."""
    return f"notice_{'ar' if locale == 'zgh' else locale}"


NOTICES = tuple(map(notice_for, ("ar", "en", "es", "fr")))
NAMES = (*NATIVE, *NOTICES)


def friendly(name: str) -> str:
    """
    The name at Twilio, by which a template is found again. Its number rises when the template's content changes.

    >>> friendly("list_10")
    'iblagh_list_10_v1'
    """
    return f"iblagh_{name}_v1"


def read(said: str) -> Mapping[str, str]:
    """
    The setting's pairs of name and ContentSid; none is a setting too. Raises ValueError.

    >>> dict(read("list_2:HX00000000000000000000000000000000"))
    {'list_2': 'HX00000000000000000000000000000000'}
    """
    pairs = [NAMED.fullmatch(pair.strip()) for pair in said.split(",")] if said else []
    found = {pair.group(1): pair.group(2) for pair in pairs if pair}
    if len(found) != len(pairs) or not set(found) <= set(NAMES):
        raise ValueError("must be what `iblagh templates create` prints: names and ContentSids, name:HX…, with commas")
    return MappingProxyType(found)


def line(sids: Mapping[str, str]) -> str:
    """The setting as a line for the environment."""
    return f"{SETTING}=" + ",".join(f"{name}:{sids[name]}" for name in NAMES if name in sids)


def variables(values: Sequence[str]) -> dict[str, str]:
    """
    Values as a template numbers them.

    >>> variables(["Which?", "Yes", "yes"])
    {'1': 'Which?', '2': 'Yes', '3': 'yes'}
    """
    return {str(number): value for number, value in enumerate(values, 1)}


def content(name: str) -> tuple[Content, dict[str, str]]:
    """A template's `types`, and a sample of its variables, in the order in which `native.py` fills them."""
    if name in NOTICES:
        from bot.wording import sentence  # only who makes templates pays for it
        from conversations.texts import Text

        return {"twilio/text": {"body": sentence(language(name), Text.NEWS)}}, {}
    kind, _, size = name.rpartition("_")
    count = int(size)
    if kind == "quick_reply":
        actions = [
            {"type": "QUICK_REPLY", "title": _slot(at), "id": _slot(at + 1)} for at in range(2, 2 + 2 * count, 2)
        ]
        sample = [text for at in range(1, count + 1) for text in (f"Answer {at}", f"answer_{at}")]
        return {"twilio/quick-reply": {"body": _slot(1), "actions": actions}}, variables(["A question", *sample])
    items = [
        {"item": _slot(at), "id": _slot(at + 1), "description": _slot(at + 2)} for at in range(3, 3 + 3 * count, 3)
    ]
    sample = [text for at in range(1, count + 1) for text in (f"Answer {at}", f"answer_{at}", f"Explanation {at}")]
    listed = {"body": _slot(1), "button": _slot(2), "items": items}
    return {"twilio/list-picker": listed}, variables(["A question", "Choose", *sample])


def language(name: str) -> str:
    """
    The language of a template, as WhatsApp is told it. What is all variables is in none, and called English.

    >>> language("notice_fr"), language("list_10")
    ('fr', 'en')
    """
    return name.rpartition("_")[2] if name in NOTICES else "en"


def there(whatsapp: WhatsApp) -> dict[str, str]:
    """The templates of ours that Twilio holds: name to ContentSid. Raises `SendFailed`."""
    held = whatsapp.contents()
    return {name: held[friendly(name)] for name in NAMES if friendly(name) in held}


def create(whatsapp: WhatsApp) -> tuple[dict[str, str], int]:
    """
    Make what is missing, and ask for the approval that notices need; all of them, and how many were made now.

    Raises `SendFailed`, and goes on when run again.
    """
    found = there(whatsapp)
    missing = [name for name in NAMES if name not in found]
    for name in missing:
        types, sample = content(name)
        found[name] = whatsapp.create_content(friendly(name), types, sample, language(name))
    for name in NOTICES:
        if whatsapp.approval(found[name]) in ("", "unsubmitted"):
            whatsapp.ask_approval(found[name], friendly(name))
    return found, len(missing)


def _slot(number: int) -> str:
    return f"{{{{{number}}}}}"
