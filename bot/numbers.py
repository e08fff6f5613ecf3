"""
The numbers of this process, and of its sisters behind the same port: what happened, how often, how long it took.

A scrape reaches one of several web processes by chance. So each writes what it has counted into a folder that they
share, once a second, and whoever is asked adds up what all of them wrote, the ended ones among them: a sum of files that
only grow never goes back, which Prometheus would take for a restart (docs/adr/0021-running.md).
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

from bot.channel import SendFailed
from bot.prometheus import BUCKETS, REST, TYPE, Sample, bucket, labelled, sample, written

OK = "ok"
EVERY = 1.0  # seconds between two writings
GONE = 10.0  # seconds without one after which a process counts as ended: what it counted stays, its memory is free

Counts = dict[tuple[str, ...], float]  # what happened, and how often or for how many seconds


class Told(NamedTuple):
    """What one process says."""

    counts: Counts
    process: str
    memory: int  # bytes


class Numbers:
    """What is counted. Safe between threads; a process's alone until it shares a folder with its sisters."""

    def __init__(self) -> None:
        self._counts: Counts = defaultdict(float)
        self._lock = threading.Lock()
        self._file: Path | None = None

    def turn(self, channel: str, outcome: str, seconds: float) -> None:
        """A delivery was dealt with at a door; only those that were answered are measured."""
        with self._lock:
            self._counts["turn", channel, outcome] += 1
            if outcome == "answered":
                self._counts["took", channel, bucket(seconds)] += 1
                self._counts["seconds", channel] += seconds

    def sent(self, kind: str, result: str = OK) -> None:
        """The worker called a provider for a card, a notice or an answer: it left, or `result` is the failure's code."""
        with self._lock:
            self._counts["sent", kind, result] += 1

    def taken_up(self, jobs: int) -> None:
        """The worker took up jobs of a dead one: the call that one was in may have been heard."""
        with self._lock:
            self._counts["taken_up",] += jobs

    def share(self, folder: Path) -> None:
        """From now on write into the folder, and tell what all wrote there."""
        self._file = folder / secrets.token_hex(8)
        self._write()
        threading.Thread(target=self._write_on, name="numbers", daemon=True).start()

    def samples(self) -> Iterator[Sample]:
        """Everything counted here, or in the whole folder."""
        told = self._all()
        total: Counts = defaultdict(float)
        for one in told:
            for what, count in one.counts.items():
                total[what] += count
        yield from _counted(total)
        for one in told:
            if one.memory:
                yield sample("iblagh_memory_bytes", one.memory, process=one.process)

    def _all(self) -> list[Told]:
        if self._file is None:
            return [self._own()]
        self._write()
        return [_read(path) for path in sorted(self._file.parent.iterdir()) if not path.suffix]

    def _own(self) -> Told:
        with self._lock:
            return Told(dict(self._counts), str(os.getpid()), memory())

    def _write(self) -> None:
        """Whole or not at all: another process may be reading. A disk that is full stops no answer."""
        file = self._file
        if file is None:
            return
        with self._lock:
            counts = [[*what, count] for what, count in self._counts.items()]
            unready = file.with_suffix(f".{threading.get_ident()}")
            with suppress(OSError):
                unready.write_text(json.dumps([counts, os.getpid(), memory()]), encoding="ascii")
                os.replace(unready, file)

    def _write_on(self) -> None:
        while True:
            time.sleep(EVERY)
            self._write()


def memory() -> int:
    """Bytes of memory that this process holds now; on macOS, the most it ever held."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _counted(total: Counts) -> Iterator[Sample]:
    for what, count in sorted(total.items()):
        match what:
            case ("turn", channel, outcome):
                yield sample("iblagh_turns_total", count, channel=channel, outcome=outcome)
            case ("sent", kind, result):
                yield sample("iblagh_sends_total", count, kind=kind, result=result)
            case ("taken_up",):
                yield sample("iblagh_taken_up_total", count)
            case ("seconds", channel):
                yield from _histogram(total, channel, count)


def _histogram(total: Counts, channel: str, seconds: float) -> Iterator[Sample]:
    """Each bucket holds all below it."""
    below = 0.0
    for most in (*map(str, BUCKETS), REST):
        below += total.get(("took", channel, most), 0.0)
        yield Sample("iblagh_turn_seconds_bucket", labelled(channel=channel, le=most), below)
    yield Sample("iblagh_turn_seconds_sum", labelled(channel=channel), seconds)
    yield Sample("iblagh_turn_seconds_count", labelled(channel=channel), below)


def _read(path: Path) -> Told:
    """What a process wrote last. One that has ended counts on, without memory."""
    written: list[Any] = json.loads(path.read_text(encoding="ascii"))
    counts, process, held = written
    ended = time.time() - path.stat().st_mtime > GONE
    return Told({tuple(what): float(count) for *what, count in counts}, str(process), 0 if ended else int(held))


HERE = Numbers()


@contextmanager
def counted(kind: str) -> Iterator[None]:
    """Count a call to a provider by how it ends."""
    try:
        yield
    except SendFailed as failed:
        HERE.sent(kind, failed.code)
        raise
    except Exception:
        HERE.sent(kind, "bug")
        raise
    HERE.sent(kind)


def tell(host: str, port: int, some: Numbers = HERE) -> ThreadingHTTPServer:
    """Answer `GET /metrics` with these numbers from now on. Raises OSError where the address cannot be bound."""

    class Asked(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = written(some.samples()).encode() if self.path == "/metrics" else b""
            self.send_response(200 if page else 404)
            self.send_header("Content-Type", TYPE)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, format: str, *args: object) -> None:
            """A scrape every some seconds is no news."""

    server = ThreadingHTTPServer((host, port), Asked)
    threading.Thread(target=server.serve_forever, name="numbers", daemon=True).start()
    return server
