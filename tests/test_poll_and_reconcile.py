"""Two other ways in: polling without a public address, and Twilio's list after an outage. Real processes, real clients."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.channel import Inbound
from bot.missed import owed as owed_of
from conversations.model import Message
from simulator.serve import Server
from simulator.standins import Standins
from simulator.telegram_chats import Person
from storage.keys import generate
from tests import forks

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def standins() -> Iterator[Server]:
    with Server(Standins()) as server:
        yield server


@pytest.fixture
def environment(standins: Server, database_url: str) -> dict[str, str]:
    accounts = standins.standins.accounts
    system = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {
        **system,
        **generate().environment,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database_url,
        "OPERATOR_NAME": "Example",
        "OPERATOR_CONTACT": "desk@example.org",
        "OPERATOR_URL": "https://example.org",
        "LANGUAGES": "en",
        "LOG_LEVEL": "DEBUG",
        "PUBLIC_URL": "http://127.0.0.1:9",
        "TELEGRAM_TOKEN": accounts.telegram_token,
        "TELEGRAM_WEBHOOK_SECRET": accounts.telegram_secret,
        "TELEGRAM_API_BASE": standins.url,
        "TELEGRAM_MODERATORS_CHAT_ID": str(accounts.moderators_chat),
        "TWILIO_ACCOUNT_SID": accounts.twilio_account,
        "TWILIO_AUTH_TOKEN": accounts.twilio_auth_token,
        "TWILIO_WHATSAPP_FROM": f"whatsapp:{accounts.whatsapp_number}",
        "TWILIO_API_BASE": standins.url,
    }


def run(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return forks.run(*words, environ=environment)


def texts(standins: Standins, person: Person) -> list[str]:
    """What the bot has said to a person."""
    return [post.message["text"] for post in standins.posts(person.id) if post.mine]


def test_a_conversation_by_polling(standins: Server, environment: dict[str, str], tmp_path: Path) -> None:
    there = standins.standins
    person = there.telegram_person("en")
    there.on_telegram.say(person.id, "hello")
    with (tmp_path / "log").open("wb") as said:
        polling = forks.start("poll", environ=environment, error=said.fileno())
    try:
        assert there.seen(lambda: len(texts(there, person)) == 1, 20)
        menus = {at[2]: menu for at, menu in there.telegram.chats.settings.items() if at[0] == "Commands"}
        assert {row["command"] for row in menus["en"]} >= {"help", "stop", "status"}
        there.on_telegram.say(person.id, "https://example.org/hidden-words")
        assert there.seen(lambda: len(texts(there, person)) == 2)
    finally:
        polling.send_signal(signal.SIGTERM)
        assert polling.wait(10) == 0
    log = (tmp_path / "log").read_text()
    assert "polling" in log
    assert not [word for word in ("hidden-words", str(person.id), environment["TELEGRAM_TOKEN"]) if word in log]


def test_polling_refuses_beside_a_webhook_and_takes_over_when_told(
    standins: Server, environment: dict[str, str]
) -> None:
    set_ = run({**environment, "PUBLIC_URL": standins.url}, "webhooks", "set")
    assert set_.returncode == 0, set_.stderr
    assert "ok    webhook: 0 updates wait" in run({**environment, "PUBLIC_URL": standins.url}, "doctor").stdout
    assert "WRONG webhook: is set to another address" in run(environment, "doctor").stdout
    done = run(environment, "poll")
    assert done.returncode == 1 and "--take-over" in done.stderr
    polling = forks.start("poll", "--take-over", environ=environment)
    try:
        person = standins.standins.telegram_person("en")
        standins.standins.on_telegram.say(person.id, "hello")
        assert standins.standins.seen(lambda: bool(texts(standins.standins, person)), 20)
    finally:
        polling.send_signal(signal.SIGTERM)
        assert polling.wait(10) == 0


def test_what_twilio_received_in_an_outage_is_answered_once(standins: Server, environment: dict[str, str]) -> None:
    there = standins.standins
    citizen = there.whatsapp_person()
    there.on_whatsapp.say(citizen, "I want to report something")
    there.on_whatsapp.say(citizen, "https://example.org/hidden-words")
    done = run(environment, "reconcile")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "answered 2, failed 0, known before 0" in done.stderr
    assert "hidden-words" not in done.stderr and citizen.phone not in done.stderr
    assert len(there.notes(citizen)) == 4
    assert "answered 0, failed 0, known before 2" in run(environment, "reconcile").stderr
    assert len(there.notes(citizen)) == 4
    there.on_whatsapp.say(citizen, "6")  # a scam; and once more, unheard, which must not answer the next question
    there.on_whatsapp.say(citizen, "6")
    assert "answered 1, failed 0, known before 3" in run(environment, "reconcile").stderr
    assert "Send it now, anonymously" in there.notes(citizen)[-1].body
    assert "answered 0, failed 0, known before 4" in run(environment, "reconcile").stderr


HEARD, MISSED = True, False


@pytest.mark.parametrize(
    ("listed", "owed"),
    [
        ([("2", MISSED)], ["2"]),
        ([("hello", HEARD), ("2", MISSED)], ["2"]),
        ([("2", MISSED), ("2", MISSED), ("3", MISSED)], ["2"]),
        ([("2", MISSED), ("hello", HEARD)], []),
        ([("2", MISSED), ("https://example.org/1", MISSED), ("1", MISSED)], ["2", "https://example.org/1"]),
        ([("my own words here", MISSED), ("send", MISSED)], ["my own words here"]),
        ([("my own words here", MISSED), ("send", HEARD), ("2", MISSED)], ["my own words here", "2"]),
        ([("2", MISSED), ("STOP", MISSED)], ["2", "STOP"]),
        ([("stop", MISSED), ("hello", HEARD)], []),
    ],
)
def test_a_bare_answer_meets_the_question_that_its_writer_saw_or_none(
    listed: list[tuple[str, bool]], owed: list[str]
) -> None:
    def said(number: int, text: str, phone: str) -> Inbound:
        return Inbound("whatsapp", f"{phone} {number}", (), phone, Message(text=text))

    both = [said(number, text, phone) for number, (text, _) in enumerate(listed) for phone in ("+1", "+2")]
    heard = {f"{phone} {number}" for number, (_, heard) in enumerate(listed) if heard for phone in ("+1", "+2")}
    assert [one.message.text for one in owed_of(both, heard)] == [text for text in owed for _ in "12"]
