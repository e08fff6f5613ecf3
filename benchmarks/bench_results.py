"""What a part of the benchmark found: its figures, its targets met or not, and on which machine; printed and kept as JSON."""

from __future__ import annotations

import json
import os
import platform
import statistics
import time
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.accounts import OPERATOR
from benchmarks.processes import Town
from benchmarks.proof import commit

RESULTS = Path(__file__).resolve().parent / "results"
SYNCS = 200
PAGE = b"x" * 8192


class Target(NamedTuple):
    """A figure that was aimed at."""

    name: str
    wanted: str
    found: float
    met: bool

    def line(self) -> str:
        return f"  {'met    ' if self.met else 'NOT MET'}  {self.name}: {self.found:g} (wanted {self.wanted})"


def at_least(name: str, least: float, found: float) -> Target:
    return Target(name, f">= {least:g}", found, found >= least)


def at_most(name: str, most: float, found: float) -> Target:
    return Target(name, f"<= {most:g}", found, found <= most)


@dataclass
class Result:
    """One part's. `failed` says what went wrong in measuring it: a missed target is none of that."""

    part: str
    what: str
    found: dict[str, Any] = field(default_factory=dict)
    targets: list[Target] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def tell(self) -> str:
        """As it is printed."""
        head = f"{self.part}: {self.what} ({time.monotonic() - self.began:.0f} s)"
        aims = [target.line() for target in self.targets] + [f"  FAILED: {failed}" for failed in self.failed]
        return "\n".join([head, *lines(self.found, "  "), *aims])

    def write(self, machine: Mapping[str, Any], share: float) -> None:
        """Keep it, over the one before."""
        RESULTS.mkdir(exist_ok=True)
        kept = {
            "part": self.part, "what": self.what, **self.found,
            "targets": [target._asdict() for target in self.targets], "failed": self.failed,
            "share": share, "seconds": round(time.monotonic() - self.began, 1), "commit": commit(),
            "at": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"), "machine": machine,
        }  # fmt: skip
        (RESULTS / f"{self.part}.json").write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def lines(found: Mapping[str, Any], indent: str) -> list[str]:
    """Figures as text: what lies deep on lines of its own, the rest on one."""
    said = []
    for name, value in found.items():
        if isinstance(value, dict) and any(isinstance(below, dict) for below in value.values()):
            said += [f"{indent}{name}:", *lines(value, indent + "  ")]
        else:
            said.append(f"{indent}{name}: {_flat(value)}")
    return said


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {_flat(below)}" for name, below in value.items()) or "none"
    if isinstance(value, list):
        return " ".join(map(_flat, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def machine(town: Town) -> dict[str, Any]:
    """What the run stands on, and what else it was doing."""
    names = ("server_version", "synchronous_commit", "fsync", "shared_buffers")
    database = {name: str(town.ask(f"SHOW {name}")[0][0]) for name in names}
    return {
        "processor": _processor(), "cores": os.cpu_count() or 0, "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(), "granian": version("granian"), "postgresql": database,
        "fsync_ms": _fsync(town.folder), "load_before": round(os.getloadavg()[0], 2),
        "TELEGRAM_RATE": town.settings["TELEGRAM_RATE"], "messages_a_minute": tomllib.loads(OPERATOR)["limits"]["messages_a_minute"],
    }  # fmt: skip


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor())


def _memory() -> float:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1)
    except (ValueError, OSError):
        return 0.0


def _fsync(folder: Path) -> float:
    """Milliseconds until a page is on the disk, the median: what every durable turn waits for."""
    took = []
    with (folder / "fsync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            began = time.perf_counter()
            file.write(PAGE)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    (folder / "fsync").unlink()
    return round(1000 * statistics.median(took), 3)
