"""
The WhatsApp sender by Twilio's Senders API: whether it is online, and where Twilio calls us for it.

The sandbox is no sender of the account, and an account may be without that API: then its console is the place.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bot.channel import SendFailed

# What is said with each address: three more tries on our faults and on broken connections, all within Twilio's 15 s.
AGAIN = "#rc=3&rp=5xx,ct,rt"


class Sender(NamedTuple):
    """What Twilio knows of a sender. Its webhook has `callback_url`, `fallback_url`, `status_callback_url` …"""

    sid: str
    status: str
    webhook: Mapping[str, str]


def webhook(public: str) -> dict[str, str]:
    """Where Twilio is to call: our door, with tries that it makes by itself, and the same without as a last one."""
    return {
        "callback_url": f"{public}/whatsapp{AGAIN}",
        "callback_method": "POST",
        "fallback_url": f"{public}/whatsapp",
        "fallback_method": "POST",
    }


def find(client: Any, sender: str) -> Sender | None:
    """The account's sender of this number, None where it has none such."""
    for row in client.messaging.v2.channels_senders.list(channel="whatsapp"):
        if row.sender_id == sender:
            held = row.webhook or {}
            return Sender(str(row.sid), str(row.status or ""), {name: said for name, said in held.items() if said})
    return None


def set_webhook(client: Any, sender: str, wanted: Mapping[str, str]) -> Sender:
    """
    Tell Twilio where to call; what it holds besides stays. Raises `SendFailed("no-sender")` where it has no such sender.

    The library's own call would send null for everything that we leave alone.
    """
    found = find(client, sender)
    if found is None:
        raise SendFailed("no-sender", retry=False)
    held = {**found.webhook, **wanted}
    headers = {"Content-Type": "application/json"}
    client.messaging.v2.update("POST", f"/Channels/Senders/{found.sid}", data={"webhook": held}, headers=headers)
    return found._replace(webhook=held)
