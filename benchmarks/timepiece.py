"""A clock that is set by hand, in place of the machine's: so a week passes in minutes."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
from typing import Self


class Timepiece:
    """What time it is, until somebody says otherwise."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def seconds(self) -> float:
        """The same, as a number that only grows."""
        return self.now.timestamp()

    @contextmanager
    def worn(self) -> Iterator[None]:
        """Let every module of the bot that is loaded by now ask this clock. Storage is told the time as a value."""
        timepiece = self

        class Moment(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(timepiece.seconds(), tz or UTC)

        asks = [module for name, module in sys.modules.items() if name.startswith("bot.")]
        asks = [module for module in asks if getattr(module, "datetime", None) is datetime]
        for module in asks:
            module.__dict__["datetime"] = Moment
        try:
            yield
        finally:
            for module in asks:
                module.__dict__["datetime"] = datetime
