"""
What every channel is: it checks, reads, replies and sends, and has no opinion about what is said.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from conversations.model import Message

if TYPE_CHECKING:
    from datetime import datetime

    from bot.exchange import Delivered, Reply


class Forged(Exception):
    """A request that does not prove that the provider sent it: 403, nothing stored."""


class Unreadable(Exception):
    """A request that carries the right proof but cannot be read: counted and answered 200 (platform.md B1)."""


class SendFailed(Exception):
    """
    A message did not leave. `code` is the provider's own, never its words.

    `retry` says whether trying later could help; `after` is how many seconds the provider asked to wait; `moved_to` is
    the new address of a group that became a supergroup.
    """

    def __init__(self, code: str, *, retry: bool, after: float = 0.0, moved_to: str = "") -> None:
        super().__init__(code)
        self.code, self.retry, self.after, self.moved_to = code, retry, after, moved_to


class Alias(NamedTuple):
    """One name under which a platform knows a person; opaque. kind: "id" (Telegram), "phone", "bsuid" (WhatsApp)."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message of a citizen as it came through a door."""

    channel: str  # "telegram", "whatsapp"
    delivery: str  # the provider's id of this delivery: the same when it repeats itself
    aliases: tuple[Alias, ...] = field(repr=False)
    address: str = field(repr=False)  # where an answer goes: a chat id, "whatsapp:+…"
    message: Message = field(repr=False)
    sent: datetime | None = field(default=None, repr=False)  # where it was read from the provider's list, not at a door


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed in the moderators' group. `key` ends the callback data, `subject` stands before it."""

    channel: str
    delivery: str
    callback: str  # what answerCallbackQuery needs
    presser: str = field(repr=False)  # the platform's id of who pressed: rights are checked on every press
    group: str
    key: str
    subject: str
    language: str = ""  # of the presser's own app, as the platform tells it


@dataclass(frozen=True, slots=True)
class Asked:
    """A command in the moderators' group. `asker` is "" for who writes as the group itself, and could be anyone."""

    channel: str
    delivery: str
    asker: str = field(repr=False)  # the platform's id: rights are checked on every command
    group: str
    number: str  # of the message
    command: str  # without its slash
    rest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in a group that is not ours: the bot says nothing and leaves."""

    channel: str
    delivery: str
    group: str


@dataclass(frozen=True, slots=True)
class Moved:
    """One of our groups became a supergroup and has a new id."""

    channel: str
    delivery: str
    group: str
    new_group: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """A citizen blocked the bot: nothing may be sent to them until they write again."""

    channel: str
    delivery: str
    aliases: tuple[Alias, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    What became of an answer or a notice that the worker sent. `code` is the provider's own where it did not arrive, else "".
    """

    channel: str
    delivery: str
    answer: str  # the name that we gave it
    code: str

    @property
    def of_notice(self) -> bool:
        """Whether the name is a notice's id, which is shorter than an answer's."""
        return len(self.answer) == 32


Event = Inbound | Press | Asked | Stranger | Moved | Blocked | Arrival


@dataclass(frozen=True)  # without slots: so it becomes JSON three times as fast
class Button:
    """A label in the citizen's language and the key it stands for."""

    label: str
    key: str
    asks: str = ""  # "contact", "location"
    hint: str = ""  # one line of plain explanation, shown beside the number

    def __str__(self) -> str:
        return f"{self.label} – {self.hint}" if self.hint else self.label


@dataclass(frozen=True)  # like Button
class Words:
    """
    One message of ours in a language, before a channel lays it out. `choices` are numbered from 1 unless `open`.

    It survives JSON (`to_json`, `from_json` in `wording`), because the answer to a delivery is kept and given again.
    """

    text: str = field(repr=False)
    locale: str
    choices: tuple[Button, ...] = field(default=(), repr=False)
    commands: tuple[Button, ...] = field(default=(), repr=False)
    open: bool = False
    placeholder: str = field(default="", repr=False)
    last: bool = False
    earlier: tuple[str, ...] = field(default=(), repr=False)  # texts still owed, which ride in front of this one

    def explained(self) -> list[str]:
        """The choices one a line, by number or (at an open question) by name, with their explanations."""
        marks = ("•" if self.open else f"{number}." for number in range(1, len(self.choices) + 1))
        ours = _direction(self.text)
        return [_led(f"{mark} {choice}", ours) for mark, choice in zip(marks, self.choices, strict=False)]


LRM, RLM = "\u200e", "\u200f"


def _led(line: str, ours: str) -> str:
    """A line in another direction than the text's (a language's own name) begins with a mark that keeps it in its place."""
    return line if _direction(line) in ("", ours) else {"R": RLM, "L": LRM}.get(ours, "") + line


def _direction(text: str) -> str:
    """Where the first strong letter leads, as clients choose a paragraph's direction: "L", "R", or "" for none."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind == "L":
            return "L"
        if kind in ("R", "AL"):
            return "R"
    return ""


class Channel(Protocol):
    """Six verbs. Nothing here decides what is said or what is stored."""

    name: str
    keeps_files: bool  # whether the provider keeps what we have fetched until we delete it there

    def check(self, delivered: Delivered) -> None:
        """Raise `Forged` unless the provider sent this. Touches neither form nor JSON before it has."""

    def read(self, delivered: Delivered) -> Event | None:
        """What came, or None for what needs no answer. Raises `Unreadable`."""

    def reply(self, event: Inbound, words: Words) -> Reply:
        """The response on which the answer rides back."""

    def send(self, address: str, words: Words) -> str:
        """Send by the provider's API; the provider's id of the message. Raises `SendFailed`."""

    def download(self, handle: str, most_bytes: int) -> Iterator[bytes]:
        """
        A file piece by piece, as it comes. Raises `SendFailed`, on the way too: "too-large" beyond `most_bytes`.
        """

    def discard(self, address: str, handle: str, number: str) -> None:
        """
        Delete a file at the provider, and the message that brought it, without looking at either. Raises `SendFailed`.

        Already gone is well. A message with other files stays until the last of them is discarded.
        """
