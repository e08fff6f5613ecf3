"""Troubles that a test orders in advance: the next calls are refused, or their connection breaks."""

from __future__ import annotations

import threading
from dataclasses import dataclass


class Broken(Exception):
    """The connection is to be closed without an answer."""


@dataclass
class Fault:
    """
    The next `times` calls of `method` (empty: of any) fail.

    `error` is an HTTP status, or 0 for a connection that breaks. With `after` the call is carried out first, so
    that the caller cannot know that it was.
    """

    error: int
    method: str = ""
    times: int = 1
    retry_after: int = 1
    after: bool = False
    code: int = 0  # Twilio's own error code, where it has one


class Faults:
    """A list of troubles, each used up once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def order(self, fault: Fault) -> None:
        """Add a trouble behind those already ordered."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget every trouble that has not happened yet."""
        with self._lock:
            self._faults.clear()

    def strike(self, method: str) -> Fault | None:
        """The trouble that befalls this call, if any; it counts as used."""
        with self._lock:
            fault = next((f for f in self._faults if f.method in ("", method)), None)
            if fault:
                fault.times -= 1
                self._faults = [f for f in self._faults if f.times > 0]
            return fault
