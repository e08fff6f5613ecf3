"""
What may be logged: ids, counts and class names. Nothing a citizen says, at any level.

One JSON object a line. What belongs to one delivery or one job carries the same random `about`, so that its lines are
found together and lead nowhere else. Of an exception only the places and the class names are kept: its text may quote
what somebody said.

Libraries log what passes through them: httpx the bot's token at INFO, telegram whole messages at DEBUG, Procrastinate every
argument of a job at INFO, Twilio's client form fields. They are held at WARNING whatever LOG_LEVEL says. Should one of them
be set to DEBUG all the same, by itself or by whoever debugs, its lines end at our handler: below WARNING they are dropped,
and from there on they tell the place and the class of an exception, without the library's words.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

from storage.chance import chance

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
OURS = frozenset({"__main__", "benchmarks", "bot", "conversations", "simulator", "storage", "webhook_app"})
TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{20,}")  # a bot's token, which stands in every address of the Bot API
MOST_FRAMES = 12

log = logging.getLogger(__name__)

_about: ContextVar[str] = ContextVar("about", default="")


class Lines(logging.Formatter):
    """A record as one line of JSON. A last safeguard too: no token of a bot leaves, whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said = {"time": at.replace("+00:00", "Z"), "level": record.levelname, "from": record.name}
        said |= {"about": _about.get()} if _about.get() else {}
        said["text"] = record.getMessage() if _ours(record) else f"{_short(record.pathname)}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            said["trace"] = " < ".join(_told(record.exc_info[1]))
        return TOKEN.sub("<token>", json.dumps(said, ensure_ascii=False))


def begin(level: str = "INFO") -> None:
    """
    Log to standard error at this level; libraries at WARNING or above, and without their words.

    Nothing else is written there: warnings go the same way, and what nobody catches tells its classes and places.
    """
    root = logging.getLogger()
    root.handlers[:] = [handler()]
    root.setLevel(level)
    for known in list(root.manager.loggerDict.values()):  # one that came with a handler of its own speaks through ours
        if isinstance(known, logging.Logger):
            known.handlers[:], known.propagate = [], True
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
    sys.excepthook = lambda _kind, fault, _trace: _uncaught(fault)
    sys.unraisablehook = lambda told: _uncaught(told.exc_value)
    threading.excepthook = lambda told: _uncaught(told.exc_value)


def handler() -> logging.Handler:
    """What writes lines to standard error, for us and for a library that insists on a handler of its own."""
    made = logging.StreamHandler(sys.stderr)
    made.setFormatter(Lines())
    made.addFilter(_passes)
    return made


def about(name: str = "") -> None:
    """What this thread's lines are about from now on: this name, or a fresh random one."""
    _about.set(name or chance(4).hex())


def _passes(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING or _ours(record)


def _ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _uncaught(fault: BaseException | None) -> None:
    """A traceback ends with what the exception says, which may be what somebody said."""
    if not isinstance(fault, KeyboardInterrupt | SystemExit | None):
        log.critical("nobody caught this", exc_info=fault)


def _told(fault: BaseException) -> Iterator[str]:
    """The classes of an exception and of what caused it, and the places that each came from; never its words."""
    seen: BaseException | None = fault
    while seen is not None:
        frames = traceback.extract_tb(seen.__traceback__)[-MOST_FRAMES:]
        yield " ".join([type(seen).__qualname__, *(f"{_short(at.filename)}:{at.lineno}:{at.name}" for at in frames)])
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def _short(path: str) -> str:
    return "/".join(path.split("/")[-2:])
