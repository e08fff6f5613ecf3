"""
Which way an answer takes: back on the webhook's response, or, as native buttons and lists, by the worker.

Only a call can carry what is native on WhatsApp, and the web process makes none. Order is kept: while one of a person's
answers waits, the next ones wait behind it. And nobody waits for a worker that is not there: then everything that was
waiting rides back with the next answer, as text with numbers (docs/adr/0009-native-forms.md).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import App, JobContext
from sqlalchemy import text

from bot.channel import Arrival, Inbound, SendFailed, Words
from bot.house import House
from bot.jobs import Patience
from bot.native import fitted
from bot.numbers import counted
from bot.queue import ANSWER, answers_held_up, defer_answer, worker_silent
from bot.whatsapp import WhatsApp
from bot.whatsapp_layout import messages
from bot.wording import from_json, to_json
from storage import answers, db
from storage.answers import Owed, Stage
from storage.db import Transaction
from storage.sealed import Pseudonym

log = logging.getLogger(__name__)

SILENT = 10.0  # seconds without a sign of life after which no worker is counted on
HELD_UP = 10.0  # seconds that some answer's job has been waiting, or trying: then no more are given to the worker
STUCK = timedelta(seconds=20)  # an answer this old is not coming
AGAIN = 0.5  # before the one quick retry
PERHAPS_LEFT = ("timeout", "network")  # the call broke: the message may be on its way all the same
NOBODY_THERE = ("blocked", "no-such-address", "not-joined")  # no later call reaches them either
MUST_WAIT, CLOSED = "window-closed", "63016"  # until they write again: then it rides back

# One try makes at most five calls of 10 s: longer than a transaction may usually be idle.
LONGEST_TRY = text("SET LOCAL idle_in_transaction_session_timeout = '60s'")


def riding(tx: Transaction, house: House, inbound: Inbound, said: Words, now: datetime) -> Words | None:
    """The words that ride back on this response, or None where the answer was given to the worker with what waits."""
    if not house.settings.twilio_templates or inbound.channel != WhatsApp.name:
        return said
    waiting = answers.waiting(tx, house.vault, inbound.channel, inbound.address)
    if not waiting and fitted(said, house.settings.twilio_templates) is None:
        return said
    if (waiting and now - waiting[0].since > STUCK) or worker_silent(tx, SILENT) or answers_held_up(tx, HELD_UP):
        return _after(answers.take_back(tx, waiting), said)
    whom = (inbound.channel, inbound.delivery, inbound.address)
    defer_answer(tx, answers.put(tx, house.vault, *whom, to_json(said), now))
    return None


def _after(owed: list[Owed], said: Words) -> Words:
    """The answer with the texts that never left in front; their choices are no longer asked for."""
    texts = [part for one in owed for words in (from_json(one.said),) for part in (*words.earlier, words.text)]
    return replace(said, earlier=tuple(part for part in dict.fromkeys(texts) if part != said.text))


def send_next(house: House, mailbox: UUID) -> None:
    """
    Send the mailbox's oldest answer, if one still waits. Raises `SendFailed` where a later try could help.

    Its row goes in the transaction that lasts as long as the call: dying before the end brings it back, and the next try
    first asks Twilio whether the message had left.
    """
    if house.whatsapp is None:
        return
    with db.begin(house.engine) as tx:
        before = answers.begin(tx, mailbox)
    try:
        with db.begin(house.engine) as tx:
            tx.execute(LONGEST_TRY)
            owed = answers.first(tx, house.vault, mailbox)
            if owed is not None and _send(house, house.whatsapp, owed, tried=before is not Stage.WAITING):
                answers.left(tx, owed, datetime.now(UTC))
            elif owed is not None:
                answers.drop(tx, owed.mark)
    except SendFailed as failed:
        log.warning("an answer did not leave: %s", failed.code)
        if failed.code != MUST_WAIT:
            raise


@counted("answer")
def _send(house: House, whatsapp: WhatsApp, owed: Owed, tried: bool) -> bool:
    """
    In its native form, once more if that fails in passing, and else, or if that was refused before, as text.

    Whether it may still be refused: of a native form Twilio often says so only after it has taken it.
    """
    words = from_json(owed.said)
    native = fitted(words, house.settings.twilio_templates) if owed.stage is not Stage.REFUSED else None
    body = [native.variables["1"]] if native else []

    def left() -> bool:
        return whatsapp.has_sent(owed.address, [*body, *messages(words)], owed.since)

    if tried and left():
        return native is not None
    if native:
        content = house.settings.twilio_templates[native.template]
        if _left(lambda: whatsapp.send_content(owed.address, content, native.variables, owed.mark.hex()), left):
            return True
    try:
        whatsapp.send(owed.address, words)
    except SendFailed as failed:
        if failed.code not in NOBODY_THERE:
            raise
        log.info("an answer reaches nobody: %s", failed.code)
    return False


def _left(send: Callable[[], str], left: Callable[[], bool]) -> bool:
    """Whether the native form left: twice tried where the line broke, given up at once where Twilio refused."""
    for pause in (AGAIN, 0.0):
        try:
            send()
            return True
        except SendFailed as failed:
            log.warning("a native form did not leave: %s", failed.code)
            if failed.code in PERHAPS_LEFT and left():
                return True
            if not failed.retry or failed.after:
                return False
            time.sleep(pause)
    return False


def arrived(tx: Transaction, event: Arrival, now: datetime) -> None:
    """An answer that has gone on its way is owed no more; one that was refused on it is sent as text, or waits."""
    mark = Pseudonym(bytes.fromhex(event.answer))
    if not event.code:
        answers.drop(tx, mark)
        return
    mailbox = answers.refused(tx, mark, now)
    log.warning("a native form did not arrive: %s", event.code)
    if mailbox is not None and event.code != CLOSED:
        defer_answer(tx, mailbox)


def register_answers(app: App, house: House) -> None:
    """Let the app's worker send answers. A task's name stands in the database: it keeps its meaning."""

    @app.task(name=ANSWER, retry=Patience(), pass_context=True)
    def answer(context: JobContext, mailbox: str) -> None:
        send_next(house, UUID(mailbox))
