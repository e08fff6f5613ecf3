"""
The one place that owns an event loop: a background thread of this process, started when it is first needed.

Doors and worker are synchronous; python-telegram-bot is not. A loop made before a fork would hang in the child although
it says that it runs (platform.md B2), so a child starts with none and makes its own.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")

_starting = threading.Lock()
_home: asyncio.AbstractEventLoop | None = None


def run(work: Coroutine[Any, Any, Result], timeout: float) -> Result:
    """
    Run it on the loop and wait for what it returns or raises.

    Raises TimeoutError after `timeout` seconds: the work is then cancelled, and whether it had any effect is unknown.
    """
    loop = _running()
    if _on(loop):
        work.close()
        raise RuntimeError("the loop's own thread cannot wait for itself")
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result(timeout)
    except TimeoutError:
        future.cancel()
        raise


def _running() -> asyncio.AbstractEventLoop:
    global _home
    with _starting:
        if _home is None:
            _home = asyncio.new_event_loop()
            threading.Thread(target=_home.run_forever, name="event loop", daemon=True).start()
        return _home


def _on(loop: asyncio.AbstractEventLoop) -> bool:
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:  # no loop runs in this thread, as it should be
        return False


def _forget() -> None:
    """A child inherits the loop but not its thread, and the lock as it happened to be."""
    global _home, _starting
    _home, _starting = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
