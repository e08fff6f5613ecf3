"""The processes that the simulator starts: told apart in the output, restarted when they die, gone when it is gone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from simulator.watch import signal_group

FIRST_PAUSE, LONGEST_PAUSE, SETTLED = 0.5, 10.0, 30.0  # seconds
PROJECT = Path(__file__).parents[1]


def show(name: str, line: str) -> None:
    """One line of one child in our own output."""
    print(f"{name:>9} | {line.rstrip()}", flush=True)


class Child:
    """
    One command of `iblagh`. Start it from the main thread: it ends with the thread that started it.

    `first` is the first line it wrote on stdout, once there is one. `kept`, where it is given, takes its lines instead
    of our own output.
    """

    def __init__(
        self, name: str, arguments: Sequence[str], environment: Mapping[str, str], kept: list[str] | None = None
    ) -> None:
        self.name, self.first = name, ""
        self._kept = kept
        self.began = time.monotonic()
        tie = [sys.executable, "-m", "simulator.tied", str(os.getpid())]
        self.process = subprocess.Popen(
            [*tie, *arguments],
            env=dict(environment),
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        assert self.process.stdout and self.process.stderr
        streams = (self.process.stdout, self.process.stderr)
        self._readers = [threading.Thread(target=self._relay, args=(stream,), daemon=True) for stream in streams]
        for reader in self._readers:
            reader.start()

    def read(self) -> None:
        """Wait until what an ended child said has been read."""
        for reader in self._readers:
            reader.join(2.0)

    def _relay(self, stream: IO[str]) -> None:
        for line in stream:
            answer = stream is self.process.stdout and not self.first
            self.first = line.strip() if answer else self.first
            if self._kept is not None:
                self._kept.append(line)
            elif not answer:
                show(self.name, line)


class Children:
    """All of them, with a watcher that ends them should this process be killed."""

    def __init__(self) -> None:
        self._recipes: dict[str, tuple[Sequence[str], Mapping[str, str]]] = {}
        self.alive: dict[str, Child] = {}
        self._failures: dict[str, int] = {}
        self._watcher = subprocess.Popen(
            [sys.executable, "-m", "simulator.watch"],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def start(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Child:
        """Start a child that is to stay."""
        self._recipes[name] = (arguments, environment)
        child = self.alive[name] = Child(name, arguments, environment)
        self._tell(f"+{child.process.pid}")
        return child

    def run(self, name: str, arguments: Sequence[str], environment: Mapping[str, str], stop: threading.Event) -> int:
        """Start a child that ends by itself, and wait for that; its status. What it says is shown if it fails."""
        kept: list[str] = []
        child = Child(name, arguments, environment, kept)
        self._tell(f"+{child.process.pid}")
        while child.process.poll() is None and not stop.wait(0.05):
            pass
        if child.process.poll() is None:
            end([child], 5.0)
        self._tell(f"-{child.process.pid}")
        child.read()
        for line in kept if child.process.returncode else ():
            show(name, line)
        return int(child.process.returncode)

    def look(self) -> list[str]:
        """Start again who died, after a pause that grows with each failure; the names of those started."""
        started = []
        for name, child in list(self.alive.items()):
            if child.process.poll() is None:
                continue
            signal_group(child.process.pid, signal.SIGKILL)  # what it leaves behind may hold its port
            self._tell(f"-{child.process.pid}")
            lasted = time.monotonic() - child.began
            failures = self._failures[name] = 0 if lasted > SETTLED else self._failures.get(name, 0) + 1
            show(name, f"ended with {child.process.returncode}; starting it again")
            time.sleep(min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** max(0, failures - 1)) if failures > 1 else FIRST_PAUSE)
            self.start(name, *self._recipes[name])
            started.append(name)
        return started

    def stop(self, *names: str, patience: float) -> None:
        """End these children, all at once, and kill what is left after `patience` seconds."""
        ending = [self.alive.pop(name) for name in names if name in self.alive]
        end(ending, patience)
        for child in ending:
            self._tell(f"-{child.process.pid}")

    def close(self) -> None:
        """Let the watcher go; every child has been stopped."""
        if self._watcher.stdin:
            self._watcher.stdin.close()
        self._watcher.wait()

    def _tell(self, line: str) -> None:
        assert self._watcher.stdin
        self._watcher.stdin.write(line + "\n")
        self._watcher.stdin.flush()


def end(children: Sequence[Child], patience: float) -> None:
    """Ask, wait, kill the whole group: a web server may have processes of its own."""
    for child in children:
        if child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    until = time.monotonic() + patience
    for child in children:
        try:
            child.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            show(child.name, "did not end in time; killing it")
        signal_group(child.process.pid, signal.SIGKILL)
        child.process.wait()
