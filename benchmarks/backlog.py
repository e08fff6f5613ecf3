"""
What Telegram keeps while the doors say "later": everybody wrote all they had to say at once, without waiting for an answer.

Its messages are brought over so many connections: of one chat the next only after the one before has been answered, of many
chats at once, and each again when the doors asked for it (platform.md A2).
"""

from __future__ import annotations

import heapq
import json
import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from benchmarks.carriers import TELEGRAM_SECONDS, Heard, Line, Post, Telegram
from benchmarks.citizens import REFERENCE, asks
from benchmarks.rush import LATE, LOSSES
from conversations.codes import read_reference
from conversations.texts import Text

# What each writes, around their link and the number of its category, and the screen that answers it.
ANSWERED = (Text.WHO_WE_ARE, Text.ASK_LINK, Text.ASK_CATEGORY, Text.ASK_ENOUGH, Text.RECEIVED)
LONGEST_WAIT = 60.0


def writes(link: str, category: int) -> tuple[str, ...]:
    """All that somebody has to say, in order."""
    return "hello", "continue", link, str(category), "send"


@dataclass
class Chat:
    """One chat's messages that were not answered yet, the first is next; and what the answers said."""

    voice: Telegram
    waiting: deque[dict[str, Any]]
    dice: random.Random
    heard: list[str] = field(default_factory=list)
    tries: int = 0  # of the next message
    before: tuple[dict[str, Any], bytes] | None = None  # the message before it, and its answer

    @property
    def in_order(self) -> bool:
        """Whether each message was answered as what follows on the one before."""
        return not self.waiting and tuple(map(asks, self.heard)) == ANSWERED

    @property
    def reference(self) -> str:
        found = REFERENCE.search(self.heard[-1]) if self.heard else None
        return read_reference(found[0]) if found else ""


class Backlog:
    """All chats, each due at its time. `took` says how long each message waited for its answer since all were written."""

    def __init__(self, post: Post, chats: list[Chat], connections: int) -> None:
        self.chats, self.took = chats, list[float]()
        self.unlike = 0  # repeats whose answer was another
        self._post, self._connections = post, connections
        self._due = [(0.0, at) for at in range(len(chats))]
        self._left = len(chats)
        self._free, self._began = threading.Condition(), 0.0

    def run(self, seconds: float) -> float:
        """Until all is answered, or for so many seconds; how many it took."""
        self._began = time.monotonic()
        threads = [threading.Thread(target=self._carry, daemon=True) for _ in range(self._connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(max(0.0, self._began + seconds - time.monotonic()))
        took = time.monotonic() - self._began
        with self._free:
            self._left = 0
            self._free.notify_all()
        for thread in threads:
            thread.join(TELEGRAM_SECONDS)
        return took

    def _carry(self) -> None:
        line = Line(self._post.port, TELEGRAM_SECONDS)
        while (at := self._next()) is not None:
            later = self._bring(line, self.chats[at])
            with self._free:
                if self.chats[at].waiting:
                    heapq.heappush(self._due, (time.monotonic() + later, at))
                else:
                    self._left -= 1
                self._free.notify_all() if not self._left else self._free.notify()
        line.close()

    def _next(self) -> int | None:
        """The chat whose turn is next, once it is; None when all is over."""
        with self._free:
            while self._left:
                wait = self._due[0][0] - time.monotonic() if self._due else 1.0
                if wait <= 0:
                    return heapq.heappop(self._due)[1]
                self._free.wait(wait)
        return None

    def _bring(self, line: Line, chat: Chat) -> float:
        """One try of a chat's next message; in how many seconds the chat is due again."""
        update = chat.waiting[0]
        heard = self._tried(line, chat, update)
        if heard is None or heard.status >= 300 or self._lost(chat):
            chat.tries += 1
            asked = heard.retry_after if heard else 0.0
            return asked or (0.0 if chat.tries == 1 else min(2.0 ** (chat.tries - 1), LONGEST_WAIT))
        if chat.before and chat.dice.random() < LATE:
            self._post.add("brought again after the next")
            again = self._tried(line, chat, chat.before[0])
            self.unlike += again is not None and again.status < 300 and again.body != chat.before[1]
        self.took.append(time.monotonic() - self._began)
        chat.heard.append(chat.voice.words(heard))
        chat.before, chat.tries = (chat.waiting.popleft(), heard.body), 0
        return 0.0

    def _tried(self, line: Line, chat: Chat, update: dict[str, Any]) -> Heard | None:
        heard = line.post("/telegram", json.dumps(update).encode(), chat.voice.headers)
        self._post.note(f"telegram {update['update_id']}", heard)
        return heard

    def _lost(self, chat: Chat) -> bool:
        lost = chat.dice.random() < LOSSES
        if lost:
            self._post.add("answers lost")
        return lost
