"""
What may be logged: ids, counts and class names. Nothing a citizen says, at any level.

Libraries log what passes through them: httpx the bot's token at INFO, telegram whole messages at DEBUG, Procrastinate every
argument of a job at INFO, Twilio's client form fields. They are held at WARNING whatever LOG_LEVEL says.
"""

from __future__ import annotations

import logging
import re
import sys

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


class Tokenless(logging.Formatter):
    """A last safeguard: no token of a bot leaves in a line or a traceback, whoever wrote it."""

    def format(self, record: logging.LogRecord) -> str:
        return TOKEN.sub("<token>", super().format(record))


def begin(level: str = "INFO") -> None:
    """Log to standard error at this level; talkative libraries at WARNING or above."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Tokenless("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
