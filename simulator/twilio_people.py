"""What people do in the stand-in's WhatsApp; each deed becomes the form that Twilio would post."""

from __future__ import annotations

import json

from simulator import media
from simulator.twilio_delivery import Delivery
from simulator.twilio_messages import Citizen, Json, Media, Messages, Note, sid

LONGEST_BODY = 1600  # Twilio's Body; a client that wrote more sees it arrive cut
RABAT = ("34.020882", "-6.84165")
API = "https://api.twilio.com"  # the address in MediaUrl; whoever maps that host to a stand-in reaches this one


class Deeds:
    """Everything a person can do: write, press, share, forward, block."""

    def __init__(self, messages: Messages, delivery: Delivery) -> None:
        self.messages, self.delivery = messages, delivery

    def say(self, citizen: Citizen, text: str) -> Note:
        """Write text."""
        return self._send(citizen, text[:LONGEST_BODY], {"MessageType": "text"})

    def photo(self, citizen: Citizen, caption: str = "") -> Note:
        """Send a photo."""
        return self._send(citizen, caption, {"MessageType": "image"}, [self._file("image/jpeg", media.photo())])

    def album(self, citizen: Citizen, caption: str = "") -> list[Note]:
        """Send three photos: WhatsApp sends each as a message of its own."""
        return [self.photo(citizen, words) for words in (caption, "", "")]

    def document(self, citizen: Citizen, caption: str = "") -> Note:
        """Send a PDF."""
        return self._send(
            citizen, caption, {"MessageType": "document"}, [self._file("application/pdf", media.document())]
        )

    def voice(self, citizen: Citizen) -> Note:
        """Send a voice note."""
        return self._send(citizen, "", {"MessageType": "audio"}, [self._file("audio/ogg", media.voice())])

    def sticker(self, citizen: Citizen) -> Note:
        """Send a sticker."""
        return self._send(citizen, "", {"MessageType": "sticker"}, [self._file("image/webp", media.picture())])

    def contact(self, citizen: Citizen) -> Note:
        """Share one's own contact card, which Twilio brings as a file."""
        card = self._file("text/vcard", media.card(citizen.name, citizen.phone))
        said = {"contact": {"first_name": citizen.name, "phone_number": citizen.phone}}
        return self._send(citizen, "", {"MessageType": "contacts"}, [card], said)

    def location(self, citizen: Citizen) -> Note:
        """Share a place."""
        place = {
            "Latitude": RABAT[0],
            "Longitude": RABAT[1],
            "Address": "Rabat",
            "Label": "",
            "MessageType": "location",
        }
        return self._send(citizen, "", place, said={"location": True})

    def forward(self, citizen: Citizen) -> Note:
        """Forward a message that many have forwarded."""
        text = "Double your money in a week! Details: https://offers.example/double"
        marks = {"Forwarded": "true", "FrequentlyForwarded": "true", "MessageType": "text"}
        return self._send(citizen, text, marks, said={"forwarded": True})

    def press(self, citizen: Citizen, title: str, payload: str) -> Note:
        """Press a quick-reply button."""
        pressed = {"ButtonText": title, "ButtonPayload": payload, "ButtonType": "REPLY", "MessageType": "button"}
        return self._send(citizen, title, pressed)

    def pick(self, citizen: Citizen, title: str, row: str) -> Note:
        """Pick a row of a list; Body then holds the row's id."""
        return self._send(
            citizen, row, {"ListId": row, "ListTitle": title, "MessageType": "interactive"}, said={"title": title}
        )

    def block(self, citizen: Citizen, blocked: bool) -> None:
        """Block the number, or take that back. Twilio tells the business nothing of it."""
        citizen.blocked = blocked
        self.messages.changed()

    def _file(self, mime: str, content: bytes) -> Media:
        return Media(sid("ME"), mime, content, self.messages.clock.now())

    def _send(
        self,
        citizen: Citizen,
        body: str,
        more: dict[str, str],
        files: list[Media] | None = None,
        said: Json | None = None,
    ) -> Note:
        now, ours, known = self.messages.clock.now(), f"whatsapp:{self.messages.number}", files or []
        note = Note(
            sid("MM" if known else "SM"), "inbound", citizen.address, ours, body, "received", now, known, said or {}
        )
        citizen.wrote_at, citizen.blocked = now, False
        self.messages.keep(note)
        self.delivery.put(note, form(self.messages.account, citizen, note) | more)
        return note


def form(account: str, citizen: Citizen, note: Note) -> dict[str, str]:
    """The fields that Twilio posts for every inbound message."""
    fields = {
        "MessageSid": note.sid,
        "SmsSid": note.sid,
        "SmsMessageSid": note.sid,
        "AccountSid": account,
        "From": note.sender,
        "To": note.to,
        "Body": note.body,
        "NumSegments": "1",
        "NumMedia": str(len(note.media)),
        "ReferralNumMedia": "0",
        "ProfileName": citizen.name,
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": {"ProfileName": citizen.name}}}),
    }
    fields |= {"WaId": citizen.phone.removeprefix("+")} if citizen.shows != "bsuid" else {}
    fields |= {"ExternalUserId": f"whatsapp:{citizen.bsuid}"} if citizen.shows != "phone" else {}
    for number, file in enumerate(note.media):
        fields[f"MediaUrl{number}"] = f"{API}/2010-04-01/Accounts/{account}/Messages/{note.sid}/Media/{file.sid}"
        fields[f"MediaContentType{number}"] = file.mime
    return fields
