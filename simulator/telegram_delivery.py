"""
How Telegram brings updates to a webhook: in order within a queue, again and again until a 2xx or until they expire.

The rules are those of Telegram's own Bot API server: a chat's messages are one queue, each presser's callbacks
another; the first retry comes at once, then after 2, 4, 8 … seconds, at most 60-120.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import Message as Headers
from typing import Any
from urllib.parse import parse_qsl

import httpx

from bot.trust import trust
from simulator.clock import Clock

Json = dict[str, Any]
DAY = 86400.0
PATIENCE = 60.0  # seconds without progress on a connection
GONE_SECONDS = 23 * 3600.0  # of 410, after which Telegram deletes the webhook
MOST_CONNECTIONS = 100


@dataclass
class Webhook:
    """What setWebhook set."""

    url: str = ""
    secret: str = ""
    most: int = 40
    allowed: list[str] = field(default_factory=list)
    error: str = ""
    error_at: float = 0.0


@dataclass
class Waiting:
    """One update on its way."""

    update: Json
    expires: float
    again: bool = False  # a test ordered that it comes twice
    tries: int = 0
    due: float = 0.0


@dataclass
class Troubles:
    """What a test ordered: the next so many updates come twice, so many answers get lost; these queues are held back."""

    repeat: int = 0
    lose: int = 0
    held: set[str] = field(default_factory=set)

    def holds(self, queue: str) -> bool:
        """Whether a queue is held back: `chat`, `user`, or one queue by its full name."""
        return bool(self.held & {queue, queue.partition(":")[0], "all"})

    def take(self, name: str) -> bool:
        """Use up one ordered trouble."""
        left = int(getattr(self, name))
        setattr(self, name, max(0, left - 1))
        return left > 0


class Delivery:
    """The queues of updates, and the threads that bring them to the webhook. `run` carries out what rides back."""

    def __init__(self, clock: Clock, run: Callable[[str, Json], None]) -> None:
        self.clock, self.webhook, self.troubles = clock, Webhook(), Troubles()
        self.attempts: list[Json] = []  # each try: update_id, queue, status (0: no answer)
        self._run = run
        self._wake = threading.Condition()
        self._queues: dict[str, deque[Waiting]] = {}
        self._carriers: set[str] = set()
        self._next_id = 10**8 + secrets.randbelow(9 * 10**8)
        self._gone_since, self._busy = 0.0, 0
        self._stopped = False
        limits = httpx.Limits(max_connections=MOST_CONNECTIONS)
        self._http = httpx.Client(timeout=PATIENCE, limits=limits, verify=trust())
        clock.listen(self.look)

    def put(self, kind: str, content: Json, queue: str, seconds: float = DAY) -> int:
        """Queue an update; its id."""
        with self._wake:
            self._next_id += 1
            if kind in self.webhook.allowed or not self.webhook.allowed:
                update = {"update_id": self._next_id, kind: content}
                self._queues.setdefault(queue, deque()).append(
                    Waiting(update, self.clock.now() + seconds, self.troubles.take("repeat"))
                )
            self.look()
            return self._next_id

    def set_webhook(self, webhook: Webhook) -> None:
        """Bring updates there from now on; an empty url stops it. What is queued stays queued."""
        with self._wake:
            self.webhook, self._gone_since = webhook, 0.0
            self.look()

    def pending(self) -> int:
        """How many updates wait."""
        with self._wake:
            return sum(map(len, self._queues.values()))

    def waiting(self) -> list[Json]:
        """The updates that wait, oldest first."""
        with self._wake:
            found = [waiting.update for queue in self._queues.values() for waiting in queue]
            return sorted(found, key=lambda update: int(update["update_id"]))

    def forget(self, before: int | None = None) -> None:
        """Drop the updates with a smaller id, or all."""
        with self._wake:
            for queue in self._queues.values():
                kept = [w for w in queue if before is not None and w.update["update_id"] >= before]
                queue.clear()
                queue.extend(kept)
            self.look()

    def look(self) -> None:
        """Something changed: send carriers to the queues that have none, and wake those that wait."""
        with self._wake:
            for name in self._queues if self.webhook.url and not self._stopped else ():
                if self._queues[name] and name not in self._carriers:
                    self._carriers.add(name)
                    threading.Thread(target=self._carry, args=(name,), daemon=True).start()
            self._wake.notify_all()

    def wait(self, seconds: float, done: Callable[[], bool]) -> bool:
        """Wait until `done`, at most so many real seconds."""
        with self._wake:
            return self._wake.wait_for(done, seconds)

    def stop(self) -> None:
        """Bring nothing any more."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        self._http.close()

    def _carry(self, name: str) -> None:
        while True:
            with self._wake:
                waiting = self._next(name)
                webhook = self.webhook
            if waiting is None:
                return
            self._try(name, waiting, webhook)

    def _next(self, name: str) -> Waiting | None:
        """The head of a queue when it is due; None ends the carrier."""
        queue = self._queues[name]
        while True:
            now = self.clock.now()
            while queue and (queue[0].due or now) > queue[0].expires:
                queue.popleft()
            if not queue or not self.webhook.url or self._stopped:
                self._carriers.discard(name)
                return None
            held = self.troubles.holds(name)
            late = queue[0].due - now
            if not held and late <= 0 and self._busy < self.webhook.most:
                self._busy += 1
                return queue[0]
            self._wake.wait(None if held or late <= 0 else self.clock.real(late))

    def _try(self, name: str, waiting: Waiting, webhook: Webhook) -> None:
        answer, error = self._post(waiting, webhook)
        with self._wake:
            self._busy -= 1
            if self._stopped:
                return
            lost = answer is not None and self.troubles.take("lose")
            status = 0 if answer is None or lost else answer.status_code
            self.attempts.append({"update_id": waiting.update["update_id"], "queue": name, "status": status})
            if 200 <= status < 300:
                self._arrived(name, waiting)
            else:
                self._failed(waiting, webhook, answer if status else None, error or "Connection reset by peer")
            self._wake.notify_all()
        if answer is not None and 200 <= status < 300:
            self._ride_back(answer)

    def _post(self, waiting: Waiting, webhook: Webhook) -> tuple[httpx.Response | None, str]:
        headers = {"Content-Type": "application/json", "Accept-Encoding": "gzip", "User-Agent": ""}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        try:
            return self._http.post(webhook.url, json=waiting.update, headers=headers), ""
        except (httpx.HTTPError, RuntimeError) as error:  # RuntimeError: the client was closed meanwhile
            return None, "Read timeout expired" if isinstance(error, httpx.TimeoutException) else "Connection refused"

    def _arrived(self, name: str, waiting: Waiting) -> None:
        self._gone_since = 0.0
        if waiting.again:
            waiting.again, waiting.due = False, self.clock.now()
        elif waiting in self._queues[name]:
            self._queues[name].remove(waiting)

    def _failed(self, waiting: Waiting, webhook: Webhook, answer: httpx.Response | None, error: str) -> None:
        now = self.clock.now()
        webhook.error_at = now
        webhook.error = (
            f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}" if answer else error
        )
        waiting.tries += 1
        waiting.due = now + _delay(waiting.tries, answer)
        if answer is not None and answer.status_code == 410:
            self._gone_since = self._gone_since or now
            if now - self._gone_since >= GONE_SECONDS:
                self.webhook = Webhook()

    def _ride_back(self, answer: httpx.Response) -> None:
        given = _call_in(answer)
        method = str(given.pop("method", ""))
        ignored = method.startswith("get") or method in {"setWebhook", "deleteWebhook", "close", "logOut"}
        if method and not ignored:
            self._run(method, given)


def _delay(tries: int, answer: httpx.Response | None) -> float:
    asked = answer.headers.get("Retry-After", "") if answer is not None else ""
    if asked.isascii() and asked.isdigit():
        return float(min(3600, int(asked)))
    seconds = 0.0 if tries == 1 else 2.0 ** min(tries - 1, 10)
    return min(seconds, 60.0 + secrets.randbelow(60))


def _call_in(answer: httpx.Response) -> Json:
    """The one method call that a response's body may hold."""
    headers = Headers()
    headers["Content-Type"] = answer.headers.get("Content-Type", "")
    kind = headers.get_content_type()
    try:
        if kind == "application/json":
            found = answer.json()
            return dict(found) if isinstance(found, dict) else {}
        if kind == "application/x-www-form-urlencoded":
            return dict(parse_qsl(answer.text))
    except ValueError:
        pass
    return {}
