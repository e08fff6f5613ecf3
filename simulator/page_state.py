"""What the chat page shows, as JSON: each phone's conversation in the fewest fields that draw it."""

from __future__ import annotations

from typing import Any

from simulator import people
from simulator.standins import Standins
from simulator.telegram_chats import Chat, Post
from simulator.twilio_messages import Citizen, Note

Json = dict[str, Any]
SHOWN = 300  # messages of one conversation that the page draws


def telegram_state(standins: Standins, person_id: int) -> Json:
    """The Telegram phone of one person; without anybody known only the list of people."""
    chats = standins.telegram.chats
    with chats.lock:
        staff = {one.id for one in people.STAFF}
        owners = [p for p in chats.people.values() if p.id not in staff]
        shown: Json = {"people": [{"id": str(p.id), "name": p.name, "language": p.language} for p in owners]}
        person, chat = chats.people.get(person_id), chats.chats.get(person_id)
        if person is None or chat is None:
            return shown
        keyboard = chat.keyboard or {}
        return shown | {
            "person": {"id": str(person.id), "name": person.name, "language": person.language, "phone": person.phone},
            "started": bool(chat.posts),
            "blocked": person.blocked,
            "keyboard": [[_key(button) for button in row] for row in keyboard.get("keyboard", [])],
            "placeholder": keyboard.get("input_field_placeholder", ""),
            "bot": standins.telegram.chats.bot["first_name"],
            "about": _setting(standins, "Description", person.language) or "",
            "commands": _setting(standins, "Commands", person.language) or [],
            "messages": _posts(chat),
        }


def group_state(standins: Standins) -> Json:
    """Both groups of the moderators, and what the bot told each presser."""
    chats, accounts = standins.telegram.chats, standins.accounts
    with chats.lock:
        answers = [{"id": p.id, "text": p.answer, "alert": p.alert} for p in list(chats.presses.values())[-20:]]
        groups = [
            {"id": str(chat_id), "title": chats.chats[chat_id].title, "messages": _posts(chats.chats[chat_id])}
            for chat_id in (accounts.moderators_chat, accounts.restricted_chat)
        ]
        staff = [{"id": str(one.id), "name": one.name, "role": one.role} for one in people.STAFF]
        return {"groups": groups, "answers": answers, "people": staff}


def whatsapp_state(standins: Standins, phone: str) -> Json:
    """The WhatsApp phone of one person."""
    messages = standins.twilio.messages
    with messages.lock:
        listed = [_citizen(c) for c in messages.citizens]
        citizen = next((c for c in messages.citizens if c.phone == f"+{phone}"), None)
        if citizen is None:
            return {"people": listed}
        found = [_note(note) for note in messages.of(citizen)[-SHOWN:]]
        window = "open" if standins.clock.now() - citizen.wrote_at <= 24 * 3600 else "closed"
        return {
            "people": listed,
            "person": _citizen(citizen),
            "blocked": citizen.blocked,
            "name": standins.telegram.chats.bot["first_name"],
            "number": messages.number,
            "window": window,
            "messages": found,
        }


def _citizen(citizen: Citizen) -> Json:
    about = {"name": citizen.name, "phone": citizen.phone, "shows": citizen.shows}
    return about | {"id": citizen.phone.removeprefix("+"), "country": citizen.bsuid[:2]}


def _key(button: Json | str) -> Json:
    shown = {"text": button} if isinstance(button, str) else button
    asks = next((wish for wish in ("contact", "location") if shown.get(f"request_{wish}")), "")
    return {"text": shown["text"], "asks": asks, "style": shown.get("style", "")}


def _setting(standins: Standins, what: str, language: str) -> Any:
    """What the bot says of itself, in the client's language or else in none."""
    settings = standins.telegram.chats.settings
    scopes = ("all_private_chats", "default")
    wanted = [(what, scope, tongue) for tongue in (language[:2], "") for scope in scopes]
    return next((settings[key] for key in wanted if settings.get(key)), None)


def _posts(chat: Chat) -> list[Json]:
    return [_post(post) for post in list(chat.posts.values())[-SHOWN:]]


def _post(post: Post) -> Json:
    message = post.message
    shown: Json = {
        "id": str(message["message_id"]),
        "change": post.change,
        "bot": post.mine,
        "from": message["from"]["first_name"],
        "by": str(message["from"]["id"]),
        "text": message.get("text", message.get("caption", "")),
        "entities": message.get("entities", message.get("caption_entities", [])),
        "at": message["date"],
        "edited": "edit_date" in message,
        "protected": post.protected,
        "buttons": message.get("reply_markup", {}).get("inline_keyboard", []),
    }
    kinds = ("photo", "voice", "sticker", "document", "contact", "location")
    shown["kind"] = next((kind for kind in kinds if kind in message), "text")
    if shown["kind"] in ("contact", "document"):
        shown["content"] = message[shown["kind"]]
    if "forward_origin" in message:
        shown["forward"] = message["forward_origin"]["chat"]["title"]
    return shown


def _note(note: Note) -> Json:
    mime = note.media[0].mime if note.media else ""
    kinds = {"image/jpeg": "photo", "image/webp": "sticker", "audio/ogg": "voice", "text/vcard": "contact"}
    kind = "location" if note.said.get("location") else kinds.get(mime, "document" if mime else "text")
    return {
        "id": note.sid,
        "change": note.change,
        "bot": note.direction != "inbound",
        "text": note.said.get("title", note.body),
        "at": int(note.at),
        "status": note.status,
        "kind": kind,
        "content": note.said.get("contact", {"file_name": "letter.pdf"}),
        "forward": bool(note.said.get("forwarded")),
        "buttons": note.said.get("buttons", []),
        "list": note.said.get("list"),
    }
