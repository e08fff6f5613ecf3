"""Serving the doors: granian with blocking threads, one process a worker, ended cleanly and restarted when one dies."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from bot import logs
from bot.limits import AT_WORK, WAITING
from bot.numbers import HERE
from bot.processor import Processor

log = logging.getLogger(__name__)

SPARE = 8  # threads for those who are sent away, for health and for numbers, while all others work or wait
THREADS = AT_WORK + WAITING + SPARE  # made when they are needed, gone half a minute later
GRACE = 8  # seconds for requests under way; the whole end takes at most 10


def serve(target: str, host: str, port: int, workers: int, level: str = "INFO") -> None:
    """Serve a WSGI factory ("module:function") until told to stop. Raises OSError where the address cannot be bound."""
    probe(host, port)
    log.info("serving on http://%s:%d with %d processes", host, port, workers)
    with TemporaryDirectory(prefix="iblagh-", ignore_cleanup_errors=True) as folder:
        _server(target, host, port, workers).serve(
            target_loader=partial(load, target, os.getpid(), level, folder), wrap_loader=False
        )


def _server(target: str, host: str, port: int, workers: int) -> Any:
    return Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=workers,
        blocking_threads=THREADS,
        workers_kill_timeout=GRACE,
        respawn_failed_workers=True,
        websockets=False,
        log_level=LogLevels.error,  # it warns about our number of threads, which is meant
        log_dictconfig=OUR_LINES,
    )


def probe(host: str, port: int) -> None:
    """
    Raise OSError where the address is taken or not ours.

    Granian binds with SO_REUSEPORT, by which a second server would silently take half of the first one's requests.
    """
    family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind, proto) as bound:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(1)


def load(target: str, owner: int, level: str, folder: str) -> Callable[..., Any]:
    """
    The application, in a process of its own that ends when the process that started it is gone.

    What it counts goes into the folder, where its sisters find it.
    """
    logs.begin(level)
    HERE.share(Path(folder))
    processor = Processor(Path(folder))
    processor.take()
    threading.Thread(target=_end_with, args=(owner, processor), name="owner", daemon=True).start()
    module, _, function = target.partition(":")
    application: Callable[..., Any] = getattr(importlib.import_module(module), function)()
    return application


def _end_with(owner: int, processor: Processor) -> None:
    """
    After a kill -9 of the owner nobody else would end this process, and it would hold the port for ever.

    Asked again and again, since it hears nothing before it serves. And ended by the kernel in the end: under load the server's
    way out may wait for threads that wait for Python's lock, which it holds, and then nothing of ours runs any more.
    """
    while os.getppid() == owner:
        processor.look()
        time.sleep(0.5)
    signal.alarm(GRACE)
    while True:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)


OUR_LINES = {"handlers": {name: {"()": "bot.logs.handler"} for name in ("console", "access")}}
