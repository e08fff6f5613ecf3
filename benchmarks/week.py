"""
Week: what a channel of a middling city brings in seven days, and how its moderators' group lives with it.

People report as they do (domain.md, "What the numbers say"): most of them scams and blackmail, more in the evening, now and
then a post that everybody reports. Moderators press buttons in office hours. Everything runs in one process against a clock
that is set by hand: the doors, the worker's jobs and chores, and the real client against a stand-in for Telegram.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import text

from benchmarks.accounts import GROUP, RESTRICTED
from benchmarks.carriers import Post, Telegram, Twilio, spoken
from benchmarks.citizens import PHONES, Citizen, Plan
from benchmarks.crowd import LANGUAGES
from benchmarks.errands import Errands
from benchmarks.indoors import Indoors
from benchmarks.lending import quantile
from benchmarks.processes import Town
from benchmarks.proof import Proof, main
from benchmarks.provider import BotApi
from benchmarks.staff import Moderator, Staff
from benchmarks.timepiece import Timepiece
from bot.moderators import settle
from storage import db, moderators
from storage.moderators import Role

PROMISE = "over a week of mixed traffic the group stays calm, cases are taken up and closed, and reporters are told"
FIRST_PERSON, FIRST_MODERATOR = 5_300_000_000, 5_400_000_000
GROUP_GRANTS = 20
ON_TELEGRAM, WANTS_NEWS = 0.5, 0.6

# domain.md, "What the numbers say"; the two of which no share is known are rare.
KINDS = {
    "scam": 52, "sextortion": 20, "defamation": 10, "violence": 5, "terrorism": 4, "hate": 2, "impersonation": 2,
    "illicit_goods": 2, "other": 2, "child_abuse": 1,
}  # fmt: skip
DISCLOSURES = {"identified": 58, "confidential": 20, "anonymous": 22}
HOURS = (
    2,
    1,
    1,
    1,
    1,
    1,
    2,
    3,
    4,
    5,
    6,
    6,
    6,
    5,
    5,
    5,
    6,
    7,
    8,
    9,
    10,
    9,
    7,
    4,
)  # how much comes in each hour of a day
SPREADING = {"violence": 0.06, "hate": 0.03, "terrorism": 0.02}  # posts that everybody reports, by their share of all
LASTS = timedelta(hours=3)
ROLES = (*(Role.AGENT,) * 4, Role.CHILD_PROTECTION, Role.SUPERVISOR)


class Size(NamedTuple):
    """How many reports, over how many days; how often the worker looks round, and a moderator."""

    reports: int
    days: float
    looks: timedelta


SMALL, LONG = Size(10, 1, timedelta(hours=1)), Size(1_500, 7, timedelta(minutes=5))


class Chat:
    """A citizen's voice at doors in process."""

    def __init__(self, doors: Indoors, voice: Telegram | Twilio) -> None:
        self._doors, self._voice, self.channel = doors, voice, voice.channel

    def say(self, text: str) -> str:
        if isinstance(self._voice, Telegram):
            answer = self._doors.telegram(json.dumps(self._voice.update(text)).encode())
            return str((answer.get_json(silent=True) or {}).get("text", ""))
        return spoken(self._doors.whatsapp(self._voice.form(text)).data)


class Week:
    """Everybody who has something to do in it."""

    def __init__(self, doors: Indoors, api: BotApi, timepiece: Timepiece, size: Size, seed: int) -> None:
        self.doors, self.size = doors, size
        self.errands = Errands(doors.house, timepiece, size.looks)
        self.staff = Staff(api, self.errands, self._pressed, size.looks)
        self.ends: list[str] = []
        self._dice = random.Random(seed)
        self._begins = timepiece.now

    def live(self) -> None:
        """Let it pass, and a day more in which cases are closed and reporters told."""
        over = self._begins + timedelta(days=self.size.days + 1)
        with db.begin(self.doors.house.engine) as tx:
            settle(tx, self.doors.house)
            for one, role in enumerate(ROLES):
                moderators.add(tx, self.doors.house.vault, str(FIRST_MODERATOR + one), f"Moderator {one}", role)
        for one, role in enumerate(ROLES):
            groups = (GROUP,) if role is Role.AGENT else (GROUP, RESTRICTED)
            dice = random.Random(f"moderator {one} {self._dice.random()}")
            self.staff.hire(Moderator(FIRST_MODERATOR + one, f"Moderator {one}", groups, dice), over)
        for number, (at, plan) in enumerate(self._reports()):
            self.errands.plan(at, partial(self._reported, number, plan))
        self.errands.run(over)

    def _reports(self) -> Iterator[tuple[datetime, Plan]]:
        """When somebody reports, and what."""
        for number in range(self.size.reports):
            yield self._some_hour(), self._plan(self._of(KINDS), f"https://example.org/week/{number}")
        for kind, share in SPREADING.items():
            begins = self._some_hour()
            for _ in range(round(share * self.size.reports)):
                yield begins + LASTS * self._dice.random() ** 2, self._plan(kind, f"https://t.me/everybody/{len(kind)}")

    def _some_hour(self) -> datetime:
        [hour] = self._dice.choices(range(24), HOURS)
        days = self._dice.randrange(max(1, round(self.size.days)))
        return self._begins + timedelta(days=days, hours=hour + self._dice.random())

    def _plan(self, kind: str, link: str) -> Plan:
        disclosure = self._of(DISCLOSURES)
        return Plan(
            link,
            kind,
            "It happened this week.",
            disclosure,
            "Zahra Needle",
            f"{PHONES}{self._dice.randrange(10**4):04}",
        )

    def _of(self, shares: dict[str, int]) -> str:
        return self._dice.choices(list(shares), list(shares.values()))[0]

    def _reported(self, number: int, plan: Plan) -> None:
        dice, post = random.Random(f"{number} {plan.category}"), Post(0)
        voice: Telegram | Twilio = Twilio(post, f"+21263{number:07}", dice)
        if dice.random() < ON_TELEGRAM:
            voice = Telegram(post, FIRST_PERSON + number, dice.choice(LANGUAGES), dice)
        chat = Chat(self.doors, voice)
        self.ends.append(Citizen(chat, dice).reports(plan).end)
        if plan.disclosure != "anonymous" and dice.random() < WANTS_NEWS:
            chat.say("notify")

    def _pressed(self, update: dict[str, Any]) -> str:
        return self.doors.telegram(json.dumps(update).encode()).get_data(as_text=True)


def prove(seed: int, small: bool, url: str = "", *, share: float = 1.0) -> Proof:
    """On the database at `url`, or on one of its own."""
    size = SMALL if small else LONG._replace(reports=round(LONG.reports * share))
    proof, monday = Proof("week", PROMISE, seed), datetime.now(UTC) + timedelta(days=7)
    monday = monday.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=monday.weekday())
    timepiece = Timepiece(monday)  # to come: what waits for its time must wait for the database's clock, too
    api = BotApi(seed, a_minute=GROUP_GRANTS, clock=timepiece.seconds)
    try:
        with (
            Town(api.address, () if url else ("database",)) as town,
            timepiece.worn(),
            Indoors(town.settings | {"DATABASE_URL": url or town.database}) as doors,
        ):
            week = Week(doors, api, timepiece, size, seed)
            week.live()
            _weigh(proof, week, api)
    finally:
        api.close()
    return proof


def _weigh(proof: Proof, week: Week, api: BotApi) -> None:
    """What the group had of it, and what the reporters."""
    one = {name: _asked(week, query)[0][0] for name, query in COUNTS.items()}
    waited = [minutes for minutes, count in _asked(week, FIRST_ACTIONS) for _ in range(count)]
    sent = [sent for messages in api.cards.values() for sent in messages if sent.chat < 0]
    most = max(api.most_in_a_minute(chat) for chat in (GROUP, RESTRICTED))
    closed, told = one["incidents closed"], one["closed, their reporters told or told with their next message"]
    proof.counts |= {
        "days": week.size.days,
        **one,
        "share of incidents closed": round(closed / max(1, one["incidents"]), 3),
        "share of closed ones with reporters told": round(told / max(1, closed), 3),
        "messages to the groups": len(sent),
        "messages to the groups a day": round(len(sent) / week.size.days, 1),
        "edits of messages": api.counts["editMessageText"],
        "most calls to a group in a minute": most,
        "minutes to first action, median": quantile(waited, 0.5),
        "minutes to first action, nine in ten": quantile(waited, 0.9),
        **{f"pressed: {key}": count for key, count in sorted(week.staff.pressed.items())},
    }
    reports = len(week.ends)
    proof.expect(week.ends.count("receipt") == reports > 0, f"{week.ends.count('receipt')} of {reports} got a receipt")
    proof.expect(one["reports"] == reports, f"{one['reports']} of {reports} were filed")
    proof.expect(0 < most < GROUP_GRANTS, f"{most} calls to a group in a minute")
    proof.expect(
        not api.counts["429"] + sum(week.errands.failed.values()), f"calls failed: {dict(week.errands.failed)}"
    )
    proof.expect(len(sent) < 1.5 * one["incidents"], f"{len(sent)} messages about {one['incidents']} incidents")
    proof.expect(closed > 0 and told == closed, f"of {closed} closed incidents the reporters of {told} are told")
    proof.expect(len(waited) > 0 and quantile(waited, 0.5) < 24 * 60, "nobody did anything for a day")


COUNTS = {
    "reports": "SELECT count(*) FROM reports",
    "incidents": "SELECT count(*) FROM incidents",
    "most reports of one incident": "SELECT max(reports) FROM incidents",
    "incidents closed": "SELECT count(*) FROM incidents WHERE state = 'closed'",
    "reporters who want news": "SELECT count(*) FROM reports WHERE notify",
    "closed, their reporters told or told with their next message": """
        SELECT count(*) FROM incidents WHERE state = 'closed' AND NOT EXISTS (
            SELECT FROM reports JOIN notices ON notices.report = reports.id
            WHERE incident = incidents.id AND fault IS NULL AND notices.stage IN (0, 2))
        """,
}
FIRST_ACTIONS = "SELECT minutes, sum(count) FROM first_actions GROUP BY minutes ORDER BY minutes"


def _asked(week: Week, query: str) -> list[tuple[Any, ...]]:
    with db.begin(week.doors.house.engine) as tx:
        return [tuple(row) for row in tx.execute(text(query))]


if __name__ == "__main__":
    main(prove)
