"""Both stand-ins together, with the people who use them; the room that tests and the page come in by."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from simulator import people, telegram_people, twilio_people
from simulator.clock import Clock
from simulator.telegram_api import Telegram
from simulator.telegram_chats import Chat, Person, Post
from simulator.twilio_account import Twilio
from simulator.twilio_messages import Citizen, Note

LOOK_AGAIN_SECONDS = 0.05  # deliveries, unlike messages, tell nobody that they happened


@dataclass(frozen=True)
class Accounts:
    """What a provider would have given to the operator. By default fresh and random."""

    telegram_token: str = field(default_factory=lambda: f"123456:{secrets.token_urlsafe(26)}", repr=False)
    telegram_secret: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    twilio_account: str = field(default_factory=lambda: f"AC{secrets.token_hex(16)}")
    twilio_auth_token: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    whatsapp_number: str = "+15005550006"
    moderators_chat: int = -1001000000001
    restricted_chat: int = -1001000000002


class Standins:
    """
    Telegram and Twilio in memory.

    `telegram` and `twilio` are the providers (their calls, faults and deliveries can be looked at and arranged);
    `on_telegram` and `on_whatsapp` are what people do; `seen` waits for something to have happened.
    """

    def __init__(self, accounts: Accounts | None = None) -> None:
        self.accounts = accounts or Accounts()
        self.clock = Clock()
        self.telegram = Telegram(self.accounts.telegram_token, self.clock)
        self.twilio = Twilio(
            self.accounts.twilio_account, self.accounts.twilio_auth_token, self.accounts.whatsapp_number, self.clock
        )
        self.on_telegram = telegram_people.Deeds(self.telegram)
        self.on_whatsapp = twilio_people.Deeds(self.twilio.messages, self.twilio.delivery)
        self._news = threading.Condition()
        self.telegram.chats.listen(self._tell)
        self.twilio.messages.listen(self._tell)
        self._furnish()

    def telegram_person(self, language: str = "", country: str = "MA") -> Person:
        """A new person on Telegram."""
        person = people.somebody_on_telegram(language, country)
        self.telegram.chats.join(person)
        return person

    def whatsapp_person(self, country: str = "MA", shows: str = "phone") -> Citizen:
        """A new person on WhatsApp."""
        citizen = people.somebody_on_whatsapp(country, shows)
        with self.twilio.messages.lock:
            self.twilio.messages.citizens.append(citizen)
            self.twilio.messages.changed()
        return citizen

    def posts(self, chat_id: int) -> list[Post]:
        """The messages of a Telegram chat, oldest first."""
        with self.telegram.chats.lock:
            return list(self.telegram.chats.chats[chat_id].posts.values())

    def notes(self, citizen: Citizen) -> list[Note]:
        """The messages of a WhatsApp conversation, oldest first."""
        return self.twilio.messages.of(citizen)

    def group(self, restricted: bool = False) -> Chat:
        """The moderators' group, or the restricted one."""
        chat = self.accounts.restricted_chat if restricted else self.accounts.moderators_chat
        return self.telegram.chats.chats[chat]

    def seen(self, fact: Callable[[], bool], seconds: float = 10.0) -> bool:
        """Wait until `fact` holds; False when it does not in time."""
        until = time.monotonic() + seconds
        while not fact():
            left = until - time.monotonic()
            if left <= 0:
                return False
            with self._news:
                self._news.wait(min(LOOK_AGAIN_SECONDS, left))
        return True

    def version(self) -> int:
        """A number that rises with every change."""
        return self.telegram.chats.version + self.twilio.messages.version

    def stop(self) -> None:
        """Deliver nothing any more."""
        self.telegram.delivery.stop()
        self.twilio.delivery.stop()
        self._tell()

    def _furnish(self) -> None:
        for moderator in people.MODERATORS:
            self.telegram.chats.people[moderator.id] = moderator
        self.telegram.chats.group(self.accounts.moderators_chat, "Moderation desk")
        self.telegram.chats.group(self.accounts.restricted_chat, "Restricted desk")

    def _tell(self) -> None:
        with self._news:
            self._news.notify_all()
