"""What `iblagh doctor` says of Telegram and Twilio: where they call us, and what we may do there. It only asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot import templates
from bot.channel import SendFailed
from bot.doctor_machine import telegram_clock
from bot.finding import Finding
from bot.house import House
from bot.moderators import configured
from bot.telegram import ALLOWED_UPDATES, Telegram
from bot.whatsapp import WhatsApp
from bot.whatsapp_sender import Sender, webhook
from storage import db, groups
from storage.embedded import NoDatabase

LATELY = timedelta(hours=1)  # Telegram tells its last error for ever
MANY = 100  # updates that wait: more means that we are put off, or away
INSIDE = ("creator", "administrator", "member")
ABOUT = {"moderators": "moderators' group", "restricted": "restricted group"}


def of_telegram(house: House) -> Iterator[Finding]:
    """The bot, its webhook, its groups, and the clock."""
    telegram = house.telegram
    if not telegram:
        return
    if house.settings.telegram_moderators_chat_id is None:
        yield Finding(False, ABOUT["moderators"], "TELEGRAM_MODERATORS_CHAT_ID is missing: no card can be shown")
    reached = _asked("Telegram", lambda: Finding(True, "Telegram", f"the bot is @{telegram.me()['username']}"))
    yield reached
    if not reached.well:
        return
    yield _asked("webhook", lambda: _webhook(house, telegram.webhook_info()))
    for name, chat in _chats(house).items():
        yield _asked(ABOUT[name], partial(_group, telegram, ABOUT[name], chat))
    yield telegram_clock(house)


def of_twilio(house: House) -> Iterator[Finding]:
    """The sender, where Twilio calls us for it, and the templates that are configured."""
    whatsapp = house.whatsapp
    if not whatsapp:
        return
    try:
        sender = whatsapp.sender()
    except SendFailed as failed:
        yield Finding(False, "WhatsApp", f"Twilio does not tell of the sender ({failed.code})")
        return
    except Exception as odd:  # noqa: BLE001 - whatever a provider answers, the rest is looked at
        yield _unreadable("WhatsApp", odd)
        return
    yield from _sender(house, sender)
    if house.settings.twilio_templates:
        yield _asked("WhatsApp templates", partial(_templates, house.settings.twilio_templates, whatsapp))


def _asked(about: str, look: Callable[[], Finding]) -> Finding:
    """What was found, or that the provider would not say."""
    try:
        return look()
    except SendFailed as failed:
        return Finding(False, about, f"the provider does not tell ({failed.code})")
    except Exception as odd:  # noqa: BLE001 - whatever a provider answers, the rest is looked at
        return _unreadable(about, odd)


def _unreadable(about: str, odd: Exception) -> Finding:
    return Finding(False, about, f"the provider's answer cannot be read ({type(odd).__name__})")


def _webhook(house: House, info: Mapping[str, Any]) -> Finding:
    """Words of Telegram's about its last error name our address and a status, nothing of a citizen."""
    wanted = f"{house.settings.public_url}/telegram" if house.settings.public_url else ""
    if not info.get("url"):
        return Finding(not wanted, "webhook", "none is set: `iblagh webhooks set`, or `iblagh poll`")
    if info["url"] != wanted:
        return Finding(False, "webhook", "is set to another address than PUBLIC_URL/telegram")
    pending, error = int(info.get("pending_update_count", 0)), info.get("last_error_message")
    lately = bool(error) and _moment(info.get("last_error_date")) > datetime.now(UTC) - LATELY
    said = [f"{pending} updates wait"]
    said += [f"last error{'' if lately else ', more than an hour ago'}: {error}"] if error else []
    odd = set(ALLOWED_UPDATES) != set(info.get("allowed_updates") or ALLOWED_UPDATES)
    said += ["it brings other kinds of updates than we read"] if odd else []
    return Finding(not lately and not odd and pending <= MANY, "webhook", "; ".join(said))


def _moment(said: Any) -> datetime:
    """Telegram's seconds; now where it does not say."""
    return datetime.fromtimestamp(int(said), UTC) if said else datetime.now(UTC)


def _chats(house: House) -> dict[str, str]:
    """Our groups by the ids in force: one that became a supergroup has moved. As configured where no database tells."""
    chats = configured(house)
    try:
        with db.begin(house.engine) as tx:
            there = {name: groups.find(tx, name) for name in chats}
    except (NoDatabase, db.Away, db.Busy, db.Rejected):
        return chats
    return {name: found.chat if (found := there[name]) else chat for name, chat in chats.items()}


def _group(telegram: Telegram, about: str, id: str) -> Finding:
    """The bot must be inside, and allowed to write; nobody else may look in. Its own messages it edits without a right."""
    chat, me = telegram.seen_in(id)
    status = str(me.get("status"))
    said = [] if chat.get("type") in ("group", "supergroup") else [f"is no group but a {chat.get('type')}"]
    said += ["is public: anybody may read the cards"] if chat.get("username") else []
    if status not in INSIDE and not (status == "restricted" and me.get("is_member")):
        said.append(f"the bot is not in it ({status})")
    elif not _may_write(status, chat, me):
        said.append("the bot may not write there")
    return Finding(not said, about, "; ".join(said) or f"the bot is in it ({status}) and may write")


def _may_write(status: str, chat: Mapping[str, Any], me: Mapping[str, Any]) -> bool:
    """Whom a group's own permissions silence is heard as an administrator."""
    if status in ("creator", "administrator"):
        return True
    theirs = me if status == "restricted" else chat.get("permissions") or {}
    return bool(theirs.get("can_send_messages", True))


def _sender(house: House, sender: Sender | None) -> Iterator[Finding]:
    if sender is None:
        yield Finding(True, "WhatsApp", "no sender of the account's, so its webhook cannot be seen: the sandbox?")
        return
    yield Finding(sender.status.startswith("ONLINE"), "WhatsApp", f"the sender is {sender.status}")
    wanted = webhook(house.settings.public_url)
    wrong = [name for name in ("callback_url", "fallback_url") if sender.webhook.get(name, "") != wanted[name]]
    there = sender.webhook.get("callback_url", "").partition("#")[0] == wanted["fallback_url"]
    words = (
        "it calls our address, but with other tries or another fallback" if there else "it does not call our address"
    )
    yield Finding(not wrong, "WhatsApp webhook", words if wrong else "Twilio calls our address")


def _templates(given: Mapping[str, str], whatsapp: WhatsApp) -> Finding:
    """A notice that WhatsApp has not approved yet waits for the citizen's next message: that is no fault."""
    there = templates.there(whatsapp)
    gone = [name for name, sid in given.items() if there.get(name) != sid]
    lacking = [name for name in templates.NAMES if name not in given]
    pending = [name for name in templates.NOTICES if name in given and whatsapp.approval(given[name]) != "approved"]
    said = [f"not at Twilio, or another: {', '.join(gone)}"] if gone else []
    said += [f"not in TWILIO_TEMPLATES: {', '.join(lacking)}"] if lacking else []
    said += [f"not approved by WhatsApp: {', '.join(pending)}"] if pending else []
    return Finding(not gone and not lacking, "WhatsApp templates", "; ".join(said) or "all are there")
