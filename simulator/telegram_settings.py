"""What a bot says about itself: its commands, name and descriptions, one for each language."""

from __future__ import annotations

import re
from typing import Any

from simulator.telegram_chats import Chats, Json
from simulator.telegram_checks import bad

_LONGEST = {"Name": 64, "Description": 512, "ShortDescription": 120}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_FIELD = {"Name": "name", "Description": "description", "ShortDescription": "short_description"}
SETTINGS = frozenset(
    {f"{verb}My{what}" for verb in ("get", "set") for what in _LONGEST}
    | {"getMyCommands", "setMyCommands", "deleteMyCommands"}
)


def settle(chats: Chats, method: str, given: Json) -> Any:
    """Carry out one of `SETTINGS`."""
    language = given.get("language_code", "")
    if language and not re.fullmatch("[a-z]{2}", language):
        raise bad("invalid language code specified")
    what = method.partition("My")[2]
    scope = given.get("scope", {"type": "default"})
    key = (what, ":".join(str(scope[part]) for part in ("type", "chat_id") if part in scope), language)
    if method.startswith("get"):
        kept = chats.settings.get(key, [] if what == "Commands" else "")
        return kept if what == "Commands" else {_FIELD[what]: kept}
    with chats.lock:
        chats.settings[key] = _checked(what, given) if method.startswith("set") else []
        chats.changed()
    return True


def _checked(what: str, given: Json) -> Any:
    if what == "Commands":
        for command in given["commands"]:
            if not _COMMAND.fullmatch(command.get("command", "")) or set(command) != {"command", "description"}:
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(given["commands"]) > 100:
            raise bad("too many commands specified")
        return given["commands"]
    value = given.get(_FIELD[what], "")
    if len(value) > _LONGEST[what]:
        raise bad(f"{_FIELD[what]} is too long")
    return value
