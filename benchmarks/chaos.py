"""
Chaos: web, worker and database are killed at random moments while citizens report and providers repeat themselves.

What got a receipt is filed once and once only, every repeat of a delivery gets the same answer, every incident reaches the
group, and everybody can go on talking. The seed decides who says what and what is killed in which order; when threads
run it cannot decide.
"""

from __future__ import annotations

import json
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import NamedTuple

import psycopg

from benchmarks.accounts import GROUP, RESTRICTED
from benchmarks.carriers import GaveUp, Post
from benchmarks.citizens import asks
from benchmarks.crowd import Crowd
from benchmarks.killings import KILLINGS
from benchmarks.processes import Town, until
from benchmarks.proof import Proof, main
from benchmarks.provider import BotApi, Sent
from bot.chores import CHORES
from conversations.texts import Text
from simulator.watch import signal_group

PROMISE = "kill -9 of web, worker and database at random moments loses no report, files none twice, silences nobody"
PACE = 20.0  # Telegram's waiting between tries goes twenty times as fast


class Size(NamedTuple):
    """How much chaos: people on each channel, what is killed, how often, seconds between, seconds until all is calm."""

    telegram: int
    whatsapp: int
    kinds: tuple[str, ...]
    killings: int
    pause: float
    calm: float
    thinks: float  # seconds between two messages of one person, on average
    trouble: float  # share of the group's calls, deliveries and answers that go wrong on the line


MAIN = ("owner of the database", "postmaster", "all of web", "worker")
SMALL = Size(telegram=5, whatsapp=4, kinds=MAIN, killings=4, pause=0.7, calm=60, thinks=0.1, trouble=0.05)
LONG = Size(
    telegram=24, whatsapp=16, kinds=tuple(KILLINGS), killings=210, pause=2.0, calm=600, thinks=1.0, trouble=0.08
)
RECOVERY = 20.0  # seconds after which the next one is killed though the doors do not answer again


def prove(seed: int, small: bool, *, share: float = 1.0) -> Proof:
    """Kill at random, wait for calm, and compare what citizens were told with what is there."""
    size = SMALL if small else LONG._replace(killings=round(LONG.killings * share))
    proof = Proof("chaos", PROMISE, seed)
    api = BotApi(seed, size.trouble)
    try:
        with Town(api.address) as town:
            post = Post(town.port, repeats=size.trouble, losses=size.trouble, pace=PACE)
            crowd = Crowd(post, size.telegram, size.whatsapp, seed, size.thinks)
            crowd.start()
            with _no_pace(town):
                _kill_at_random(proof, town, size, random.Random(seed))
                finished = crowd.finish(town, size.calm)
                _calm(proof, town, size)
            proof.expect(finished, f"citizens did not finish: {[type(bug).__name__ for bug in crowd.bugs]}")
            _compare(proof, town, crowd, api.cards)
            _still_talking(proof, crowd)
            _faults(proof, town)
            statuses = town.stop()
            proof.expect(set(statuses.values()) == {0}, f"not ended cleanly by SIGTERM: {dict(statuses)}")
        proof.counts |= {f"group: {name}": count for name, count in sorted(api.counts.items())}
    finally:
        api.close()
    return proof


def _kill_at_random(proof: Proof, town: Town, size: Size, dice: random.Random) -> None:
    """Each kind once in random order, then at random; half the time in the midst of the recovery from the one before."""
    order = dice.sample(size.kinds, len(size.kinds))
    order += dice.choices(order, k=max(0, size.killings - len(order)))
    killed: Counter[str] = Counter()
    for name in order:
        _go_on(town, dice.random() * 2 * size.pause, until_ready=dice.random() < 0.5)
        with suppress(TimeoutError):  # a database that recovers for long leaves nothing else to kill
            until(partial(_kill, name, town, dice, killed), RECOVERY, name)
    proof.counts |= {f"killed: {name}": count for name, count in sorted(killed.items())}
    proof.expect(set(killed) == set(size.kinds), "not everything was killed")


def _go_on(town: Town, seconds: float, until_ready: bool) -> None:
    """Let some time pass, while a supervisor starts again what ended."""
    began = time.monotonic()
    while True:
        town.tend()
        past = time.monotonic() - began
        if past > RECOVERY or (past > seconds and not (until_ready and not town.ready())):
            return
        time.sleep(0.05)


def _kill(name: str, town: Town, dice: random.Random, killed: Counter[str]) -> bool:
    """Whether there was something of that name to kill."""
    town.tend()
    victims = KILLINGS[name](town, dice)
    hit = sum(signal_group(pid, signal.SIGKILL, group=name.startswith("all of")) for pid in victims)
    killed[name] += hit
    return hit > 0


def _calm(proof: Proof, town: Town, size: Size) -> None:
    """Wait until everything runs and every card that is owed has left."""

    def drained() -> bool:
        town.tend()
        with suppress(psycopg.Error):
            return town.ask("SELECT count(*) FROM incidents WHERE shown_version < wanted_version") == [(0,)]
        return False

    try:
        until(lambda: drained() and town.ready(), size.calm, "calm")
    except TimeoutError as late:
        proof.expect(False, str(late))


@contextmanager
def _no_pace(town: Town) -> Iterator[None]:
    """
    Lift the group's pace, which lets some seventeen calls a minute pass and ten new messages in five: its next free moment is
    set back all the time, and what was sent forgotten.

    So the worker is mostly in the midst of a call when it is killed.
    """
    over = threading.Event()

    def lift() -> None:
        while not over.wait(0.2):
            with suppress(psycopg.Error):
                town.ask("UPDATE groups SET free_at = now() - interval '1 hour'")
                town.ask("DELETE FROM rings")
                town.ask(
                    "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND task_name = 'card'"
                )

    thread = threading.Thread(target=lift, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _compare(proof: Proof, town: Town, crowd: Crowd, cards: dict[int, list[Sent]]) -> None:
    listed = json.loads(town.iblagh("reports", "list", "--json"))
    ends = Counter(told.end for told in crowd.told)
    filed = {told.reference: told for told in crowd.told if told.end in ("receipt", "filed")}
    there = Counter(row["reference"] for row in listed)
    doubles = sum(len(sent) - 1 for sent in cards.values() if sent)
    proof.counts |= {
        "conversations": len(crowd.told),
        **{f"ended with {end}": count for end, count in sorted(ends.items())},
        "reports": len(listed),
        "cards sent twice": doubles,
        **{f"deliveries: {name}": count for name, count in sorted(crowd.post.counts.items())},
        **{f"starts of {part}": count for part, count in town.starts.items()},
    }
    proof.expect(bool(filed), "nobody got a receipt")
    proof.expect(not ends["stuck"], f"{ends['stuck']} conversations are stuck")
    proof.expect(len(filed) == ends["receipt"] + ends["filed"], "two receipts show one reference")
    for reference, told in filed.items():
        proof.expect(
            there[reference] == 1, f"{told.end} on {told.channel}: {there[reference]} reports with its reference"
        )
    strays = set(there) - set(filed)
    proof.expect(not strays, f"{len(strays)} reports belong to no finished conversation")
    channels = {row["reference"]: row["channel"] for row in listed}
    proof.expect(all(channels.get(r) == told.channel for r, told in filed.items()), "a report has another channel")
    _compare_cards(proof, town, cards, {int(row["incident"]): row["category"] for row in listed})
    _compare_repeats(proof, crowd.post)


def _compare_cards(proof: Proof, town: Town, cards: dict[int, list[Sent]], incidents: dict[int, str]) -> None:
    """Each incident has its card, in the group that its category names."""
    for number, category in incidents.items():
        chats = {sent.chat for sent in cards.get(number, [])}
        due = RESTRICTED if category == "child_abuse" else GROUP
        proof.expect(
            chats == {due}, f"incident {number}: its card is in {len(chats)} groups, not in the one it belongs to"
        )
    proof.expect(set(cards) <= set(incidents), "a card was sent for no incident")
    kept = town.ask(
        "SELECT (SELECT count(*) FROM reports), (SELECT count(*) FROM incidents), (SELECT count(*) FROM failures)"
    )
    proof.expect(kept == [(len(incidents), len(incidents), 0)], f"reports, incidents, failures: {kept}")
    _compare_jobs(proof, town)


def _compare_jobs(proof: Proof, town: Town) -> None:
    """A chore comes round again by itself; any other job that failed for good is something owed that is lost."""
    failed = Counter(
        str(task) for (task,) in town.ask("SELECT task_name FROM procrastinate_jobs WHERE status = 'failed'")
    )
    chores = {chore.name for chore in CHORES}
    proof.counts |= {f"chore that failed once: {task}": times for task, times in failed.items() if task in chores}
    said = {line.partition("queue: ")[2] for line in town.log("worker") if "ERROR" in line and "queue: " in line}
    proof.expect(set(failed) <= chores, f"failed jobs: {dict(failed)}, {sorted(said)}")


def _compare_repeats(proof: Proof, post: Post) -> None:
    """A delivery that was answered twice was answered alike; a request to send it again later is no answer."""
    repeated = 0
    for given in post.answers.values():
        answers = [body for body in given if asks(body.decode()) is not Text.OVERLOADED]
        repeated += len(answers) > 1
        proof.expect(len(set(answers)) <= 1, "a repeated delivery got another answer")
    proof.counts["deliveries answered more than once"] = repeated
    proof.expect(repeated > 0, "no delivery was ever repeated")


def _faults(proof: Proof, town: Town) -> None:
    """What web says went wrong by our own fault: class names and places. Without a database it may say 500 for 503."""
    faults = Counter(
        line.partition("a delivery failed: ")[2] for line in town.log("web") if "a delivery failed" in line
    )
    proof.counts["answers 500 while no database had an address"] = sum(
        times for fault, times in faults.items() if fault.startswith("NoDatabase")
    )
    for fault, times in faults.items():
        proof.expect(fault.startswith("NoDatabase"), f"{times} times our own fault: {fault}")


def _still_talking(proof: Proof, crowd: Crowd) -> None:
    crowd.post.over.clear()
    for citizen in crowd.citizens:
        with suppress(GaveUp):
            proof.expect(citizen.can_talk(), "somebody is not answered any more")


if __name__ == "__main__":
    main(prove)
