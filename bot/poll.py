"""
Telegram by long polling, for a machine without a public address: the same doors, and answers are calls of their own.

Telegram gives an update again until we ask for a later one, so that dying at any moment loses none.
"""

from __future__ import annotations

import json
import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from bot.channel import SendFailed, Unreadable
from bot.doors import Doors, Later, OurFault, Parked
from bot.exchange import Reply
from bot.house import House
from bot.menus import set_menus
from bot.settings import Refused
from bot.telegram import Telegram

log = logging.getLogger(__name__)

PATIENCE = 5  # seconds that one call waits for updates; we end within it when told to stop
TRIES = 4  # of an answer, before the conversation goes on without it
PAUSE = 2.0  # before a failed call is tried again, where Telegram does not say


class Caller(Telegram):
    """A bot without a webhook: what would ride back on a response is called."""

    def perform(self, reply: Reply) -> None:
        """Make the call that a reply carries, if it carries one. Raises `SendFailed`."""
        carried = json.loads(reply.body or b"{}")
        if method := carried.pop("method", ""):
            self._call(lambda bot: bot.do_api_request(method, api_kwargs=carried))


class Poller:
    """One poller; a second one on the same bot is refused by Telegram."""

    def __init__(self, house: House, told: threading.Event) -> None:
        self._house, self._telegram, self._doors, self._told = house, house.telegram_as(Caller), Doors(house), told
        self._next = 0

    def take_over(self, *, allowed: bool) -> None:
        """Polling would silently cut a webhook off: raises `Refused` while one is set, unless allowed."""
        if not self._telegram.webhook_info().get("url"):
            return
        if not allowed:
            raise Refused("a webhook is set: `iblagh poll --take-over` drops it, and Telegram then calls no server")
        self._telegram.drop_webhook()

    def show_menus(self) -> None:
        """The command menus, as `webhooks set` shows them. A menu is no reason not to poll."""
        try:
            set_menus(self._telegram, self._house)
        except SendFailed as failed:
            if not failed.retry:
                raise
            log.warning("the command menus were not set: %s", failed.code)

    def run(self) -> None:
        """Until told to stop. Raises `SendFailed` where trying again cannot help."""
        while not self._told.is_set():
            for update in self._patiently(lambda: self._telegram.updates(self._next, PATIENCE)) or ():
                if self._told.is_set():
                    return
                self._handle(update)
                self._next = int(update["update_id"]) + 1

    def _handle(self, update: dict[str, Any]) -> None:
        """Once, or until it is taken: `Later` and our own faults bring it again, and the third fault parks it."""
        raw = json.dumps(update).encode()
        while not self._told.is_set():
            try:
                self._doors.admit()
                event = self._telegram.read_json(raw)
                if event is not None:
                    self._deliver(self._doors.lead(self._telegram, event, raw))
                return
            except (Unreadable, Parked) as given_up:
                log.warning("an update was passed over: %s", type(given_up).__name__)
                return
            except Later as later:
                self._told.wait(later.seconds)
            except OurFault:
                self._told.wait(PAUSE)

    def _deliver(self, reply: Reply) -> None:
        for attempt in range(TRIES):
            try:
                return self._telegram.perform(reply)
            except SendFailed as failed:
                if not failed.retry or attempt == TRIES - 1:
                    return log.warning("an answer did not leave: %s", failed.code)
                self._told.wait(failed.after or PAUSE)

    def _patiently(self, ask: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]] | None:
        try:
            return ask()
        except SendFailed as failed:
            if not failed.retry:
                raise
            log.warning("Telegram does not answer: %s", failed.code)
            self._told.wait(failed.after or PAUSE)
            return None


def poll(house: House, *, take_over: bool = False) -> None:
    """Set the menus, then poll until SIGTERM or SIGINT. Raises `Refused` while a webhook is set and may not be dropped."""
    if not house.settings.telegram_token:
        raise Refused("TELEGRAM_TOKEN is missing: Telegram is off")
    told = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told.set())
    poller = Poller(house, told)
    poller.take_over(allowed=take_over)
    poller.show_menus()
    log.info("polling")
    poller.run()
