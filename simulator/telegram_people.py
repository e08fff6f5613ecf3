"""What people do in the stand-in's Telegram; each deed becomes the update that Telegram would send."""

from __future__ import annotations

import secrets
from typing import Any

from simulator import media
from simulator.telegram_api import Telegram
from simulator.telegram_chats import Chat, Json, Person, Post, Press
from simulator.telegram_checks import bad
from simulator.telegram_delivery import DAY
from simulator.telegram_methods import CALLBACK_SECONDS
from simulator.telegram_words import found_entities

LONGEST_SAID = 4096
ANONYMOUS: Json = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
RABAT = (34.020882, -6.841650)


class Deeds:
    """Everything a person can do: write, press, share, forward, edit, block."""

    def __init__(self, telegram: Telegram) -> None:
        self.telegram, self.chats = telegram, telegram.chats

    def say(self, person_id: int, text: str, chat_id: int = 0) -> Post:
        """Write text; longer than a client lets anybody write is cut into several messages by the client."""
        pieces = [text[i : i + LONGEST_SAID] for i in range(0, len(text), LONGEST_SAID)]
        return [self.send(person_id, _text(piece), chat_id) for piece in pieces][-1]

    def say_as_group(self, text: str, chat_id: int) -> Post:
        """Write as an administrator who stays anonymous: the message is the group's own, and names nobody."""
        chat = self.chats.chats[chat_id]
        post = self.chats.post(chat, ANONYMOUS, {"sender_chat": chat.shown()} | _text(text), mine=False)
        if chat.member:
            self.telegram.delivery.put("message", post.message, f"chat:{chat.id}")
        return post

    def send(self, person_id: int, content: Json, chat_id: int = 0) -> Post:
        """Send a message of any kind; `content` is what the Bot API's Message says beside its head."""
        person, chat = self._place(person_id, chat_id)
        person.started, person.blocked = True, False
        if chat.keyboard and chat.keyboard.get("one_time_keyboard"):
            chat.keyboard = None
        post = self.chats.post(chat, person.user(), content, mine=False)
        if chat.member:
            self.telegram.delivery.put("message", post.message, f"chat:{chat.id}")
        return post

    def photo(self, person_id: int, caption: str = "", album: str = "") -> Post:
        """Send a photo, as one of an album where `album` names one."""
        known = self.chats.keep_file(media.photo(), f"photos/file_{len(self.chats.files)}.jpg", "image/jpeg")
        sizes = [known | {"width": 320, "height": 200}]
        return self.send(person_id, {"photo": sizes} | _caption(caption) | ({"media_group_id": album} if album else {}))

    def album(self, person_id: int, caption: str = "") -> list[Post]:
        """Send three photos at once; the caption stands on the first."""
        album = str(10**16 + secrets.randbelow(10**16))
        return [self.photo(person_id, words, album) for words in (caption, "", "")]

    def document(self, person_id: int, caption: str = "") -> Post:
        """Send a PDF."""
        known = self.chats.keep_file(media.document(), f"documents/file_{len(self.chats.files)}.pdf", "application/pdf")
        about = {"file_name": "letter.pdf", "mime_type": "application/pdf"}
        return self.send(person_id, {"document": known | about} | _caption(caption))

    def voice(self, person_id: int) -> Post:
        """Send a voice note of four seconds."""
        known = self.chats.keep_file(media.voice(), f"voice/file_{len(self.chats.files)}.oga", "audio/ogg")
        return self.send(person_id, {"voice": known | {"duration": 4, "mime_type": "audio/ogg"}})

    def sticker(self, person_id: int) -> Post:
        """Send a sticker."""
        known = self.chats.keep_file(media.picture(), f"stickers/file_{len(self.chats.files)}.webp", "image/webp")
        about = {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
        return self.send(person_id, {"sticker": known | about})

    def contact(self, person_id: int) -> Post:
        """Share one's own phone number."""
        person = self.chats.people[person_id]
        return self.send(
            person_id,
            {"contact": {"phone_number": person.phone, "first_name": person.name, "user_id": person.id}},
        )

    def location(self, person_id: int) -> Post:
        """Share a place."""
        return self.send(person_id, {"location": {"latitude": RABAT[0], "longitude": RABAT[1]}})

    def forward(self, person_id: int) -> Post:
        """Forward a post of a public channel."""
        channel = {"id": -1001999888777, "type": "channel", "title": "Example offers", "username": "example_offers"}
        origin = {"type": "channel", "chat": channel, "message_id": 417, "date": int(self.chats.clock.now()) - 7200}
        text = "Double your money in a week! Details: https://offers.example/double"
        return self.send(person_id, {"forward_origin": origin} | _text(text))

    def edit(self, person_id: int, text: str) -> Post:
        """Edit the last message that this person wrote in the private chat."""
        person, chat = self._place(person_id, 0)
        mine = [post for post in chat.posts.values() if not post.mine and "text" in post.message]
        if not mine:
            raise bad("message to edit not found")
        kept = {name: value for name, value in mine[-1].message.items() if name not in ("text", "entities")}
        mine[-1].message = kept | {"from": person.user(), "edit_date": int(self.chats.clock.now())} | _text(text)
        self.chats.touch(mine[-1])
        self.telegram.delivery.put("edited_message", mine[-1].message, f"chat:{chat.id}")
        return mine[-1]

    def press(self, person_id: int, chat_id: int, message_id: int, data: str) -> Press:
        """Press an inline button."""
        person, chat = self._place(person_id, chat_id)
        post = chat.posts[message_id]
        press = Press(str(secrets.randbits(62)), person_id, chat_id, message_id, data, self.chats.clock.now())
        with self.chats.lock:
            self.chats.presses[press.id] = press
            self.chats.changed()
        query: Json = {"id": press.id, "from": person.user(), "message": post.message, "data": data}
        query["chat_instance"] = str(abs(chat_id) * 7)
        self.telegram.delivery.put("callback_query", query, f"user:{person_id}", CALLBACK_SECONDS)
        return press

    def block(self, person_id: int, blocked: bool) -> None:
        """Block the bot, or take that back."""
        person, chat = self._place(person_id, 0)
        if person.blocked == blocked:
            return
        person.blocked = blocked
        self.chats.changed()
        states = ["member", "kicked"] if blocked else ["kicked", "member"]
        old, new = (self._standing(state) for state in states)
        self._membership(person, chat, old, new)

    def add_to_group(self, person_id: int, chat_id: int, title: str) -> Chat:
        """Add the bot to a group that it may not know."""
        person, chat = self.chats.people[person_id], self.chats.group(chat_id, title)
        chat.member = True
        old, new = (self._standing(state) for state in ("left", "member"))
        self._membership(person, chat, old, new)
        return chat

    def _standing(self, status: str) -> Json:
        return {"user": self.chats.bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})

    def _membership(self, person: Person, chat: Chat, old: Json, new: Json) -> None:
        change = {"chat": chat.shown(), "from": person.user(), "date": int(self.chats.clock.now())}
        change |= {"old_chat_member": old, "new_chat_member": new}
        self.telegram.delivery.put("my_chat_member", change, f"member:{chat.id}", DAY)

    def _place(self, person_id: int, chat_id: int) -> tuple[Person, Chat]:
        return self.chats.people[person_id], self.chats.chats[chat_id or person_id]


def _text(text: str) -> dict[str, Any]:
    entities = found_entities(text)
    return {"text": text} | ({"entities": entities} if entities else {})


def _caption(caption: str) -> dict[str, Any]:
    entities = found_entities(caption)
    return ({"caption": caption} if caption else {}) | ({"caption_entities": entities} if entities else {})
