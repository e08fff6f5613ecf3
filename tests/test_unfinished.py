"""Silence by a moved clock in a real database: filed once where it was chosen, nudged once, and never otherwise."""

from __future__ import annotations

import itertools
import os
import signal
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import TextClause, func, select, text, update

from bot.channel import Alias, Inbound
from bot.house import House, open_house
from bot.receive import Receiver
from bot.unfinished import file_abandoned, nudge
from bot.wording import sentence
from conversations import memory
from conversations.model import Media, Message, Step
from conversations.texts import Text
from storage import db, people, reports, retention
from storage.tables import deliveries, fetches, sessions
from tests import forks
from tests.bot_api import BotApi, refused
from tests.card_house import api, environment, house, until
from tests.native_house import World, world

__all__ = ["api", "house", "world"]  # fixtures

BEGUN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOUR, DAY, NEXT = timedelta(hours=1), BEGUN + timedelta(hours=25), BEGUN + timedelta(hours=26)
NUDGED = BEGUN + timedelta(minutes=61)
CHOSEN = ("https://example.org/a", "continue", "scam", "send if i stop")
NUMBERS = itertools.count(1)


@dataclass
class Citizen:
    """Somebody on Telegram, and what their clock says."""

    house: House
    id: str = "71234"
    now: datetime = BEGUN

    def says(self, *said: str | Message) -> str:
        """One message after the other; the words of the last answer."""
        answer = ""
        for one in said:
            message = one if isinstance(one, Message) else Message(text=one, language="en")
            names = (Alias("id", self.id),)
            inbound = Inbound("telegram", f"{next(NUMBERS)}", names, self.id, message)
            with db.begin(self.house.engine) as tx:
                words = Receiver(self.house).receive(tx, inbound, self.now)
            answer = words.text if words else ""
        return answer


@pytest.fixture
def citizen(house: House) -> Citizen:
    return Citizen(house)


def filed(house: House) -> list[dict[str, str | int | None]]:
    with db.begin(house.engine) as tx:
        return reports.listing(tx)


def nudges(api: BotApi) -> list[str]:
    return [form["text"] for form in api.forms("sendMessage") if str(form["chat_id"]) == "71234"]


def test_by_default_nobody_is_nudged_and_nothing_is_filed(house: House, api: BotApi, citizen: Citizen) -> None:
    citizen.says(*CHOSEN[:3], "it happened to me", "an account")
    for later in (NUDGED, DAY, BEGUN + timedelta(days=2)):
        nudge(house, later)
        file_abandoned(house, later)
    assert filed(house) == [] and api.calls == []
    with db.begin(house.engine) as tx:
        row = tx.execute(select(sessions.c.nudge_at, sessions.c.file_at, sessions.c.address)).one()
    assert tuple(row) == (None, None, None)


def test_a_conversation_goes_on_days_later_by_another_process_until_it_expires(house: House, citizen: Citizen) -> None:
    citizen.says(*CHOSEN[:3])
    restarted = House(house.settings, house.operator)
    citizen = Citizen(restarted, now=BEGUN + timedelta(days=2, hours=23))
    assert sentence("en", Text.ASK_ENOUGH) in citizen.says("help")
    citizen.now += timedelta(days=2, hours=23)
    assert sentence("en", Text.ASK_LOSS) in citizen.says("it happened to me", "an account")
    citizen.now += timedelta(days=3, hours=2)
    assert "Example" not in citizen.says("help") and sentence("en", Text.ASK_START) in citizen.says("hello")
    restarted.engine.dispose()


def test_the_one_nudge_comes_after_an_hour_in_neutral_words(house: House, api: BotApi, citizen: Citizen) -> None:
    citizen.says(*CHOSEN)
    nudge(house, BEGUN + timedelta(minutes=59))
    assert nudges(api) == []
    for _ in range(3):
        nudge(house, NUDGED)
    nudge(house, BEGUN + timedelta(hours=23))
    assert nudges(api) == [sentence("en", Text.UNFINISHED)]


def test_the_nudge_speaks_the_citizens_language(house: House, api: BotApi, citizen: Citizen) -> None:
    spoken = open_house({**environment(house.settings.database_url, api), "LANGUAGES": "fr,en"})
    Citizen(spoken).says(*(Message(text=said, language="fr") for said in CHOSEN[:3]), Message(choice="later"))
    nudge(spoken, NUDGED)
    assert nudges(api) == [sentence("fr", Text.UNFINISHED)]
    spoken.engine.dispose()


def test_a_nudge_that_was_refused_for_now_comes_later_and_one_refused_for_good_never(
    house: House, api: BotApi, citizen: Citizen
) -> None:
    citizen.says(*CHOSEN)
    api.faults.append(refused(429, "Too Many Requests", retry_after=3))
    nudge(house, NUDGED)
    nudge(house, NUDGED + timedelta(minutes=4))
    assert len(nudges(api)) == 1
    api.faults.append(refused(403, "Forbidden: bot was blocked by the user"))
    nudge(house, NUDGED + timedelta(minutes=6))
    nudge(house, NUDGED + HOUR)
    assert len(nudges(api)) == 2


def test_a_nudge_that_perhaps_left_is_not_repeated(house: House, api: BotApi, citizen: Citizen) -> None:
    citizen.says(*CHOSEN)
    api.faults.append(None)
    for minutes in (0, 6, 60):
        nudge(house, NUDGED + timedelta(minutes=minutes))
    assert len(nudges(api)) == 1


def test_silence_files_once_and_its_writer_learns_it_once(house: House, citizen: Citizen) -> None:
    shown = citizen.says(*CHOSEN[:3])
    citizen.says(CHOSEN[3], "it happened to me", "an account")
    file_abandoned(house, BEGUN + timedelta(hours=23, minutes=59))
    assert filed(house) == []
    for _ in range(3):
        file_abandoned(house, DAY)
    (report,) = filed(house)
    assert (report["disclosure"], report["category"], report["state"]) == ("anonymous", "scam", "received")
    citizen.now = NEXT
    told = citizen.says("hello")
    assert sentence("en", Text.SENT_MEANWHILE) in told and str(report["reference"]) in told
    code = next(word for word in shown.replace(".", " ").split() if word.startswith("SC-"))
    assert code in told
    with db.begin(house.engine) as tx:
        marks = tx.execute(text("SELECT secret FROM reports")).scalar_one()
    assert house.vault.is_secret(str(report["reference"]), code, marks)
    assert "Secret" not in citizen.says("hello")


def test_until_then_nothing_here_joins_the_report_to_its_writer(house: House, citizen: Citizen) -> None:
    citizen.says(*CHOSEN)
    file_abandoned(house, DAY)
    with db.begin(house.engine) as tx:
        row = tx.execute(select(sessions)).one()
        kept = memory.recall(house.vault.open("sessions", row.person.bytes, row.sealed))
        assert kept and (kept.step, kept.reference, kept.secret) == (Step.SENT, "", "")
        assert (row.nudge_at, row.file_at, row.address) == (None, None, None)
        assert tx.execute(text("SELECT count(*) FROM ways")).scalar_one() == 0
        retention.forget(tx, DAY + timedelta(hours=26))
        assert tx.execute(select(func.count()).select_from(deliveries)).scalar_one() == 0
    citizen.now = DAY + timedelta(hours=26)
    assert sentence("en", Text.SENT_MEANWHILE) not in citizen.says("hello")


@pytest.mark.parametrize("word", ["stop", "forget if i stop", "restart", "send"])
def test_stop_and_its_like_end_it_at_once(house: House, api: BotApi, citizen: Citizen, word: str) -> None:
    citizen.says(*CHOSEN, word)
    with db.begin(house.engine) as tx:
        assert tx.execute(select(func.count()).where(sessions.c.file_at.is_not(None))).scalar_one() == 0
        if word == "stop":
            assert tx.execute(text("SELECT count(*) FROM people")).scalar_one() == 0
    nudge(house, NUDGED)
    file_abandoned(house, DAY)
    assert nudges(api) == [] and len(filed(house)) == (word == "send")


def test_whoever_writes_again_is_given_the_whole_time_anew(house: House, api: BotApi, citizen: Citizen) -> None:
    citizen.says(*CHOSEN)
    citizen.now = BEGUN + timedelta(hours=20)
    citizen.says("help")
    nudge(house, NUDGED)
    file_abandoned(house, DAY)
    assert nudges(api) == [] and filed(house) == []
    nudge(house, citizen.now + HOUR)
    file_abandoned(house, citizen.now + timedelta(hours=25))
    assert len(nudges(api)) == len(filed(house)) == 1


def test_a_worker_that_was_away_for_days_still_files(house: House, citizen: Citizen) -> None:
    citizen.says(*CHOSEN)
    late = BEGUN + timedelta(days=6)
    with db.begin(house.engine) as tx:
        retention.forget(tx, late)
    file_abandoned(house, late)
    assert len(filed(house)) == 1


def test_silence_is_anonymous_as_its_choice_said(house: House, citizen: Citizen) -> None:
    citizen.says(*CHOSEN, "victim", "skip", "skip", "skip", "done", "confidential")
    file_abandoned(house, DAY)
    assert [report["disclosure"] for report in filed(house)] == ["anonymous"]
    with db.begin(house.engine) as tx:
        person = people.lock(tx, house.vault, "telegram", [("id", citizen.id)])
        assert people.way(tx, house.vault, person) is None
    citizen.now = NEXT
    told = citizen.says("hello")
    assert "Reference:" in told and "Secret" in told


def test_its_files_are_fetched_like_those_of_any_report(house: House, citizen: Citizen) -> None:
    citizen.says(*CHOSEN, Message(media=(Media("photo", "handle-1", 9),), number="7"))
    file_abandoned(house, DAY)
    with db.begin(house.engine) as tx:
        assert tx.execute(select(func.count()).select_from(fetches)).scalar_one() == 1


def test_many_are_filed_each_once_by_two_at_the_same_time(house: House, api: BotApi) -> None:
    for number in range(8):
        Citizen(house, id=str(number)).says(*CHOSEN)
    past(house)
    both = [another(house, api) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    file_abandoned(house)
    assert len(filed(house)) == 8


def test_killed_in_the_middle_of_filing_it_files_once(house: House, api: BotApi, citizen: Citizen) -> None:
    citizen.says(*CHOSEN)
    past(house)
    with db.begin(house.engine) as tx:
        tx.execute(text("LOCK TABLE report_parts IN EXCLUSIVE MODE"))  # the report itself is written by then
        filing = another(house, api)
        waiting(house)
        filing.send_signal(signal.SIGKILL)
        assert filing.wait(10) == -signal.SIGKILL
    assert filed(house) == []
    gone(house)
    for _ in range(2):
        file_abandoned(house)
    assert len(filed(house)) == 1


def test_on_whatsapp_the_nudge_leaves_within_its_window(world: World) -> None:
    for said in ("hello", "continue", "https://example.org/a", "hate", "send if i stop"):
        world.says(said)
    count = len(world.answers())
    for _ in range(2):
        nudge(world.house, datetime.now(UTC) + timedelta(minutes=61))
    assert world.there.seen(lambda: len(world.answers()) == count + 1)
    last = world.answers()[-1]
    assert last.body.startswith(sentence("en", Text.UNFINISHED)) and last.direction != "outbound-reply"
    file_abandoned(world.house, datetime.now(UTC) + timedelta(hours=25))
    (report,) = filed(world.house)
    assert report["channel"] == "whatsapp"
    world.says("help")
    assert world.there.seen(lambda: str(report["reference"]) in world.answers()[-1].body)


def another(house: House, api: BotApi) -> forks.Process:
    """The chore in a process of its own."""
    code = "from bot.house import open_house; from bot.unfinished import file_abandoned; file_abandoned(open_house())"
    environ = {**os.environ, **environment(house.settings.database_url, api)}
    return forks.start(environ=environ, script=code)


def past(house: House) -> None:
    """Let the silence of everybody be over by the real clock."""
    with db.begin(house.engine) as tx:
        over = datetime.now(UTC) - HOUR
        tx.execute(update(sessions).values(file_at=over, nudge_at=None, expires_at=over + timedelta(days=7)))


def waiting(house: House) -> None:
    """Until a statement on report_parts waits for our lock."""
    held_up = text("SELECT count(*) > 0 FROM pg_locks WHERE relation = 'report_parts'::regclass AND NOT granted")
    until(lambda: holds(house, held_up), 30)


def gone(house: House) -> None:
    """Until the server has noticed that the killed process is gone, and let its locks go."""
    here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    free = text(f"SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory' AND {here}")
    until(lambda: holds(house, free), 10)


def holds(house: House, question: TextClause) -> bool:
    with db.begin(house.engine) as tx:
        return bool(tx.execute(question).scalar_one())
