"""
What happens in the moderators' group, as a transcript: citizens report, moderators press and write, time passes.

Everything goes over HTTP: the stand-in for Telegram brings updates to the real doors, and the worker's own verbs send
what is owed. A transcript is what was done ("> ", "~ ") and what everybody saw of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.house import open_house
from bot.jobs import show_next_card
from bot.moderators import configured, settle
from bot.presses import let_stand
from simulator.serve import Server, listening
from simulator.standins import Standins
from simulator.telegram_chats import Person, Post
from storage import alerts, db, moderators
from storage.moderators import Role
from storage.tables import metadata
from tests.native_house import KEYS, environment, served
from tests.storage_samples import unguarded

TRANSCRIPTS = Path(__file__).with_name("transcripts_group")
FIRST_ID = 7_100_001
# What is kept as a moment and is looked at by what a transcript waits for.
MOMENTS = (("work", "undo_until"), ("work", "muted_until"), ("work", "menu_until"), ("notices", "due_at"))
REFERENCE = re.compile(r"IB(-[0-9A-Z]{3,4}){3}")
CODE = re.compile(r"SC(-[0-9A-Z]{4}){3}")
STEP = re.compile(r"> (?P<who>[A-Z]\w*)(?: (?P<old>old))?(?: #(?P<number>\d+))? \[(?P<label>[^]]+)\]")
SAYS = re.compile(r"> (?P<who>[A-Z]\w*|group)(?: in (?P<where>\w+))?: (?P<words>.*)")
REPORTS = re.compile(
    r"> (?P<who>[A-Z]\w*) reports (?P<link>\S+) as (?P<kind>.+), (?P<disclosure>\w+)(?: in (?P<where>.+))?"
)


class Group:
    """A desk with its groups, and everybody who writes and presses. One for each transcript."""

    def __init__(self, held: ExitStack, database_url: str, language: str) -> None:
        self.server = held.enter_context(Server(Standins()))
        place = held.enter_context(listening(0))
        public = f"http://127.0.0.1:{place.getsockname()[1]}"
        accounts = self.server.standins.accounts
        given = {
            **environment(self.server, database_url, public),
            **KEYS,
            "TELEGRAM_RESTRICTED_CHAT_ID": str(accounts.restricted_chat),
            "GROUP_LANGUAGE": language,
            "TELEGRAM_RATE": "1000",
        }
        self.house = open_house(given)
        held.callback(self.close)
        held.enter_context(served(self.house, place))
        self.there = self.server.standins
        self.there.telegram.call("setWebhook", {"url": f"{public}/telegram", "secret_token": accounts.telegram_secret})
        self.people: dict[str, Person] = {}
        self.seen: dict[tuple[int, int], str] = {}
        self.last: dict[int, list[Any]] = {}  # the buttons of each message, and those before them
        self.old: dict[int, list[Any]] = {}
        self._emptied()

    def close(self) -> None:
        if self.house.telegram:
            self.house.telegram.close()
        self.house.engine.dispose()

    def _emptied(self) -> None:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        with db.begin(self.house.engine) as tx, unguarded(tx):
            tx.execute(text(f"TRUNCATE {names}, procrastinate_jobs, procrastinate_events RESTART IDENTITY CASCADE"))
            settle(tx, self.house)

    def listed(self, name: str, role: str) -> None:
        with db.begin(self.house.engine) as tx:
            moderators.add(tx, self.house.vault, str(self.person(name).id), name, Role(role))

    def person(self, name: str) -> Person:
        if name not in self.people:
            self.people[name] = Person(FIRST_ID + len(self.people), name, "en", started=True)
            self.there.telegram.chats.join(self.people[name])
        return self.people[name]

    def says(self, who: str, words: str, chat: int = 0) -> str:
        """What the bot answers to who writes."""
        person = self.person(who)
        before = len(self.there.posts(chat or person.id))
        told = "".join(str(post.message.get("text", "")) for post in self.there.posts(person.id))
        for name, shape in (("{reference}", REFERENCE), ("{code}", CODE)):
            words = words.replace(name, ([found[0] for found in shape.finditer(told)] or [""])[-1])
        if who == "group":
            self.there.on_telegram.say_as_group(words, chat)
        else:
            self.there.on_telegram.say(person.id, words, chat)
        assert self.there.seen(lambda: len(self.there.posts(chat or person.id)) > before + 1), words
        answer = self.there.posts(chat or person.id)[-1].message
        self.seen[(answer["chat"]["id"], answer["message_id"])] = _drawn(answer)
        return _masked(str(answer["text"]))

    def reports(self, name: str, link: str, kind: str, disclosure: str, where: str) -> str:
        """A whole report, by the buttons that the bot offers; nothing of it is quoted."""
        self.says(name, "hello")
        for words in ("Continue", link, kind):
            self.says(name, words)
        person = self.person(name)
        for _ in range(12):
            offered = [key["text"] for row in self._keyboard(person) for key in row]
            chosen = next(
                label for label in (disclosure, "Tell me news", "Send", "Skip", "Done", "I saw it") if label in offered
            )
            if disclosure != "Anonymous" and chosen == "Send" and "I saw it" in offered:
                chosen = "I saw it"
            self.says(name, where if where and "Share my place" in offered else chosen)
            if chosen == "Tell me news" or (chosen == "Send" and disclosure == "Anonymous"):
                return ""
        raise AssertionError("the report never ended")

    def _keyboard(self, person: Person) -> Any:
        return (self.there.telegram.chats.chats[person.id].keyboard or {}).get("keyboard", [])

    def press(self, name: str, label: str, number: str, old: bool) -> str:
        """What a press is told: on the newest card of that incident, or on the buttons that it had before."""
        post = self._card(number, old)
        rows = _rows(post.message)
        rows = self.old[post.message["message_id"]] if old else rows
        offered = {_plain(key["text"]): key["callback_data"] for row in rows for key in row}
        assert label in offered, f"{label} is not among {list(offered)}"
        chat, message = post.message["chat"]["id"], post.message["message_id"]
        press = self.there.on_telegram.press(self.person(name).id, chat, message, offered[label])
        assert self.there.seen(lambda: press.answer is not None), label
        return press.answer or ""

    def _card(self, number: str, old: bool) -> Post:
        posts = [post for chat in self._chats() for post in self.there.posts(chat) if post.mine]
        posts = [
            post for post in posts if "reply_markup" in post.message or (old and post.message["message_id"] in self.old)
        ]
        return [post for post in posts if not number or f" {number} " in post.message["text"]][-1]

    def _chats(self) -> list[int]:
        return [int(id) for id in configured(self.house).values()]

    def passes(self, time: timedelta) -> None:
        """All that is kept was so much earlier; then what comes round by itself does."""
        with db.begin(self.house.engine) as tx:
            for table, column in MOMENTS:
                tx.execute(text(f"UPDATE {table} SET {column} = {column} - CAST(:time AS interval)"), {"time": time})
        let_stand(self.house)

    def shown(self) -> Iterator[str]:
        """Whatever is new in the groups since the last look: a message whole, of an edited one what is new in it."""
        self._work()
        for chat in self._chats():
            for post in self.there.posts(chat):
                if not post.mine:
                    continue
                now, key = _drawn(post.message), (chat, post.message["message_id"])
                before = self.seen.get(key)
                self.seen[key] = now
                if before != now:
                    self.old[key[1]], self.last[key[1]] = self.last.get(key[1], []), _rows(post.message)
                if before is None:
                    yield from ("| " + line for line in now.splitlines())
                elif before != now:
                    yield f"* {now.splitlines()[0]}"
                    yield from _changes(before.splitlines(), now.splitlines())

    def _work(self) -> None:
        """What a worker does about cards, as often as needed and without waiting for the groups' pace."""
        for _ in range(20):
            with db.begin(self.house.engine) as tx:
                stale = sorted(alerts.groups_with_news(tx, datetime.now(UTC)))
                tx.execute(text("UPDATE groups SET free_at = now() - interval '1 minute'"))
            if not stale:
                return
            self.there.clock.change(forward=60)
            for group in stale:
                show_next_card(self.house, group)
        raise AssertionError("the cards never come to rest")


def _rows(message: dict[str, Any]) -> list[Any]:
    found: list[Any] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return found


def _changes(before: list[str], now: list[str]) -> Iterator[str]:
    """The lines that went and those that came; of buttons, all that are there now."""
    yield from (f"- {line}" for line in before if line not in now and not line.startswith("["))
    yield from (f"+ {line}" for line in now if line not in before and not line.startswith("["))
    buttons = [line for line in now if line.startswith("[")]
    if buttons != [line for line in before if line.startswith("[")]:
        yield from (f"+ {line}" for line in buttons or ["no buttons"])


def _drawn(message: dict[str, Any]) -> str:
    """A card in lines, its buttons below."""
    drawn = [" ".join(f"[{_plain(key['text'])}]" for key in row) for row in _rows(message)]
    return "\n".join(line for line in (*_masked(message["text"]).splitlines(), *drawn) if line)


def _plain(text: str) -> str:
    """Without the marks that keep directions apart, which no reader of a transcript sees."""
    return re.sub("[\u2066-\u2069]", "", text)


def _masked(text: str) -> str:
    """Without what is another each time."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "<moment>", _plain(text))
    return CODE.sub("<code>", REFERENCE.sub("<reference>", text))


def replay(path: Path, database_url: str) -> str:
    """The transcript as it goes today."""
    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith(("#", "@", ">", "~"))]
    language = next((line.split()[2] for line in told if line.startswith("@ language ")), "en")
    with ExitStack() as held:
        group = Group(held, database_url, language)
        return "\n".join(line for step in told for line in (step, *_done(group, step))) + "\n"


def _done(group: Group, step: str) -> Iterator[str]:
    """What everybody sees after one step."""
    if step.startswith("@ ") and not step.startswith("@ language "):
        for listed in step[2:].split(", "):
            group.listed(*listed.split(" "))
    elif step.startswith("~ "):
        amount, unit = step[2:].split()
        group.passes(timedelta(**{unit: int(amount)}))
        yield from group.shown()
    elif step.startswith("> "):
        yield from (f"< {line}" for line in _deed(group, step)().splitlines() if line)
        yield from group.shown()


def _deed(group: Group, step: str) -> Callable[[], str]:
    if pressed := STEP.fullmatch(step):
        by, label, number, old = (pressed[name] or "" for name in ("who", "label", "number", "old"))
        return lambda: group.press(by, label, number, bool(old))
    if told := REPORTS.fullmatch(step):
        by, link, kind, disclosure, where = (
            told[name] or "" for name in ("who", "link", "kind", "disclosure", "where")
        )
        return lambda: group.reports(by, link, kind, disclosure, where)
    wrote = SAYS.fullmatch(step)
    assert wrote, step
    chats = {"group": group.there.accounts.moderators_chat, "restricted": group.there.accounts.restricted_chat}
    return lambda: group.says(wrote["who"], wrote["words"], chats.get(wrote["where"] or "", 0))
