"""A town: database, web and worker as an operator runs them, on a scratch folder, to be killed and started again."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType

import psycopg

from benchmarks.accounts import environment
from benchmarks.provider import BotApi
from simulator.watch import signal_group

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("database", "web", "worker")
START_SECONDS = 60.0
AGAIN = 0.5  # seconds before a part that ended is started again
STOP_SECONDS = 12.0  # what SIGTERM gets; design.md promises 10


class Town:
    """
    The processes of one installation. A context manager: nothing of it is left afterwards.

    Call it from the main thread: on Linux the parts end with the thread that started them. Without parts it is a folder
    and settings only. Of several the name ends in a number, "web 2". With `DATABASE_URL` the database is another's.
    """

    def __init__(self, api: str, parts: tuple[str, ...] = PARTS, **more: str) -> None:
        self._held = tempfile.TemporaryDirectory(prefix="iblagh-proof-")
        self.folder = Path(self._held.name)
        self.var, self.parts = self.folder / "var", parts
        self.port = free_port()
        foreign = {name for name in os.environ if name.startswith(("TELEGRAM_", "TWILIO_", "IBLAGH_", "OPERATOR_"))}
        kept = {name: value for name, value in os.environ.items() if name not in {*foreign, "DATABASE_URL"}}
        self.settings = environment(api, self.folder, IBLAGH_VAR=str(self.var), PORT=str(self.port), **more)
        self.environ = {**kept, **self.settings, "PYTHONUNBUFFERED": "1"}
        self.api: BotApi | None = None  # the provider, where whoever built the town lends it too
        self.own: dict[str, dict[str, str]] = {}  # what one part alone is told
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.starts = dict.fromkeys(PARTS, 0)
        self._began: dict[str, float] = {}
        self._served = ""
        self._watched: set[int] = set()
        watching = [sys.executable, "-m", "simulator.watch"]
        self._watcher = subprocess.Popen(watching, stdin=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True)

    def __enter__(self) -> Town:
        if not self.parts:
            return self
        try:
            if "database" in self.parts:
                self.start("database")
            until(lambda: bool(self.database), START_SECONDS, "the database")
            self.iblagh("migrate")
            self._served = self.database
            for part in self.parts:
                if part != "database":
                    self.start(part)
            if "web" in self.parts:
                until(self.ready, START_SECONDS, "the web process")
        except BaseException as trouble:
            for part in self.processes:
                trouble.add_note("\n".join([f"{part}:", *self.log(part)[-8:]]))
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def database(self) -> str:
        """The database's address, or "" while nobody gives one out."""
        if given := self.settings.get("DATABASE_URL"):
            return given
        with suppress(OSError):
            return (self.var / "database-url").read_text(encoding="utf-8").strip()
        return ""

    @property
    def postmaster(self) -> int:
        """The number of the PostgreSQL server that our owner runs; 0 while there is none."""
        running = self.alive("database")
        with suppress(OSError, ValueError, IndexError):
            said = int((self.var / "postgres" / "postmaster.pid").read_text(encoding="utf-8").split()[0])
            return said if running and said in children(running) else 0
        return 0

    def alive(self, part: str) -> int:
        """The number of a part, 0 when it has ended: the number may then be somebody else's."""
        process = self.processes.get(part)
        return process.pid if process and process.poll() is None else 0

    def start(self, part: str) -> None:
        """Start a part; its output goes to `<part>.log`."""
        with (self.folder / f"{part}.log").open("ab") as log:
            self.processes[part] = launched(part.split()[0], {**self.environ, **self.own.get(part, {})}, log.fileno())
        self.starts[part] = self.starts.get(part, 0) + 1
        self._began[part] = time.monotonic()
        self._watched.add(self.processes[part].pid)
        self._tell(f"+{self.processes[part].pid}")

    def log(self, part: str) -> list[str]:
        """The lines that a part wrote."""
        with suppress(OSError):
            return (self.folder / f"{part}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return []

    def tend(self) -> None:
        """What a supervisor does: start again what ended; web and worker anew when the database has a new address."""
        for part in self.parts:
            if not self.alive(part) and time.monotonic() - self._began[part] > AGAIN:
                self._reaped(self.processes[part])
                if part == "database" or self.database:
                    self.start(part)
        if self.database and self.database != self._served:
            self._served = self.database
            for part in ("web", "worker"):
                if part in self.parts:
                    self.kill(part)
                    self.start(part)

    def kill(self, part: str) -> None:
        """Kill a part and all that it started in its group, as a pulled plug does."""
        process = self.processes[part]
        if self.alive(part):
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        self._reaped(process)

    def ready(self, port: int = 0) -> bool:
        """Whether web and database answer, at the town's port or another."""
        line = HTTPConnection("127.0.0.1", port or self.port, timeout=5)
        try:
            line.request("GET", "/readyz")
            return line.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            line.close()

    def iblagh(self, *words: str) -> str:
        """Run a command to its end; its stdout. Raises CalledProcessError."""
        done = ended(self.environ, *words, timeout=60)
        done.check_returncode()
        return done.stdout

    def ask(self, query: str) -> list[tuple[object, ...]]:
        """The rows of one query, or of one statement that changes something."""
        with psycopg.connect(self.database, autocommit=True, connect_timeout=5) as link:
            answer = link.execute(query.encode())
            return answer.fetchall() if answer.description else []

    def stop(self) -> Mapping[str, int]:
        """End every part in order, as an operator does; its exit statuses (-9 for one that did not end in time)."""
        statuses: dict[str, int] = {}
        for part in sorted(self.processes, key=lambda name: name == "database"):
            statuses[part] = self._end(self.processes.pop(part))
        return statuses

    def _end(self, process: subprocess.Popen[bytes]) -> int:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        if process.poll() is None:
            signal_group(process.pid, signal.SIGKILL)
            process.wait()
        self._reaped(process)
        return process.returncode

    def close(self) -> None:
        """End what still runs, and remove the folder."""
        self.stop()
        if self._watcher.stdin:
            self._watcher.stdin.close()
        self._watcher.wait()
        self._held.cleanup()

    def _reaped(self, process: subprocess.Popen[bytes]) -> None:
        """Its number may be given to somebody else from now on: the watcher must not end that one."""
        if process.pid in self._watched:
            self._watched.discard(process.pid)
            self._tell(f"-{process.pid}")

    def _tell(self, line: str) -> None:
        assert self._watcher.stdin
        self._watcher.stdin.write(line + "\n")
        self._watcher.stdin.flush()


def launched(part: str, environ: Mapping[str, str], log: int) -> subprocess.Popen[bytes]:
    """A part in a session of its own, which ends with the thread that started it."""
    return subprocess.Popen(
        [sys.executable, "-m", "simulator.tied", str(os.getpid()), "-m", "bot.cli", part],
        cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
    )  # fmt: skip


def ended(environ: Mapping[str, str], *words: str, timeout: float) -> subprocess.CompletedProcess[str]:
    """A command, run to its end."""
    command = [sys.executable, "-m", "bot.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=timeout, check=False)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])


def until(fact: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for a fact. Raises TimeoutError that names what did not come."""
    deadline = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.05)


def children(parent: int) -> list[int]:
    """The processes whose parent this is."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = (line.split() for line in listed.splitlines())
    return [int(pid) for pid, of in pairs if int(of) == parent]


def megabytes(pids: list[int]) -> float:
    """
    What the processes have in memory. PostgreSQL's share one buffer, which each counts: only its trend means something.
    """
    listed = ",".join(map(str, pids))
    said = subprocess.run(["ps", "-o", "rss=", "-p", listed], capture_output=True, text=True, check=False).stdout
    return sum(map(int, said.split())) / 1024
