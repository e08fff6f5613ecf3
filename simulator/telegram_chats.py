"""Who and what exists in the stand-in's Telegram: people, chats, messages, files, presses. All of it in memory."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from simulator.clock import Clock

Json = dict[str, Any]


@dataclass
class Person:
    """Somebody with a Telegram account."""

    id: int
    name: str
    language: str = ""  # the language of their client, as Telegram tells it; empty where it does not
    phone: str = ""
    started: bool = False  # a bot can't write first
    blocked: bool = False

    def user(self) -> Json:
        """The Bot API's User."""
        shown: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        return shown | ({"language_code": self.language} if self.language else {})


@dataclass
class Post:
    """One message in a chat. `change` rises with every change, so that a page knows what to draw again."""

    message: Json
    mine: bool  # the bot's own
    protected: bool = False
    preview: bool = True
    silent: bool = False
    change: int = 0


@dataclass
class Chat:
    """A private chat or a group, with its messages by number."""

    id: int
    kind: str  # private, group, supergroup
    title: str
    posts: dict[int, Post] = field(default_factory=dict)
    keyboard: Json | None = None  # the reply keyboard that the citizen sees
    member: bool = True  # the bot is in it
    last: int = 0

    def shown(self) -> Json:
        """The Bot API's Chat."""
        name = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.id, "type": self.kind} | name


@dataclass
class Press:
    """A button that somebody pressed, and what the bot answered."""

    id: str
    person: int
    chat: int
    message_id: int
    data: str
    at: float
    answer: str | None = None
    alert: bool = False


class Chats:
    """Everything that the stand-in remembers. `lock` is held for each change; `changed` tells the page."""

    def __init__(self, clock: Clock, bot_id: int) -> None:
        self.clock, self.lock = clock, threading.RLock()
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": "Demonstration Desk", "username": "demo_desk_bot"}
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, Json] = {}
        self.presses: dict[str, Press] = {}
        self.settings: dict[tuple[str, str, str], Any] = {}  # (what, scope, language): commands, names, descriptions
        self.version = 0
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change."""
        self._listeners.append(listener)

    def changed(self) -> int:
        """Count a change and tell whoever listens."""
        self.version += 1
        for listener in self._listeners:
            listener()
        return self.version

    def join(self, person: Person) -> Chat:
        """A person with a private chat to the bot."""
        with self.lock:
            self.people[person.id] = person
            chat = self.chats.setdefault(
                person.id, Chat(person.id, "private", person.name, last=secrets.randbelow(900))
            )
            self.changed()
            return chat

    def group(self, chat_id: int, title: str) -> Chat:
        """A supergroup that the bot is a member of."""
        with self.lock:
            return self.chats.setdefault(chat_id, Chat(chat_id, "supergroup", title, last=secrets.randbelow(900)))

    def post(self, chat: Chat, sender: Json, content: Json, mine: bool) -> Post:
        """Put a new message into a chat, dated now."""
        with self.lock:
            chat.last += 1
            head: Json = {"message_id": chat.last, "from": sender, "chat": chat.shown(), "date": int(self.clock.now())}
            post = Post(head | content, mine, change=self.changed())
            chat.posts[chat.last] = post
            return post

    def touch(self, post: Post) -> None:
        """Note that a message was changed."""
        with self.lock:
            post.change = self.changed()

    def keep_file(self, content: bytes, path: str, mime: str) -> Json:
        """Store a file that somebody sends; its `file_id` and the rest of what a message says about it."""
        file_id, unique = secrets.token_urlsafe(42), secrets.token_urlsafe(11)
        known = {"file_id": file_id, "file_unique_id": unique, "file_size": len(content)}
        with self.lock:
            self.files[file_id] = {"content": content, "path": path, "mime": mime, "known": known}
        return known
