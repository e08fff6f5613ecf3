"""Time as the stand-ins tell it: the real time, which a test may speed up or move forward."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Clock:
    """
    Retries, expiry, rates and the 24-hour window follow this clock; waiting for a connection does not.

    Whoever waits for a moment registers with `listen` and looks again when the clock was changed.
    """

    def __init__(self, speed: float = 1.0) -> None:
        self._lock = threading.Lock()
        self._told, self._real, self._speed = time.time(), time.monotonic(), speed
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> float:
        """Seconds since 1970."""
        with self._lock:
            return self._now()

    def real(self, seconds: float) -> float:
        """How many real seconds pass while this clock moves on by `seconds`."""
        return max(0.0, seconds) / self._speed

    def change(self, speed: float = 0.0, forward: float = 0.0) -> None:
        """Run `speed` times as fast from now on (0 leaves it), and jump `forward` by so many seconds."""
        with self._lock:
            self._told, self._real = self._now() + max(0.0, forward), time.monotonic()
            self._speed = speed or self._speed
        for listener in self._listeners:
            listener()

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the clock was changed."""
        self._listeners.append(listener)

    def _now(self) -> float:
        return self._told + (time.monotonic() - self._real) * self._speed
