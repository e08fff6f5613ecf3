"""
The nouns of a conversation. All are frozen values; none knows a channel, a clock or a database.

A citizen's `Message` comes in, a `Turn` goes out. A turn is exactly one message of ours, because it
rides back on the webhook's response, which carries one method call (platform.md A2).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from conversations import codes
from conversations.about import About, Addition, Change, Claim, Query
from conversations.changed import changed
from conversations.steps import Step as Step
from conversations.texts import Sentence


class Contact(NamedTuple):
    """A contact card that was shared: the person's own when `own` is true."""

    phone: str
    name: str = ""
    own: bool = False


class Place(NamedTuple):
    """A shared location, WGS 84 degrees."""

    latitude: float
    longitude: float


class Media(NamedTuple):
    """A file that nobody has fetched; `handle` is what its channel needs for it (a file_id, a media address)."""

    kind: str  # photo, document, audio, voice, video, sticker, …
    handle: str
    size: int = 0  # bytes, 0 where the platform does not say
    mime: str = ""  # as declared: a hint, never trusted
    number: str = ""  # of the message that brought it, so that the channel can delete that message


@dataclass(frozen=True)
class Message:
    """
    What one message of a citizen holds, in no channel's words.

    `text` has been cleaned of nothing: reading is the engine's work. `links` are addresses that the platform
    marked inside the message or that its origin gives (text_link entities, a forwarded channel post).
    """

    text: str = ""
    choice: str = ""  # the key carried by a native button or list row, which typed words cannot imitate
    links: tuple[str, ...] = ()
    contact: Contact | None = None
    place: Place | None = None
    media: tuple[Media, ...] = ()
    album: str = ""  # the same for all messages of one album
    forwarded: bool = False
    number: str = ""  # the channel's number of this message in its chat; an edit keeps it
    edited: bool = False
    language: str = ""  # a language tag the client announced: "ar", "pt-br"; a hint
    country: str = ""  # ISO 3166 of the phone number, where there is one; a hint


class Link(NamedTuple):
    """A reported address: as received, and its canonical form, which serves only to recognise copies."""

    received: str
    canonical: str
    platform: str = "web"  # facebook, instagram, tiktok, youtube, x, telegram, whatsapp, snapchat, web, …
    account: str = ""  # the account the address names, without @, where it names one


@dataclass(frozen=True)
class Draft:
    """What a citizen has told so far. Nothing of it is filed before they say *send*."""

    links: tuple[Link, ...] = ()
    category: str = ""
    details: str = ""
    disclosure: str = "anonymous"  # anonymous, confidential, identified
    name: str = ""
    contact: str = ""
    answers: tuple[tuple[str, str], ...] = ()  # to the other questions: (the step's name, answer)
    media: tuple[Media, ...] = ()

    def answer(self, key: str) -> str:
        """The answer kept under a step's name, or ""."""
        return dict(self.answers).get(key, "")

    def answering(self, key: str, answer: str) -> Draft:
        """The draft with that answer; "" takes it away."""
        others = tuple(pair for pair in self.answers if pair[0] != key)
        return changed(self, answers=(*others, (key, answer)) if answer else others)


@dataclass(frozen=True)
class Before:
    """The session as it was when it heard message `number`: an edit of that message is answered from here."""

    number: str
    step: Step
    draft: Draft
    answered: frozenset[Step]
    trail: tuple[Step, ...]
    unfinished: bool = False
    said: str = ""  # a short digest of what that message held: an edit that leaves it so is none


@dataclass(frozen=True)
class Session:
    """One unfinished conversation. Its codes are minted when it begins, so that the review can already show them."""

    step: Step
    locale: str
    reference: str
    secret: str
    draft: Draft = Draft()
    notice: str = ""  # version and UTC time of the notice that was accepted: "2026-11 2026-11-22T02:33Z"
    answered: frozenset[Step] = frozenset()
    trail: tuple[Step, ...] = ()  # the steps that *back* returns to, oldest first
    aside: Step | None = None  # the step that LANGUAGE, STATUS or COPYING was opened from
    welcomed: bool = False  # the first screen, with the notice, was shown
    warned: frozenset[str] = frozenset()  # the alarms whose numbers were shown: once each is enough
    before: Before | None = None
    about: About | None = None  # the sent report that is being followed
    listed: tuple[str, ...] = ()  # the references that MINE offers, or the one that CODE still wants a code for
    wants: str = ""  # the right that a report is being opened for, by its command's key; at DELETING what was asked
    unfinished: bool = False  # silence is to send this; at SENT: it has, and its writer has not heard so


class Ltr(str):
    """A value always written left to right: a link, a reference, a number. Isolated in Arabic."""


class Own(str):
    """A person's or operator's own words, in any script and direction. Isolated everywhere."""


Value = Ltr | Own | Sentence | int


class Line(NamedTuple):
    """One sentence with its values; `values` are pairs so that a line can be compared and hashed."""

    text: Sentence
    values: tuple[tuple[str, Value], ...] = ()
    close: bool = False  # stands right under the line before, without an empty line between


class Choice(NamedTuple):
    """One thing to press: the key is what is kept, the label what is shown."""

    key: str
    label: str  # a Sentence, or a name that is already in the citizen's language
    asks: str = ""  # "contact" or "location": the press shares it, where the channel can
    hint: Sentence | None = None  # one line of plain explanation beside the label


@dataclass(frozen=True)
class Say:
    """
    One message of ours, before it has a language or a channel.

    `lines` become paragraphs. `choices` belong to the question: pressed, named, and (unless `open`) numbered from 1
    in this order. `commands` work at any step and are never numbered.
    """

    locale: str
    lines: tuple[Line, ...]
    choices: tuple[Choice, ...] = ()
    commands: tuple[Choice, ...] = ()
    open: bool = False  # an open question: digits are content, so choices are not numbered
    placeholder: Sentence | None = None  # what the empty input field says
    last: bool = False  # the conversation ends here: the keyboard goes away
    beside: str = ""  # the language that grave sentences are repeated in, where no native reader has checked this one


class Refusal(NamedTuple):
    """Why an answer does not fit. A value, never an exception: a citizen's words are not our error."""

    why: Sentence
    values: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """A finished report, exactly as its writer reviewed it. Sealed before it is stored; never shown in a repr."""

    reference: str
    secret: str = field(repr=False)  # empty unless anonymous
    locale: str
    draft: Draft = field(repr=False)
    notice: str


@dataclass(frozen=True)
class Turn:
    """
    What one message leads to. `session` None: forget everything. `files`: file this, in the same transaction.

    `seeks` is what must be looked up: `engine.told` completes the turn with what was found. `adds`, `changes` and
    `claims` concern the report that is being followed. `wipes`: delete the chat itself, as far as the channel lets us.
    `discards` are files that must not be kept: deleted at the provider unread, in this transaction's name. `releases` are
    files that were not taken: a provider that keeps them need not, and the citizen's own message stays. `unsaid`: nothing
    happened that needs an answer.
    """

    session: Session | None
    say: Say
    files: Filing | None = None
    seeks: Query | None = None
    adds: Addition | None = None
    changes: Change | None = None
    claims: Claim | None = None
    wipes: bool = False
    discards: tuple[Media, ...] = ()
    releases: tuple[Media, ...] = ()
    unsaid: bool = False


@dataclass(frozen=True)
class Given:
    """What the world hands to one turn, as values: the time, chance, and the operator's facts."""

    now: datetime  # UTC
    drawn: int = field(repr=False)  # `codes.BITS` random bits: what a new report's codes are made of, where one begins
    languages: tuple[str, ...]  # offered, in order; the first is the last resort
    operator: str = field(repr=False)
    operator_contact: str = field(repr=False)
    channel: str  # "Telegram" or "WhatsApp": said in the notice as what itself knows the citizen
    facts: tuple[tuple[str, str], ...] = ()  # what sentences name: ("police", "19"), ("stopncii", "StopNCII.org"), …
    unchecked: tuple[tuple[str, str], ...] = ()  # languages without a native reader yet, and where grave words repeat
    notice: str = "2026-11"
    label: Callable[[str, str], str] = lambda locale, sentence: sentence  # what a sentence is in a language

    @property
    def reference(self) -> str:
        """The reference of a report that begins with this turn."""
        return codes.reference(self.drawn >> codes.SECRET_BITS)

    @property
    def secret(self) -> str:
        """The secret code of a report that begins, or becomes anonymous, with this turn."""
        return codes.secret(self.drawn & codes.OF_SECRET)
