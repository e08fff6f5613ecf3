"""What a benchmark starts and reads besides a town: more servers on its database, processor time and memory by process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import START_SECONDS, STOP_SECONDS, Town, free_port, until

PROC = Path("/proc")
WEB = ("bot.cli", "web")
FLOOR = ("benchmarks.floor",)
MEGABYTE = 1024.0  # kilobytes


class Server(NamedTuple):
    """A server that listens at a port: the process that was started, and those it started."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def family(self) -> list[int]:
        return family(self.process.pid)


class Memory(NamedTuple):
    """Megabytes of one process: all that is resident, its share of it, what is its own. Zeros where unknown."""

    resident: float
    share: float
    own: float


@contextmanager
def serving(town: Town, workers: int = 1, floor: str = "") -> Iterator[Server]:
    """One more web server on the town's database, with so many processes; or the floor's, with these sizes."""
    port = free_port()
    words = [*FLOOR, str(port), str(workers)] if floor else [*WEB, "--port", str(port), "--workers", str(workers)]
    with (town.folder / f"server-{port}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "simulator.tied", str(os.getpid()), "-m", *words],
            cwd=Path(__file__).resolve().parent.parent, env={**town.environ, "FLOOR_SIZES": floor},
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until(lambda: ready(port), START_SECONDS, "a server")
        yield Server(port, process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            process.wait()


def ready(port: int) -> bool:
    """Whether a server there answers, and its database with it."""
    line = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/readyz")
        return line.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        line.close()


def family(parent: int) -> list[int]:
    """A process and all that it started, itself first; nothing for 0."""
    listed = subprocess.run(["ps", "-axo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    below: defaultdict[int, list[int]] = defaultdict(list)
    for line in listed.splitlines():
        pid, of = map(int, line.split())
        below[of].append(pid)
    found = [parent] if parent else []
    for pid in found:  # which grows meanwhile
        found += below[pid]
    return found


def meter(town: Town, web: Callable[[], list[int]]) -> Callable[[], Mapping[str, float]]:
    """What reads the seconds of processor time that web, worker and PostgreSQL have taken."""
    parts: Mapping[str, Callable[[], list[int]]] = {
        "web": web,
        "worker": lambda: family(town.alive("worker")),
        "postgresql": lambda: family(town.postmaster),
    }
    return lambda: {name: sum(map(_seconds, pids())) for name, pids in parts.items()}


def _seconds(pid: int) -> float:
    """Its own and of its children that have ended. Other systems than Linux tell less of those, and to the second."""
    if PROC.joinpath("self/stat").exists():
        try:
            fields = PROC.joinpath(str(pid), "stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0  # it ended meanwhile: its parent counts it
        return float(sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK"))
    said = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    parts = reversed(said.strip().split(":")) if said.strip() else ()
    return sum(float(part) * 60.0**at for at, part in enumerate(parts))


def memory(pid: int) -> Memory:
    """Of one process now."""
    try:
        lines = PROC.joinpath(str(pid), "smaps_rollup").read_text().splitlines()[1:]
    except OSError:
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
        return Memory(int(said or 0) / MEGABYTE, 0.0, 0.0)
    found = {name: int(rest.split()[0]) / MEGABYTE for name, _, rest in (line.partition(":") for line in lines)}
    return Memory(found["Rss"], found["Pss"], found["Private_Clean"] + found["Private_Dirty"])
