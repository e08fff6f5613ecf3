"""
The people of the seizure: each does one thing through the doors, and says words that nobody else says.

Some of them wrote some time ago, and the worker has done its rounds since; the others have written just now, to a town
whose worker is gone. What each of them left behind is known here, so that whatever an attacker finds can be named.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from benchmarks.carriers import Post, Telegram, Twilio
from benchmarks.citizens import PHONES, REFERENCE, SECRET, asks, holds
from conversations.codes import read_reference
from conversations.texts import Text

STEM = "qzvjxk"  # in every link, story, name and mail address that is said, and nowhere else
FIRST = 7_129_388_000  # Telegram ids of the cast
STAFF = 7_129_389_000


@dataclass
class TelegramNoted(Telegram):
    """A chat that remembers under which number each of its messages was brought."""

    brought: list[str] = field(default_factory=list)

    def update(self, text: str, **parts: Any) -> dict[str, Any]:
        made = super().update(text, **parts)
        self.brought.append(str(made["update_id"]))
        return made

    def picture(self, handle: str) -> str:
        """Send a photo without words."""
        sizes = [{"file_id": handle, "file_unique_id": handle, "file_size": 17_000, "width": 320, "height": 240}]
        made = self.update("", photo=sizes)
        del made["message"]["text"]
        return self.words(self.bring(made))


@dataclass
class TwilioNoted(Twilio):
    """A number that remembers the id of each of its messages."""

    brought: list[str] = field(default_factory=list)

    def form(self, text: str, **parts: str) -> dict[str, str]:
        made = super().form(text, **parts)
        self.brought.append(made["MessageSid"])
        return made


Voice = TelegramNoted | TwilioNoted


@dataclass
class Person:
    """One of the cast: what they play, and everything that only they said or were told."""

    role: str
    mark: str
    voice: Voice = field(repr=False)
    reference: str = ""
    secret: str = field(default="", repr=False)
    heard: str = field(default="", repr=False)

    @property
    def account(self) -> str:
        """Under what the platform knows them, which is also where an answer goes."""
        return str(self.voice.id) if isinstance(self.voice, TelegramNoted) else self.voice.phone

    @property
    def address(self) -> str:
        return self.account if self.voice.channel == "telegram" else f"whatsapp:{self.account}"

    @property
    def link(self) -> str:
        return f"https://{self.mark}link.example.org/post"

    def needles(self) -> Mapping[str, bytes]:
        """What tells of them where it stands in clear, by kind."""
        said = {
            "account": self.account.removeprefix("+"),
            "reference": self.reference,
            "secret": self.secret,
            **{kind: f"{self.mark}{kind}" for kind in ("link", "words", "added", "name", "contact", "file")},
        }
        return {kind: word.encode() for kind, word in said.items() if word}

    def says(self, *said: str) -> None:
        """One message after the other."""
        for words in said:
            self.heard = self.voice.say(words)
            if found := REFERENCE.search(self.heard):
                self.reference = self.reference or read_reference(found[0])
            if found := SECRET.search(self.heard):
                self.secret = self.secret or found[0]

    def files(self, disclosure: str, category: str = "hate", place: str = "skip", picture: bool = False) -> None:
        """One conversation, word by word, up to the receipt; or up to the review where `disclosure` is empty."""
        self.says("hello", "continue", self.link, category, "witness", place)
        while asks(self.heard) is not Text.ASK_DETAILS:
            self.says("skip")
        if picture and isinstance(self.voice, TelegramNoted):
            self.voice.picture(f"{self.mark}file")
        self.says(f"They wrote {self.mark}words to my sister.", "done", disclosure or "anonymous")
        if disclosure == "identified":
            self.says(f"Zahra {self.mark}name", f"{self.mark}contact@mail.example.org")
        if disclosure:
            self.says("send")
            assert holds(self.heard, Text.RECEIVED), f"{self.role}: nothing was sent"


def _adds(person: Person) -> None:
    person.files("confidential", place="Rabat")
    person.says("status", "my reports", "1", "add", f"And {person.mark}added since.")


def _waits(person: Person) -> None:
    person.says(person.link, "continue", "scam", "later")


def _follows(person: Person) -> None:
    person.files("anonymous")
    person.says("status", "code", f"{person.reference} {person.secret}")


def _guesses(person: Person) -> None:
    person.says("status", "code", "IB-FKRP-D2PH-YGH SC-0000-0000-0012")
    person.reference = person.secret = ""  # those of an example


def _stops(person: Person) -> None:
    person.says("hello", "continue", person.link, "scam", "stop")


def _erases(person: Person) -> None:
    person.files("confidential")
    person.says("delete", "yes, erase")


def _clears(person: Person) -> None:
    person.says("hello", "continue", person.link, "scam", "delete this chat")


def _shows_a_child(person: Person) -> None:
    person.says("hello", "continue", person.link, "child_abuse")
    if isinstance(person.voice, TelegramNoted):
        person.voice.picture(f"{person.mark}file")


Plays = Callable[[Person], None]
EARLIER: Mapping[str, tuple[str, Plays]] = {
    "anonymous": ("telegram", lambda one: one.files("anonymous")),
    "anonymous on WhatsApp": ("whatsapp", lambda one: one.files("anonymous")),
    "confidential": ("telegram", _adds),
    "identified": ("whatsapp", lambda one: one.files("identified")),
    "of a child": ("telegram", lambda one: one.files("anonymous", "child_abuse")),
    "with a file": ("telegram", lambda one: one.files("anonymous", picture=True)),
    "closed": ("whatsapp", lambda one: one.files("anonymous")),
    "draft": ("telegram", lambda one: one.files("")),
    "waits in silence": ("whatsapp", _waits),
    "sent by silence": ("telegram", _waits),
    "stopped": ("telegram", _stops),
    "erased": ("telegram", _erases),
    "guesses": ("telegram", _guesses),
}
JUST_NOW: Mapping[str, tuple[str, Plays]] = {
    "anonymous just now": ("telegram", lambda one: one.files("anonymous")),
    "with a file just now": ("telegram", lambda one: one.files("anonymous", picture=True)),
    "shows a child just now": ("telegram", _shows_a_child),
    "follows just now": ("telegram", _follows),
    "clears just now": ("telegram", _clears),
    "clears on WhatsApp just now": ("whatsapp", _clears),
}


def play(port: int, roles: Mapping[str, tuple[str, Plays]], copies: int, dice: random.Random) -> list[Person]:
    """Let each role be played by so many people, in random order."""
    post, cast = Post(port), list[Person]()
    for role, (channel, plays) in dice.sample(
        sorted(roles.items(), key=lambda one: one[0]) * copies, len(roles) * copies
    ):
        number = dice.randrange(900)
        while any(str(number) in one.account[-3:] for one in cast):
            number = dice.randrange(900)
        mark = STEM + "".join(dice.choices("abcdefghij", k=8))
        voice = _voice(channel, post, number, dice, len(roles))
        person = Person(role, mark, voice)
        plays(person)
        voice.close()
        cast.append(person)
    return cast


def _voice(channel: str, post: Post, number: int, dice: random.Random, more: int) -> Voice:
    if channel == "telegram":
        return TelegramNoted(post, FIRST + number + 1000 * more, "en", dice)
    return TwilioNoted(post, f"{PHONES}9{number:03}", dice)
