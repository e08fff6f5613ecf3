"""
Seizure: the machine is taken away, plug pulled, in the midst of its work. What does it tell, and to whom?

Everything said in many conversations, finished and unfinished, is looked for in the database's files, the write-ahead
log, a dump of every table and the logs at DEBUG. An hour later nothing there tells who wrote an anonymous report: no
join does better than chance. Then every attacker uses every key that they hold, and what they get is compared with
the written list (`seizure_expected.py`, `seizure_clear.py`): one find more fails, and one fewer does.
"""

from __future__ import annotations

import json
import logging
import random
import re
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

from benchmarks import needles, seizure_cast, seizure_hour, seizure_matrix, seizure_stage
from benchmarks.accounts import AUTH, SECRET, TOKEN
from benchmarks.carriers import FIRST_NAME, FIRST_UPDATE, Post, Telegram, Twilio
from benchmarks.citizens import PHONES, Plan, Told, plan
from benchmarks.crowd import FIRST_PERSON, LEAVES, Crowd
from benchmarks.indoors import Indoors
from benchmarks.processes import PARTS, Town, until
from benchmarks.proof import Proof, main
from benchmarks.seizure_cast import EARLIER, JUST_NOW, STEM, Person
from conversations import engine as conversation
from conversations.model import Given, Message, Session, Turn
from simulator.watch import signal_group
from storage import keys

PROMISE = "whoever takes the machine gets what the written list says for the keys they hold, and no word or writer more"
POISON = f"poison {STEM}poison"

# What is said, by what is the same in all of it: each is looked for in every form.
SAID: Mapping[str, Mapping[str, bytes]] = {
    "links, stories and names": needles.forms(STEM),
    "first names": needles.forms(FIRST_NAME),
    "phones": needles.forms(PHONES.removeprefix("+")),
    "Telegram ids": needles.forms(str(FIRST_PERSON)[:7]),
    "the bot's token": needles.forms(TOKEN),
    "Twilio's token": needles.forms(AUTH),
    "Telegram's header": needles.forms(SECRET),
}
SOME = 8  # of what must be looked for one by one
PATTERNS = {
    "secret codes": re.compile(rb"SC-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"),
    "phones as people write them": re.compile(rb"(?<![0-9a-f])0" + PHONES[4:].encode() + rb"[0-9]{4}(?![0-9a-f])"),
    "numbers of updates": re.compile(rb"(?<![0-9a-f])" + str(FIRST_UPDATE)[:6].encode() + rb"[0-9]{3}(?![0-9a-f])"),
    "numbers of WhatsApp messages": re.compile(rb"SM0{16}"),
}


class Size(NamedTuple):
    """
    How many people on each channel, how many conversations at least, how many deliveries that fail; how often the cast is
    played, how many reports fifty people write in one hour.
    """

    telegram: int
    whatsapp: int
    conversations: int
    poisoned: int
    copies: int
    crowd: int


SMALL, LONG = Size(5, 4, 8, 2, 1, 60), Size(40, 30, 1500, 12, 4, 1000)


def prove(seed: int, small: bool, *, share: float = 1.0) -> Proof:
    """Talk, pull the plug, search; start again, let an hour pass, join; let the next write, and try every key."""
    size = SMALL if small else LONG._replace(conversations=round(LONG.conversations * share))
    proof, api, made, dice = (
        Proof("seizure", PROMISE, seed),
        seizure_stage.Lender(seed),
        keys.generate(),
        random.Random(seed),
    )
    for word in (STEM, FIRST_NAME, PHONES.removeprefix("+"), str(FIRST_PERSON)[:7]):
        proof.expect(not needles.blind(word), f"the search is blind: {needles.blind(word)}")
    try:
        with (
            Town(api.address, PARTS, LOG_LEVEL="DEBUG", **made.environment) as town,
            seizure_stage.house_of(town) as house,
        ):
            began = time.time() - 1
            told = _talk(proof, town, size, seed)
            cast = seizure_cast.play(town.port, EARLIER, size.copies, dice)
            seizure_stage.work(town, house, cast)
            _readable(proof, town)
            _search(proof, "table", needles.rows(town.database), told)
            house.engine.dispose()
            _pull_the_plug(town)
            _search(proof, "file", needles.files(town.folder, began), told)
            town.start("database")
            until(lambda: bool(town.database), 60, "the database")
            _later(proof, town, made, cast, size, dice)
    finally:
        api.close()
    return proof


def _later(proof: Proof, town: Town, made: keys.NewKeys, cast: list[Person], size: Size, dice: random.Random) -> None:
    """An hour passes; others have just written when the machine is taken away for good."""
    with seizure_stage.house_of(town) as house:
        both = seizure_hour.passes(proof, town, house, size.crowd, dice)
        town.start("web")
        until(town.ready, 60, "the web process")
        cast = [*cast, *seizure_cast.play(town.port, JUST_NOW, size.copies, dice)]
        seizure_matrix.compare(proof, town, house, made, cast)
    _pull_the_plug(town)
    seizure_hour.log_is_clean(proof, town, both)


def _talk(proof: Proof, town: Town, size: Size, seed: int) -> list[Told]:
    """Conversations of every kind through the doors, and some deliveries that fail and are parked."""
    crowd = Crowd(Post(town.port), size.telegram, size.whatsapp, seed, thinks=0.0, plans=_plan)
    crowd.start()
    until(lambda: len(crowd.told) >= size.conversations or bool(crowd.bugs), 900, "enough conversations")
    proof.expect(crowd.finish(town, 60), f"citizens did not finish: {[type(bug).__name__ for bug in crowd.bugs]}")
    _park(town, size, random.Random(seed))
    for told in crowd.told:
        kind = f"{told.plan.disclosure}, {told.end}" if told.end != "receipt" else told.plan.disclosure
        proof.counts[f"conversations: {kind}"] = int(proof.counts.get(f"conversations: {kind}", 0)) + 1
    kinds = {told.plan.disclosure for told in crowd.told if told.end == "receipt"}
    proof.expect(len(kinds) == 3, f"only these were filed: {sorted(kinds)}")
    proof.expect(any(told.end == "left" for told in crowd.told), "no conversation was left unfinished")
    parked = town.ask("SELECT count(*) FROM failures WHERE parked IS NOT NULL")
    proof.expect(parked == [(size.poisoned,)], f"parked: {parked}")
    proof.counts["parked deliveries"] = size.poisoned
    return crowd.told


def _plan(dice: random.Random) -> Plan:
    made = plan(dice, STEM + "".join(dice.choices("abcdefghij", k=6)))
    return made._replace(leaves=dice.choice(LEAVES)) if dice.random() < 0.3 else made


def _park(town: Town, size: Size, dice: random.Random) -> None:
    """Deliveries that fail by a bug of ours, three times each: in process, where a bug can be planted."""
    real = conversation.advance

    def planted(session: Session | None, message: Message, given: Given) -> Turn:
        if message.text == POISON:
            raise RuntimeError(message.text)
        return real(session, message, given)

    settings = town.settings | {"DATABASE_URL": town.database}
    with _logged(town), Indoors(settings) as doors, patch.object(conversation, "advance", planted):
        for at in range(size.poisoned):
            if at % 2:
                doors.thrice(Telegram(Post(0), FIRST_PERSON + 500 + at, "en", dice).update(POISON))
            else:
                doors.thrice(Twilio(Post(0), f"{PHONES}{500 + at:04}", dice).form(POISON))


@contextmanager
def _logged(town: Town) -> Iterator[None]:
    """What this process logs, at DEBUG, into a file among the others."""
    handler, root = logging.FileHandler(town.folder / "doors.log"), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.setLevel(before)
        root.removeHandler(handler)
        handler.close()


def _search(proof: Proof, what: str, haystack: needles.Haystack, told: list[Told]) -> None:
    """Nothing said is there; and the search does find what is there in clear, a reference."""
    filed = [one.reference for one in told if one.end == "receipt"]
    control = {"a reference": {"UTF-8": filed[0].encode()}}
    ids = {f"Telegram id {at}": needles.numbers(FIRST_PERSON + at) for at in range(SMALL.telegram)}
    secrets = [one.secret for one in told if one.secret][:SOME]
    codes = {"a secret code": {code: code.replace("-", "").encode() for code in secrets}}
    held = list(haystack)
    found, size = needles.search(held, {**SAID, **ids, **codes}, PATTERNS)
    for one in sorted(found):
        proof.expect(False, one)
    proof.expect(bool(needles.search(held, control, {})[0]), f"the search finds nothing in any {what}")
    proof.counts |= {f"{what}s searched": len(held), f"megabytes of {what}s": round(size / 1e6, 1)}


def _pull_the_plug(town: Town) -> None:
    """All processes at once, and nothing is written any more."""
    server = town.postmaster
    for part in list(town.processes):
        town.kill(part)
        del town.processes[part]
    if server:
        signal_group(server, signal.SIGKILL, group=False)
    (town.var / "database-url").unlink(missing_ok=True)


def _readable(proof: Proof, town: Town) -> None:
    """What a holder of the database alone still learns, counted (design.md, the last row of its table)."""
    listed = json.loads(town.iblagh("reports", "list", "--json"))
    alone = (
        "SELECT count(*) FROM (SELECT count(DISTINCT channel || received_at) FROM reports"
        " GROUP BY received_at, channel HAVING count(*) = 1) AS hours"
    )
    facts = {
        "reports, with when to the hour, kind, channel, language, disclosure, state": len(listed),
        "people, as random numbers": _one(town, "SELECT count(*) FROM people"),
        "reports that name the random number of their writer": _one(
            town, "SELECT count(*) FROM reports WHERE person IS NOT NULL"
        ),
        "conversations under way or just over, with the hour they are forgotten": _one(
            town, "SELECT count(*) FROM sessions"
        ),
        "deliveries, with the hour they are forgotten": _one(town, "SELECT count(*) FROM deliveries"),
        "reports alone in their hour on their channel": _one(town, alone),
    }
    proof.counts |= {f"readable: {what}": count for what, count in facts.items()}
    anonymous = "SELECT count(*) FROM reports WHERE disclosure = 'anonymous' AND person IS NOT NULL"
    proof.expect(_one(town, anonymous) == 0, "an anonymous report names its writer")


def _one(town: Town, query: str) -> int:
    return int(str(town.ask(query)[0][0]))


if __name__ == "__main__":
    main(prove)
