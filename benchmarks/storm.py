"""
Storm: very many people report one link within minutes. Every one of them gets a receipt, the moderators see one incident.

The line is bad: deliveries come twice, late, out of order, and answers get lost. The doors may say "later" (503), as they
do above Telegram's rate; the provider then brings it again, and it counts into the person's waiting. Afterwards the same
with everybody on Telegram at the rate that Telegram grants unpaid: it drains late, in order, and loses nothing. At last
one link is compared with many: what they cost more who wait for one incident's row.
"""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter, deque
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.accounts import GROUP
from benchmarks.backlog import Backlog, Chat, writes
from benchmarks.carriers import Line, Post, Telegram, Twilio
from benchmarks.citizens import Plan
from benchmarks.crowd import LANGUAGES
from benchmarks.lending import quantile, running
from benchmarks.processes import Town, until
from benchmarks.proof import Proof, main
from benchmarks.rush import LOSSES, REPEATS, Rush, Voices
from bot.doors import SAVED_UP
from bot.limits import WORKERS_SHARE
from conversations.categories import CATEGORIES as CATEGORY_KEYS

PROMISE = "when very many people report one link at once, each is answered and the moderators see one calm incident"
FIRST_PERSON = 5_200_000_000
HOT, CALM, COLD = (f"https://www.tiktok.com/@one/video/730123456789012345{n}" for n in (6, 7, 8))
CATEGORIES = ("violence", "violence", "hate", "illicit_goods")  # one severity: none rises
ON_TELEGRAM = 0.8
GROUP_GRANTS, MOST_ALERTS = 20, 5
WORST_RATIO = 0.7
PEOPLE = itertools.count(1)


class Size(NamedTuple):
    """
    How many reports over how many of the providers' connections at a time and within how many seconds; how many at the
    rate that Telegram grants unpaid (TELEGRAM_RATE's default; less where there are few); how many of one link, and of
    many, are compared.
    """

    reports: int
    connections: int
    seconds: float
    unpaid: int
    rate: int
    compared: int


SMALL, LONG = Size(40, 16, 60, 10, 8, 0), Size(100_000, 40, 6 * 3600, 2_000, 30, 1_000)


def prove(seed: int, small: bool, lent: Town | None = None, *, share: float = 1.0) -> Proof:
    """Let the storm blow, and compare who was told what with what is there and with what the group was shown."""
    proof = Proof("storm", PROMISE, seed)
    shares = {name: round(getattr(LONG, name) * share) for name in ("reports", "unpaid", "compared")}
    size = SMALL if small else LONG._replace(**shares)
    with running(lent, WEB_WORKERS=str(os.cpu_count() or 1)) as town:
        _storm(proof, town, size, seed)
        if not small:
            _compare(proof, town, size, seed)
            drain(proof, town, size, seed)
    return proof


def _storm(proof: Proof, town: Town, size: Size, seed: int) -> None:
    """One link from so many senders, on both channels, over a bad line."""
    before, sent = _counted(town), _messages(town)
    post = Post(town.port, repeats=REPEATS, losses=LOSSES, keeps=False)
    rush = Rush(post, size.reports, size.connections, seed, _either(post), _reports(HOT))
    seconds = rush.run(size.seconds)
    until(lambda: not _stale(town), 120, "the card as it is at last")
    after = _counted(town)
    proof.counts |= rush.facts(seconds) | {name: after[name] - before[name] for name in after}
    receipts = {told.reference for told in rush.told if told.end in ("receipt", "filed")}
    ends = Counter(told.end for told in rush.told)
    proof.expect(len(receipts) == size.reports, f"{len(receipts)} of {size.reports} got a receipt: {dict(ends)}")
    proof.expect(not rush.unlike, f"{rush.unlike} repeats were answered otherwise")
    for name in (
        "repeated though answered",
        "brought again after the next",
        "answers lost",
        "sent together with another",
    ):
        proof.expect(post.counts[name] > 0, f"nothing was {name}")
    for name, wanted in {"reports": size.reports, "incidents": 1, "parked deliveries": 0}.items():
        seen = after[name] - before[name]
        proof.expect(seen == wanted, f"{name}: {seen}, not {wanted}")
    _group(proof, town, size.reports, _messages(town) - sent)


def _group(proof: Proof, town: Town, reports: int, messages: int) -> None:
    """What the moderators saw of it, and that their group would have refused more."""
    found = town.ask("SELECT number, reports, card_message FROM incidents ORDER BY reports DESC LIMIT 1")
    number, counted, message = (int(str(value)) for value in found[0])
    proof.expect(counted == reports, f"the incident counts {counted} of {reports} reports")
    if not town.api:
        raise ValueError("the town was lent without its provider")
    says = next((text for card, text in town.api.texts.items() if card == (GROUP, message)), "")
    proof.expect(str(reports) in says, "the card does not say how many reports there are")
    most = town.api.most_in_a_minute(GROUP)
    proof.counts |= {"messages to the group": messages, "most calls to the group in a minute": most}
    proof.counts |= {"cards of the incident": len(town.api.cards[number])}
    proof.expect(0 < messages <= MOST_ALERTS, f"{messages} messages to the group")
    proof.expect(0 < most < GROUP_GRANTS, f"{most} calls to the group in a minute")
    proof.expect(not town.api.counts["429"], f"the group refused {town.api.counts['429']} calls")
    asked = [town.api.call("sendChatAction", {"chat_id": "-1"}) for _ in range(GROUP_GRANTS + 1)]
    refused = [answer is None or answer[0] == 429 for answer in asked]
    proof.expect(refused == [False] * GROUP_GRANTS + [True], "the stand-in for Telegram does not keep its limit")


def drain(proof: Proof, town: Town, size: Size, seed: int) -> None:
    """Everybody on Telegram, who wrote all they had to say at once, at the rate that it grants a bot unpaid."""
    rate, dice = size.rate, random.Random(seed)
    town.environ["TELEGRAM_RATE"] = str(rate)
    town.kill("web")
    town.start("web")
    until(town.ready, 60, "the web process")
    before, post = _counted(town), Post(town.port, keeps=False)
    backlog = Backlog(post, [_chat(post, dice) for _ in range(size.unpaid)], size.connections)
    seconds = backlog.run(size.seconds)
    after, chats, at = _counted(town), backlog.chats, f"at {rate} a second"
    proof.counts |= {f"{at}: {name}": count for name, count in _drained(backlog, post, rate, seconds).items()}
    ordered, receipts = sum(chat.in_order for chat in chats), {chat.reference for chat in chats} - {""}
    proof.expect(len(receipts) == size.unpaid, f"{at} {len(receipts)} of {size.unpaid} got a receipt")
    proof.expect(
        ordered == size.unpaid, f"{at} {ordered} of {size.unpaid} were answered in the order of their messages"
    )
    filed = after["reports"] - before["reports"]
    proof.expect(filed == size.unpaid, f"{at} {filed} of {size.unpaid} were filed")
    proof.expect(post.counts["503"] > 0, f"{at} nothing was put off")
    most = rate * (1 - WORKERS_SHARE) * (seconds + SAVED_UP) + size.connections
    proof.expect(post.counts["200"] <= most, f"{at} {post.counts['200']} answers in {seconds:.0f} s are too many")
    proof.expect(not backlog.unlike, f"{at} {backlog.unlike} repeats were answered otherwise")


def _chat(post: Post, dice: random.Random) -> Chat:
    """Somebody with all their messages."""
    said = writes(CALM, list(CATEGORY_KEYS).index(dice.choice(CATEGORIES)) + 1)
    voice = Telegram(post, FIRST_PERSON + next(PEOPLE), dice.choice(LANGUAGES), dice, Line(post.port, 1))
    return Chat(voice, deque(voice.update(words) for words in said), random.Random(dice.random()))


def _drained(backlog: Backlog, post: Post, rate: int, seconds: float) -> dict[str, float]:
    """How late it became, and how soon it could have been over: the worker keeps its share of the rate."""
    took, granted = sorted(backlog.took), rate * (1 - WORKERS_SHARE)
    return {
        "messages": len(took),
        "granted to the doors a second": granted,
        "seconds that so many need": round(post.counts["200"] / granted - SAVED_UP, 1),
        "seconds until the last receipt": round(seconds, 1),
        "seconds to an answer, median": round(quantile(took, 0.5), 1),
        "seconds to an answer, longest": round(max(took, default=0), 1),
        **{f"deliveries: {name}": count for name, count in sorted(post.counts.items())},
    }


def _compare(proof: Proof, town: Town, size: Size, seed: int) -> None:
    """One link and many in turn, so that whatever else the machine does falls on both."""
    rates: dict[str, list[float]] = {"many links": [], "one link": []}
    for name in ("many links", "one link") * 2:
        post = Post(town.port, keeps=False)
        plan = _reports(COLD) if name == "one link" else _reports("")
        rush = Rush(post, size.compared, size.connections, seed, _on_telegram(post), plan)
        seconds = rush.run(size.seconds)
        proof.expect(len(rush.told) == size.compared, f"{name}: {len(rush.told)} of {size.compared} were told")
        rates[name].append(len(rush.took) / seconds)
    proof.counts |= {f"{name}: turns a second": round(sum(some) / 2, 1) for name, some in rates.items()}
    ratio = sum(rates["one link"]) / sum(rates["many links"])
    proof.counts["one link: of many links' rate"] = round(ratio, 2)
    proof.expect(ratio >= WORST_RATIO, f"one link is reported at {ratio:.2f} of the rate of many")


def _either(post: Post) -> Voices:
    """Most on Telegram, the others on WhatsApp."""

    def voice(dice: random.Random, line: Line) -> Telegram | Twilio:
        if dice.random() < ON_TELEGRAM:
            return _on_telegram(post)(dice, line)
        return Twilio(post, f"+21261{next(PEOPLE):07}", dice, line)

    return voice


def _on_telegram(post: Post) -> Voices:
    return lambda dice, line: Telegram(post, FIRST_PERSON + next(PEOPLE), dice.choice(LANGUAGES), dice, line)


def _reports(link: str) -> Callable[[random.Random], Plan]:
    """That link, or without one a link that nobody else reports."""
    return lambda dice: Plan(link or f"https://storm.example.org/{next(PEOPLE)}", dice.choice(CATEGORIES))


def _stale(town: Town) -> bool:
    return town.ask("SELECT count(*) FROM incidents WHERE shown_version < wanted_version") != [(0,)]


def _messages(town: Town) -> int:
    return town.api.counts["sendMessage"] if town.api else 0


def _counted(town: Town) -> dict[str, int]:
    queries = {
        "reports": "SELECT count(*) FROM reports",
        "incidents": "SELECT count(*) FROM incidents",
        "parked deliveries": "SELECT count(*) FROM failures WHERE parked IS NOT NULL",
        "megabytes of database": "SELECT pg_database_size(current_database()) / 1000000",
    }
    return {name: int(str(town.ask(query)[0][0])) for name, query in queries.items()}


if __name__ == "__main__":
    main(prove)
