"""The stand-in for Twilio's REST API over HTTP, as `twilio.rest.Client` speaks to it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, redirect, request

from simulator.twilio_account import ApiError, Twilio
from simulator.twilio_content import Misfit, create
from simulator.twilio_delivery import Webhook
from simulator.twilio_messages import FINAL, Json, Media, rfc2822

Answer = Response | tuple[Any, int]
_ACCOUNT = "/2010-04-01/Accounts/<account>/Messages"


def doors(twilio: Twilio) -> Blueprint:
    """The paths are the real ones of api.twilio.com, content.twilio.com and messaging.twilio.com."""
    routes = Blueprint("twilio", __name__)

    def door(path: str, *verbs: str) -> Callable[[Callable[..., Answer]], None]:
        def add(view: Callable[..., Answer]) -> None:
            routes.add_url_rule(path, view.__name__, _answered(twilio, view), methods=list(verbs))

        return add

    _message_doors(twilio, door)
    _media_doors(twilio, door, routes)
    _content_doors(twilio, door)
    _approval_doors(twilio, door)
    _sender_doors(twilio, door)
    return routes


def _answered(twilio: Twilio, view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Check the credentials, note the call, let ordered troubles happen, and put refusals into Twilio's words."""

    @wraps(view)
    def run(**parts: str) -> Answer:
        fields = request.form.to_dict() or request.args.to_dict()
        twilio.calls.append({"method": request.method, "path": request.path, "fields": fields})
        try:
            _admit(twilio, parts.pop("account", ""))
            before = twilio.faults.strike(view.__name__)
            if before and not before.after:
                twilio.strike(before)
            answer = view(**parts)
            if before and before.after:
                twilio.strike(before)
            return answer
        except ApiError as error:
            return error.body(), error.status

    return run


def _admit(twilio: Twilio, account: str) -> None:
    given = request.authorization
    pair = f"{given.username}:{given.password}" if given and given.type == "basic" else ""
    right = hmac.compare_digest(pair.encode(), f"{twilio.messages.account}:{twilio.auth_token}".encode())
    if not right or account not in ("", twilio.messages.account):
        raise ApiError(20003, 401)


Door = Callable[..., Callable[[Callable[..., Answer]], None]]


def _message_doors(twilio: Twilio, door: Door) -> None:
    @door(f"{_ACCOUNT}.json", "POST")
    def send() -> Answer:
        with twilio.messages.lock:
            return twilio.messages.shown(twilio.send(request.form.to_dict())), 201

    @door(f"{_ACCOUNT}.json", "GET")
    def list_messages() -> Answer:
        return twilio.page(request.args), 200

    @door(f"{_ACCOUNT}/<note_sid>.json", "GET")
    def fetch(note_sid: str) -> Answer:
        return twilio.messages.shown(twilio.note(note_sid)), 200

    @door(f"{_ACCOUNT}/<note_sid>.json", "POST")
    def update(note_sid: str) -> Answer:
        note = twilio.note(note_sid)
        if set(request.form) - {"Body"} or request.form.get("Body"):
            raise ApiError(20001)
        if note.status not in FINAL:
            raise ApiError(20009, 409)
        note.body = ""
        return twilio.messages.shown(twilio.messages.keep(note)), 200

    @door(f"{_ACCOUNT}/<note_sid>.json", "DELETE")
    def delete(note_sid: str) -> Answer:
        twilio.delete(note_sid)
        return "", 204

    @door("/v2/Indicators/Typing.json", "POST")
    def typing() -> Answer:
        if request.form.get("channel") != "whatsapp" or request.form.get("messageId") not in twilio.messages.notes:
            raise ApiError(20001)
        return {"success": True}, 200


def _media_doors(twilio: Twilio, door: Door, routes: Blueprint) -> None:
    @door(f"{_ACCOUNT}/<note_sid>/Media.json", "GET")
    def list_media(note_sid: str) -> Answer:
        files = [_media(twilio, note_sid, file) for file in twilio.note(note_sid).media]
        return {"media_list": files, "page": 0, "page_size": 50, "next_page_uri": None, "uri": request.path}, 200

    @door(f"{_ACCOUNT}/<note_sid>/Media/<media_sid>.json", "GET")
    def fetch_media(note_sid: str, media_sid: str) -> Answer:
        return _media(twilio, note_sid, twilio.file(note_sid, media_sid)), 200

    @door(f"{_ACCOUNT}/<note_sid>/Media/<media_sid>.json", "DELETE")
    def delete_media(note_sid: str, media_sid: str) -> Answer:
        note, file = twilio.note(note_sid), twilio.file(note_sid, media_sid)
        note.media.remove(file)
        twilio.messages.keep(note)
        return "", 204

    @door(f"{_ACCOUNT}/<note_sid>/Media/<media_sid>", "GET")
    def download(note_sid: str, media_sid: str) -> Answer:
        ticket = twilio.file(note_sid, media_sid).ticket
        port = request.host.rpartition(":")[2]
        other = "localhost" if request.host.startswith("127.") else "127.0.0.1"  # another host, as the CDN is one
        return redirect(f"http://{other}:{port}/cdn/{ticket}", 307), 307

    @routes.get("/cdn/<ticket>")
    def cdn(ticket: str) -> Answer:
        if "Authorization" in request.headers:
            return "Only one auth mechanism allowed", 400  # credentials must not travel to another host
        files = (file for note in twilio.messages.notes.values() for file in note.media)
        found = next((file for file in files if file.ticket == ticket), None)
        return Response(found.content, mimetype=found.mime) if found else ("", 404)


def _content_doors(twilio: Twilio, door: Door) -> None:
    contents = twilio.messages.contents

    @door("/v1/Content", "POST")
    def create_content() -> Answer:
        try:
            made = create(request.get_json(silent=True), twilio.messages.account, twilio.clock.now())
        except Misfit as error:
            raise ApiError(error.code) from error
        contents[made["sid"]] = made
        return made, 201

    @door("/v1/Content", "GET")
    def list_contents() -> Answer:
        meta = {"key": "contents", "page": 0, "page_size": 50, "next_page_url": None, "url": request.url}
        return {"contents": list(contents.values()), "meta": meta}, 200

    @door("/v1/Content/<content_sid>", "GET", "DELETE")
    def one_content(content_sid: str) -> Answer:
        if content_sid not in contents:
            raise ApiError(20404, 404)
        if request.method == "DELETE":
            del contents[content_sid]
            return "", 204
        return contents[content_sid], 200


def _approval_doors(twilio: Twilio, door: Door) -> None:
    contents = twilio.messages.contents

    @door("/v1/Content/<content_sid>/ApprovalRequests", "GET")
    def approval(content_sid: str) -> Answer:
        if content_sid not in contents:
            raise ApiError(20404, 404)
        status = "approved" if contents[content_sid].get("approved") else "unsubmitted"
        return {"sid": content_sid, "whatsapp": {"type": "whatsapp", "status": status}}, 200

    @door("/v1/Content/<content_sid>/ApprovalRequests/whatsapp", "POST")
    def approve(content_sid: str) -> Answer:
        if content_sid not in contents:
            raise ApiError(20404, 404)
        asked = request.get_json(silent=True) or {}
        if "twilio/list-picker" in contents[content_sid]["types"]:
            raise ApiError(63013)
        contents[content_sid]["approved"] = True
        return {"name": asked.get("name"), "category": asked.get("category"), "status": "received"}, 201


def _sender_doors(twilio: Twilio, door: Door) -> None:
    """The Senders API: our one sender, and where its messages go."""
    sid = "XE" + "0" * 32

    def shown() -> Json:
        hook = twilio.delivery.webhook
        said = {"callback_url": hook.url, "callback_method": "POST", "fallback_url": hook.fallback}
        name = f"whatsapp:{twilio.messages.number}"
        return {"sid": sid, "status": "ONLINE", "sender_id": name, "webhook": said, "url": request.url}

    @door("/v2/Channels/Senders", "GET")
    def list_senders() -> Answer:
        meta = {"key": "senders", "page": 0, "page_size": 50, "next_page_url": None, "url": request.url}
        return {"senders": [shown()] if request.args.get("Channel") == "whatsapp" else [], "meta": meta}, 200

    @door("/v2/Channels/Senders/<sender_sid>", "POST")
    def update_sender(sender_sid: str) -> Answer:
        asked = (request.get_json(silent=True) or {}).get("webhook")
        if sender_sid != sid:
            raise ApiError(20404, 404)
        if not asked or None in asked.values():
            raise ApiError(20001)
        twilio.delivery.webhook = Webhook(asked["callback_url"], asked.get("fallback_url", ""))
        return shown(), 202


def _media(twilio: Twilio, note_sid: str, file: Media) -> Json:
    path = f"/2010-04-01/Accounts/{twilio.messages.account}/Messages/{note_sid}/Media/{file.sid}.json"
    moment = rfc2822(file.created)
    head = {"sid": file.sid, "account_sid": twilio.messages.account, "parent_sid": note_sid, "uri": path}
    return head | {"content_type": file.mime, "date_created": moment, "date_updated": moment}
