"""The stand-in for Telegram's Bot API over HTTP, as `telegram.Bot` speaks to it."""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from simulator.clock import Clock
from simulator.faults import Broken, Faults
from simulator.telegram_chats import Chats, Json
from simulator.telegram_checks import ApiError, Rates, arguments, bad
from simulator.telegram_delivery import MOST_CONNECTIONS, Delivery, Webhook
from simulator.telegram_methods import CALLS, Methods
from simulator.telegram_settings import SETTINGS, settle
from simulator.telegram_table import METHODS

_KINDS = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]


class Telegram:
    """One bot's Telegram: its chats, its API, and the delivery of its updates."""

    def __init__(self, token: str, clock: Clock) -> None:
        self.token, self.clock = token, clock
        self.chats = Chats(clock, int(token.partition(":")[0]))
        self.faults = Faults()
        self.calls: list[Json] = []  # every call: method, fields, error_code (0: fine), by ("request" or "webhook")
        self.delivery = Delivery(clock, self._ride_back)
        self._methods = Methods(self.chats, Rates(clock))
        self._poller = 0

    def call(self, method: str, given: Mapping[str, Any], by: str = "request") -> Any:
        """Carry out one method. Raises `ApiError`, or `Broken` where a test ordered that."""
        note: Json = {"method": method, "fields": dict(given), "error_code": 0, "by": by}
        self.calls.append(note)
        try:
            return self._call(method, given)
        except ApiError as error:
            note["error_code"] = error.code
            raise

    def _call(self, method: str, given: Mapping[str, Any]) -> Any:
        fault = self.faults.strike(method)
        if fault and not fault.after:
            _strike(fault.error, fault.retry_after)
        if method not in METHODS:
            raise ApiError(404, "Not Found: method not found")
        result = self._do(method, arguments(method, given))
        if fault:
            _strike(fault.error, fault.retry_after)
        return result

    def _do(self, method: str, given: Json) -> Any:
        if method == "getUpdates":
            return self._updates(given)
        with self.chats.lock:
            if method in CALLS:
                return CALLS[method](self._methods, given)
            if method in SETTINGS:
                return settle(self.chats, method, given)
            return {"setWebhook": self._set, "deleteWebhook": self._unset, "getWebhookInfo": self._info}[method](given)

    def _ride_back(self, method: str, given: Json) -> None:
        try:
            self.call(method, given, by="webhook")
        except (ApiError, Broken):
            return  # Telegram throws away result and error of a call that rides back

    def _set(self, given: Json) -> bool:
        secret, old = given.get("secret_token", ""), self.delivery.webhook
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad("secret token contains unallowed characters")
        if not re.match(r"https://|http://(127\.0\.0\.1|localhost|\[::1])[:/]", given["url"]):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        most = given.get("max_connections", 40)
        if not 1 <= most <= MOST_CONNECTIONS:
            raise bad("max_connections is out of range")
        if given.get("drop_pending_updates"):
            self.delivery.forget()
        allowed = given.get("allowed_updates", old.allowed)
        self.delivery.set_webhook(Webhook(given["url"], secret, most, [kind for kind in allowed if kind in _KINDS]))
        return True

    def _unset(self, given: Json) -> bool:
        if given.get("drop_pending_updates"):
            self.delivery.forget()
        self.delivery.set_webhook(Webhook(allowed=self.delivery.webhook.allowed))
        return True

    def _info(self, _given: Json) -> Json:
        hook = self.delivery.webhook
        shown: Json = {
            "url": hook.url,
            "has_custom_certificate": False,
            "pending_update_count": self.delivery.pending(),
        }
        if hook.url:
            shown |= {"max_connections": hook.most, "ip_address": "127.0.0.1"}
        if hook.allowed:
            shown["allowed_updates"] = hook.allowed
        if hook.error_at:
            shown |= {"last_error_date": int(hook.error_at), "last_error_message": hook.error}
        return shown

    def _updates(self, given: Json) -> list[Json]:
        if self.delivery.webhook.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self._poller += 1
        mine = self._poller
        self.delivery.look()
        if given.get("offset"):
            self.delivery.forget(given["offset"])
        if "allowed_updates" in given:
            self.delivery.webhook.allowed = given["allowed_updates"]
        self.delivery.wait(
            min(50, given.get("timeout", 0)), lambda: self.delivery.pending() > 0 or self._poller != mine
        )
        if self._poller != mine:
            raise ApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return self.delivery.waiting()[: max(1, min(100, given.get("limit", 100)))]


def _strike(error: int, seconds: int) -> None:
    if not error:
        raise Broken
    if error == 429:
        raise ApiError(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})
    words = {500: "Internal Server Error", 502: "Bad Gateway", 403: "Forbidden: bot was blocked by the user"}
    raise ApiError(error, words.get(error, "Bad Request: ordered by a test"))


def doors(telegram: Telegram) -> Blueprint:
    """`/bot<token>/<method>` and `/file/bot<token>/<path>`."""
    routes = Blueprint("telegram", __name__)

    @routes.route("/bot<token>/<method>", methods=["GET", "POST"])
    def call(token: str, method: str) -> Response | tuple[Json, int]:
        try:
            _admit(telegram, token)
            return {"ok": True, "result": telegram.call(method, _given())}, 200
        except ApiError as error:
            return error.body(), error.code

    @routes.get("/file/bot<token>/<path:path>")
    def file(token: str, path: str) -> Response | tuple[Json, int]:
        try:
            _admit(telegram, token)
        except ApiError as error:
            return error.body(), error.code
        stored = next((f for f in telegram.chats.files.values() if f["path"] == path), None)
        if stored is None:
            return ApiError(404, "Not Found").body(), 404
        return Response(stored["content"], mimetype="application/octet-stream")

    return routes


def _admit(telegram: Telegram, token: str) -> None:
    if not hmac.compare_digest(token.encode(), telegram.token.encode()):
        raise ApiError(401, "Unauthorized")


def _given() -> Json:
    if request.is_json:
        found = request.get_json(silent=True)
        if not isinstance(found, dict):
            raise bad("can't parse JSON object")
        return found
    return {**request.args.to_dict(), **request.form.to_dict()}
