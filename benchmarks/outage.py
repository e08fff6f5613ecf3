"""
Outage: the doors are away while people write by WhatsApp, and Twilio brings nothing again.

The stand-in keeps Twilio's rules (platform.md C4): one try, more only as the webhook's address asks, all within 15
seconds, the fallback once, then never. What was lost so is read from Twilio's list by the worker; nobody runs a command.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import NamedTuple

from benchmarks.citizens import holds
from benchmarks.processes import Town, until
from benchmarks.proof import Proof, main
from bot.queue import defer_chore
from bot.whatsapp_sender import AGAIN
from conversations.texts import Text
from simulator.serve import Server
from simulator.standins import Standins
from simulator.twilio_delivery import Webhook
from simulator.twilio_messages import Citizen
from storage import db

PROMISE = "what people wrote by WhatsApp while the doors were away is answered, each message once, by nobody's command"
LOOKED = "SELECT count(*) FROM upkeep WHERE name = 'missed'"


class Size(NamedTuple):
    """People, seconds that the doors are away, seconds by which what was written is older than it is, and until all is answered."""

    people: int
    away: float
    older: float
    answered: float


SMALL, LONG = Size(4, 0.5, 120.0, 60.0), Size(40, 120.0, 0.0, 420.0)


def prove(seed: int, small: bool, *, share: float = 1.0) -> Proof:
    """People begin, the doors go away, they go on, the doors come back; then wait."""
    size, dice = SMALL if small else LONG._replace(people=round(LONG.people * share)), random.Random(seed)
    proof = Proof("outage", PROMISE, seed)
    with Server(Standins()) as server, _town(server) as town:
        world = server.standins
        until(lambda: town.ask(LOOKED) == [(1,)], 90, "the worker's first look")
        people = [world.whatsapp_person() for _ in range(size.people)]
        for person in people[::2]:
            world.on_whatsapp.say(person, "hello")
        until(lambda: all(_heard(world, one) for one in people[::2]), 60, "an answer before the outage")
        before = {one.phone: _heard(world, one) for one in people}
        tried = len(world.twilio.delivery.attempts)
        town.kill("web")
        _write(world, people, size, dice)
        until(lambda: _given_up(world, tried) >= len(people), 60, "Twilio's last try")
        back = time.monotonic()
        town.start("web")
        until(town.ready, 60, "the doors")
        if size.older:
            _look_now(town)
        late = not world.seen(lambda: all(_heard(world, one) > before[one.phone] for one in people), size.answered)
        proof.counts |= _counts(world, people, before, tried)
        proof.counts["seconds from the doors' return until all were answered"] = round(time.monotonic() - back, 1)
        proof.expect(not late, "somebody was not answered")
        _once(proof, world, people, before)
        _goes_on(proof, world, people)
        statuses = town.stop()
        proof.expect(set(statuses.values()) == {0}, f"not ended cleanly by SIGTERM: {dict(statuses)}")
    return proof


@contextmanager
def _town(server: Server) -> Iterator[Town]:
    accounts = server.standins.accounts
    twilio = {
        "TWILIO_ACCOUNT_SID": accounts.twilio_account,
        "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}",
        "TELEGRAM_TOKEN": accounts.telegram_token,
        "TELEGRAM_WEBHOOK_SECRET": accounts.telegram_secret,
    }
    town = Town(server.url, ("database", "web", "worker"), LANGUAGES="en", **twilio)
    town.environ["PUBLIC_URL"] = address = f"http://127.0.0.1:{town.port}"
    server.standins.twilio.delivery.webhook = Webhook(f"{address}/whatsapp{AGAIN}", f"{address}/whatsapp")
    with town:
        yield town


def _write(world: Standins, people: list[Citizen], size: Size, dice: random.Random) -> None:
    """Everybody writes once at some moment of the outage, a link or a story; who had begun or not."""
    began = time.monotonic()
    moments = sorted((dice.random() * size.away, number) for number in range(len(people)))
    for moment, number in moments:
        time.sleep(max(0.0, began + moment - time.monotonic()))
        text = f"https://example.org/post/{number}" if number % 3 else "somebody writes to my sister every day"
        world.on_whatsapp.say(people[number], text).at -= size.older
    time.sleep(max(0.0, began + size.away - time.monotonic()))


def _given_up(world: Standins, tried: int) -> int:
    """How many messages had their webhook's tries and the fallback's."""
    last = {one["sid"] for one in world.twilio.delivery.attempts[tried:] if "#" not in one["url"] and not one["status"]}
    return len(last)


def _look_now(town: Town) -> None:
    """What comes round each minute comes round at once."""
    engine = db.connect(town.database, threads=1)
    with db.begin(engine) as tx:
        defer_chore(tx, "catch_up", datetime.now(UTC))
    engine.dispose()


def _heard(world: Standins, citizen: Citizen) -> int:
    return sum(note.direction != "inbound" for note in world.notes(citizen))


def _more(world: Standins, citizen: Citizen, count: int) -> bool:
    return _heard(world, citizen) > count


def _counts(world: Standins, people: list[Citizen], before: dict[str, int], tried: int) -> dict[str, int]:
    answered = sum(_heard(world, one) - before[one.phone] for one in people)
    tries = len(world.twilio.delivery.attempts) - tried
    return {"messages while the doors were away": len(people), "Twilio's tries": tries, "answers to them": answered}


def _once(proof: Proof, world: Standins, people: list[Citizen], before: dict[str, int]) -> None:
    twice = [one for one in people if _heard(world, one) - before[one.phone] > 1]
    proof.expect(not twice, f"{len(twice)} people were answered more than once")


def _goes_on(proof: Proof, world: Standins, people: list[Citizen]) -> None:
    """Their conversations stand where the answer left them: the next words come through the doors again."""
    for one in people:
        count = _heard(world, one)
        world.on_whatsapp.say(one, "help")
        if proof.expect(world.seen(partial(_more, world, one, count)), "nobody answers any more"):
            proof.expect(holds(world.notes(one)[-1].body, Text.HELP_HOW), "another answer than was asked for")


if __name__ == "__main__":
    main(prove)
