"""
The driver: a process of its own that lets people write over kept-alive connections and measures until they are answered.

One thread and bare sockets. Without a `rate` everybody writes again as soon as they are answered (a closed loop); with one,
messages fall due by chance so many a second, and an answer's time counts from when its message was due, whoever was busy.
A job comes as a line of JSON; "ready" goes back, "go" starts it, and what was measured is a line again.
"""

from __future__ import annotations

import json
import random
import selectors
import socket
import sys
import time
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from typing import Any

from benchmarks.bench_people import Step, ready

PATIENCE = 30.0  # seconds without any answer after which a run is over
MOST = 1 << 16
NUMBERS = iter(range(1, 1 << 31))  # of people and of deliveries


@dataclass
class Person:
    """Somebody in the middle of a report, on a connection of their own. Goes on in the next job of the same name."""

    plan: int
    number: int = 0
    step: int = -1
    since: float = 0.0
    heard: bytearray = field(default_factory=bytearray)
    line: socket.socket = field(default_factory=socket.socket)

    def connect(self, port: int) -> None:
        self.line = socket.create_connection(("127.0.0.1", port))
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def say(self, scripts: list[list[Step]], since: float) -> None:
        """Write the next message; after the last one of a report as somebody new, with the next plan."""
        self.step += 1
        if self.step == len(scripts[self.plan]) or not self.number:
            self.plan, self.step, self.number = (self.plan + 1) % len(scripts), 0, next(NUMBERS)
        self.since = since
        self.line.sendall(scripts[self.plan][self.step].request(self.number, next(NUMBERS)))

    def hear(self) -> bytes | None:
        """The answer's body once it is whole; b"" where it was refused or the connection ended."""
        came = self.line.recv(MOST)
        self.heard += came
        end = self.heard.find(b"\r\n\r\n")
        if end < 0:
            return None if came else b""
        length = _length(self.heard[:end].lower())
        if came and len(self.heard) < end + 4 + length:
            return None
        body = bytes(self.heard[end + 4 :]) if self.heard[9:12] == b"200" else b""
        self.heard.clear()
        return body


def _length(head: bytearray) -> int:
    at = head.find(b"content-length:") + 15
    return int(head[at : at + 12].split(b"\r", 1)[0])


class Run:
    """One job. `took` are seconds; what was answered otherwise than the script says is counted in `failed`."""

    def __init__(self, people: list[Person], scripts: list[list[Step]], seconds: float, rate: float) -> None:
        self.people, self.scripts, self.seconds, self.rate = people, scripts, seconds, rate
        self.took: list[float] = []
        self.failed: Counter[str] = Counter()
        self.reports = 0
        self._idle: deque[Person] = deque()
        self._busy = 0
        self._heard = selectors.DefaultSelector()
        for person in people:
            self._heard.register(person.line, selectors.EVENT_READ, person)

    def go(self) -> dict[str, Any]:
        """Until the time is over and everybody is answered."""
        began, cpu = time.perf_counter(), time.process_time()
        due = self._due(began)
        self._idle.extend(self.people)
        while due or self._busy or not self.rate:
            now = time.perf_counter()
            self._write(now, due, over=began + self.seconds)
            if not self._busy and not due:
                break
            wait = max(0.0, due[0] - now) if due and self._idle else PATIENCE
            answered = self._heard.select(wait)
            if not answered and wait == PATIENCE:
                self.failed["no answer"] += self._busy
                break
            for key, _ in answered:
                self._read(key.data)
        spent = time.perf_counter() - began
        return {
            "turns": len(self.took), "reports": self.reports, "seconds": spent, "cpu": time.process_time() - cpu,
            "took": [round(1000 * took, 3) for took in self.took], "failed": dict(self.failed),
        }  # fmt: skip

    def _due(self, began: float) -> deque[float]:
        """When messages fall due; none in a closed loop."""
        dice, at, due = random.Random(0), began, deque[float]()
        while self.rate and (at := at + dice.expovariate(self.rate)) < began + self.seconds:
            due.append(at)
        return due

    def _write(self, now: float, due: deque[float], over: float) -> None:
        if not self.rate and now >= over:
            return
        while self._idle and (not self.rate or (due and due[0] <= now)):
            self._busy += 1
            self._idle.popleft().say(self.scripts, due.popleft() if self.rate else time.perf_counter())

    def _read(self, person: Person) -> None:
        body = person.hear()
        if body is None:
            return
        self._busy -= 1
        step = self.scripts[person.plan][person.step]
        if body and step.hears in body:
            self.took.append(time.perf_counter() - person.since)
            self.reports += person.step + 1 == len(self.scripts[person.plan])
            self._idle.append(person)
            return
        self.failed["otherwise" if body else "refused"] += 1
        person.number, person.step = 0, -1  # somebody else goes on
        if body or not self._closed(person):
            self._idle.append(person)

    def _closed(self, person: Person) -> bool:
        """Whether the server ended the connection, after which nobody writes on it."""
        try:
            gone = person.line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        if gone:
            self._heard.unregister(person.line)
        return gone


def main() -> None:
    """Do jobs until there are no more."""
    known: defaultdict[str, list[Person]] = defaultdict(list)
    for line in sys.stdin:
        job = json.loads(line)
        people, port = known[job["name"]], job["port"]
        people += [Person(plan) for plan in range(len(people), job["people"])]
        chosen = people[: job["people"]]
        scripts = [ready(job["channel"], script, port, job["path"]) for script in job["scripts"]]
        for person in chosen:
            person.plan %= len(scripts)
            person.connect(port)
        run = Run(chosen, scripts, job["seconds"], job["rate"])
        print("ready", flush=True)
        sys.stdin.readline()
        print(json.dumps(run.go()), flush=True)
        for person in chosen:
            person.line.close()


if __name__ == "__main__":
    main()
