"""
A flood: messages that come at their own rate, however long the doors take for one (an open loop).

Each is of another person, who begins a conversation: nobody waits for anybody else's turn but the doors' own.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator

from benchmarks.accounts import AUTH, PUBLIC, SECRET
from benchmarks.carriers import FORM, JSON, TELEGRAM_SECONDS, TWILIO_SECONDS, Post, Telegram, Twilio, spoken
from benchmarks.citizens import asks
from benchmarks.lending import quantile
from conversations.texts import Text

PEOPLE = itertools.count(1)
FIRST, PHONES = 6_100_000_000, "+2126101"
ANSWERED, PUT_OFF, BROKEN = "answered", "put off", "no answer in the provider's time"

Idle = list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One delivery, ready to be brought, and again."""

    channel: str
    path: str
    head: tuple[str, ...]
    body: bytes

    @property
    def patience(self) -> float:
        return TELEGRAM_SECONDS if self.channel == "telegram" else TWILIO_SECONDS


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one: how it was answered, `status` 0 for not at all, and how long that took."""

    letter: Letter
    how: str
    status: int
    seconds: float


def letters(whatsapp: float = 0.5) -> Iterator[Letter]:
    """First words of ever new people, such a share of them on WhatsApp."""
    post, dice, signs = Post(0), random.Random(1), RequestValidator(AUTH)
    while True:
        number = next(PEOPLE)
        if number * whatsapp % 1 < whatsapp:
            form = Twilio(post, f"{PHONES}{number:06}", dice).form("hello")
            proof = signs.compute_signature(f"{PUBLIC}/whatsapp", form)
            head = (f"Content-Type: {FORM}", f"X-Twilio-Signature: {proof}")
            yield Letter("whatsapp", "/whatsapp", head, urlencode(form).encode())
        else:
            update = Telegram(post, FIRST + number, "en", dice).update("hello")
            head = (f"Content-Type: {JSON}", f"X-Telegram-Bot-Api-Secret-Token: {SECRET}")
            yield Letter("telegram", "/telegram", head, json.dumps(update).encode())


def flood(port: int, sent: Sequence[Letter], a_second: float) -> list[Brought]:
    """Bring them at that rate, and wait for what comes back."""
    return asyncio.run(_flood(port, sent, a_second))


async def _flood(port: int, sent: Sequence[Letter], a_second: float) -> list[Brought]:
    idle: Idle = []
    began, going = time.monotonic(), list[asyncio.Task[Brought]]()
    for number, letter in enumerate(sent):
        await asyncio.sleep(max(0.0, began + number / a_second - time.monotonic()))
        going.append(asyncio.create_task(_bring(port, letter, idle)))
    brought = await asyncio.gather(*going)
    for _, writer in idle:
        writer.close()
    return brought


async def _bring(port: int, letter: Letter, idle: Idle) -> Brought:
    """Once more where the line broke, as all providers do: one that was kept open may have been closed meanwhile."""
    began = time.monotonic()
    status, body = 0, b""
    with suppress(TimeoutError):
        async with asyncio.timeout(letter.patience):
            for known in (idle, []):
                with suppress(OSError, EOFError, ValueError):
                    line = known.pop() if known else await asyncio.open_connection("127.0.0.1", port)
                    status, body = await _ask(*line, letter)
                    idle.append(line)
                    break
    return Brought(letter, _how(letter, status, body), status, time.monotonic() - began)


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, letter: Letter) -> tuple[int, bytes]:
    head = "\r\n".join(
        (f"POST {letter.path} HTTP/1.1", "Host: iblagh", f"Content-Length: {len(letter.body)}", *letter.head, "", "")
    )
    writer.write(head.encode() + letter.body)
    told = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    length = next((int(line.partition(":")[2]) for line in told if line.startswith("content-length:")), 0)
    return int(told[0].split()[1]), await reader.readexactly(length)


def _how(letter: Letter, status: int, body: bytes) -> str:
    if status == 0:
        return BROKEN
    if status != 200:
        return PUT_OFF if status == 503 else f"{status}"
    words = json.loads(body or b"{}").get("text", "") if letter.channel == "telegram" else spoken(body)
    return PUT_OFF if asks(words) is Text.OVERLOADED else ANSWERED


def told(what: str, brought: Sequence[Brought]) -> dict[str, float | int | str]:
    """A flood as counts of a proof."""
    waited = [one.seconds for one in brought if one.how == ANSWERED]
    hows = Counter(f"{one.letter.channel} {one.how}" for one in brought)
    return {
        **{f"{what}: {how}": count for how, count in sorted(hows.items())},
        f"{what}: milliseconds to an answer, median": round(1000 * quantile(waited, 0.5)),
        f"{what}: milliseconds to an answer, p99": round(1000 * quantile(waited, 0.99)),
        f"{what}: milliseconds to an answer, longest": round(1000 * max(waited, default=0.0)),
    }
