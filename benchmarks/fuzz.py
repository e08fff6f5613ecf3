"""
Fuzz: samples of every kind of update and form, changed at random, and hostile words at every step, through the real doors.

Whatever comes is answered or deliberately passed over, never with a 5xx, never by a fault of ours, none of it is logged, no
answer hangs, and the process does not grow.
"""

from __future__ import annotations

import json
import logging
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeVar

from werkzeug.test import TestResponse

from benchmarks.carriers import FIRST_NAME, FIRST_UPDATE, IDS, spoken
from benchmarks.citizens import PHONES
from benchmarks.crowd import FIRST_PERSON
from benchmarks.indoors import Indoors
from benchmarks.mutations import corrupted, mutated, words
from benchmarks.processes import ROOT, Town, megabytes
from benchmarks.proof import Proof, main
from benchmarks.provider import BotApi
from benchmarks.seizure_cast import STEM
from bot.channel import Event, Inbound, Unreadable
from bot.whatsapp_reading import inbound
from storage import db

PROMISE = "whatever comes through the doors is answered or passed over: no 5xx, no fault of ours, no word in the log"
SAMPLES = ROOT / "tests" / "payloads"
OURS = "-1001900000001"  # the group and the account that the samples speak of
ACCOUNT = "AC00000000000000000000000000000001"
PEOPLE = 300
NEEDLES = (STEM, FIRST_NAME, str(FIRST_PERSON)[:7], PHONES.removeprefix("+"), "Amina")
LONGEST = {"telegram": 4096, "whatsapp": 1600 * 10}
HANGS = 10.0  # seconds; design.md: who gets an answer waits no longer
GROWS = 60.0  # megabytes that a process may grow after its first third; what is kept for each delivery would be more
LOOKS = 60  # at the memory, in a run
SILENT = {"", "answerCallbackQuery", "leaveChat"}  # what a body may hold that is no message to a citizen


T = TypeVar("T")


class Size(NamedTuple):
    """How many deliveries; or how many seconds, whatever ends first."""

    deliveries: int
    seconds: float


SMALL, LONG = Size(400, 20), Size(200_000, 7_200)


def prove(seed: int, small: bool, url: str = "", *, share: float = 1.0) -> Proof:
    """Through doors in process, on the database at `url`, or on one of its own."""
    proof, api = Proof("fuzz", PROMISE, seed), BotApi(seed)
    size = SMALL if small else Size(round(LONG.deliveries * share), LONG.seconds * share)
    try:
        with Town(api.address, () if url else ("database",)) as town:
            settings = town.settings | {
                "DATABASE_URL": url or town.database, "TELEGRAM_MODERATORS_CHAT_ID": OURS, "TWILIO_ACCOUNT_SID": ACCOUNT,
            }  # fmt: skip
            with Indoors(settings) as doors, _log() as log:
                Fuzz(proof, doors, random.Random(seed)).run(size)
                log.flush()
                log.seek(0)
                said = log.read()
                _faults(proof, doors, said)
    finally:
        api.close()
    for needle in NEEDLES:
        proof.expect(needle not in said, f"{said.count(needle)} times in the log: {needle}")
    proof.counts["lines of log searched"] = said.count("\n")
    return proof


class Fuzz:
    """One run: what is brought, and what came of it."""

    def __init__(self, proof: Proof, doors: Indoors, dice: random.Random) -> None:
        self.proof, self.doors, self.dice = proof, doors, dice
        self.counts: Counter[str] = Counter()
        self.slowest, self.memory = 0.0, list[float]()
        self._updates = [sample["payload"] for sample in _samples("telegram")]
        self._forms = [sample["form"] for sample in _samples("whatsapp") if "form" in sample]

    def run(self, size: Size) -> None:
        until = time.monotonic() + size.seconds
        kinds = (self._talks, self._updated, self._updated, self._formed, self._writes, self._corrupted)
        look = max(1, size.deliveries // LOOKS)
        for at in range(size.deliveries):
            self.dice.choice(kinds)(at)
            if at % look == 0:
                self.memory.append(megabytes([os.getpid()]))
            if time.monotonic() > until:
                break
        self.proof.counts |= dict(sorted(self.counts.items()))
        self._bounded()

    def _bounded(self) -> None:
        """No answer hung, and memory ends as it was after the first third, when every way has been gone."""
        third, last = self.memory[len(self.memory) // 3], self.memory[-1]
        self.proof.counts |= {
            "slowest answer, milliseconds": round(1000 * self.slowest),
            "megabytes after the first third": round(third, 1), "megabytes in the end": round(last, 1),
        }  # fmt: skip
        self.proof.expect(self.slowest < HANGS, f"an answer took {self.slowest:.0f} s")
        self.proof.expect(last - third < GROWS, f"the process grew from {third:.0f} to {last:.0f} megabytes")

    def _talks(self, at: int) -> None:
        """A citizen on Telegram, anywhere in a conversation, says whatever."""
        self._bring_update(at, _message(self._someone(), words(self.dice)))

    def _updated(self, at: int) -> None:
        update = mutated(self.dice, self.dice.choice(self._updates), self.dice.choice((0, 1, 1, 2, 4)))
        if isinstance(update, dict) and isinstance(update.get("update_id"), int):
            update["update_id"] = FIRST_UPDATE + next(IDS)
        self._bring_update(at, update)

    def _bring_update(self, at: int, update: Any) -> None:
        body = json.dumps(update).encode()
        telegram = self.doors.house.telegram
        assert telegram
        too_large = len(body) > self.doors.house.operator.limits.body_bytes  # a list of lists of lists may be
        owed = not too_large and owes(lambda: telegram.read_json(body))
        self._check(at, "telegram", self._timed(self.doors.telegram, body), owed, 413 if too_large else 200)

    def _corrupted(self, at: int) -> None:
        """Under a number of its own, which no spoilt digit makes another's: Telegram gives one to one update alone."""
        update = self.dice.choice([one for one in self._updates if isinstance(one, dict)])
        update = update | {"update_id": self.dice.randrange(10**11, 10**12)}
        body = corrupted(self.dice, json.dumps(update).encode())
        self._check(at, "telegram", self._timed(self.doors.telegram, body), False)

    def _writes(self, at: int) -> None:
        """A citizen on WhatsApp says whatever."""
        phone = f"{PHONES}{self.dice.randrange(PEOPLE):04}"
        self._bring_form(at, self._forms[0] | {"From": f"whatsapp:{phone}", "Body": words(self.dice)})

    def _formed(self, at: int) -> None:
        self._bring_form(at, mutated(self.dice, self.dice.choice(self._forms), self.dice.choice((0, 1, 2, 3))))

    def _bring_form(self, at: int, form: Mapping[str, Any]) -> None:
        """A form holds text, and text that UTF-8 can carry."""
        clean = {str(name): str(value).encode("utf-8", "replace").decode() for name, value in form.items()}
        if sid := clean.get("MessageSid", ""):  # Twilio gives a number to one message alone
            clean["MessageSid"] = f"SM{next(IDS):032x}" if sid.startswith("SM") else f"{sid} {next(IDS)}"
        owed = clean.get("AccountSid") == ACCOUNT and owes(lambda: inbound(clean))
        self._check(at, "whatsapp", self._timed(self.doors.whatsapp, clean), owed)

    def _timed(self, door: Callable[[T], TestResponse], body: T) -> TestResponse:
        began = time.monotonic()
        answer = door(body)
        self.slowest = max(self.slowest, time.monotonic() - began)
        return answer

    def _someone(self) -> int:
        return FIRST_PERSON + self.dice.randrange(PEOPLE)

    def _check(self, at: int, channel: str, answer: TestResponse, owed: bool, status: int = 200) -> None:
        text, other = _said(channel, answer)
        self.counts[f"{channel}: {answer.status_code}"] += 1
        self.counts[f"{channel}: {'answered' if text else other or 'passed over'}"] += 1
        self.proof.expect(answer.status_code == status, f"delivery {at}: {channel} {answer.status_code}")
        self.proof.expect(bool(text) or not owed, f"delivery {at}: {channel}: a citizen got no answer")
        self.proof.expect(len(text) <= LONGEST[channel], f"delivery {at}: {channel}: too long an answer")
        self.proof.expect(bool(text) or other in SILENT, f"delivery {at}: {channel}: odd answer {other}")


def owes(read: Callable[[], Event | None]) -> bool:
    """
    Whether this is a citizen's words, which must be answered. Of pictures in a row only the first may be, and an edit that
    changes nothing is not.
    """
    try:
        event = read()
    except (Unreadable, ValueError):
        return False
    said = event.message if isinstance(event, Inbound) else None
    return said is not None and bool(said.text) and not said.album and not said.edited


def _said(channel: str, answer: TestResponse) -> tuple[str, str]:
    """The words that ride back, and the method where it is not a message."""
    body = answer.get_data()
    if answer.status_code != 200 or not body:
        return "", ""
    if channel == "whatsapp":
        return spoken(body), ""
    call = json.loads(body)
    return (str(call["text"]), "") if call["method"] == "sendMessage" else ("", str(call["method"]))


def _message(person: int, text: str) -> dict[str, Any]:
    who = {"id": person, "is_bot": False, "first_name": FIRST_NAME, "language_code": "en"}
    chat = {"id": person, "type": "private", "first_name": FIRST_NAME}
    said = {"message_id": next(IDS), "from": who, "chat": chat, "date": int(time.time()), "text": text}
    return {"update_id": FIRST_UPDATE + next(IDS), "message": said}


def _samples(channel: str) -> list[dict[str, Any]]:
    paths: list[Path] = sorted((SAMPLES / channel).glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def _faults(proof: Proof, doors: Indoors, log: str) -> None:
    with db.begin(doors.house.engine) as tx:
        kept = tx.exec_driver_sql("SELECT fault, count(*) FROM failures GROUP BY fault").all()
    for fault, times in kept:
        places = {line.partition(" at ")[2] for line in log.splitlines() if f"a delivery failed: {fault}" in line}
        proof.expect(False, f"our own fault, {times} deliveries: {fault} at {' | '.join(sorted(places))}")


@contextmanager
def _log() -> Iterator[IO[str]]:
    """All that is logged in this process, at every level, tracebacks included; in a file, since memory is measured."""
    root = logging.getLogger()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as kept:
        handler, before = logging.StreamHandler(kept), root.level
        root.addHandler(handler)
        root.setLevel(0)
        try:
            yield kept
        finally:
            root.setLevel(before)
            root.removeHandler(handler)


if __name__ == "__main__":
    main(prove)
