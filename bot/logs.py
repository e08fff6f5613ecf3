"""
What may be logged: ids, counts and class names. Nothing a citizen says, at any level.

One JSON object a line. What belongs to one delivery or one job carries the same random `about`, so that its lines are
found together and lead nowhere else. Of an exception only the places and the class names are kept: its text may quote
what somebody said.

Libraries log what passes through them: httpx the bot's token at INFO, telegram whole messages at DEBUG, Procrastinate every
argument of a job at INFO, Twilio's client form fields. They are held at WARNING whatever LOG_LEVEL says.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

TALKATIVE = (
    "httpx",
    "httpcore",
    "telegram",
    "twilio",
    "procrastinate",
    "sqlalchemy",
    "alembic",
    "urllib3",
    "requests",
    "werkzeug",
    "asyncio",
    "psycopg",
    "psycopg.pool",
)
TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,}")  # a bot's token, which stands in every address of the Bot API
MOST_FRAMES = 12

_about: ContextVar[str] = ContextVar("about", default="")


class Lines(logging.Formatter):
    """A record as one line of JSON. A last safeguard too: no token of a bot leaves, whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": at.replace("+00:00", "Z"), "level": record.levelname, "from": record.name}
        said |= {"about": _about.get()} if _about.get() else {}
        said["text"] = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            said["trace"] = " < ".join(_told(record.exc_info[1]))
        return TOKEN.sub("<token>", json.dumps(said, ensure_ascii=False))


def begin(level: str = "INFO") -> None:
    """Log to standard error at this level; talkative libraries at WARNING or above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))


def about(name: str = "") -> None:
    """What this thread's lines are about from now on: this name, or a fresh random one."""
    _about.set(name or secrets.token_hex(4))


def _told(fault: BaseException) -> Iterator[str]:
    """The classes of an exception and of what caused it, and the places that each came from; never its words."""
    seen: BaseException | None = fault
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)[-MOST_FRAMES:]
        yield " ".join([type(seen).__qualname__, *(f"{_short(at.filename)}:{at.lineno}:{at.name}" for at in frames)])
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])
