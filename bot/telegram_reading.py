"""
What a Telegram update says, in no channel's words.

Every value that leaves here has the type that it claims: what a request brought in another shape raises, and the caller
calls it unreadable. The order in `_files` and the sources of links are facts of the Bot API (platform.md A6, A7).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from bot.channel import Alias, Blocked, Event, Inbound, Moved, Press, Stranger
from bot.telegram_asking import asked
from bot.telegram_links import links
from bot.telegram_rich import rich_words
from bot.telegram_values import Part, degrees, part, parts, text_of, whole, whole_part
from conversations import model

NAME = "telegram"

READ = ("callback_query", "my_chat_member", "message", "edited_message", "channel_post", "edited_channel_post")
PRIVATE, SUPERGROUP = "private", "supergroup"
GROUPS = ("group", SUPERGROUP, "channel")
BANNED, PRESENT = "kicked", ("member", "administrator", "restricted")
FILES = ("animation", "live_photo", "audio", "document", "sticker", "video", "video_note", "voice")
OTHERS = ("dice", "game", "poll", "invoice", "paid_media", "story", "passport_data", "giveaway", "checklist")
_SERVICE = """
    boost_added business_connection_id channel_chat_created chat_background_set chat_owner_changed chat_owner_left
    chat_shared checklist_tasks_added checklist_tasks_done connected_website delete_chat_photo
    direct_message_price_changed effect_id forum_topic_closed forum_topic_created forum_topic_edited
    forum_topic_reopened general_forum_topic_hidden general_forum_topic_unhidden gift gift_upgrade_sent
    giveaway_completed giveaway_created giveaway_winners group_chat_created left_chat_member managed_bot_created
    message_auto_delete_timer_changed migrate_to_chat_id new_chat_members new_chat_photo new_chat_title
    paid_message_price_changed pinned_message poll_option_added poll_option_deleted proximity_alert_triggered
    refunded_payment reply_to_story sender_boost_count sender_business_bot suggested_post_approval_failed
    suggested_post_approved suggested_post_declined suggested_post_info suggested_post_paid suggested_post_refunded
    supergroup_chat_created unique_gift users_shared video_chat_ended video_chat_participants_invited
    video_chat_scheduled video_chat_started web_app_data write_access_allowed
"""
SERVICE = frozenset(_SERVICE.split())
PLAIN = frozenset({"message_id", "from", "chat", "date", "edit_date", "text"})  # all that most messages hold
COMMAND = re.compile(r"(/\w{1,32})@\w{1,64}(?=\s|\Z)", re.ASCII)


def event(update: object, ours: Collection[str]) -> Event | None:
    """What this update, as JSON, means to us; None for what needs no answer. `ours` are the configured groups."""
    update = whole_part(update)
    delivery = str(whole(update["update_id"]))
    name = next((name for name in READ if update.get(name) is not None), "")
    if not name:
        return None
    what = whole_part(update[name])
    if name == "callback_query":
        return _press(what, delivery, ours)
    if name == "my_chat_member":
        return _membership(what, delivery, ours)
    kind = _chat(what)["type"]
    if kind in GROUPS:
        return _in_group(what, delivery, ours)
    if kind == PRIVATE and not name.endswith("channel_post"):
        return _in_private(what, delivery, edited=name == "edited_message")
    return None


def _chat(holder: Part) -> Part:
    return whole_part(holder["chat"])


def _press(query: Part, delivery: str, ours: Collection[str]) -> Event | None:
    """A press outside our groups carries no key, so that nothing but an acknowledgement can come of it."""
    message = part(query, "message")
    chat = _chat(message) if message is not None else None
    group = str(whole(chat["id"])) if chat is not None else ""
    known = group in ours
    if chat is not None and chat["type"] in GROUPS and not known:
        return Stranger(NAME, delivery, group)
    subject, _, key = text_of(query.get("data")).rpartition(":") if known else ("", "", "")
    who = whole_part(query["from"])
    presser, language = str(whole(who["id"])), text_of(who.get("language_code"))
    return Press(NAME, delivery, text_of(query["id"]), presser, group, key, subject, language)


def _membership(change: Part, delivery: str, ours: Collection[str]) -> Event | None:
    status, chat = whole_part(change["new_chat_member"])["status"], _chat(change)
    if chat["type"] == PRIVATE:
        return Blocked(NAME, delivery, _aliases(whole_part(change["from"]))) if status == BANNED else None
    group = str(whole(chat["id"]))
    if status not in PRESENT or group in ours:
        return None
    if chat["type"] == SUPERGROUP and any(_basic(group) for group in ours):
        return None  # it may be our own group that has just become one: its first message will tell
    return Stranger(NAME, delivery, group)


def _in_group(message: Part, delivery: str, ours: Collection[str]) -> Event | None:
    """
    The old chat and the new one both tell of a move, in either order: either tells the same.

    Of what is said in ours only commands are read: people there speak to each other.
    """
    here, to, origin = (
        str(whole(_chat(message)["id"])),
        message.get("migrate_to_chat_id"),
        message.get("migrate_from_chat_id"),
    )
    if to is not None:
        new = str(whole(to))
        return Moved(NAME, delivery, here, new) if here in ours else Stranger(NAME, delivery, new)
    if origin is not None and str(whole(origin)) in ours:
        return Moved(NAME, delivery, str(origin), here)
    return asked(message, NAME, delivery, here) if here in ours else Stranger(NAME, delivery, here)


def _in_private(message: Part, delivery: str, *, edited: bool) -> Inbound | None:
    sender = whole_part(message["from"])
    if sender["is_bot"] or (
        edited and message.get("location") is not None
    ):  # a live location edits itself every few seconds
        return None
    said = _message(message, sender, edited=edited)
    if said is None:
        return None
    return Inbound(NAME, delivery, _aliases(sender), str(whole(_chat(message)["id"])), said)


def _message(message: Part, sender: Part, *, edited: bool) -> model.Message | None:
    """None for a service message. What we cannot read becomes a medium without a handle, to be declined politely."""
    text = COMMAND.sub(r"\1", text_of(message.get("text")), count=1)
    if text and message.keys() <= PLAIN:
        return _written(message, sender, text, edited=edited)
    rich = rich_words(message.get("rich_message"))
    text = text or text_of(message.get("caption")) or rich.text
    found, contact, place, media = (
        links(message, rich.links),
        _contact(part(message, "contact"), sender),
        _place(message),
        _media(message),
    )
    if not (text or found or contact or place or media):
        if any(_is_there(message.get(name)) for name in SERVICE):
            return None
        media = (model.Media("unknown", ""),)
    return replace(
        _written(message, sender, text, edited=edited),
        links=found,
        contact=contact,
        place=place,
        media=media,
        album=text_of(message.get("media_group_id")),
        forwarded=message.get("forward_origin") is not None,
    )


def _written(message: Part, sender: Part, text: str, *, edited: bool) -> model.Message:
    number, language = str(whole(message["message_id"])), text_of(sender.get("language_code"))
    return model.Message(text=text, number=number, edited=edited, language=language)


def _is_there(value: object) -> bool:
    """Some service messages are an empty object."""
    return bool(value) or isinstance(value, dict)


def _media(message: Part) -> tuple[model.Media, ...]:
    """An animation also comes as a document and a live photo as a photo, for older readers: the first kind counts."""
    for kind in FILES:
        if (file := part(message, kind)) is not None:
            return (_medium(kind, file),)
    if photos := parts(message, "photo"):
        return (_medium("photo", max(photos, key=_area)),)
    return tuple(model.Media(kind, "") for kind in OTHERS if message.get(kind) is not None)[:1]


def _medium(kind: str, file: Part) -> model.Media:
    size = whole(file.get("file_size") or 0)
    return model.Media(kind, text_of(file["file_id"]), max(size, 0), text_of(file.get("mime_type")))


def _area(photo: Part) -> int:
    return whole(photo["width"]) * whole(photo["height"])


def _contact(shared: Part | None, sender: Part) -> model.Contact | None:
    if shared is None:
        return None
    name = f"{text_of(shared.get('first_name'))} {text_of(shared.get('last_name'))}".strip()
    return model.Contact(text_of(shared["phone_number"]), name, shared.get("user_id") == sender["id"])


def _place(message: Part) -> model.Place | None:
    venue = part(message, "venue")
    where = part(message if venue is None else venue, "location")
    return model.Place(degrees(where["latitude"]), degrees(where["longitude"])) if where is not None else None


def _aliases(person: Part) -> tuple[Alias, ...]:
    return (Alias("id", str(whole(person["id"]))),)


def _basic(group: str) -> bool:
    """A group that may still become a supergroup."""
    return group.startswith("-") and not group.startswith("-100")
