"""
WhatsApp's dialect as Twilio speaks it: check, read, reply, send; and what was missed, and forgetting at Twilio.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.channel import Arrival, Forged, Inbound, SendFailed, Unreadable, Words
from bot.exchange import XML, Delivered, Reply, first
from bot.whatsapp_client import asking, quiet, rest
from bot.whatsapp_content import approval, ask_approval, create_content
from bot.whatsapp_layout import messages, twiml
from bot.whatsapp_log import Logged, logged, since_then
from bot.whatsapp_media import Medium, medium
from bot.whatsapp_reading import NAME, PREFIX, arrival, inbound
from bot.whatsapp_sender import AGAIN, Sender, find, set_webhook, webhook
from bot.whatsapp_signature import Signatures

PROOF = "X-Twilio-Signature"
MEDIA_HOST = "https://api.twilio.com"
ANSWER = "answer"  # what a status callback's address carries
NOT_LEFT = frozenset({"failed", "undelivered", "canceled"})

log = logging.getLogger(__name__)
Result = TypeVar("Result")


class WhatsApp:
    """
    One WhatsApp sender of one Twilio account.

    The first of `auth_tokens` signs our requests; a webhook may be signed with any, so that a token can be rotated.
    """

    name, keeps_files = NAME, True

    def __init__(
        self,
        account_sid: str,
        auth_tokens: Sequence[str],
        sender: str,
        public_url: str,
        *,
        api_base: str = "",
        timeout: float = 10.0,
    ) -> None:
        if isinstance(auth_tokens, str) or not auth_tokens or not all(auth_tokens):
            raise ValueError("at least one auth token, and none of them empty")
        if not sender.startswith(PREFIX):
            raise ValueError(f"the sender begins with {PREFIX}")
        self._account, self._token, self._sender = account_sid, auth_tokens[0], sender
        self._public, self._base, self._timeout = public_url.rstrip("/"), api_base, timeout
        self._signatures = Signatures(auth_tokens)
        self._held = threading.local()
        quiet()

    def check(self, delivered: Delivered) -> None:
        """The address is the one Twilio was given: behind a proxy the request itself shows another (platform.md C3)."""
        signature = delivered.header(PROOF)
        if signature is None or not self._signatures.holds(self._public + delivered.path, delivered.form, signature):
            raise Forged(self.name)

    def read(self, delivered: Delivered) -> Inbound | Arrival | None:
        form = first(delivered.form)
        if form.get("AccountSid") != self._account:  # also what came as JSON: it has no form
            raise Unreadable("account")
        try:
            return inbound(form) or arrival(form, delivered.asked(ANSWER))
        except ValueError:
            raise Unreadable("form") from None

    def reply(self, event: Inbound, words: Words) -> Reply:
        return _riding(twiml(*messages(words)))

    def say(self, text: str) -> Reply:
        """One sentence of our own, for when there is nothing else to say: overload, or a fault of ours."""
        return _riding(twiml(text))

    def nothing(self) -> Reply:
        """Taken, and nothing to answer. An empty body would count as an error at Twilio."""
        return _riding(twiml())

    def send(self, address: str, words: Words) -> str:
        return [self._send(address, body=text) for text in messages(words)][-1]

    def send_told(self, address: str, words: Words, name: str) -> str:
        """As `send`, for one text; what becomes of it comes back as an `Arrival` with that name."""
        (text,) = messages(words)
        return self._send(address, body=text, status_callback=self._told_at(name))

    def send_content(self, address: str, content: str, variables: Mapping[str, str], answer: str) -> str:
        """Fill a content template and send it; what becomes of it comes back as an `Arrival` with the answer's name."""
        filled = json.dumps(variables, ensure_ascii=False)
        told_at = self._told_at(answer)
        return self._send(address, content_sid=content, content_variables=filled, status_callback=told_at)

    def _told_at(self, name: str) -> str:
        return f"{self._public}/whatsapp?{ANSWER}={name}{AGAIN}"

    def _send(self, address: str, **what: str) -> str:
        sent = self._call(lambda client: client.messages.create(from_=self._sender, to=address, **what))
        return str(sent.sid)

    def has_sent(self, address: str, texts: Collection[str], since: datetime) -> bool:
        """
        Whether a message with one of these texts left for the address since then: Twilio has no key to know a second one.
        """
        listed = self._call(
            lambda client: client.messages.list(
                from_=self._sender, to=address, date_sent_after=since.astimezone(UTC).replace(microsecond=0)
            )
        )
        return any(row.status not in NOT_LEFT and (row.body or "").strip() in texts for row in listed)

    def sender(self) -> Sender | None:
        """What Twilio knows of our sender; None where the account has no such one, as in the sandbox."""
        return self._call(lambda client: find(client, self._sender))

    def set_webhook(self) -> Sender:
        """Have Twilio call us at our public address. Raises `SendFailed("no-sender")` where its console is needed."""
        return self._call(lambda client: set_webhook(client, self._sender, webhook(self._public)))

    def contents(self) -> dict[str, str]:
        """The content templates of the account: friendly name to ContentSid, the oldest of each name."""
        listed = self._call(lambda client: client.content.v1.contents.list())
        newest_first = sorted(listed, key=lambda row: (row.date_created is not None, row.date_created), reverse=True)
        return {row.friendly_name: str(row.sid) for row in newest_first if row.friendly_name}

    def create_content(
        self, friendly: str, types: Mapping[str, Any], variables: Mapping[str, str], language: str = "en"
    ) -> str:
        """Make a content template; its ContentSid. `types` has slash names."""
        return self._call(lambda client: create_content(client, friendly, types, variables, language))

    def approval(self, content: str) -> str:
        """How far WhatsApp's approval of a template is: "unsubmitted", "received", "pending", "approved", "rejected" …"""
        return self._call(lambda client: approval(client, content))

    def ask_approval(self, content: str, name: str) -> None:
        """Have WhatsApp look at a template, as one that serves and does not advertise."""
        self._call(lambda client: ask_approval(client, content, name))

    def messages_since(
        self, when: datetime, known: Callable[[list[str]], Collection[str]] | None = None
    ) -> list[Inbound]:
        """
        What citizens sent since then, oldest first, as Twilio's list has it: what its webhook could not bring us.

        Of those that are `known` by their ids the files are not asked for. A press comes as the words of its button: the
        list does not have its key.
        """
        since = when.astimezone(UTC)
        rows = self._call(lambda client: since_then(client, since, to=self._sender))
        missed = sorted((row for row in rows if row.direction == "inbound"), key=_sent)
        heard = set(known([str(row.sid or "") for row in missed]) if known else ())
        return [message for row in missed if (message := self._listed(row, row.sid in heard)) is not None]

    def logged(
        self, before: datetime, most: int, wanted: Callable[[Logged], bool], *, heard: bool, address: str = ""
    ) -> list[Logged]:
        """Of what our sender heard or said before a moment, from or to one address or any, what is wanted."""
        theirs, ours = ("from_", "to") if heard else ("to", "from_")
        whose = {ours: self._sender} | ({theirs: address} if address else {})
        return self._call(lambda client: logged(client, before, most, wanted, **whose))

    def delete_message(self, sid: str) -> None:
        """Delete a message and its media at Twilio; one that is not there counts as deleted."""
        self._delete(lambda client: client.messages(sid))

    def download(self, handle: str, most_bytes: int) -> Iterator[bytes]:
        """Twilio answers with a redirect to another host, which must not see our token (platform.md C9)."""
        from bot.downloads import download

        address = medium(handle, self._account, self._base).address(self._base)
        yield from download(address, most_bytes, (self._account, self._token), timeout=self._timeout)

    def discard(self, address: str, handle: str, number: str) -> None:
        if not handle:
            if number:
                self.delete_message(number)
            return
        file = medium(handle, self._account, self._base)
        self._delete(lambda client: client.messages(file.message).media(file.media))
        if not self._others(file):
            self.delete_message(file.message)

    def _others(self, file: Medium) -> list[str]:
        """The files that the message still has, by Twilio's list, which may yet show the one just deleted."""
        try:
            held = self._call(lambda client: client.messages(file.message).media.list())
        except SendFailed as failed:
            if failed.code != "gone":
                raise
            return []
        return [row.sid for row in held if row.sid != file.media]

    def _delete(self, what: Callable[[Any], Any]) -> None:
        try:
            self._call(lambda client: what(client).delete())
        except SendFailed as failed:
            if failed.code != "gone":
                raise

    def _listed(self, row: Any, known: bool) -> Inbound | None:
        form = {"MessageSid": row.sid or "", "From": row.from_ or "", "Body": row.body or ""}
        if not known and str(row.num_media or "0") != "0":
            held = self._call(lambda client: client.messages(row.sid).media.list())
            for number, media in enumerate(held):
                form[f"MediaUrl{number}"] = MEDIA_HOST + (media.uri or "").removesuffix(".json")
                form[f"MediaContentType{number}"] = media.content_type or ""
        try:
            found = inbound(form)
            return found and replace(found, sent=_sent(row))
        except ValueError:
            log.warning("a message in Twilio's list cannot be read")
            return None

    def _call(self, ask: Callable[[Any], Result]) -> Result:
        if not hasattr(self._held, "client"):
            self._held.client = rest(self._account, self._token, self._base, self._timeout)
        return asking(self._held.client, ask)


def _sent(row: Any) -> datetime:
    return row.date_created or row.date_sent or datetime.min.replace(tzinfo=UTC)


def _riding(document: str) -> Reply:
    return Reply(body=document.encode(), kind=XML)
