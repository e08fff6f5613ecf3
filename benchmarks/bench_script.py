"""Rehearsing: each plan is talked through once on each channel, which gives its script and the sizes of what a turn writes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.bench_people import LINK, Said
from benchmarks.carriers import TELEGRAM_SECONDS, Line, Post, Telegram, Twilio
from benchmarks.citizens import Citizen, Plan
from benchmarks.processes import Town

# What people tell: the shortest report, with a story, with a way back, with everything.
PLANS = (
    Plan(f"{LINK}rehearsal/0", "scam"),
    Plan(f"{LINK}rehearsal/1", "hate", details="A public page, and it is shared every day."),
    Plan(f"{LINK}rehearsal/2", "defamation", details="It came to my cousin, by a group.", disclosure="confidential"),
    Plan(
        f"{LINK}rehearsal/3", "violence", details="He says it aloud in the second video.", disclosure="identified",
        name="Zahra Needle", contact="+212693850000",
    ),
)  # fmt: skip
CHANNELS = ("telegram", "whatsapp")
WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+)*")
FIRST_PERSON, FIRST_PHONE = 5_000_000_000, 212_640_000_000
LINK_FIRST = 3  # a seed by which everybody begins with their link
SIZES = (
    "SELECT (SELECT coalesce(sum(pg_column_size(sessions)), 0) FROM sessions),"
    " (SELECT coalesce(sum(pg_column_size(deliveries)), 0) FROM deliveries)"
)
SESSION_ROW, DELIVERY_ROW = 32, 62  # what the floor's rows have besides: header, key, length
Script = list[Said]


class Sizes(NamedTuple):
    """Bytes: of an answer on average; and what the floor puts into its two rows to make them a turn's, for each turn."""

    answer: int
    rows: list[tuple[int, int]]


class Rehearsed(NamedTuple):
    """What a channel's people say, and what their turns write."""

    scripts: list[Script]
    sizes: Sizes


class Noted:
    """A voice that remembers what was said and heard, and what each turn left in the database."""

    def __init__(self, voice: Telegram | Twilio, town: Town) -> None:
        self._voice, self._town = voice, town
        self.channel = voice.channel
        self.said: list[tuple[str, str]] = []
        self.rows: list[tuple[int, int]] = []
        self._others, self._kept = self._sizes()

    def say(self, text: str) -> str:
        heard = self._voice.say(text)
        self.said.append((text, heard))
        before = self._kept
        sessions, self._kept = self._sizes()
        row = sessions - self._others - SESSION_ROW, self._kept - before - DELIVERY_ROW
        self.rows.append((max(1, row[0]), max(1, row[1])))  # less where somebody else was forgotten meanwhile
        return heard

    def _sizes(self) -> tuple[int, int]:
        sessions, deliveries = self._town.ask(SIZES)[0]
        return int(str(sessions)), int(str(deliveries))


def rehearse(town: Town, channel: str) -> Rehearsed:
    """Talk every plan through, while nobody else writes. Raises ValueError where one comes to no receipt."""
    post, line = Post(town.port), Line(town.port, TELEGRAM_SECONDS)
    scripts, rows = list[Script](), list[tuple[int, int]]()
    for number, plan in enumerate(PLANS):
        noted = Noted(_voice(channel, number, post, line), town)
        told = Citizen(noted, random.Random(LINK_FIRST)).reports(plan)
        if told.end != "receipt":
            raise ValueError(f"a rehearsal on {channel} ended as {told.end}")
        scripts.append(list(_script(noted.said, plan.link)))
        rows += noted.rows
    line.close()
    bodies = [len(body) for answers in post.answers.values() for body in answers]
    return Rehearsed(scripts, Sizes(sum(bodies) // len(bodies), rows))


def _voice(channel: str, number: int, post: Post, line: Line) -> Telegram | Twilio:
    dice = random.Random(number)
    if channel == "telegram":
        return Telegram(post, FIRST_PERSON + number, "ar", dice, line)
    return Twilio(post, f"+{FIRST_PHONE + number}", dice, line)


def _script(said: list[tuple[str, str]], link: str) -> Iterator[Said]:
    """Each message with the longest words of its answer, if possible such as the one before did not hold."""
    before = ""
    for says, heard in said:
        words = WORDS.findall(heard)
        yield Said(says.replace(link, LINK), max([one for one in words if one not in before] or words, key=len))
        before = heard
