"""What the Bot API refuses, in its own words."""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Mapping
from typing import Any

from simulator.clock import Clock
from simulator.telegram_table import BUTTON, ENTITIES, INLINE_BUTTON, MARKUPS, METHODS
from simulator.telegram_words import BadMarkup, found_entities, from_html, units

LONGEST_TEXT = 4096  # code points
LONGEST_DATA = 64  # bytes
MOST_BUTTONS, MOST_IN_A_ROW = 100, 8
GROUP_RATE, BOT_RATE = (20, 60.0), (30, 1.0)  # messages in seconds

Json = dict[str, Any]


class ApiError(Exception):
    """A refusal: HTTP status, Telegram's description, and what it adds for programs."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def body(self) -> Json:
        """The answer as Telegram writes it."""
        more = {"parameters": self.parameters} if self.parameters else {}
        return {"ok": False, "error_code": self.code, "description": self.description} | more


def bad(words: str) -> ApiError:
    """A 400."""
    return ApiError(400, f"Bad Request: {words}")


def arguments(method: str, given: Mapping[str, Any]) -> Json:
    """The fields of one call with their proper types; from a form all values come as text."""
    fields = METHODS[method]
    unknown = sorted(set(given) - set(fields))
    if unknown:
        raise bad(f"unknown field {', '.join(unknown)} for {method} (the stand-in refuses what the cloud would ignore)")
    for name, field in fields.items():
        if field.required and given.get(name) in (None, ""):
            raise bad({"text": "message text is empty", "chat_id": "chat_id is empty"}.get(name, f"{name} is empty"))
    return {name: _typed(name, fields[name].kind, value) for name, value in given.items()}


def _typed(name: str, kind: str, value: Any) -> Any:
    try:
        return _READ[kind](value)
    except (ValueError, TypeError, KeyError) as error:
        raise bad(f"can't parse {name}: {kind} expected") from error


def _whole(value: Any) -> int:
    if isinstance(value, bool | float):
        raise TypeError
    return int(value)


def _chat(value: Any) -> int | str:
    return value if isinstance(value, str) and value.startswith("@") else _whole(value)


def _nested(kind: type) -> Any:
    def read(value: Any) -> Any:
        found = json.loads(value) if isinstance(value, str) else value
        if not isinstance(found, kind):
            raise TypeError
        return found

    return read


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # a lone surrogate: Telegram wants UTF-8
    return value


_READ: Mapping[str, Any] = {
    "int": _whole,
    "chat": _chat,
    "str": _text,
    "bool": lambda v: {True: True, False: False, "true": True, "false": False, "1": True, "0": False}[v],
    "object": _nested(dict),
    "array": _nested(list),
}


def visible(given: Json) -> Json:
    """Text and entities as they will be seen. Refuses empty, over-long and malformed text."""
    text, entities = given["text"], given.get("entities", [])
    if given.get("parse_mode"):
        if given["parse_mode"] != "HTML":
            raise bad("unsupported parse_mode")
        try:
            text, entities = from_html(text)
        except BadMarkup as error:
            raise bad(f"can't parse entities: {error}") from error
    if not text.strip():
        raise bad("message text is empty")
    if len(text) > LONGEST_TEXT:
        raise bad("message is too long")
    for entity in entities:
        if entity.get("type") not in ENTITIES or entity["offset"] + entity["length"] > units(text):
            raise bad("can't parse entities: wrong type, offset or length")
    known = sorted(entities, key=lambda e: int(e["offset"])) or found_entities(text)
    return {"text": text} | ({"entities": known} if known else {})


def markup(given: Json, private: bool) -> Json | None:
    """The keyboard of a call, if it has one and Telegram would take it."""
    keyboard: Json | None = given.get("reply_markup")
    if not keyboard:
        return None
    kind = next((kind for kind in MARKUPS if kind in keyboard), "")
    if not kind or set(keyboard) - MARKUPS[kind]:
        raise bad("object expected as reply markup")
    if kind in ("inline_keyboard", "keyboard"):
        _rows(keyboard[kind], _inline_button if kind == "inline_keyboard" else _button, private)
    if len(keyboard.get("input_field_placeholder", "x")) not in range(1, 65):
        raise bad("input field placeholder must be 1-64 characters")
    return keyboard


def _rows(rows: Any, check: Any, private: bool) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse reply keyboard markup JSON object")
    if sum(map(len, rows)) > MOST_BUTTONS or max(map(len, rows), default=0) > MOST_IN_A_ROW:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            check({"text": button} if isinstance(button, str) else button, private)


def _button(button: Json, private: bool) -> None:
    if set(button) - BUTTON or not str(button.get("text", "")).strip():
        raise bad("can't parse keyboard button: text must be non-empty, and nothing unknown beside it")
    for wish, what in (("request_contact", "phone number"), ("request_location", "location")):
        if button.get(wish) and not private:
            raise bad(f"{what} can be requested in private chats only")


def _inline_button(button: Json, private: bool) -> None:
    if set(button) - INLINE_BUTTON or not str(button.get("text", "")).strip():
        raise bad("can't parse inline keyboard button: text must be non-empty, and nothing unknown beside it")
    if len(set(button) & {"callback_data", "url", "copy_text"}) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
        raise bad("BUTTON_DATA_INVALID")


class Rates:
    """20 messages a minute in a group, 30 a second in all; sends and edits count alike."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sent: dict[int | str, deque[float]] = {}

    def count(self, chat_id: int, group: bool) -> None:
        """Count one message, or refuse it with the time to wait."""
        now = self._clock.now()
        windows = [("all", BOT_RATE)] + ([(chat_id, GROUP_RATE)] if group else [])
        waits = [self._wait(key, rate, now) for key, rate in windows]
        if any(waits):
            seconds = max(1, math.ceil(max(waits)))
            raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
        for key, _ in windows:
            self._sent[key].append(now)

    def _wait(self, key: int | str, rate: tuple[int, float], now: float) -> float:
        most, seconds = rate
        sent = self._sent.setdefault(key, deque())
        while sent and sent[0] <= now - seconds:
            sent.popleft()
        return sent[0] + seconds - now if len(sent) >= most else 0.0
